"""How the frame of OrthoLoad's forces lies in a femur: its z runs from the knee to where neck and shaft axis meet.

femsim's femur frame has z along the proximal shaft axis. The shaft bows forward, so that its upper end leans back from
the line of knee and neck: a force down that line points more backward in the femur frame.
"""

import numpy as np

from femsim.anatomy.femur import Femur
from femsim.anatomy.knee import knee_of

# Sagittal angle between proximal shaft axis and the line of knee and neck: 9.0° on gfxmorph, 6.8° on Comodo, 7.3° on
# the parametric femur of usual measures, by the middle of the condyles; 7.8°, 4.2° and 6.7° by the lowest point between
# the condyles. In the frontal plane the upper end leans medially by 0.8°, 2.8° and 0.1°: too different to assume any,
# yet 1.8° raise the tension of the upper neck in walking by 9 %; 2° in the sagittal plane change it by 2 %.
SHAFT_TILT_DEG = 8.0
# The ten patients of OrthoLoad (landmarks in RWTHmediTEC/HipJointForceModel), Bergmann frame [mm from the head centre].
TEN_P1, TEN_MEDIAL, TEN_LATERAL = (42.0, -6.0, -42.0), (-7.0, -13.0, -423.0), (80.0, -19.0, -419.0)


def bergmann_rotation(
    femur: Femur, assumed_tilt_deg: float = SHAFT_TILT_DEG, assumed_frontal_deg: float = 0.0
) -> np.ndarray:
    """(3, 3) rotation that takes components in the Bergmann frame to the femur frame.

    x stays parallel to the line on which the posterior condyles rest, seen along z, as it is in the femur frame.

    Parameters
    ----------
    assumed_tilt_deg, assumed_frontal_deg : float
        Of a femur without a knee: by how much its shaft axis, upward, leans back, and medially, from the line of knee
        and neck.

    Source
    ------
    Frame: Bergmann et al. 2016, as in RWTHmediTEC/HipJointForceModel, createFemurCS_TFM_Bergmann2016.m.
    """
    knee = knee_of(femur)
    back, medial = np.tan(np.radians([assumed_tilt_deg, assumed_frontal_deg]))
    z = np.array([medial, back, 1.0]) if knee is None else knee.long_axis
    z = z / np.linalg.norm(z)
    x = np.array([1.0, 0.0, 0.0])
    x = x - (x @ z) * z
    x /= np.linalg.norm(x)
    return np.stack([x, np.cross(z, x), z], axis=1)


def tilt_deg(rotation: np.ndarray) -> tuple[float, float]:
    """Sagittal and frontal angle [degrees] of the shaft axis from the Bergmann z; positive: leans back, medially."""
    x, y, z = rotation[:, 2]
    return float(np.degrees(np.arctan2(y, z))), float(np.degrees(np.arctan2(x, z)))
