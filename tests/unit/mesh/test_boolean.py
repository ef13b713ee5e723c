"""Parts of a cut share their curves and add up."""

import numpy as np
import pytest

from femsim.errors import MeshError
from femsim.mesh.boolean import cut
from femsim.mesh.revolve import revolved
from femsim.mesh.surface import Surface, enclosed_volume

UP = np.array([0.0, 0, 1])


def rod(radius, bottom, top, origin=(0, 0, 0)):
    profile = np.array([[0, bottom], [radius, bottom], [radius, top], [0, top]], float)
    return revolved(profile, np.arange(3), origin=np.array(origin, float), axis=UP, step=1.0)


def test_kept_and_removed_volume_are_the_whole():
    body, tool = rod(10, 0, 20), rod(4, 12, 30, origin=(3, 0, 0))
    parts = cut(body, tool)
    kept, removed, beyond = (sum(part.volume for part in group) for group in (parts.kept, parts.removed, parts.beyond))
    assert kept + removed == pytest.approx(enclosed_volume(body))
    assert removed + beyond == pytest.approx(enclosed_volume(tool))


def test_every_result_triangle_lies_on_the_input_triangle_it_names():
    body, tool = rod(10, 0, 20), rod(4, 12, 30, origin=(3, 0.1, 0))
    part = cut(body, tool).kept[0]
    for source, mine in ((body, ~part.from_tool), (tool, part.from_tool)):
        a, b, c = (source.points[source.triangles[part.source[mine]][:, k]] for k in range(3))
        normal = np.cross(b - a, c - a)
        normal /= np.linalg.norm(normal, axis=1, keepdims=True)
        offsets = part.points[part.triangles[mine]] - a[:, None]
        assert np.abs(np.einsum("tki,ti->tk", offsets, normal)).max() < 1e-6


def test_kept_and_removed_share_their_curve():
    parts = cut(rod(10, 0, 20), rod(4, 12, 30, origin=(3, 0.1, 0)))
    on_tool = [part.points[np.unique(part.triangles[part.from_tool])] for part in (parts.kept[0], parts.removed[0])]
    first, second = ({tuple(point) for point in points.round(6)} for points in on_tool)
    assert first == second


def test_pieces_come_apart_largest_first():
    parts = cut(rod(10, 0, 20), rod(15, 12, 15))
    assert [round(part.volume / parts.kept[0].volume, 3) for part in parts.kept] == [1, round(5 / 12, 3)]


def test_an_open_surface_is_refused():
    whole = rod(10, 0, 20)
    with pytest.raises(MeshError, match="does not bound a volume"):
        cut(Surface(whole.points, whole.triangles[10:]), rod(4, 12, 30))
