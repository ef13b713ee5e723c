"""How one force enters the bone: consistent nodal forces with exact resultant and moment.

A traction is laid over a named surface and then corrected by the smallest relative change (least squares) that makes
its resultant exact and its moment vanish, so that a coarse or uneven mesh cannot turn or tilt the load.
"""

from dataclasses import dataclass

import numpy as np

from femsim.anatomy.bergmann import SHAFT_TILT_DEG
from femsim.errors import ModelError
from femsim.mesh.mesh import Mesh
from femsim.registry import parameter

# Six-point rule on a triangle, exact to degree 4 (Dunavant, Int J Numer Methods Eng 21 (1985) 1129, p = 4).
_A, _B = 0.445948490915965, 0.091576213509771
_WEIGHT_A, _WEIGHT_B = 0.223381589678011, 0.109951743655322
_BARYCENTRIC = np.array(
    [permuted for s in (_A, _B) for permuted in ((s, s, 1 - 2 * s), (s, 1 - 2 * s, s), (1 - 2 * s, s, s))]
)
_WEIGHTS = np.array([_WEIGHT_A] * 3 + [_WEIGHT_B] * 3)


@dataclass(frozen=True)
class LoadApplication:
    """Over which areas forces are spread, and how their frame lies in the femur."""

    pressure_half_angle_deg: float = parameter(
        60.0,
        text="half angle of the pressure on the head, about the place where the hip force enters",
        unit="deg",
        low=5,
        high=89,
        assumed=True,
        source="working value; the same for the operated and the intact femur",
    )
    muscle_patch_radius_mm: float = parameter(
        10.0,
        text="radius of the patch a muscle force is spread over",
        unit="mm",
        low=2,
        high=30,
        assumed=True,
        source="usual for muscle attachments",
    )
    shaft_tilt_deg: float = parameter(
        SHAFT_TILT_DEG,
        text="femur without a knee: how far its proximal shaft, upward, leans back from the line of knee and neck, "
        "along which OrthoLoad's forces are told; a whole femur is measured",
        unit="deg",
        low=-5.0,
        high=20.0,
        assumed=True,
        source="measured by femsim: gfxmorph 9.0, Comodo 6.8, usual parametric femur 7.3",
    )
    shaft_tilt_frontal_deg: float = parameter(
        0.0,
        text="femur without a knee: how far its proximal shaft, upward, leans medially from that line",
        unit="deg",
        low=-5.0,
        high=10.0,
        assumed=True,
        source="measured by femsim: gfxmorph 0.8, Comodo 2.8, usual parametric femur 0.1",
    )


USUAL_APPLICATION = LoadApplication()


@dataclass(frozen=True)
class _Patch:
    """Quadrature over faces: nodes (f, m), shape values (q, m), places (f, q, 3), areas (f, q), unit normals (f, 3)."""

    faces: np.ndarray
    shape: np.ndarray
    places: np.ndarray
    areas: np.ndarray
    normals: np.ndarray


def head_pressure(
    mesh: Mesh, direction: np.ndarray, *, half_angle_deg: float, centre: np.ndarray = (0.0, 0.0, 0.0)
) -> np.ndarray:
    """Nodal forces of a pressure p0 cos θ on the surface "bearing", of unit resultant along a direction.

    The pressure acts towards the head centre, so that its moment about the centre is zero, within the half angle of the
    pole where the force enters the head. Its size is corrected, never its direction: it stays free of friction.

    Parameters
    ----------
    mesh : Mesh
        With a surface "bearing".
    direction : (3,) array
        Of the force on the head; it enters at minus this direction.
    half_angle_deg : float
    centre : (3,) array [mm]

    Returns
    -------
    (n, 3) array [N]

    Raises
    ------
    ModelError
        Where no face lies within the half angle, or those that do cannot carry the force by pressure alone.
    """
    centre, direction = np.asarray(centre, float), _unit(direction)
    patch = _patch(mesh, mesh.surface("bearing"))
    radial = patch.places - centre
    radial = radial / np.maximum(np.linalg.norm(radial, axis=2, keepdims=True), 1e-12)
    cosine = -radial @ direction
    pressure = np.where(cosine >= np.cos(np.radians(half_angle_deg)), cosine, 0.0)
    weight = patch.areas * pressure
    where = f"surface 'bearing', within {half_angle_deg:g}° of the pole {np.round(-direction, 2)}"
    if not weight.any():
        raise ModelError(
            "The hip force meets no face of the bearing surface.",
            where=where,
            remedy="check the frame of the femur and the direction of the force, or widen the pressure",
        )
    # p → p (1 + λ·e): resultant -∑ w p (1 + λ·e) e = d, least squares in ∑ w p (λ·e)².
    first = -np.einsum("fq,fqk->k", weight, radial)
    scale = 1.0 / (first @ direction)
    normal = scale * np.einsum("fq,fqi,fqj->ij", weight, radial, radial)
    multiplier = -_solve(normal, direction - scale * first, where)
    change = radial @ multiplier
    if (change[weight > 0] < -1.0).any():
        raise ModelError(
            "The hip force cannot be carried by pressure on the bearing surface: it would have to pull somewhere.",
            where=where,
            why="the bearing surface covers only one side of the place where the force enters",
            remedy="check the position of the implant, or narrow the pressure",
        )
    traction = -(scale * pressure * (1.0 + change))[..., None] * radial
    return _nodal(mesh, patch, traction)


