"""What stands around the picture: the legend, the forces over time, the course of a field along a line; as plain data
that a page draws."""

from typing import Any

import numpy as np

from femsim.results import failure, impact
from femsim.view.field_scale import FieldScale
from femsim.view.viewer.opened import OpenedRun
from femsim.view.viewer.reading import Profile, said

WIDE, TALL = 1000.0, 100.0  # units of a plot
INKS = ("#c62121", "#0d59a6", "#7a4fa3", "#1b7f5c", "#b06a00", "#5b5b5b")  # hip first, as its arrow


def legend_of(found: FieldScale) -> dict[str, Any]:
    """Title and rows of a scale from above: {"colour", "tick"}; a tick stands at the lower edge of its colour."""
    from matplotlib.colors import to_hex

    scale, ticks = found.scale, found.labels
    rows = [{"colour": to_hex(scale.above) if scale.above else "", "tick": ticks[-1]}]
    rows += [{"colour": to_hex(scale.colours[k]), "tick": ticks[k]} for k in reversed(range(len(scale.colours)))]
    if scale.below:
        rows.append({"colour": to_hex(scale.below), "tick": ""})
    return {"title": scale.title.replace("\n", " "), "rows": rows, "undefined": to_hex(scale.undefined)}


def forces_of(run: OpenedRun, course: str) -> dict[str, Any]:
    """Lines of the forces of a run over a course: {"lines": [{"name", "ink", "path"}], "top", "first", "last", "ends"}.

    ends : what the sides of the plot stand for, in the unit of the time values of the course.
    """
    x, sizes, unit, times = _sizes(run, course)
    if not len(x):
        return {"lines": [], "top": "", "first": "", "last": "", "ends": (0.0, 1.0)}
    top = _round_up(max((values.max(initial=0.0) for _, values in sizes.values()), default=1.0))
    ends = (float(x[0]), float(x[-1]))
    lines = []
    for row, (name, (at, values)) in enumerate(sizes.items()):
        path = path_of(at, values, ends, (0.0, top)) if ends[1] > ends[0] else ""
        words = f"{name.replace('_', ' ')}, {said(values.max(initial=0.0))} N at most"
        lines.append({"name": words, "ink": INKS[min(row, len(INKS) - 1)], "path": path})
    first, last = f"{times * ends[0]:.4g}", f"{times * ends[1]:.4g} {unit}"
    return {"lines": lines, "top": f"{top:g} N", "first": first, "last": last, "ends": ends}


def cursor_at(ends: tuple[float, float], instant: float) -> float:
    """Where on a plot an instant is."""
    first, last = ends
    return WIDE * (instant - first) / (last - first) if last > first else 0.0


Lines = dict[str, tuple[np.ndarray, np.ndarray]]


def _sizes(run: OpenedRun, course: str) -> tuple[np.ndarray, Lines, str, float]:
    """Time values, name → (time values, sizes [N]), unit, and by what the values are multiplied to be in it."""
    if course == "impact":
        found = impact.read_csv(run.folder)
        lines = {f"{model} {name}": (one.times, v) for model, one in found.items() for name, v in one.forces.items()}
        longest = max((one.times for one in found.values()), key=len, default=np.empty(0))
        return longest, lines, "ms", 1000.0
    if course == "failure":
        states = {
            model: (np.arange(len(one.factor)), one.hip_force) for model, one in failure.read_csv(run.folder).items()
        }
        longest = max((at for at, _ in states.values()), key=len, default=np.empty(0))
        return longest, {f"hip, {model}": one for model, one in states.items()}, "states", 1.0
    loads = run.told["loads"]
    instants = np.asarray(loads.get("instants", ()), float)
    sizes = {name: np.asarray(values, float) for name, values in loads.get("force_n", {}).items()}
    order = sorted(sizes, key=lambda name: (name != "hip", -sizes[name].max(initial=0.0)))
    return instants, {name: (instants, sizes[name]) for name in order}, loads["instant_unit"], 1.0


def plot_of(profile: Profile, factor: float, unit: str) -> dict[str, Any]:
    """A line of a profile: {"path", "top", "bottom", "length"}."""
    values = profile.values * factor
    known = values[np.isfinite(values)]
    if not len(known):
        return {}
    low, high = min(float(known.min()), 0.0), max(float(known.max()), 0.0)
    if high == low:
        high = low + 1.0
    length = float(profile.away[-1])
    path = path_of(profile.away, values, (0.0, length), (low, high))
    return {"path": path, "top": f"{said(high)} {unit}", "bottom": said(low), "length": f"{length:.1f} mm"}


def path_of(x: np.ndarray, y: np.ndarray, across: tuple[float, float], up: tuple[float, float]) -> str:
    """An SVG path over a plot, broken where there is no value."""
    xs = WIDE * (np.asarray(x, float) - across[0]) / (across[1] - across[0])
    ys = TALL * (1.0 - (np.asarray(y, float) - up[0]) / (up[1] - up[0]))
    parts, pen = [], "M"
    for a, b in zip(xs, ys):
        if np.isfinite(b):
            parts.append(f"{pen}{a:.1f} {b:.1f}")
            pen = "L"
        else:
            pen = "M"
    return "".join(parts)


def _round_up(value: float) -> float:
    """To one that reads well."""
    if not value > 0:
        return 1.0
    size = 10.0 ** np.floor(np.log10(value))
    return float(next(step * size for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if step * size >= value))
