"""A saved run, made ready to be drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from femsim.errors import StoreError
from femsim.results import summary, vtkhdf

RESULT = "result.vtkhdf"


@dataclass(frozen=True)
class Body:
    """One model at one step, as straight tetrahedra on the corner nodes.

    points : (n, 3) [mm]; corners : (e, 4) rows of points; displacement : (n, 3) [mm].
    fields : name → (e,) or (e, k) element values; units : field → unit.
    region_of : (e,) row of regions; zone_of : (e,) row of zones, -1 outside every zone.
    """

    name: str
    points: np.ndarray
    corners: np.ndarray
    displacement: np.ndarray
    fields: Mapping[str, np.ndarray]
    units: Mapping[str, str]
    region_of: np.ndarray
    regions: tuple[str, ...]
    zone_of: np.ndarray
    zones: tuple[str, ...]

    def in_region(self, *names: str) -> np.ndarray:
        """(e,) bool; a region that this body does not have holds nothing."""
        return np.isin(self.region_of, [row for row, name in enumerate(self.regions) if name in names])

    @property
    def bone(self) -> np.ndarray:
        """(e,) bool: elements of bone."""
        return self.in_region("bone_kept", "bone_removed")

    def has(self, name: str) -> bool:
        """Whether a field was saved and is defined somewhere."""
        return name in self.fields and bool(np.isfinite(self.fields[name]).any())


@dataclass(frozen=True)
class Scene:
    """A run: its numbers, and its two bodies at the peak of the activity.

    told : contents of summary.json.
    """

    folder: Path
    told: Mapping[str, Any]
    operated: Body
    intact: Body

    @property
    def has_implant(self) -> bool:
        return any(name not in ("bone_kept", "bone_removed") for name in self.operated.regions)

    @property
    def neck_axis(self) -> np.ndarray:
        """(3,) unit, from the neck towards the head."""
        return np.asarray(self.told["landmarks"]["neck_axis"], float)

    @property
    def cut_normal(self) -> np.ndarray:
        """(3,) unit normal, towards the front, of the plane through the head centre that holds neck and shaft axis."""
        normal = np.cross(self.told["landmarks"]["shaft_axis"], self.neck_axis)
        length = np.linalg.norm(normal)
        normal = normal / length if length > 1e-6 else np.array([0.0, 1.0, 0.0])  # a neck along the shaft has no plane
        return normal if normal[1] >= 0 else -normal


def load(run_folder: Path, step: int | None = None) -> Scene:
    """Read a run, at a step or at the one nearest the peak.

    Raises
    ------
    StoreError
        Where the folder is no complete run, or its files are damaged.
    """
    folder = Path(run_folder)
    told = summary.read(folder)
    path = folder / RESULT
    if step is None:
        step = peak_step(told, vtkhdf.instants(path))
    names = vtkhdf.body_names(path)
    if set(names) != {"operated", "intact"}:
        raise StoreError(f"The result holds the bodies {', '.join(names)}, not operated and intact.", where=str(path))
    return Scene(folder, told, body(path, "operated", step), body(path, "intact", step))


def peak_step(told: Mapping[str, Any], instants: np.ndarray) -> int:
    """The stored step nearest the instant of the largest hip force."""
    return int(np.argmin(np.abs(instants - told["loads"]["peak_instant"])))


def body(path: Path, name: str, step: int) -> Body:
    """One body of a result file at a step. Raises StoreError as `vtkhdf.read_step`."""
    stored = vtkhdf.read_step(path, name, step)
    fields = dict(stored.cell_fields)
    fields.pop("gruen_id", None)  # rows of names, no field to be coloured
    n = len(stored.elements)
    return Body(
        name,
        stored.points.astype(np.float64),
        np.ascontiguousarray(stored.elements[:, :4]),
        stored.point_fields.get("displacement", np.zeros((len(stored.points), 3), np.float32)),
        fields,
        stored.units,
        np.asarray(fields.pop("region_id", np.zeros(n, np.int32))),
        stored.texts.get("region_names", ("bone_kept",)),
        np.asarray(fields.pop("zone_id", np.full(n, -1, np.int32))),
        stored.texts.get("zone_names", ()),
    )
