"""One self-contained page about a run: pictures, numbers, loads, checks, assumptions, sources."""

import base64
import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from femsim.durable import write_text
from femsim.results import summary
from femsim.results.activities import reached, rows_once
from femsim.results.selection import OF_FRACTURE, OF_IMPACT, for_reading, share_of
from femsim.view import report_beyond

FILE = "report.html"
MODELS = ("operated", "intact", "change")
# Where each picture stands on the page; figures that are added later go to the first place.
LOADS, BONE, MESH, TIME = ("loads", "cycle"), ("density",), ("mesh",), ("risk_course",)
FEMUR_ROWS = (
    ("side", "side", ""),
    ("head radius", "head_radius_mm", "mm"),
    ("neck radius (narrowest section)", "neck_radius_mm", "mm"),
    ("neck–shaft angle", "neck_shaft_angle_deg", "°"),
    ("anteversion", "anteversion_deg", "°"),
    ("offset", "offset_mm", "mm"),
)
MESH_ROWS = (
    ("elements", "n_elements"),
    ("nodes", "n_nodes"),
    ("element order", "order"),
    ("smallest SICN (1 regular, 0 flat)", "min_sicn"),
    ("SICN, 1st percentile", "sicn_p1"),
)
CHECK_ROWS = (
    ("residual of the equations, relative", "residual"),
    ("reactions against loads, relative", "force_balance"),
    ("moments of both, relative", "moment_balance"),
    ("work against strain energy, relative", "energy_balance"),
)


def write(run_folder: Path) -> Path:
    """Write `report.html` into a run's folder from what lies there, with the pictures that are there.

    Raises
    ------
    StoreError
        Where the folder is no complete run.
    OSError
        Where the page cannot be written.
    """
    folder = Path(run_folder)
    told = summary.read(folder)
    path = folder / FILE
    write_text(path, page(folder, told))
    return path


def page(folder: Path, told: Mapping[str, Any], *, map3d: str = "") -> str:
    """The page as HTML. Every text from the run is escaped; nothing is fetched from anywhere.

    map3d : a map that turns, as of `femsim.view.map3d`; it alone makes the page run a program.
    """
    import jinja2
    from markupsafe import Markup

    environment = jinja2.Environment(autoescape=True, trim_blocks=True, undefined=jinja2.ChainableUndefined)
    environment.filters.update(
        number=number,
        told=told_number,
        value=value_words,
        words=_words,
        size=lambda force: math.sqrt(sum(part * part for part in force)),
    )
    template = environment.from_string(resources.files("femsim.view").joinpath("report.html.j2").read_text("utf-8"))
    pictures = _pictures(folder)
    told_apart = {*report_beyond.FAILURE, *report_beyond.IMPACT, *report_beyond.ENERGY}
    placed = {*LOADS, *BONE, *MESH, *TIME, *told_apart}
    return template.render(
        told=told,
        map3d=Markup(map3d),
        origin=origin_of(folder),
        question=_question(told),
        first=[picture for name, picture in pictures.items() if name not in placed],
        time_pictures=[pictures[name] for name in TIME if name in pictures],
        beyond=report_beyond,
        ratio=report_beyond.ratio_note(told),
        beyond_pictures=lambda section, names: [
            *(pictures[name] for name in names if name in pictures),
            *report_beyond.moving(folder, section),
        ],
        loads_pictures=[pictures[name] for name in LOADS if name in pictures],
        bone_pictures=[pictures[name] for name in BONE if name in pictures],
        mesh_pictures=[pictures[name] for name in MESH if name in pictures],
        no_pictures="" if pictures else _why_no_pictures(),
        shown=_shown,
        groups=groups(m for m in told.get("measures", ()) if m["name"] not in (*OF_FRACTURE, *OF_IMPACT)),
        femur=_femur(told),
        bone=_bone(told),
        solved=solved([told["models"][name] for name in ("operated", "intact")]),
        assumptions=_assumptions(told),
        activities=_activities(told),
        judged=("operated", "intact") if _implant(told) else ("intact",),
        reached=reached,
        sources=sources_of(told),
    )


