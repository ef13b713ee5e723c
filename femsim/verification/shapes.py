"""The shapes that several cases share: octants of balls and shells, quarters of round bars, tubes.

Surfaces "x0", "y0", "z0" are the planes of symmetry; all sizes in mm.
"""

from collections.abc import Sequence

import numpy as np

from femsim.mesh.mesh import Mesh
from femsim.verification.mapped import joined, mapped_box

# Half side of the inner cube or square as a share of the radius, and how far its sides bulge (0 flat, 1 round): the
# cells between it and the round surface stay well shaped.
_CORE, _BULGE = 0.55, 0.5


def graded(start: float, end: float, n: int, ratio: float) -> np.ndarray:
    """(n + 1,) lines from start to end; the last cell is `ratio` times the first."""
    steps = ratio ** (np.arange(n) / max(n - 1, 1))
    return start + (end - start) * np.concatenate([[0], np.cumsum(steps)]) / steps.sum()


def octant_shell(
    radii: np.ndarray, n: int, faces: tuple[str, str] = ("inner", "outer"), *, region: str = "shell", **options
) -> Mesh:
    """The first octant between two spheres around the origin.

    radii : (k,) of the grid's spheres [mm]; n : cells along 45° of a great circle.
    faces : names of the spheres; options : of `mapped_box`.
    """

    def mapping(p):
        ray = np.column_stack([np.ones(len(p)), np.tan(p[:, 1:] * np.pi / 4)])
        return p[:, :1] * ray / np.linalg.norm(ray, axis=1)[:, None]

    return _three_turns(radii, n, mapping, faces, region, options)


def octant_ball(radius: float, n: int, layers: int, face: str = "outer", *, region: str = "ball", **options) -> Mesh:
    """The first octant of a ball around the origin.

    n : cells along 45° of a great circle and along the inner cube; layers : cells between cube and sphere.
    """

    def core(p):
        return _CORE * radius * _rounded(np.tan(p * np.pi / 4))

    def mapping(p):
        ray = np.column_stack([np.ones(len(p)), p[:, 1:]])
        tangent = np.tan(ray * np.pi / 4)
        outside = radius * tangent / np.linalg.norm(tangent, axis=1)[:, None]
        return (1 - p[:, :1]) * core(ray) + p[:, :1] * outside

    inner = mapped_box((n, n, n), core, ("x0", "seam", "y0", "seam", "z0", "seam"), region=region, **options)
    lines = np.linspace(0, 1, layers + 1)
    return joined([inner, _three_turns(lines, n, mapping, ("seam", face), region, options)])


def _three_turns(lines, n, mapping, faces, region, options) -> Mesh:
    """Three blocks around x, y and z from the map of the first."""
    planes = ("y0", "z0", "x0")
    blocks = []
    for turn in range(3):
        sides = (planes[turn], "seam", planes[(turn + 1) % 3], "seam")
        turned = lambda p, k=turn: np.roll(mapping(p), k, axis=1)  # noqa: E731
        blocks.append(mapped_box((lines, n, n), turned, (*faces, *sides), region=region, **options))
    return joined(blocks)


def _rounded(t: np.ndarray) -> np.ndarray:
    """Points of the cube [0, 1]³ with its sides bulged towards the sphere."""
    x, y, z = (t**2).T
    return t * np.sqrt(
        1 - _BULGE * np.column_stack([(y + z) / 2, (z + x) / 2, (x + y) / 2])
        + _BULGE**2 * np.column_stack([y * z, z * x, x * y]) / 3
    )  # fmt: skip


def quarter_rod(
    radius: float, height: int | np.ndarray, n: int, layers: int, face: str = "outer", *, region: str = "rod", **options
) -> Mesh:
    """A quarter of a round bar around z, of x, y ≥ 0; ends "bottom" and "top".

    height : (k,) z of the grid's planes; n : cells along 45°; layers : cells between the inner square and the surface.
    """

    def core(p):
        flat = np.tan(p[:, :2] * np.pi / 4)
        return np.column_stack([_CORE * radius * flat * np.sqrt(1 - _BULGE * flat[:, ::-1] ** 2 / 2), p[:, 2]])

    def side(p):
        return _sector(p[:, 0], p[:, 1], p[:, 2])

    def upper(p):
        return _sector(p[:, 1], p[:, 0], p[:, 2])[:, [1, 0, 2]]

    def _sector(s, a, z):
        ray = np.column_stack([np.ones_like(a), a, z])
        tangent = np.tan(ray[:, :2] * np.pi / 4)
        outside = radius * tangent / np.linalg.norm(tangent, axis=1)[:, None]
        flat = (1 - s)[:, None] * core(ray)[:, :2] + s[:, None] * outside
        return np.column_stack([flat, z])

    ends, s = ("bottom", "top"), np.linspace(0, 1, layers + 1)
    return joined(
        [
            mapped_box((n, n, height), core, ("x0", "seam", "y0", "seam", *ends), region=region, **options),
            mapped_box((s, n, height), side, ("seam", face, "y0", "seam", *ends), region=region, **options),
            mapped_box((n, s, height), upper, ("x0", "seam", "seam", face, *ends), region=region, **options),
        ]
    )


def quarter_tube(
    radii: np.ndarray, height: int | np.ndarray, n: int, faces: Sequence[str] = ("inner", "outer"),
    *, region: str = "tube", **options,
) -> Mesh:  # fmt: skip
    """A quarter of a tube around z that fits around `quarter_rod` of the same n."""

    def side(p):
        ray = np.column_stack([np.ones(len(p)), np.tan(p[:, 1] * np.pi / 4)])
        return np.column_stack([p[:, :1] * ray / np.linalg.norm(ray, axis=1)[:, None], p[:, 2]])

    def upper(p):
        return side(p[:, [1, 0, 2]])[:, [1, 0, 2]]

    ends, options = ("bottom", "top"), {"region": region, **options}
    return joined(
        [
            mapped_box((radii, n, height), side, (*faces, "y0", "seam", *ends), **options),
            mapped_box((n, radii, height), upper, ("x0", "seam", *faces, *ends), **options),
        ]
    )


def tube(
    radii: np.ndarray, angles: np.ndarray, height: np.ndarray, faces: Sequence[str] = ("inner", "outer"),
    *, region: str = "tube", **options,
) -> Mesh:  # fmt: skip
    """A sector of a tube around z; faces "start" and "end" at the ends of its angle, "bottom" and "top".

    radii, angles [rad], height : grid lines; a sector of 2π closes on itself.
    """

    def mapping(p):
        return np.column_stack([p[:, 0] * np.cos(p[:, 1]), p[:, 0] * np.sin(p[:, 1]), p[:, 2]])

    names = (*faces, "start", "end", "bottom", "top")
    block = mapped_box((radii, angles, height), mapping, names, region=region, **options)
    return joined([block]) if np.isclose(angles[-1] - angles[0], 2 * np.pi) else block