def patch_force(mesh: Mesh, point: np.ndarray, direction: np.ndarray, radius_mm: float) -> np.ndarray:
    """Nodal forces on "bone_outer" around a point: unit resultant along a direction, no moment about the point.

    The traction falls off as 1 - (r/radius)² and acts on faces turned the same way as the nearest one, so that the
    other side of a thin bone is left alone.

    Returns
    -------
    (n, 3) array [N]

    Raises
    ------
    ModelError
        Where no face lies within the radius, or too few to balance the moment.
    """
    point, direction = np.asarray(point, float), _unit(direction)
    faces = mesh.surface("bone_outer")
    where = f"surface 'bone_outer', within {radius_mm:g} mm of {np.round(point, 1)}"
    # Only faces with a corner near enough can hold a quadrature point inside the radius; the rest need no look.
    reach = radius_mm + _largest_edge(mesh, faces)
    faces = faces[np.linalg.norm(mesh.nodes[faces[:, 0]] - point, axis=1) <= reach]
    if not len(faces):
        raise ModelError("A muscle site meets no face of the outer bone.", where=where, remedy=_SITE_REMEDY)
    patch = _patch(mesh, faces)
    arm = patch.places - point
    distance = np.linalg.norm(arm, axis=2)
    facing = patch.normals @ patch.normals[np.argmin(distance.min(axis=1))] > 0
    share = np.where(facing[:, None], np.maximum(0.0, 1.0 - (distance / radius_mm) ** 2), 0.0)
    weight = patch.areas * share
    if not weight.any():
        raise ModelError("A muscle site meets no face of the outer bone.", where=where, remedy=_SITE_REMEDY)
    scale = 1.0 / weight.sum()
    # t → t + g (a + b × r/R): six conditions (resultant, moment about the point) fix a and b.
    lever = arm / radius_mm
    conditions = np.concatenate([np.broadcast_to(np.eye(3), (*arm.shape[:2], 3, 3)), _cross_matrix(lever)], axis=2)
    weight = scale * weight
    normal = np.einsum("fq,fqia,fqja->ij", weight, conditions, conditions)
    first = np.einsum("fq,fqia,a->i", weight, conditions, direction)
    multiplier = _solve(normal, np.concatenate([direction, np.zeros(3)]) - first, where)
    traction = (scale * share)[..., None] * (direction + np.einsum("fqia,i->fqa", conditions, multiplier))
    return _nodal(mesh, patch, traction)


_SITE_REMEDY = "check that the implant leaves the bone at the muscle site, or widen the patch"


def _patch(mesh: Mesh, faces: np.ndarray) -> _Patch:
    l1, l2, l3 = _BARYCENTRIC.T
    if faces.shape[1] == 3:
        shape = _BARYCENTRIC
        slope = np.broadcast_to(np.array([[1.0, 0, 0], [0, 1.0, 0], [0, 0, 1.0]]), (len(l1), 3, 3))
    else:
        shape = np.stack(
            [l1 * (2 * l1 - 1), l2 * (2 * l2 - 1), l3 * (2 * l3 - 1), 4 * l1 * l2, 4 * l2 * l3, 4 * l3 * l1], axis=1
        )
        zero = np.zeros_like(l1)
        slope = np.stack(
            [
                np.stack([4 * l1 - 1, zero, zero, 4 * l2, zero, 4 * l3], axis=1),
                np.stack([zero, 4 * l2 - 1, zero, 4 * l1, 4 * l3, zero], axis=1),
                np.stack([zero, zero, 4 * l3 - 1, zero, 4 * l2, 4 * l1], axis=1),
            ],
            axis=1,
        )  # (q, barycentric coordinate, node)
    corners = mesh.nodes[faces]
    by_coordinate = np.einsum("qcm,fmk->fqck", slope, corners)
    vector = np.cross(by_coordinate[:, :, 0] - by_coordinate[:, :, 2], by_coordinate[:, :, 1] - by_coordinate[:, :, 2])
    size = np.linalg.norm(vector, axis=2)
    normal = vector.sum(axis=1)
    return _Patch(
        faces,
        shape,
        np.einsum("qm,fmk->fqk", shape, corners),
        0.5 * size * _WEIGHTS,
        normal / np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-300),
    )


def _nodal(mesh: Mesh, patch: _Patch, traction: np.ndarray) -> np.ndarray:
    """(n, 3) ∫ N t dA."""
    share = np.einsum("qm,fq,fqk->fmk", patch.shape, patch.areas, traction)
    forces = np.zeros((mesh.n_nodes, 3))
    np.add.at(forces, patch.faces, share)
    return forces


def _cross_matrix(lever: np.ndarray) -> np.ndarray:
    """(…, 3, 3) matrix of v → lever × v."""
    x, y, z = np.moveaxis(lever, -1, 0)
    zero = np.zeros_like(x)
    return np.stack([np.stack([zero, -z, y], -1), np.stack([z, zero, -x], -1), np.stack([-y, x, zero], -1)], -2)


def _solve(matrix: np.ndarray, right: np.ndarray, where: str) -> np.ndarray:
    if np.linalg.cond(matrix) > 1e10:
        raise ModelError(
            "Too few faces carry the force to make its resultant and moment exact.",
            where=where,
            remedy="refine the mesh there, or spread the force over a wider area",
        )
    return np.linalg.solve(matrix, right)


def _largest_edge(mesh: Mesh, faces: np.ndarray) -> float:
    corners = mesh.nodes[faces[:, :3]]
    return float(np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2).max()) if len(faces) else 0.0


def _unit(direction: np.ndarray) -> np.ndarray:
    direction = np.asarray(direction, float)
    length = np.linalg.norm(direction)
    if not (np.isfinite(length) and length > 0):
        raise ModelError(f"A force has no direction: {direction}.", where="load", remedy="leave the force out instead")
    return direction / length
