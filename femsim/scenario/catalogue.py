"""Everything a scenario can name, and what judges it: names, keys, units, ranges, sources."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from femsim.anatomy.degeneration import DEGENERATIONS
from femsim.errors import FemsimError
from femsim.loads import ROUTINES
from femsim.loads.activity import Spread
from femsim.loads.subject import Subject
from femsim.registry import Registry
from femsim.scenario.problems import shown
from femsim.scenario.sections import SECTIONS, Key, Section, keys_of
from femsim.scenario.shipped import scenario_files


@dataclass(frozen=True)
class Parameter:
    """A key as a user is told of it; `default` is how TOML writes it, None where it must be given."""

    name: str
    default: str | None
    unit: str
    low: float | None
    high: float | None
    text: str
    source: str
    assumed: bool


@dataclass(frozen=True)
class Entry:
    """One thing that can be named: where it stands in a scenario, the sentence about it, its keys.

    facts : what is known of it besides its keys, as name → words.
    """

    name: str
    written: str
    text: str
    parameters: tuple[Parameter, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """As plain tables and lists."""
        return asdict(self) | {"parameters": [asdict(parameter) for parameter in self.parameters]}


def law_facts(law: Any) -> dict[str, str]:
    """What is known of a bone law, or that it is not known.

    law : a class of BONE_LAWS.
    """
    scatter, explained = law.coefficient_of_variation, law.r_squared
    return {
        **_specimens(law),
        "coefficient of variation": f"{scatter:g}" if scatter is not None else "not given by the sources of femsim",
        "r2": f"{explained:g}" if explained is not None else "not known",
        "reference": law.citation,
    }


def strength_facts(law: Any) -> dict[str, str]:
    """What is known of a strength law.

    law : a class of BONE_STRENGTHS.
    """
    return {**_specimens(law), "reference": law.citation}


def _specimens(law: Any) -> dict[str, str]:
    ranges = " and ".join(f"{low:g} to {high:g} g/cm3" for low, high in law.measured)
    measured = f"{ranges} {law.density_kind}" if ranges else "not known"
    return {"density": law.density_kind, "bone": law.site, "measured on": measured}


def activity_facts(activity: type) -> dict[str, str]:
    """What is known of an activity: how large, of whom, how it is counted, how much people differ.

    activity : a class of ACTIVITIES.
    """
    required = [name for name, key in keys_of(activity).items() if key.required]
    spread = getattr(activity, "spread", None)
    return {
        "peak hip force": f"(needs {', '.join(required)})" if required else _peak(activity()),
        "known from": getattr(activity, "evidence", "the scenario"),
        "counted in": _counted(activity),
        "between people": _spread(spread) if isinstance(spread, Spread) else "not known",
    }


def _peak(activity: Any) -> str:
    try:
        history = activity.history(Subject())
    except FemsimError:
        return "depends on the femur"
    force = float(np.linalg.norm(history.hip[history.peak]))
    if history.mass_exponent == 0.0:
        return f"{force:.0f} N whatever the body mass"
    mass, weight = Subject().body_mass_kg, Subject().body_weight
    grows = "" if history.mass_exponent == 1.0 else f"; grows with body mass to the power {history.mass_exponent:g}"
    return f"{100.0 * force / weight:.0f} % body weight, {force:.0f} N at {mass:g} kg{grows}"


def _counted(activity: type) -> str:
    counting = getattr(activity, "counting", None)
    if isinstance(counting, property):
        # It depends on the keys: told of the smallest value of those that must be given.
        lows = {name: key.about.low for name, key in keys_of(activity).items() if key.required}
        if None in lows.values():
            return "depends on its keys"
        counting = activity(**lows).counting
    if counting is None:
        return "nothing: nobody does it daily"
    each = f"{counting.noun}, {counting.per_cycle:g} in one load cycle of a leg"
    return (
        each if counting.km_per_cycle is None else f"{each}, or kilometres, {1000 * counting.km_per_cycle:.2f} m each"
    )


def _spread(spread: Spread) -> str:
    reach = "" if spread.low is None else f", {spread.low:g} to {spread.high:g}"
    return f"{spread.mean:g} ± {spread.sd:g} % body weight{reach}; {spread.n_subjects} people; {spread.source}"


def _section(title: str) -> Section:
    return next(section for section in SECTIONS if section.title == title)


def _chosen_in(title: str) -> tuple[Entry, ...]:
    section = _section(title)
    return tuple(
        _entry(name, f'[{title}] {section.tag} = "{name}"', choice) for name, choice in section.choices.items()
    )


def law_curves(lowest: float, highest: float) -> dict[str, tuple[Any, Any, Any]]:
    """Every law of bone by name: apparent density (k,) [g/cm³], modulus (k,) [MPa], whether measured there (k,)."""
    from femsim.materials.bone.densitometry import of_its_kind

    density, curves = np.geomspace(lowest, highest, 500), {}
    for name, choice in _section("bone").choices.items():
        law = choice()
        if not law.is_bone:
            continue
        own = of_its_kind(law, density)
        measured = np.any([(own >= low) & (own <= high) for low, high in law.measured] or [own < 0], axis=0)
        curves[name] = (density, law.modulus(own), measured)
    return curves


def _bone_laws() -> tuple[Entry, ...]:
    laws = _section("bone").choices
    return tuple(replace(entry, facts=law_facts(laws[entry.name])) for entry in _chosen_in("bone"))


def _strengths() -> tuple[Entry, ...]:
    laws = _section("bone.strength").choices
    return tuple(replace(entry, facts=strength_facts(laws[entry.name])) for entry in _chosen_in("bone.strength"))


def _activities() -> tuple[Entry, ...]:
    kinds = _section("load").choices
    return tuple(replace(entry, facts=activity_facts(kinds[entry.name])) for entry in _chosen_in("load"))


def _plain_sections() -> tuple[Entry, ...]:
    listed_elsewhere = (*DEGENERATIONS.values(), *ROUTINES.values())
    plain = (s for s in SECTIONS if not s.tag and s.kinds not in listed_elsewhere)
    return tuple(_entry(s.title, f"[{s.title}]", s.kinds) for s in plain)


def _degenerations() -> tuple[Entry, ...]:
    return tuple(
        _entry(s.path[-1], f"[{s.title}]", s.kinds) for s in SECTIONS if s.kinds in tuple(DEGENERATIONS.values())
    )


def _registered(registry: Registry) -> tuple[Entry, ...]:
    return tuple(_entry(name, "", choice) for name, choice in registry.items())


def _entry(name: str, written: str, choice: Any) -> Entry:
    text = " ".join((choice.__doc__ or "").split("\n\n")[0].split())
    keys = keys_of(choice).values() if isinstance(choice, type) else ()
    return Entry(name, written, text, tuple(_parameter(key) for key in keys))


def _parameter(key: Key) -> Parameter:
    about = key.about
    default = None if key.required else "not set" if key.default is None else shown(key.default)
    text, source = (" ".join(words.split()) for words in (about.text, about.source))
    return Parameter(key.name, default, about.unit, about.low, about.high, text, source, about.assumed)


def _criteria() -> tuple[Entry, ...]:
    from femsim.criteria import CRITERIA

    return _registered(CRITERIA)


def _metrics() -> tuple[Entry, ...]:
    from femsim.metrics import METRICS

    return _registered(METRICS)


def _solvers() -> tuple[Entry, ...]:
    from femsim.solvers import LINEAR_SOLVERS

    return _registered(LINEAR_SOLVERS)


def _scenarios() -> tuple[Entry, ...]:
    return tuple(Entry(name, str(path), _first_comment(path)) for name, path in scenario_files().items())


def _first_comment(path) -> str:
    words = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#") or line.startswith("#:") or line == "#":
            break
        words.append(line.lstrip("# "))
    return " ".join(words)


TOPICS: dict[str, Callable[[], tuple[Entry, ...]]] = {
    "femurs": lambda: _chosen_in("femur"),
    "implants": lambda: _chosen_in("implant"),
    "bone-laws": _bone_laws,
    "densities": lambda: _chosen_in("bone.density"),
    "anisotropies": lambda: _chosen_in("bone.anisotropy"),
    "strengths": _strengths,
    "degenerations": _degenerations,
    "activities": _activities,
    "supports": lambda: _chosen_in("support"),
    "analyses": lambda: _chosen_in("analysis"),
    "sections": _plain_sections,
    "criteria": _criteria,
    "metrics": _metrics,
    "solvers": _solvers,
    "scenarios": _scenarios,
}
