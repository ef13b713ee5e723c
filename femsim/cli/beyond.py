"""What `femsim run` tells of a failure analysis or an impact, in a few lines."""

from collections.abc import Callable, Mapping
from typing import Any

Told = Mapping[str, Any]


def beyond(summary: Told) -> list:
    """Tables of what goes beyond linear statics; nothing where nothing does."""
    shown = []
    if summary.get("failure"):
        shown += [_table("until it breaks", _FAILURE, summary["failure"]["models"]), *_ratio(summary["failure"]), ""]
    if summary.get("impact"):
        shown += [_table("impact", _IMPACT, summary["impact"]["models"]), *_breaking(summary["impact"]["models"]), ""]
    return shown


def _table(title: str, rows: tuple[tuple[str, Callable[[Told], str]], ...], models: Told):
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column(title, no_wrap=True)
    for model in models:
        table.add_column(model, justify="right", no_wrap=True)
    for words, cell in rows:
        cells = [cell(one) for one in models.values()]
        if any(cells):
            table.add_row(words, *(text or "-" for text in cells))
    return table


def _ratio(failure: Told) -> list[str]:
    ratio, volume = failure["operated_over_intact"], failure["crack_volume_mm3"]
    said = [f"first crack: a contiguous volume of {volume:g} mm3 has yielded"]
    return [f"fracture load operated over intact: {ratio:.3f}", *said] if ratio is not None else said


def _load(one: Told) -> str:
    return f"{'' if one['past_peak'] else 'at least '}{one['fracture_load_n']:.0f}"


def _crack(one: Told) -> str:
    return f"{one['first_crack_load_n']:.0f}" if one["first_crack_load_n"] is not None else "none"


def _estimate(one: Told) -> str:
    if one["linear_estimate_n"] is None:
        return ""
    over = one["linear_over_fracture_percent"]
    return f"{one['linear_estimate_n']:.0f}" + (f" ({over:+.0f} %)" if over is not None else "")


_FAILURE = (
    ("fracture load, hip force [N]", _load),
    ("  times the load", lambda one: f"{one['fracture_factor']:.3f}"),
    ("first crack, hip force [N]", _crack),
    ("  in", lambda one: one["first_crack_zone"]),
    ("linear estimate [N]", _estimate),
    ("work until the peak [J]", lambda one: f"{one['energy_to_peak_j']:.3g}"),
    ("pattern", lambda one: one["pattern"]),
    ("lost most strength in", lambda one: one["site"]),
)


def _force(one: Told) -> str:
    return f"{one['peak_force_n'][one['leading_force']]:.0f} ({one['leading_force']})"


def _broken(one: Told) -> str:
    volumes = one["broken_volume_mm3"]
    return f"{sum(volumes.values()):.3g} (most in {next(iter(volumes))})" if volumes else ""


def _outcome(one: Told) -> str:
    told = one.get("fracture")
    if told is None:
        return ""
    if not told["broke"]:
        return f"holds (crack of {told['crack_area_mm2']:.0f} mm2)"
    return f"breaks at {1e3 * told['time_s']:.1f} ms, {told['force_n']:.0f} N"


def _first_crack(one: Told) -> str:
    told = one.get("fracture")
    if told is None:
        return ""
    force = told["first_crack_force_n"]
    return "none" if force is None else f"{force:.0f} at {1e3 * told['first_crack_time_s']:.1f} ms"


def _just_breaks(one: Told) -> str:
    limit = one.get("breaking")
    if limit is None:
        return ""
    return f"{limit['value']:.4g} {limit['unit']}" if limit["value"] is not None else "not found"


_IMPACT = (
    ("peak force [N]", _force),
    ("  at [ms]", lambda one: f"{1e3 * one['peak_time_s'][one['leading_force']]:.2f}"),
    ("largest risk factor [-]", lambda one: f"{one['risk_factor_max']:.3f}"),
    ("  at [ms]", lambda one: f"{1e3 * one['risk_time_s']:.2f}"),
    ("  in", lambda one: one["risk_zone"]),
    ("broken bone [mm3]", _broken),
    ("bone", _outcome),
    ("first crack [N]", _first_crack),
    ("just breaks at", _just_breaks),
    ("energy error [%]", lambda one: f"{100 * one['energy_error']:.2g}"),
)


def _breaking(models: Told) -> list[str]:
    """Every run that was made to find what just breaks each model, and what was judged."""
    lines, severity = [], ""
    for model, one in ((model, told["breaking"]) for model, told in models.items() if "breaking" in told):
        tried = ", ".join(f"{run['value']:.3g} {one['unit']}: {run['severity']:.3f}" for run in one["tried"])
        lines.append(f"severity tried, {model}: {tried}")
        severity = f"severity: {one['severity']}"
        if one["why_not"]:
            lines.append(f"  {one['why_not']}")
    return [*lines, severity] if lines else []
