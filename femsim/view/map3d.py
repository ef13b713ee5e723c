"""Femora as a map that turns in a browser: surfaces, fields and scales, packed into a page."""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from typing import Any

import numpy as np

from femsim.errors import MissingPieceError
from femsim.view.eyes import VIEWS, on_paper
from femsim.view.field_scale import FieldScale, field_scale
from femsim.view.fields import DISPLACEMENT, difference_of, field_of, fields_of, unit_of
from femsim.view.figures.section import colour_of, legend_of, name_of
from femsim.view.map_panels import Panel
from femsim.view.map_surfaces import bytes_of_surfaces, bytes_of_values, fitting, row_kind, surfaces_of
from femsim.view.render import DIFFERENCE
from femsim.view.scene import Scene
from femsim.view.shapes import ROW

LARGEST = 3_000_000  # bytes of all values: with pictures and the program a page of a run stays below 10 MB
OF_APART = "risk_factor"
APART = f"{OF_APART}, {DIFFERENCE}"
WORDS = 50_000  # bytes of titles, scales and names of zones


def fragment(panels: Sequence[Panel], *, not_shown: Sequence[str] = (), room: int | None = None) -> str:
    """HTML of the map, with all its data and the program that draws it; nothing is fetched from anywhere.

    Parameters
    ----------
    panels : as in `payload`.
    not_shown : titles of what was left out already, to be told.
    room : bytes that all of it may take; by default values alone are limited, to `LARGEST`.

    Raises
    ------
    MissingPieceError
        Where the library that draws it is not installed.
    """
    try:
        from plotly.offline import get_plotlyjs
    except ImportError:
        raise MissingPieceError(
            "A map that turns needs the library plotly, which is not installed.", remedy="pip install plotly"
        ) from None
    program = get_plotlyjs()
    own = resources.files("femsim.view").joinpath("map3d.js").read_text("utf-8")
    page = resources.files("femsim.view").joinpath("map3d.html").read_text("utf-8")
    if room is not None:
        room -= len(program.encode("utf-8")) + len(own) + len(page) + WORDS
    packed = payload(panels, room=room)
    packed["not_shown"] = [*not_shown, *packed["not_shown"]]
    # "</" would end the script that the data stand in.
    data = json.dumps(packed, ensure_ascii=False, allow_nan=False).replace("</", "<\\/")
    for mark, text in (("{{plotly}}", program), ("{{data}}", data), ("{{own}}", own)):
        page = page.replace(mark, text)
    return page


def payload(panels: Sequence[Panel], *, room: int | None = None) -> dict[str, Any]:
    """What the program in the page is given; arrays as base64 of little-endian numbers.

    Parameters
    ----------
    panels : of which the first says from where one looks.
    room : bytes for surfaces and values together; where they need more, what lies behind the cut becomes a shell, then
        the last panels fall away, one stays. By default surfaces take what they need, and values `LARGEST`.

    Returns
    -------
    panels : each its title, regions, zones, and surface → points (n, 3) float32 [mm], triangles (t, 3) uint16 or,
        where `wide`, uint32, region (t,) uint8, bone (t,) uint8, zone (t,) uint8 with 255 for none, lit (t,) uint8
        where light falls, values: field → (≤ t,) float32 of the first triangles, NaN where it is not defined.
    fields : name → words, unit, steps of its scale with their colours; a difference stands beside the rest.
    left_out : number of fields that there was no room for; not_shown : titles of panels.
    """
    from matplotlib.colors import to_hex

    given, panels = panels, tuple(panels)
    surfaces = [surfaces_of(panel) for panel in panels]
    if room is not None:
        panels, surfaces = fitting(panels, surfaces, len(_keys(panels)), room)
    values = bytes_of_values(surfaces)
    left = LARGEST if room is None else min(LARGEST, room - bytes_of_surfaces(surfaces))
    keys = _keys(panels)
    most = max(1, int(left / max(values, 1.0)))
    fields = _fields(panels, keys[:most])
    framed = np.concatenate([panel.body.points for panel in panels if not panel.is_twin])
    first = panels[0].scene
    return {
        "name": first.told["name"],
        "left_out": len(keys[most:]),
        "not_shown": [panel.title for panel in given[len(panels) :]],
        "panels": [
            {
                "title": panel.title,
                "regions": [{"words": name_of(name), "colour": to_hex(colour_of(name))} for name in panel.body.regions],
                "zones": [name.replace("_", " ") for name in panel.body.zones],
                "surfaces": {kind: _packed(panel, row, parts, fields) for kind, parts in of.items()},
            }
            for row, (panel, of) in enumerate(zip(panels, surfaces))
        ],
        "fields": {key: _scale(key, scale) for key, (scale, _) in fields.items()},
        "materials": [{"words": words, "colour": to_hex(colour)} for words, colour in _materials(panels)],
        "views": {name: _camera(towards(first)) for name, towards in VIEWS.items()},
        "centre": _listed(0.5 * (framed.min(axis=0) + framed.max(axis=0))),
        "size": float(np.ptp(framed, axis=0).max()),
    }


