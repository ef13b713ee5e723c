"""The femora of a run as a map that turns in a browser: surfaces, fields and scales, packed into a page."""

import base64
import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

import numpy as np

from femsim.errors import MissingPieceError
from femsim.view.eyes import VIEWS, on_paper
from femsim.view.field_scale import FieldScale, field_scale
from femsim.view.fields import DISPLACEMENT, difference_of, field_of, fields_of, unit_of
from femsim.view.figures.section import colour_of, levelled, materials_shown, name_of
from femsim.view.render import DIFFERENCE, TITLES
from femsim.view.scene import Body, Scene
from femsim.view.shapes import ROW, behind, cut, skin

Values = Mapping[str, np.ndarray]
LARGEST = 3_000_000  # bytes of all values: with pictures and the program a page stays below 10 MB
OUTSIDE, CUT = "outside", "cut"


def fragment(scene: Scene) -> str:
    """HTML of the map, with all its data and the program that draws it; nothing is fetched from anywhere.

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
    # "</" would end the script that the data stand in.
    data = json.dumps(payload(scene), ensure_ascii=False, allow_nan=False).replace("</", "<\\/")
    own = resources.files("femsim.view").joinpath("map3d.js").read_text("utf-8")
    page = resources.files("femsim.view").joinpath("map3d.html").read_text("utf-8")
    for mark, text in (("{{plotly}}", get_plotlyjs()), ("{{data}}", data), ("{{own}}", own)):
        page = page.replace(mark, text)
    return page


def payload(scene: Scene) -> dict[str, Any]:
    """What the program in the page is given; arrays as base64 of little-endian numbers.

    models : name → title, and surface → points (n, 3) float32 [mm], triangles (t, 3) uint32, region (t,) uint8,
        zone (t,) uint8 with 255 for none, lit (t,) uint8 where light falls, values: field → (≤ t,) float32 of the first
        triangles, NaN where it is not defined.
    fields : name → words, unit, steps of its scale with their colours; a difference stands beside the rest.
    """
    from matplotlib.colors import to_hex

    bodies = {"operated": scene.operated, "intact": scene.intact} if scene.has_implant else {"intact": scene.intact}
    surfaces = {name: _surfaces(scene, body) for name, body in bodies.items()}
    each = 4 * 4 / 3 * sum(parts[0][0].n_cells for of in surfaces.values() for parts in of.values())
    fields = _fields(scene, bodies, max(1, int(LARGEST / max(each, 1.0))))
    models = {
        name: {
            "title": TITLES[name],
            "surfaces": {kind: _packed(body, parts, fields) for kind, parts in surfaces[name].items()},
        }
        for name, body in bodies.items()
    }
    lead = scene.operated if scene.has_implant else scene.intact
    return {
        "name": scene.told["name"],
        "at": f"{scene.told['loads']['peak_instant']:.3g} {scene.told['loads']['instant_unit']}",
        "left": scene.told["femur"]["side"] == "left",
        "left_out": max(0, len(fields_of(scene)) + 1 - len(fields)),
        "models": models,
        "fields": {key: _scale(key, scale) for key, (scale, _) in fields.items()},
        "materials": [{"words": words, "colour": to_hex(colour)} for words, colour in materials_shown(scene)],
        "regions": [{"words": name_of(name), "colour": to_hex(colour_of(name))} for name in lead.regions],
        "zones": [name.replace("_", " ") for name in lead.zones],
        "views": {name: _camera(towards(scene)) for name, towards in VIEWS.items()},
        "centre": _listed(0.5 * (lead.points.min(axis=0) + lead.points.max(axis=0))),
        "size": float(np.ptp(lead.points, axis=0).max()),
    }


def _fields(
    scene: Scene, bodies: Mapping[str, Body], most: int
) -> dict[str, tuple[FieldScale, Mapping[str, np.ndarray]]]:
    """Field → its scale, and model → values (e,); a difference has values on the operated femur alone."""
    found = {}
    for name in (*fields_of(scene), DISPLACEMENT)[:most]:
        unit = unit_of(scene, name)
        values = {model: field_of(body, name) for model, body in bodies.items()}
        found[name] = field_scale(name, unit, values.values()), values
        if name == "risk_factor" and scene.has_implant:
            apart = {"operated": difference_of(scene, name)}
            found[f"{name}, {DIFFERENCE}"] = field_scale(name, unit, apart.values(), difference=True), apart
    return found


def _surfaces(scene: Scene, body: Body) -> dict[str, list[tuple[Any, bool]]]:
    """Surface → its parts (polygons with the element of each, whether light falls on them)."""
    whole = np.ones(len(body.corners), bool)
    level, normal = levelled(scene, body), scene.cut_normal
    # The section first: what lies behind it is pale and has no values.
    parts = [(cut(level, whole, normal).surface, False), (behind(level, normal), True)]
    return {OUTSIDE: [(skin(body, whole).surface, True)], CUT: parts}


def _packed(body: Body, parts, fields) -> dict[str, Any]:
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
        key: _packed_array(by_model[body.name][told] * scale.factor, "<f4")
        for key, (scale, by_model) in fields.items()
        if body.name in by_model
    }
    zone = np.where(body.zone_of[of] < 0, 255, body.zone_of[of])
    return {
        "points": _packed_array(np.concatenate(points) if points else np.empty((0, 3)), "<f4"),
        "triangles": _packed_array(np.concatenate(triangles) if triangles else np.empty((0, 3)), "<u4"),
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
        "ticks": list(found.ticks or [f"{bound:g}" for bound in scale.bounds]),
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


def _packed_array(values, kind: str) -> str:
    return base64.b64encode(np.ascontiguousarray(values, dtype=kind).tobytes()).decode("ascii")
