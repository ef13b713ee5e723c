"""One variant as the table and the ranking see it: its measures, or why there are none."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

Key = tuple[str, str, str]  # measure, zone, model

# Zones that are not bone of their own: the whole, and the bone beside the held end, which feels the support.
NOT_A_PLACE = ("femur", "distal_support")


@dataclass(frozen=True)
class Column:
    """A variant and its numbers.

    values : (measure, zone, model) → value; units : measure and model → unit.
    is_reference : whether nothing was put in.
    refused : why there are no numbers; empty where there are.
    bone_zones : zones that hold bone of this variant.
    """

    label: str
    values: Mapping[Key, float]
    units: Mapping[tuple[str, str], str]
    is_reference: bool = False
    refused: str = ""
    bone_zones: frozenset[str] = frozenset()


def column(label: str, summary: Mapping[str, Any], *, is_reference: bool = False) -> Column:
    """The column of a run.

    summary : contents of its summary.json.
    """
    measures = [*summary["measures"], *_by_volume(summary)]
    values = {(m["name"], m["zone"], m["model"]): float(m["value"]) for m in measures}
    units = {(m["name"], m["model"]): m["unit"] for m in measures}
    zones = {zone for name, zone, _ in values if name.startswith("risk_factor")}
    return Column(label, MappingProxyType(values), MappingProxyType(units), is_reference, "", frozenset(zones))


def refused(label: str, reason: str, *, is_reference: bool = False) -> Column:
    """The column of a variant that could not be built or solved."""
    return Column(label, MappingProxyType({}), MappingProxyType({}), is_reference, reason)


def _by_volume(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Bone that the operation takes away, from the regions of the intact mesh."""
    volumes = summary["models"]["intact"]["mesh"]["volume_mm3"]
    removed = sum(volume for region, volume in volumes.items() if region.startswith("bone_removed"))
    told = {"zone": "femur", "model": "operated", "note": "volume of what only the intact femur has"}
    share = 100.0 * removed / sum(volumes.values())
    return [
        {"name": "bone_removed_volume", "value": removed / 1000.0, "unit": "cm3", **told},
        {"name": "bone_removed_share", "value": share, "unit": "%", **told},
    ]
