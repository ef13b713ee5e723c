"""`femsim worst`: the most damaging hip force inside a stated set, for the operated and the intact femur."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from femsim.cli.options import Json, Overwrite, Picture, Quiet, Set, Verbose
from femsim.cli.picture_place import refuse_place
from femsim.cli.screen import Screen


def worst(
    scenario: Path,
    /,
    *,
    within: Annotated[
        str,
        Parameter(help="spread: as far as people differ. cone: about the activity's peak. sphere: every direction."),
    ] = "cone",
    n_sd: Annotated[
        float | None, Parameter(name="--n-sd", show_default=False, help="Of spread: how many standard deviations; 2.")
    ] = None,
    half_angle_deg: Annotated[
        float | None, Parameter(show_default=False, help="Of cone: largest angle to the peak's direction; 20.")
    ] = None,
    percent_bw: Annotated[
        float | None,
        Parameter(name="--percent-bw", show_default=False, help="Of cone, sphere: size of the force; else the peak's."),
    ] = None,
    where: Annotated[
        str, Parameter(help="Which bone is judged: femur, a zone such as neck_superior_proximal, or head_neck.")
    ] = "femur",
    muscles: Annotated[
        bool, Parameter(show_default=False, help="Whether the activity's muscles act beside the hip force.")
    ] = True,
    tolerance_percent: Annotated[float, Parameter(help="How near the bound must come to the risk that is told.")] = 0.1,
    picture: Picture = None,
    sets: Set = (),
    force: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Find the most damaging hip force of a set, where it strikes, and a bound that no force of the set exceeds.

    Example: femsim worst scenarios/walking.toml --within sphere --percent-bw 240 --picture worst.png

    Parameters
    ----------
    scenario
        The scenario file (TOML).
    """
    given = {"n_sd": n_sd, "half_angle_deg": half_angle_deg, "percent_bw": percent_bw}
    with Screen(json=json, quiet=quiet, verbose=verbose) as screen:
        return told(
            screen, scenario, sets, within, given, where=where, muscles=muscles, tolerance_percent=tolerance_percent,
            picture=picture, force=force,
        )  # fmt: skip


def told(
    screen: Screen,
    file: Path,
    sets: tuple[str, ...],
    within: str,
    given: dict[str, float | None],
    *,
    where: str,
    muscles: bool,
    tolerance_percent: float,
    picture: Path | None,
    force: bool,
) -> int:
    """Read, solve, search, draw, tell."""
    from femsim.errors import UsageError
    from femsim.scenario.reading import load

    if picture is not None:
        refuse_place(picture, force)
    if not 1e-3 <= tolerance_percent <= 10:
        raise UsageError(f"--tolerance-percent {tolerance_percent:g} is outside 0.001 … 10.")
    scenario = load(file, sets)
    for note in scenario.notes:
        screen.remark(f"note: {note}")
    screen.stage("reading the libraries")
    from femsim.capacity.load_sets import set_of
    from femsim.capacity.worst_hip_force import worst_hip_force

    chosen = set_of(within, given)
    _refuse_unknown(where)
    answer = worst_hip_force(
        scenario, chosen, where=where, muscles=muscles, charts=picture is not None, tolerance=tolerance_percent / 100.0,
        progress=screen.stage,
    )  # fmt: skip
    record = _record(file, scenario, within, where, chosen, answer, tolerance_percent)
    if picture is not None:
        screen.stage("drawing")
        _draw(record, answer, picture)
        record["picture"] = str(picture)
    screen.answer(record, *_text(record, answer))
    return 0


def _refuse_unknown(where: str) -> None:
    """A zone that no femur has is said before anything is solved."""
    from femsim.anatomy.zones import ZONES
    from femsim.capacity.worst_hip_force import GATHERED
    from femsim.errors import UsageError, near

    known = (*ZONES, *GATHERED)
    if where not in known:
        raise UsageError(f"There is no part of the femur {where!r}. {near(where, known)}")


def _record(file: Path, scenario, within: str, where: str, chosen, answer, tolerance_percent: float) -> dict[str, Any]:
    from dataclasses import asdict

    weight = answer.nominal.body_weight
    nominal = _force(answer.nominal.peak, weight)
    return {
        "status": "complete",
        "scenario": str(file),
        "name": scenario.name,
        "within": {"kind": within, **{key: value for key, value in asdict(chosen).items() if value is not None}},
        "set": chosen.words(answer.nominal),
        "set_source": answer.nominal.spread.source if within == "spread" else None,
        "where": where,
        "tolerance_percent": tolerance_percent,
        "frame": "Bergmann: lateral, anterior, proximal (right femur); places in femsim's femur frame [mm]",
        "body_weight_n": round(weight, 3),
        "muscles": list(answer.muscles),
        "directions_solved": answer.n_poles,
        "directions_left_out": answer.n_left_out,
        "nominal": nominal,
        "models": {name: _model(found, weight) for name, found in answer.models.items()},
        "picture": None,
        "disclaimer": "Research and engineering use; not a medical device.",
    }


def _model(found, weight: float) -> dict[str, Any]:
    worst = found.worst
    force = _force(worst.force, weight)
    return {
        "force": force,
        "risk_factor": worst.risk,
        "risk_factor_bound": worst.bound,
        "place": _place(found.place),
        "nominal_risk_factor": found.nominal,
        "nominal_place": _place(found.nominal_place),
        "ratio_to_nominal": worst.risk / found.nominal if found.nominal > 0 else None,
        "risk_factor_without_hip_force": found.alone,
        "load_to_yield": 1.0 / worst.risk if worst.risk > 0 else None,
        "hip_force_to_yield_n": force["size_n"] / worst.risk if worst.risk > 0 else None,
        "bodies_bounded": worst.n_bodies,
        "elements_judged": worst.n_judged,
    }


