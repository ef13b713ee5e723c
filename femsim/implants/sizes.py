"""Sizes of caps, and how one is chosen for a head."""

from collections.abc import Callable

import numpy as np

from femsim.anatomy.femur import Femur
from femsim.errors import GeometryError
from femsim.implants.seat import Seat
from femsim.mesh.sections import radii_around

CATALOGUE = tuple(range(38, 60, 2))  # mm; Birmingham Hip Resurfacing, heads of 38–58 mm in steps of 2 mm
UP = 4.0  # mm above the natural head up to which a larger cap is taken rather than a notched neck


def refuse_unknown_size(diameter: float | None, custom: bool) -> None:
    """Refuse a diameter that no catalogue has.

    Raises
    ------
    GeometryError
    """
    if diameter is None or custom or any(abs(diameter - size) < 1e-9 for size in CATALOGUE):
        return
    nearest = min(CATALOGUE, key=lambda size: abs(size - diameter))
    raise GeometryError(
        f"A cap of {diameter:g} mm is not made; sizes are {CATALOGUE[0]} to {CATALOGUE[-1]} mm in steps of 2 mm.",
        where="implant.head_diameter_mm",
        remedy=f"take {nearest} mm, or say implant.custom_size = true",
    )


def size_by_rule(natural: float, notch: Callable[[float], float]) -> float:
    """The catalogue size nearest to a natural head diameter [mm], or the next larger ones where it would notch.

    A larger cap reams a wider cylinder and spares the neck; one much larger than the head finds no bed and no socket.

    Parameters
    ----------
    notch : size → depth [mm] of the notch that it would cut.
    """
    nearest = min(CATALOGUE, key=lambda size: (abs(size - natural), -size))
    candidates = [size for size in CATALOGUE if nearest <= size <= max(nearest, natural + UP)]
    return float(next((size for size in candidates if notch(size) <= 0), nearest))


def superior_neck(femur: Femur, seat: Seat, shelf: float) -> np.ndarray:
    """Points (k, 3) on the superior side of the neck below the rim, where it breaks."""
    heights = shelf - np.arange(1.0, 14.0, 2.0)
    radii = radii_around(femur.surface, seat.origin, seat.axis, seat.superior, heights)
    rows, directions = np.nonzero(np.isfinite(radii) & (radii < 1.3 * femur.landmarks.head_radius))
    near = np.minimum(directions, 72 - directions) <= 9  # 45° to either side
    rows, directions = rows[near], directions[near]
    angle = 2 * np.pi * directions / 72
    across = np.cos(angle)[:, None] * seat.superior + np.sin(angle)[:, None] * np.cross(seat.axis, seat.superior)
    return seat.origin + heights[rows, None] * seat.axis + radii[rows, directions][:, None] * across


def joint_note(centre: np.ndarray) -> list[str]:
    """A sentence on how the joint's centre moved; none where it is the natural one."""
    if np.linalg.norm(centre) < 0.05:
        return []
    lateral, anterior, up = centre
    return [
        f"The joint's centre moves by {np.linalg.norm(centre):.1f} mm: leg length {up:+.1f} mm, offset "
        f"{-lateral:+.1f} mm, forwards {anterior:+.1f} mm."
    ]
