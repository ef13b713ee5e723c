"""How a femur stands under a vertical load: flexed, adducted, turned inwards."""

import numpy as np

from femsim import units


def downwards(flexion_deg: np.ndarray, adduction_deg: np.ndarray, internal_rotation_deg: np.ndarray) -> np.ndarray:
    """The direction straight down, told in the femur: lateral, anterior, proximal.

    flexion_deg, adduction_deg, internal_rotation_deg : (...,) of an upright right femur, in this order about axes that
        turn with it. Flexion brings the knee forward, adduction brings it inwards, internal rotation turns the front
        inwards.

    Returns
    -------
    (..., 3) unit vectors
        A flexed femur is pressed backwards, an adducted one outwards.
    """
    flexion, adduction, inwards = (
        np.asarray(angle, float) * units.degree for angle in (flexion_deg, adduction_deg, internal_rotation_deg)
    )
    # Rx(flexion) Ry(adduction) Rz(inwards) takes femur to laboratory; its transpose is applied to (0, 0, -1).
    flat = np.stack(
        [np.cos(flexion) * np.sin(adduction), -np.sin(flexion), -np.cos(flexion) * np.cos(adduction)], axis=-1
    )
    cos, sin = np.cos(inwards), np.sin(inwards)
    return np.stack(
        [cos * flat[..., 0] + sin * flat[..., 1], cos * flat[..., 1] - sin * flat[..., 0], flat[..., 2]], -1
    )