def _force(force, weight: float) -> dict[str, Any]:
    import numpy as np

    lateral, anterior, proximal = (float(part) for part in force)
    size = float(np.linalg.norm(force))
    return {
        "size_n": size,
        "percent_bw": 100.0 * size / weight,
        "components_n": [lateral, anterior, proximal],
        "components_percent_bw": [100.0 * part / weight for part in (lateral, anterior, proximal)],
        "frontal_deg": float(np.degrees(np.arctan2(lateral, -proximal))),
        "sagittal_deg": float(np.degrees(np.arctan2(-anterior, -proximal))),
    }


def _place(place) -> dict[str, Any]:
    return {"zone": place.zone, "centre_mm": [round(float(part), 3) for part in place.centre]}


def _text(record: dict[str, Any], answer) -> list[Any]:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("")
    names = list(answer.models)
    for name in names:
        table.add_column(name, justify="right", no_wrap=True)
    for label, cell in _ROWS:
        table.add_row(label, *(cell(record["models"][name]) for name in names))
    nominal = record["nominal"]
    beside = ", ".join(site.replace("_", " ") for site in record["muscles"])
    left_out = record["directions_left_out"]
    lines = [
        f"{record['name']}: the worst for {_place_words(record['where'])} of {record['set']}",
        "",
        table,
        "",
        f"Peak of the activity: {_triple(nominal['components_percent_bw'], '+.1f')} % body weight (lateral, anterior, "
        f"proximal), {nominal['size_n']:.0f} N, frontal {nominal['frontal_deg']:.1f}°, sagittal "
        f"{nominal['sagittal_deg']:.1f}°.",
        f"Beside the hip force act, as at that peak: {beside}." if beside else "The hip force acts alone.",
        f"No force of the set exceeds the upper bound; {record['directions_solved']} directions were solved"
        + (f", {left_out} that the bearing cannot carry were left out." if left_out else "."),
    ]
    if record["set_source"]:
        lines.append(f"How much people differ: {record['set_source']}.")
    if record["picture"]:
        lines.append(f"Picture: {record['picture']}")
    return [*lines, record["disclaimer"]]


def _place_words(where: str) -> str:
    return {"femur": "the femur", "head_neck": "head and neck"}.get(where, where.replace("_", " "))


def _triple(values, form: str) -> str:
    return ", ".join(f"{value:{form}}" for value in values)


def _number(value: float | None, form: str) -> str:
    return "-" if value is None else f"{value:{form}}"


_ROWS: tuple[tuple[str, Callable[[dict[str, Any]], str]], ...] = (
    ("risk factor, worst force of the set", lambda one: f"{one['risk_factor']:.4f}"),
    ("upper bound over the set", lambda one: f"{one['risk_factor_bound']:.4f}"),
    ("risk factor, peak of the activity", lambda one: f"{one['nominal_risk_factor']:.4f}"),
    ("worst / peak", lambda one: _number(one["ratio_to_nominal"], ".3f")),
    ("worst force, lat, ant, prox [% BW]", lambda one: _triple(one["force"]["components_percent_bw"], "+.1f")),
    ("  size [N]", lambda one: f"{one['force']['size_n']:.0f}"),
    ("  size [% BW]", lambda one: f"{one['force']['percent_bw']:.1f}"),
    ("  frontal angle, lateral positive [deg]", lambda one: f"{one['force']['frontal_deg']:+.1f}"),
    ("  sagittal angle, posterior positive [deg]", lambda one: f"{one['force']['sagittal_deg']:+.1f}"),
    ("strikes in", lambda one: one["place"]["zone"].replace("_", " ")),
    ("  at x, y, z [mm], femur frame", lambda one: _triple(one["place"]["centre_mm"], ".1f")),
    ("peak of the activity strikes in", lambda one: one["nominal_place"]["zone"].replace("_", " ")),
    ("load to yield, all forces × ", lambda one: _number(one["load_to_yield"], ".3f")),
    ("  hip force then [N]", lambda one: _number(one["hip_force_to_yield_n"], ".0f")),
    ("risk factor without any hip force", lambda one: f"{one['risk_factor_without_hip_force']:.4f}"),
)  # fmt: skip


def _draw(record: dict[str, Any], answer, picture: Path) -> None:
    from femsim.capacity.risk_map import on_chart
    from femsim.errors import StoreError
    from femsim.view.worst_picture import Chart, Page, draw

    charts = {}
    for name, found in answer.models.items():
        one = record["models"][name]
        words = (
            f"worst {one['risk_factor']:.3f} (bound {one['risk_factor_bound']:.3f}) in "
            f"{one['place']['zone'].replace('_', ' ')}",
            f"activity's peak {one['nominal_risk_factor']:.3f} in {one['nominal_place']['zone'].replace('_', ' ')}",
        )
        chart = found.chart
        charts[name] = Chart(
            name, chart.x, chart.y, chart.risk, on_chart(answer.nominal.peak), on_chart(found.worst.force), words
        )
    page = Page(
        f"{record['name']}: worst hip force for {_place_words(record['where'])}",
        record["set"],
        on_chart(answer.outline),
        charts,
    )
    try:
        draw(page, picture)
    except OSError as error:
        raise StoreError(f"{picture} cannot be written: {error.strerror}.", remedy="name another place") from error