def groups(measures: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Measures gathered into one table per name: a row per zone, a column per model; not those for a second look.

    Names that belong to one and the same zone only share a table named after it. A unit that a whole column shares
    stands in its head, else beside each number.
    """
    by_title: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for corner, measure in _titled(for_reading(measures)):
        by_title.setdefault((corner, measure["name"]), []).append(measure)
    tables = []
    for (corner, title), found in by_title.items():
        models = [model for model in MODELS if any(m["model"] == model for m in found)]
        units = {model: {m["unit"] for m in found if m["model"] == model} for model in models}
        shared = {model: next(iter(unit)) if len(unit) == 1 else "" for model, unit in units.items()}
        rows: dict[str, dict[str, Any]] = {}
        for m in found:
            row = rows.setdefault(m["zone"], {"zone": _words(m["zone"]), "cells": {}})
            row["cells"][m["model"]] = number(m["value"]) + ("" if shared[m["model"]] else f" {m['unit']}")
        tables.append(
            {
                "title": _words(title),
                "corner": corner,
                "models": models,
                "units": shared,
                "rows": list(rows.values()),
                "notes": _notes(found, len(rows)),
            }
        )
    return tables


def _titled(measures: list[Mapping[str, Any]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What stands over the first column, and the measure, its name that of its table and its zone that of its row."""
    zones_of: dict[str, set[str]] = {}
    for m in measures:
        zones_of.setdefault(m["name"], set()).add(m["zone"])
    alone = Counter(next(iter(zones)) for zones in zones_of.values() if len(zones) == 1)
    for m in measures:
        share = share_of(m["name"])
        if share:  # one table of all parts rather than one of each
            kind, part = share
            yield "where", {**m, "name": kind, "zone": f"{m['zone']}, {part}"}
        elif len(zones_of[m["name"]]) == 1 and alone[m["zone"]] > 1:
            yield "what", {**m, "name": m["zone"], "zone": m["name"]}
        else:
            yield "where", m


def _notes(found: list[Mapping[str, Any]], n_rows: int) -> list[str]:
    """Every note once, after the models and, where not all rows have it, the zones that it is about."""
    about: dict[str, tuple[dict, dict]] = {}
    for m in found:
        if m["note"]:
            models, zones = about.setdefault(m["note"], ({}, {}))
            models[m["model"]], zones[_words(m["zone"])] = None, None
    lines = []
    for note, (models, zones) in about.items():
        where = f" in {', '.join(zones)}" if len(zones) < n_rows else ""
        lines.append(f"{', '.join(models)}{where}: {note}")
    return lines


def number(value: float) -> str:
    """Three digits, or whole numbers from a thousand on; powers of ten only far from one."""
    if value == 0:
        return "0"
    if 999.5 <= abs(value) < 1e7:
        return f"{value:_.0f}".replace("_", "\u202f")
    if 1e-3 <= abs(value) < 999.5:
        digits = max(0, 2 - math.floor(math.log10(abs(value))))
        return f"{value:.{digits}f}"
    return f"{value:.2e}"


def told_number(value: float | None) -> str:
    """A number, or a dash where there is none."""
    return "–" if value is None else number(value)


def _words(name: str) -> str:
    return str(name).replace("_", " ")


def value_words(value: Any) -> str:
    """A value of a scenario as people read it."""
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, (list, tuple)):
        return ", ".join(value_words(item) for item in value)
    return "default" if value is None else str(value)


def _question(told: Mapping[str, Any]) -> str:
    kinds = {row["key"]: row["value"] for row in told.get("parameters", ())}
    mass = kinds.get("subject.body_mass_kg")
    regions = _implant(told)
    implant = f"with an implant ({', '.join(_words(r) for r in regions)})" if regions else "with no implant"
    weight = f" of a person of {value_words(mass)} kg" if mass is not None else ""
    return f"A {told['femur']['side']} femur{weight} {implant}, compared with the same femur before the operation."


def _implant(told: Mapping[str, Any]) -> list[str]:
    """Regions of what was put in."""
    return [name for name in told["models"]["operated"]["mesh"]["volume_mm3"] if not name.startswith("bone_")]


