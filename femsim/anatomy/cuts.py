"""Where the femur is cut in thought to ask what carries the load there: across head, neck and shaft."""

import numpy as np

from femsim.anatomy.femur import Femur
from femsim.anatomy.gruen import stem_levels
from femsim.anatomy.neck_frame import neck_frame
from femsim.anatomy.zones import distal_end
from femsim.mesh.plane import Plane

# Of the length of a stem: the middle of each third, which is where the zones of Gruen have theirs.
ALONG_STEM = (("upper", 1 / 6), ("middle", 1 / 2), ("lower", 5 / 6))
# Head radii about the neck axis: head, cap and neck lie within, nearly all of the trochanter does not.
_REACH = 1.3


def section_planes(femur: Femur, *, top: float | None = None, tip: float | None = None) -> tuple[Plane, ...]:
    """Planes across the neck (at the head centre, at the head's end, half-way to the neck's base) and across the shaft
    (at the lesser trochanter, along the stem); those that the support disturbs are left out.

    Normals point to the head, or up the shaft. The points lie on the neck axis and on the shaft axis; the first is the
    head centre.

    Parameters
    ----------
    top, tip : float, optional
        Heights z [mm] of the stem's ends; those of the reference stem where not given.

    Raises
    ------
    GeometryError
        Where the femur has no flat distal end.
    """
    marks, neck = femur.landmarks, neck_frame(femur.landmarks)
    top, tip = (level if given is None else float(given) for given, level in zip((top, tip), stem_levels(femur)))
    foot = neck.centre - (neck.centre @ neck.along) * neck.along
    reach = _REACH * marks.head_radius
    planes = [
        Plane("section_head_centre", np.zeros(3), neck.along, reach),
        Plane("section_head_base", foot + neck.head_level * neck.along, neck.along, reach),
        Plane("section_mid_neck", foot + 0.5 * (neck.head_level + neck.base_level) * neck.along, neck.along, reach),
    ]
    levels = {"section_lesser_trochanter": marks.lesser_trochanter[2]}
    if top > tip:
        levels |= {f"section_stem_{name}": top - share * (top - tip) for name, share in ALONG_STEM}
    centre, up, diameter = distal_end(femur)
    for name, level in levels.items():
        point = marks.shaft_point + (level - marks.shaft_point[2]) / marks.shaft_axis[2] * marks.shaft_axis
        if (point - centre) @ up > diameter:
            planes.append(Plane(name, point, marks.shaft_axis))
    return tuple(planes)
