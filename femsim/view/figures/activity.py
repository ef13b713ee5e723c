"""What the figures say of the activities of a run."""

from femsim.results.activities import rows_once
from femsim.view.scene import Scene

MOST_NAMED = 4  # activities that a line below a title has room for


def name_of(activity: str) -> str:
    """The words for an activity."""
    return activity.replace("_", " ")


def has_routine(scene: Scene) -> bool:
    """Whether the person does more than the activity under [load], or says how often."""
    return len(scene.told.get("activities", ())) > 1


def load_name(scene: Scene) -> str:
    """The words for the activity under [load]; nothing for a run that does not tell."""
    activities = scene.told.get("activities", ())
    return name_of(activities[0]["activity"]) if activities else ""


def several_instants(scene: Scene) -> bool:
    """Whether some activity of the run goes over more than one instant."""
    return any(activity["n_frames"] > 1 for activity in scene.told.get("activities", ()))


def all_note(scene: Scene, most: int | None = None) -> str:
    """The activities of the run, each once; how many, where they are more than `most`."""
    told = scene.told.get("activities", ())
    return _listed([told[row]["activity"] for row in rows_once(told)], most)


def counted_note(scene: Scene, most: int | None = None) -> str:
    """Over whose time a time average goes."""
    told = scene.told.get("activities", ())
    if len(told) < 2:
        return f"Averaged over {load_name(scene) or 'the activity'}."
    return f"Averaged over the routine: {_listed([activity['activity'] for activity in told[1:]], most)}."


def _listed(activities: list[str], most: int | None) -> str:
    names = list(dict.fromkeys(name_of(activity) for activity in activities))
    return ", ".join(names) if most is None or len(names) <= most else f"{len(names)} activities"