def _activities(told: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Each activity once, the one under [load] first; none of a run of an older femsim."""
    activities = told.get("activities", ())
    return [activities[row] for row in rows_once(activities)]


def sources_of(told: Mapping[str, Any]) -> list[str]:
    """Every source once; those of the activities first, each after the names of what it is about where there are many.

    The summary's own list has the sources of the activity under [load] alone.
    """
    activities = _activities(told)
    about: dict[str, dict[str, None]] = {}
    for activity in activities:
        for source in activity["sources"]:
            about.setdefault(source, {})[_words(activity["activity"])] = None
    lines = [f"{', '.join(names)}: {source}" if len(activities) > 1 else source for source, names in about.items()]
    return [*lines, *(source for source in told.get("sources", ()) if source not in about)]


def _femur(told: Mapping[str, Any]) -> list[tuple[str, str]]:
    femur = told["femur"]
    rows = [
        (name, f"{number(femur[key]) if isinstance(femur[key], float) else femur[key]} {unit}".strip())
        for name, key, unit in FEMUR_ROWS
        if key in femur
    ]
    return [(f"{n} (assumed)" if n == "anteversion" and femur.get("anteversion_is_assumed") else n, v) for n, v in rows]


def _bone(told: Mapping[str, Any]) -> str:
    account = told.get("bone")
    if not account:
        return ""
    mass, mean = account["mass_g"], account["mean_density_g_per_cm3"]
    words = f"Bone of the intact femur, marrow included: {mass:.0f} g, {mean:.3f} g/cm³ apparent on average"
    if account["sound_mass_g"] != mass:
        words += (
            f"; before disease {account['sound_mass_g']:.0f} g, {account['sound_mean_density_g_per_cm3']:.3f} g/cm³"
        )
    return words + "."


def solved(models: Sequence[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """Mesh and checks of models: a name and a cell for each."""
    rows = [(name, *(number(model["mesh"][key]) for model in models)) for name, key in MESH_ROWS]
    rows += [(name, *(f"{model['checks'][key]:.1e}" for model in models)) for name, key in CHECK_ROWS]
    regions = dict.fromkeys(region for model in models for region in model["mesh"]["volume_mm3"])
    for region in regions:
        volumes = [model["mesh"]["volume_mm3"].get(region) for model in models]
        shown = ["–" if volume is None else number(volume / 1000) for volume in volumes]
        rows.append((f"volume of {_words(region)} [cm³]", *shown))
    return rows


def _assumptions(told: Mapping[str, Any]) -> list[str]:
    lines = ["Bone, cement and metal are linear elastic; there is no contact; displacements are small."]
    if told.get("failure") or told.get("impact"):
        lines[0] = f"Under “What the bone feels” and below: {lines[0][0].lower()}{lines[0][1:]}"
    if told["femur"].get("anteversion_is_assumed"):
        lines.append("The anteversion of the femur is assumed: no condyles were there to measure it by.")
    for row in told.get("parameters", ()):
        if row["assumed"]:
            value = f"{value_words(row['value'])} {row['unit']}".strip()
            lines.append(f"{row['key']} = {value}: {row['text']}." + (f" {row['source']}" if row["source"] else ""))
    return lines


def origin_of(folder: Path) -> dict[str, Any]:
    """Contents of provenance.json; empty where there is none, or it is damaged."""
    try:
        origin = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return origin if isinstance(origin, dict) else {}


def _pictures(folder: Path) -> dict[str, dict[str, str]]:
    """Figure → its title, caption and data, in the order of the registry, of those that lie in the folder."""
    from femsim.view.figures import FIGURES

    found = {}
    for name, figure in FIGURES.items():
        path = folder / f"{name}.png"
        if path.is_file():
            data = base64.b64encode(path.read_bytes()).decode("ascii")
            found[name] = {"title": figure.title, "caption": _caption(path), "data": data, "kind": "png"}
    return found


def _caption(path: Path) -> str:
    """The caption that was written into the picture when it was drawn."""
    from PIL import Image

    with Image.open(path) as image:
        return str(image.info.get("Description", ""))


def _shown(picture: Mapping[str, str]) -> Any:
    from markupsafe import Markup

    return Markup(
        '<figure><img alt="{title}" src="data:image/{kind};base64,{data}"><figcaption>{caption}</figcaption></figure>\n'
    ).format(**picture)


def _why_no_pictures() -> str:
    from femsim.view.probe import rendering

    able, sentence = rendering()
    if able:
        return "No pictures lie in this folder. The fields can be seen in result.vtkhdf, with ParaView."
    return f"There are no pictures. {sentence} The fields can be seen in result.vtkhdf, with ParaView."
