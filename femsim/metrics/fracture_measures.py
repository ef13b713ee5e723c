"""The numbers of a fracture as measures, for one femur or for an operated one beside its intact twin."""

from collections.abc import Mapping

from femsim import units
from femsim.metrics.fracture import Fracture
from femsim.metrics.measure import Measure
from femsim.metrics.places import FEMUR

FRACTURE_LOAD = "fracture_load"
_FORCE = "size of the hip force"
_AT_LEAST = "at least: the load had not passed its peak when the analysis ended; "


def fracture_measures(fractures: Mapping[str, Fracture], estimates: Mapping[str, float | None]) -> tuple[Measure, ...]:
    """Of each model, and operated over intact less 1 where both broke.

    Where nothing was put in, the intact femur speaks for the operated one too, as in every measure.

    Parameters
    ----------
    fractures : model → what became of it.
    estimates : model → fracture load by the linear criterion [N]; None where nothing is strained.
    """
    if "operated" not in fractures:
        fractures = {"operated": fractures["intact"], **fractures}
        estimates = {"operated": estimates["intact"], **estimates}
    found = [measure for model, one in fractures.items() for measure in _of_model(model, one, estimates[model])]
    return (*found, *_changes(found, peaks=all(one.is_peak for one in fractures.values())))


def _of_model(model: str, one: Fracture, estimate: float | None) -> list[Measure]:
    least = "" if one.is_peak else _AT_LEAST
    found = [
        Measure(FRACTURE_LOAD, FEMUR, model, one.load, "N", f"{least}{_FORCE} at the peak of the load"),
        Measure("energy_to_fracture", FEMUR, model, one.energy_to_peak / units.J, "J", f"{least}work until the peak"),
        Measure("fracture_stiffness", FEMUR, model, one.stiffness, "N/mm", "of the first step, along the load"),
        Measure("broken_volume", FEMUR, model, sum(one.broken.values()), "mm3", "damage above 0.5 at the end"),
    ]
    if one.crack_load is not None:
        note = f"{_FORCE} where a contiguous volume had first yielded"
        found.append(Measure("first_crack_load", FEMUR, model, one.crack_load, "N", note))
    if estimate is not None:
        note = f"{_FORCE} at which a sphere of 2 mm of kept bone first reaches its limit of strain, linear"
        found.append(Measure("linear_fracture_load", FEMUR, model, estimate, "N", note))
        if one.is_peak:
            over = 100.0 * (estimate / one.load - 1.0)
            note = "linear estimate over the nonlinear fracture load less 1"
            found.append(Measure("linear_over_fracture_load", FEMUR, model, over, "%", note))
    return found


def _changes(found: list[Measure], *, peaks: bool) -> list[Measure]:
    of = {(measure.name, measure.model): measure.value for measure in found}
    names = ["first_crack_load", "fracture_stiffness", "linear_fracture_load"]
    names += [FRACTURE_LOAD, "energy_to_fracture"] if peaks else []  # "at least" over "at least" says nothing
    return [
        Measure(name, FEMUR, "change", 100.0 * (of[name, "operated"] / of[name, "intact"] - 1.0), "%", _OVER)
        for name in names
        if of.get((name, "intact")) and (name, "operated") in of
    ]


_OVER = "operated over intact less 1"
