"""What a viewer shows, as plain data: it can be saved, sent as part of a link, and comes back checked."""

import base64
import dataclasses
import json
import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from femsim.errors import UsageError
from femsim.view.eyes import FARTHEST, PLANES

FREE, WHOLE = "free", "none"
CUTS = (WHOLE, *PLANES, FREE)
MOST_PANELS = 4
MOST_TIMES = 10_000.0  # of a displacement
LONGEST = 20_000  # letters of a view in a link or file
Range = tuple[float, float]


@dataclass(frozen=True)
class Camera:
    """towards, up : unit vectors (3,), from the femur to the eye and up; centre : (3,) [mm]; half_height [mm]."""

    towards: tuple[float, float, float]
    up: tuple[float, float, float]
    centre: tuple[float, float, float]
    half_height: float


@dataclass(frozen=True)
class View:
    """What is shown.

    panels : "RUN:MODEL" each, RUN a row of the runs that are open.
    course : which history of the run: its activity, or how it broke.
    plane, offset, turn, tilt : of CUTS; how far it is moved along its normal [mm]; a free one faces so many degrees
        from the front towards lateral, and up. flipped : the other side is kept.
    hidden_regions, hidden_zones : names. zone : the one that is outlined.
    times : displacements are shown so many times as large.
    limits : of the colours, in the unit of the legend. only : elements with values beyond this are left out.
    """

    panels: tuple[str, ...]
    field: str
    course: str = "activity"
    step: int = 0
    plane: str = WHOLE
    offset: float = 0.0
    turn: float = 0.0
    tilt: float = 0.0
    flipped: bool = False
    hidden_regions: tuple[str, ...] = ()
    hidden_zones: tuple[str, ...] = ()
    zone: str = ""
    times: float = 0.0
    edges: bool = False
    arrows: bool = True
    limits: Range | None = None
    only: Range | None = None
    camera: Camera | None = None


def changed(view: View, wanted: Mapping[str, Any], able: Mapping[str, Any]) -> View:
    """The view with what is wanted, where it can be had; what cannot stays as it is.

    Parameters
    ----------
    wanted : name → value, as a browser or a file gives it: of any type.
    able : "panels", "fields", "courses", "regions", "zones" → what there is; "steps" → how many.
    """
    found = {}
    for name, value in wanted.items():
        check = _CHECKS.get(name)
        if check is None:
            continue
        try:
            found[name] = check(value, able)
        except (TypeError, ValueError, KeyError, OverflowError, AttributeError):
            continue
    return dataclasses.replace(view, **found)


def as_text(view: View) -> str:
    """JSON of a view, for a file."""
    return json.dumps(dataclasses.asdict(view), indent=1, allow_nan=False) + "\n"


def of_text(text: str) -> dict[str, Any]:
    """What a view file holds, unchecked.

    Raises
    ------
    UsageError
        Where it is none.
    """
    try:
        if len(text) > LONGEST:
            raise ValueError(f"{len(text)} letters")
        found = json.loads(text)
        if not isinstance(found, dict):
            raise ValueError("not an object")
    except (ValueError, RecursionError) as error:
        raise UsageError(
            "This is no view that femsim saved.", why=str(error), remedy="save one with the button in the viewer"
        ) from None
    return found


def as_link(view: View) -> str:
    """A word for an address."""
    packed = zlib.compress(json.dumps(dataclasses.asdict(view), separators=(",", ":")).encode(), 9)
    return base64.urlsafe_b64encode(packed).decode("ascii").rstrip("=")


def of_link(word: str) -> dict[str, Any]:
    """What the word of an address holds, unchecked; nothing where it is damaged."""
    try:
        if len(word) > LONGEST:
            return {}
        unpacker = zlib.decompressobj()
        data = unpacker.decompress(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)), LONGEST)
        return of_text(data.decode("utf-8"))
    except (ValueError, zlib.error, UsageError):
        return {}


def _one_of(key: str):
    def check(value: Any, able: Mapping[str, Any]) -> str:
        if value not in able[key]:
            raise ValueError(value)
        return str(value)

    return check


def _some_of(key: str, least: int = 0, most: int | None = None):
    def check(value: Any, able: Mapping[str, Any]) -> tuple[str, ...]:
        if not isinstance(value, list | tuple):
            raise ValueError(value)
        chosen = tuple(dict.fromkeys(one for one in value if one in able[key]))
        if len(chosen) < least:
            raise ValueError(value)
        return chosen[:most]

    return check


def _number(low: float, high: float):
    def check(value: Any, able: Mapping[str, Any]) -> float:
        if isinstance(value, bool) or not math.isfinite(float(value)):
            raise ValueError(value)
        return min(max(float(value), low), high)

    return check


def _step(value: Any, able: Mapping[str, Any]) -> int:
    return int(_number(0, able["steps"] - 1)(value, able))


def _yes(value: Any, able: Mapping[str, Any]) -> bool:
    if not isinstance(value, bool):
        raise ValueError(value)
    return value


def _range(value: Any, able: Mapping[str, Any]) -> Range | None:
    if value is None:
        return None
    low, high = (float(one) for one in value)
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(value)
    return low, high


def _camera(value: Any, able: Mapping[str, Any]) -> Camera | None:
    if value is None:
        return None
    vectors = []
    for name in ("towards", "up", "centre"):
        numbers = tuple(float(one) for one in value[name])
        if len(numbers) != 3 or not all(map(math.isfinite, numbers)) or max(map(abs, numbers)) > 1e6:
            raise ValueError(value)
        vectors.append(numbers)
    towards, up, _ = vectors
    cross = (
        towards[1] * up[2] - towards[2] * up[1],
        towards[2] * up[0] - towards[0] * up[2],
        towards[0] * up[1] - towards[1] * up[0],
    )
    if math.hypot(*cross) < 1e-3 * max(1e-9, math.hypot(*towards) * math.hypot(*up)):
        raise ValueError("no way is up")
    return Camera(*vectors, _number(0.1, 2000.0)(value["half_height"], able))


_CHECKS = {
    "panels": _some_of("panels", 1, MOST_PANELS),
    "field": _one_of("fields"),
    "course": _one_of("courses"),
    "step": _step,
    "plane": lambda value, able: _one_of("cuts")(value, {"cuts": CUTS}),
    "offset": _number(-FARTHEST, FARTHEST),
    "turn": _number(-180.0, 180.0),
    "tilt": _number(-90.0, 90.0),
    "flipped": _yes,
    "hidden_regions": _some_of("regions"),
    "hidden_zones": _some_of("zones"),
    "zone": lambda value, able: "" if value == "" else _one_of("zones")(value, able),
    "times": _number(0.0, MOST_TIMES),
    "edges": _yes,
    "arrows": _yes,
    "limits": _range,
    "only": _range,
    "camera": _camera,
}
