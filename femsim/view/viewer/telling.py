"""What a view shows, in words."""

from collections.abc import Sequence

from femsim.view.render import TITLES
from femsim.view.viewer import shown
from femsim.view.viewer.opened import ACTIVITY, OpenedRun
from femsim.view.viewer.shown import View
from femsim.view.viewer.stage import Stage

MOST_NAMED = 4
MILLISECONDS = 1000.0  # in a second


def title(stage: Stage, panel: str) -> str:
    """Of a panel."""
    run, model = stage.of(panel)
    if len(stage.runs) == 1:
        return TITLES[model]
    alike = [one for one in stage.runs if one.name == run.name]
    which = f" {stage.runs.index(run) + 1}" if len(alike) > 1 else ""
    return f"{run.name}{which}: {TITLES[model].lower()}"


def titles(stage: Stage, view: View) -> list[str]:
    """Of all panels; each with its own instant, where those of several runs differ."""
    found, moments = [title(stage, name) for name in view.panels], []
    for name in view.panels:
        run, model = stage.of(name)
        shape = run.shape(view.course, model)
        at = instant(run, view, float(shape.instants[shape.at(view.step)])).partition(",")[0]
        moments.append(f"{activity(run)} at {at}".strip())
    return found if len(set(moments)) == 1 else [f"{one}, {at}" for one, at in zip(found, moments)]


def names(runs: Sequence[OpenedRun]) -> str:
    """Of the runs that are open, in few words."""
    found = list(dict.fromkeys(run.name for run in runs))
    return ", ".join(found) if len(found) < MOST_NAMED else f"{found[0]} and {len(found) - 1} more"


def activity(run: OpenedRun) -> str:
    """Whose fields a run keeps; nothing for a run that does not tell."""
    told = run.told.get("activities", ())
    return told[0]["activity"].replace("_", " ") if told else ""


def instant_of(stage: Stage, view: View) -> float:
    """The time value of the first panel."""
    run, model = stage.of(view.panels[0])
    shape = run.shape(view.course, model)
    return float(shape.instants[shape.at(view.step)])


def instant(run: OpenedRun, view: View, value: float) -> str:
    """A time value in words."""
    if view.course == "impact":
        return f"{MILLISECONDS * value:.4g} ms"
    if view.course != ACTIVITY:
        return f"state {value:g}"
    peak = ", largest hip force" if view.step == run.peak else ""
    return f"{value:.4g} {run.told['loads']['instant_unit']}{peak}"


def sentence(stage: Stage, view: View, live: str) -> str:
    """What one sees. live : the load that the sliders make, or nothing."""
    run = stage.runs[0]
    at = instant(run, view, instant_of(stage, view))
    said = [live.rstrip(".") if live else f"{activity(run)}, {at}".lstrip(", ")]
    if view.plane != shown.WHOLE:
        said.append(f"cut {view.plane}" + (f", moved {view.offset:g} mm" if view.offset else ""))
    if view.times:
        said.append(f"displacements × {view.times:g}")
    left = any(one.told["femur"]["side"] == "left" for one in stage.runs)
    return "; ".join(said) + "." + (" Left femur, mirrored." if left else "")
