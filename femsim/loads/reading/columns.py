"""Which columns of a table are time and the force on the hip, and what their names say of unit, axes, leg and body."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from femsim.errors import ScenarioError
from femsim.loads.frames import BERGMANN, HIP98, ISB, OPENSIM
from femsim.loads.reading.table import Table

UNITS = ("N", "kN", "BW", "%BW")
_UNIT_WORDS = {"n": "N", "newton": "N", "kn": "kN", "bw": "BW", "%bw": "%BW", "pbw": "%BW", "percentbw": "%BW"}
_AXIS_WORDS = {
    **dict.fromkeys(("ant", "anterior"), "anterior"),
    **dict.fromkeys(("prox", "proximal", "sup", "superior", "up"), "proximal"),
    **dict.fromkeys(("lat", "lateral"), "lateral"),
    **dict.fromkeys(("med", "medial"), "medial"),
    "right": "right",
}
# What the names of x, y, z say → frame.
_NAMED_FRAMES = {
    ("anterior", "proximal", "right"): ISB,
    ("lateral", "anterior", "proximal"): BERGMANN,
    ("right", "anterior", "proximal"): BERGMANN,
    ("medial", "anterior", "proximal"): HIP98,
}
_FORCE = re.compile(r"(?:hip[ _-]*)?(?:f|force|hcf|hjf)[ _.-]*([xyz])(?![a-z])(.*)")
_TIME = re.compile(r"(?:time|t|zeit)[ _]*(?:[\[(]?\s*(s|sec|seconds|ms)\s*[\])]?)?")
_CYCLE = re.compile(r"(?:%|percent|pct|gait|cycle|gc|time|stance|[ _\[\]()])+")
_REACTION = re.compile(r"(.+?)[ _.]?f([xyz])")
_OPENSIM = re.compile(r"(?P<joint>.+?)_on_(?P<body>.+)_in_(?P<axes>.+)")


@dataclass(frozen=True)
class Chosen:
    """Columns, and what the file itself says of them; a text is empty where it says nothing.

    time : name of the column; time_unit : "s", "ms", "%".
    xyz : names of the components.
    """

    time: str
    time_unit: str
    xyz: tuple[str, str, str]
    unit: str = ""
    frame: str = ""
    side: str = ""
    acts_on: str = ""


def choose(table: Table, asked: Sequence[str] = (), unit: str = "") -> Chosen:
    """The columns of time and force.

    Parameters
    ----------
    asked : names: x, y, z; or time, x, y, z; or what stands before fx, fy, fz; empty to find them.
    unit : that of the force where it is stated; tells apart columns that give it in several.

    Raises
    ------
    ScenarioError
        Where there are no such columns, or more than one choice.
    """
    time = table.names[table.index(asked[0])] if len(asked) == 4 else _time(table)
    if len(asked) >= 3:
        xyz = tuple(table.names[table.index(name)] for name in asked[-3:])
        prefix = _common_prefix(xyz)
    elif asked:
        prefix, xyz = _by_prefix(table, asked[0])
    else:
        xyz, prefix = _plain(table, unit), ""
        if not xyz:
            prefix, xyz = _the_hip(table)
    said = _said_by_words(table, xyz)
    if prefix and (opensim := _OPENSIM.fullmatch(prefix.lower())):
        said |= _said_by_opensim(table, prefix, opensim)
    if not said["frame"] and "orthoload" in table.preface.lower():
        said["frame"] = BERGMANN
    return Chosen(time, _time_unit(time), xyz, **said)


def unit_of(name: str) -> str:
    """The unit of force that a column name ends with or has in brackets; empty where it has none."""
    found = {_UNIT_WORDS[word] for word in _words(re.sub(r"^.*?(?=[\[(_/ ])", "", name.lower())) if word in _UNIT_WORDS}
    return found.pop() if len(found) == 1 and "kg" not in _words(name.lower()) else ""


def _words(text: str) -> list[str]:
    return [re.sub(r"\s", "", word) for word in re.findall(r"%\s*bw|%|[a-z]+", text)]


def _time(table: Table) -> str:
    found = [name for name in table.names if _TIME.fullmatch(name.lower()) or _is_cycle(name)]
    return found[0] if found else ""


def _is_cycle(name: str) -> bool:
    words = _words(name.lower().replace("_", " "))
    return bool(_CYCLE.fullmatch(name.lower())) and bool({"%", "percent", "pct"} & set(words))


def _time_unit(name: str) -> str:
    if _is_cycle(name):
        return "%"
    return "ms" if re.search(r"[^a-z]ms\b", name.lower().replace("_", " ")) else "s"


def _plain(table: Table, unit: str) -> tuple[str, str, str] | tuple[()]:
    """Columns Fx, Fy, Fz, whatever their names say besides; empty where there are none."""
    found: dict[str, dict[str, list[str]]] = {}
    for name in table.names:
        match = _FORCE.fullmatch(name.lower())
        if match and all(word in _UNIT_WORDS or word in _AXIS_WORDS for word in _words(match[2])):
            found.setdefault(unit_of(name), {}).setdefault(match[1], []).append(name)
    whole = {told: axes for told, axes in found.items() if len(axes) == 3}
    whole = {unit: whole[unit]} if unit in whole else whole
    if not whole:
        return ()
    axes = next(iter(whole.values()))
    if len(whole) == 1 and all(len(names) == 1 for names in axes.values()):
        return tuple(axes[axis][0] for axis in "xyz")
    candidates = [name for axes in whole.values() for axis in "xyz" for name in axes[axis]]
    raise ScenarioError(
        f"{table.path.name} has several columns for a component of the force: {_listed(candidates)}.",
        where=str(table.path),
        remedy="name three of them by load.columns = [x, y, z], or state load.unit",
    )


def _reactions(table: Table) -> dict[str, tuple[str, str, str]]:
    """Prefix → columns, of every group of columns that end in fx, fy, fz."""
    groups: dict[str, dict[str, str]] = {}
    for name in table.names:
        if match := _REACTION.fullmatch(name.lower()):
            groups.setdefault(name[: match.end(1)], {})[match[2]] = name
    return {prefix: tuple(axes[axis] for axis in "xyz") for prefix, axes in groups.items() if len(axes) == 3}


def _the_hip(table: Table) -> tuple[str, tuple[str, str, str]]:
    groups = _reactions(table)
    hips = {prefix: xyz for prefix, xyz in groups.items() if "hip" in prefix.lower()}
    if len(hips) == 1:
        return next(iter(hips.items()))
    if hips:
        raise ScenarioError(
            f"{table.path.name} has {len(hips)} hip forces: {_listed(hips)}.",
            where=str(table.path),
            remedy=f"name one of them: load.columns = [{next(iter(hips))!r}]",
        )
    known = list(groups) or list(table.names)
    raise ScenarioError(
        f"{table.path.name} has no columns that are known as the force on the hip. It has {_listed(known)}.",
        where=str(table.path),
        why="known are Fx, Fy, Fz with a unit, such as 'Fx [N]', and hip_…_fx, _fy, _fz of OpenSim",
        remedy="name the columns: load.columns = [time, x, y, z], or what stands before fx, fy, fz",
    )


def _by_prefix(table: Table, asked: str) -> tuple[str, tuple[str, str, str]]:
    wanted = re.sub(r"[ _.]?(?:f[xyz]?)?$", "", asked.strip().lower()) or asked.strip().lower()
    for prefix, xyz in _reactions(table).items():
        if prefix.lower() in (wanted, asked.strip().lower()):
            return prefix, xyz
    groups = list(_reactions(table))
    raise ScenarioError(
        f"{table.path.name} has no three columns {asked!r} with fx, fy, fz. It has {_listed(groups or table.names)}.",
        where=str(table.path),
        remedy="load.columns takes what stands before fx, fy, fz, or [x, y, z], or [time, x, y, z]",
    )


def _common_prefix(xyz: Sequence[str]) -> str:
    found = {match[1] for name in xyz if (match := _REACTION.fullmatch(name.lower()))}
    return found.pop() if len(found) == 1 else ""


def _said_by_words(table: Table, xyz: Sequence[str]) -> dict[str, str]:
    units = {unit_of(name) for name in xyz}
    if len(units) > 1:
        raise ScenarioError(
            f"The components have different units: {_listed(xyz)}.",
            where=str(table.path),
            remedy="give the three of them in one unit",
        )
    directions = tuple(_direction(name) for name in xyz)
    frame = _NAMED_FRAMES.get(directions, "")
    if all(directions) and not frame:
        known = "; ".join(", ".join(axes) for axes in _NAMED_FRAMES)
        raise ScenarioError(
            f"The names of x, y, z say {', '.join(directions)}, which is no known frame.",
            where=str(table.path),
            why=f"known are {known}",
            remedy="put the columns in such an order by load.columns = [x, y, z]",
        )
    # Lateral is lateral on either leg: it is told as of a right one.
    side = "right" if frame == BERGMANN and directions[0] == "lateral" else ""
    return {"unit": units.pop(), "frame": frame, "side": side, "acts_on": ""}


def _direction(name: str) -> str:
    words = {_AXIS_WORDS[word] for word in _words(name.lower()) if word in _AXIS_WORDS}
    return words.pop() if len(words) == 1 else ""


def _said_by_opensim(table: Table, prefix: str, match: re.Match) -> dict[str, str]:
    """OpenSim names a reaction joint_on_body_in_axes."""
    body, axes = match["body"], match["axes"]
    if not axes.startswith("femur"):
        raise ScenarioError(
            f"{prefix} is told in the axes of {axes!r}, against which the femur turns.",
            where=str(table.path),
            remedy="run the joint reaction analysis with the femur as the frame of its results (express_in_frame)",
        )
    if not body.startswith(("femur", "pelvis")):
        raise ScenarioError(
            f"{prefix} acts on {body!r}, neither on the femur nor on the pelvis.",
            where=str(table.path),
            remedy="name the force of the hip by load.columns",
        )
    side = {"r": "right", "l": "left"}.get(axes.rpartition("_")[2], "")
    return {"frame": OPENSIM, "side": side, "acts_on": "pelvis" if body.startswith("pelvis") else "femur"}


def _listed(names: Iterable[str]) -> str:
    names = [str(name)[:60] for name in names]
    return ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
