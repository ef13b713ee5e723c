"""What the report page says of a failure analysis and of an impact."""

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Told = Mapping[str, Any]
FAILURE, IMPACT = ("load_displacement", "damage"), ("impact_course",)
ENERGY = ("energy_balance",)
FAILURE_NOTES = (
    "Fracture load: the size of the hip force where the load is largest; all forces grow in the proportions of the "
    "activity's peak. What is said with “at least” had not passed its peak when the analysis ended.",
    "Linear estimate: the hip force at which strain averaged over a sphere of 2 mm of kept bone first reaches its "
    "limit (Schileo 2014); bone beside the support and beside patches of force is left out.",
    "Site and fracture: where broken bone (damage above one half at the end) lost most strength while the load fell. "
    "Fractures of the neck are named by thirds of its length, a convention of femsim. Bone beside the support and "
    "beside patches of force never breaks.",
    "Small displacements: the femur breaks where it stands. Bone bears what its strength law says of its density; what "
    "is assumed in that stands under Assumptions.",
)
IMPACT_NOTES = (
    "Risk factor: of strain averaged over spheres of 2 mm, at the instants whose fields are kept; bone reaches its "
    "limit of strain at 1. Kept bone alone; bone beside the support and beside patches of force is left out.",
    "Energy error: what the balance of all energies misses, over the largest of them.",
)


def failure_rows(told: Told) -> list[tuple[str, list[str]]]:
    """Name → a cell for every model."""
    models = _models(told, "failure")
    return _rows(
        models,
        ("fracture load [N]", lambda one: f"{'' if one['past_peak'] else 'at least '}{one['fracture_load_n']:.0f}"),
        ("times the load", lambda one: f"{one['fracture_factor']:.3f}"),
        ("first crack, hip force [N]", lambda one: _number(one["first_crack_load_n"], ".0f")),
        ("first crack in", lambda one: _words(one["first_crack_zone"])),
        ("linear estimate [N]", lambda one: _number(one["linear_estimate_n"], ".0f")),
        ("linear over nonlinear less 1 [%]", lambda one: _number(one["linear_over_fracture_percent"], "+.1f")),
        ("stiffness at the start [N/mm]", lambda one: _number(one["stiffness_n_per_mm"], ".0f")),
        ("travel until the peak [mm]", lambda one: f"{one['travel_to_peak_mm']:.3g}"),
        ("work until the peak [J]", lambda one: f"{one['energy_to_peak_j']:.3g}"),
        ("lost in yielding and cracking, to the end [J]", lambda one: f"{one['dissipated_j']:.3g}"),
        ("fracture", lambda one: one["pattern"]),
        ("lost most strength in", lambda one: _words(one["site"])),
        ("broken volume [mm³]", _broken),
        ("work against energies, relative", lambda one: f"{one['energy_error']:.1e}"),
        ("states, how it ended", lambda one: f"{one['n_states']}. {one['ending']}"),
    )


def impact_rows(told: Told) -> list[tuple[str, list[str]]]:
    """Name → a cell for every model."""
    models = _models(told, "impact")
    forces = dict.fromkeys(force for one in models.values() for force in one["peak_force_n"])
    peaks = [
        (f"largest force of the {_words(force)}", lambda one, force=force: _peak(one, force))
        for force in sorted(forces, key=lambda force: force != next(iter(models.values()))["leading_force"])
    ]
    return _rows(
        models,
        *peaks,
        ("largest risk factor", lambda one: f"{one['risk_factor_max']:.3f}"),
        ("reached", lambda one: f"at {1e3 * one['risk_time_s']:.1f} ms in {_words(one['risk_zone'])}"),
        ("broken volume [mm³]", _broken),
        ("fracture", _outcome),
        ("first crack", _first_crack),
        ("just breaks at", _just_breaks),
        ("severity of all that was tried", _tried),
        ("severity, 1 where it just breaks", lambda one: one["breaking"]["severity"] if "breaking" in one else ""),
        ("energy error [%]", lambda one: f"{100 * one['energy_error']:.2g}"),
        ("how it was computed", lambda one: one["scheme"]),
        ("to keep in mind", lambda one: " ".join(one["warnings"])),
    )


def ratio_note(told: Told) -> tuple[str, ...]:
    """Fracture load of the operated over that of the intact femur, and what a first crack is."""
    if not told.get("failure"):
        return ()
    ratio, volume = told["failure"]["operated_over_intact"], told["failure"]["crack_volume_mm3"]
    crack = f"First crack: where a contiguous volume of {volume:g} mm³ has yielded."
    return (f"Fracture load operated over intact: {ratio:.3f}.", crack) if ratio is not None else (crack,)


def moving(folder: Path, name: str) -> list[Mapping[str, str]]:
    """The GIF of a section as a picture of the page, where it lies in the folder."""
    path = Path(folder) / f"{name}.gif"
    if not path.is_file():
        return []
    title = {"failure": "Damage as the load grows", "impact": "The impact in motion"}[name]
    data = base64.b64encode(path.read_bytes()).decode("ascii")
    return [{"title": title, "caption": f"{title}.", "data": data, "kind": "gif"}]


def _models(told: Told, section: str) -> Told:
    return (told.get(section) or {}).get("models", {})


def _rows(models: Told, *rows: tuple[str, Any]) -> list[tuple[str, list[str]]]:
    found = [(name, [cell(one) for one in models.values()]) for name, cell in rows]
    return [(name, cells) for name, cells in found if any(cells)]


def _broken(one: Told) -> str:
    return ", ".join(f"{_words(place)} {volume:.3g}" for place, volume in one["broken_volume_mm3"].items())


def _outcome(one: Told) -> str:
    told = one.get("fracture")
    if told is None:
        return ""
    crack = f"largest crack {told['crack_area_mm2']:.0f} mm², {told['fracture_area_mm2']:g} count as a fracture"
    if not told["broke"]:
        return f"none: {crack}"
    return f"at {1e3 * told['time_s']:.1f} ms under {told['force_n']:.0f} N, where the impact ends; {crack}"


def _first_crack(one: Told) -> str:
    told = one.get("fracture")
    if told is None:
        return ""
    force = told["first_crack_force_n"]
    return "none" if force is None else f"at {1e3 * told['first_crack_time_s']:.1f} ms under {force:.0f} N"


def _just_breaks(one: Told) -> str:
    limit = one.get("breaking")
    if limit is None:
        return ""
    if limit["value"] is None:
        return limit["why_not"]
    return f"a {limit['sought']} of {limit['value']:.4g} {limit['unit']}, {limit['factor']:.3f} times what was given"


def _tried(one: Told) -> str:
    limit = one.get("breaking", {"tried": ()})
    where = [f"{run['peak_force_n']:.0f} N, {_words(run['zone'])}" for run in limit["tried"]]
    return "; ".join(
        f"{run['severity']:.3f} at {run['value']:.4g} {limit['unit']} ({words})"
        for run, words in zip(limit["tried"], where)
    )


def _peak(one: Told, force: str) -> str:
    if force not in one["peak_force_n"]:
        return ""
    return f"{one['peak_force_n'][force]:.0f} N at {1e3 * one['peak_time_s'][force]:.1f} ms"


def _number(value: float | None, form: str) -> str:
    return "" if value is None else f"{value:{form}}"


def _words(name: str) -> str:
    return name.replace("_", " ")