def _keys(panels: Sequence[Panel]) -> list[str]:
    """Fields that some panel has, those first that people ask for first; the difference beside what it is of."""
    names = dict.fromkeys([*(name for scene in _scenes(panels) for name in fields_of(scene)), DISPLACEMENT])
    keys = [[name, APART] if name == OF_APART and _operated(panels) else [name] for name in names]
    return [key for pair in keys for key in pair]


def _scenes(panels: Sequence[Panel]) -> Iterator[Scene]:
    return iter({id(panel.scene): panel.scene for panel in panels}.values())


def _operated(panels: Sequence[Panel]) -> dict[int, Scene]:
    return {row: panel.scene for row, panel in enumerate(panels) if panel.body.name == "operated"}


def _fields(panels: Sequence[Panel], keys: Sequence[str]) -> dict[str, tuple[FieldScale, Mapping[int, np.ndarray]]]:
    """Field → its scale over all panels, and row of a panel → values (e,); a difference is of operated femora alone."""
    found = {}
    for key in keys:
        name = OF_APART if key == APART else key
        unit = next(unit_of(scene, name) for scene in _scenes(panels) if name in (*fields_of(scene), DISPLACEMENT))
        if key == APART:
            values = {row: difference_of(scene, name) for row, scene in _operated(panels).items()}
        else:
            values = {row: field_of(panel.body, name) for row, panel in enumerate(panels)}
        found[key] = field_scale(name, unit, values.values(), difference=key == APART), values
    return found


def _materials(panels: Sequence[Panel]) -> list[tuple[str, Any]]:
    """Names and colours of what is not bone in any panel."""
    regions = dict.fromkeys(name for panel in panels for name in panel.body.regions)
    return legend_of([name for name in regions if name not in ("bone_kept", "bone_removed")])


def _packed(panel: Panel, place: int, parts, fields) -> dict[str, Any]:
    """place : row of the panel on its map."""
    body = panel.body
    points, triangles, rows, lit, n = [], [], [], [], 0
    for surface, is_lit in parts:
        if not surface.n_cells:
            continue
        surface = surface.triangulate()
        faces = np.asarray(surface.faces).reshape(-1, 4)[:, 1:]
        points.append(np.asarray(surface.points, np.float32))
        triangles.append(faces + n)
        rows.append(np.asarray(surface.cell_data[ROW], np.int64))
        lit.append(np.full(len(faces), is_lit, np.uint8))
        n += len(points[-1])
    of = np.concatenate(rows) if rows else np.empty(0, np.int64)
    told = of if len(rows) < 2 else rows[0]
    values = {
        key: _packed_array(values_of[place][told] * scale.factor, "<f4")
        for key, (scale, values_of) in fields.items()
        if place in values_of
    }
    kind = row_kind(n)
    zone = np.where(body.zone_of[of] < 0, 255, body.zone_of[of])
    return {
        "points": _packed_array(np.concatenate(points) if points else np.empty((0, 3)), "<f4"),
        "wide": kind.itemsize > 2,
        "triangles": _packed_array(np.concatenate(triangles) if triangles else np.empty((0, 3)), kind),
        "region": _packed_array(body.region_of[of], "<u1"),
        "bone": _packed_array(body.bone[of], "<u1"),
        "zone": _packed_array(zone, "<u1"),
        "lit": _packed_array(np.concatenate(lit) if lit else np.empty(0), "<u1"),
        "values": values,
    }


def _scale(key: str, found: FieldScale) -> dict[str, Any]:
    from matplotlib.colors import to_hex

    scale = found.scale
    return {
        "words": key.replace("_", " "),
        "title": scale.title.replace("\n", " "),
        "bounds": _listed(scale.bounds),
        "ticks": found.labels,
        "colours": [to_hex(colour) for colour in scale.colours],
        "above": scale.above and to_hex(scale.above),
        "below": scale.below and to_hex(scale.below),
        "undefined": to_hex(scale.undefined),
    }


def _camera(towards: np.ndarray) -> dict[str, list[float]]:
    _, up = on_paper(towards)
    return {"towards": _listed(towards), "up": _listed(up)}


def _listed(values) -> list[float]:
    return [float(f"{value:.6g}") for value in values]


def _packed_array(values, kind: str | np.dtype) -> str:
    return base64.b64encode(np.ascontiguousarray(values, dtype=kind).tobytes()).decode("ascii")
