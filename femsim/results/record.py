"""What a finished run tells, as plain data: the summary's sections and the bodies of the result file."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from femsim.mesh.quality import quality_of
from femsim.registry import About
from femsim.results.vtkhdf import Body

if TYPE_CHECKING:  # finding a run must not load what computes one
    from femsim.analyses.outcome import Outcome
    from femsim.metrics.measure import Map
    from femsim.scenario.sections import Scenario


def body(outcome: "Outcome", maps: "Iterable[Map]") -> Body:
    """Mesh and fields of one model; element values of density and stiffness are means over the integration points."""
    model = outcome.model
    units = {
        "displacement": "mm",
        "region_id": "-",
        "zone_id": "-",
        "gruen_id": "-",
        "density": "g/cm3",
        "youngs_modulus": "MPa",
    }
    point_fields = {
        "displacement": np.stack([outcome.displacement(frame) for frame in outcome.shown_frames]).astype(np.float32)
    }
    cell_fields = {
        "region_id": model.mesh.region_of[None],
        "zone_id": model.zone_of[None],
        "gruen_id": model.gruen_of[None],
        "density": model.density.mean(axis=1)[None],
        "youngs_modulus": model.youngs_modulus.mean(axis=1)[None],
    }
    if model.orthotropic is not None:
        # Of one integration point: directions have no mean. Not a number where nothing has a grain.
        bone = np.isfinite(model.density[:, 0])
        cell_fields["grain"] = np.where(bone[:, None], model.orthotropic.axes[:, 0, 0], np.nan)[None]
        units["grain"] = "-"
    n_frames = len(outcome.shown_frames)
    for field in maps:
        if field.model != model.name:
            continue
        values = np.asarray(field.values)
        if len(values) not in (1, n_frames):
            raise ValueError(f"map {field.name!r} has {len(values)} frames; 1 or {n_frames} are expected")
        fields = point_fields if field.on == "point" else cell_fields
        fields[field.name] = values
        units[field.name] = field.unit
    texts = {"region_names": model.mesh.regions, "zone_names": model.zones, "gruen_names": model.gruen_zones}
    return Body(model.name, model.mesh, point_fields, cell_fields, units, texts)


def of_model(outcome: "Outcome") -> dict[str, Any]:
    """Checks, mesh and solver of one model; what region_id, zone_id and gruen_id count through."""
    return {
        "checks": dataclasses.asdict(outcome.checks),
        "mesh": {**dataclasses.asdict(quality_of(outcome.model.mesh)), "order": outcome.model.mesh.order},
        "solver": outcome.solver,
        "regions": list(outcome.model.mesh.regions),
        "zones": list(outcome.model.zones),
        "gruen_zones": list(outcome.model.gruen_zones),
    }


def of_femur(femur: Any) -> dict[str, Any]:
    """Side, measured sizes and notes of a Femur; the head centre in the frame of its source."""
    marks = femur.landmarks
    return {
        "side": femur.side,
        "head_centre_mm": np.round(femur.to_source[:3, 3], 4).tolist(),
        "head_radius_mm": float(marks.head_radius),
        "neck_radius_mm": float(marks.neck_radius),
        "neck_shaft_angle_deg": float(marks.neck_shaft_angle_deg),
        "anteversion_deg": float(marks.anteversion_deg),
        "anteversion_is_assumed": bool(marks.anteversion_is_assumed),
        "offset_mm": float(marks.offset_mm),
        "notes": list(femur.notes),
    }


def of_bone(account: Any) -> dict[str, Any]:
    """How much bone the intact femur has, sound and as it is; what ails it. account : BoneAccount or None."""
    if account is None:
        return {}
    return {"bone": {name: value for name, value in dataclasses.asdict(account).items() if name != "citations"}}


def of_landmarks(femur: Any) -> dict[str, Any]:
    """The landmarks of a Femur as numbers and lists, in the femur frame [mm, degrees]."""
    return {
        name: value.tolist() if isinstance(value, np.ndarray) else value
        for name, value in dataclasses.asdict(femur.landmarks).items()
    }


def of_loads(outcome: "Outcome", sites: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """The load history, and the forces at its peak as arrows.

    sites : site → (3,) point where its force acts [mm]; "head" needs none: it acts at the head centre.
    """
    history, model = outcome.model.history, outcome.model
    places = {"head": model.head_centre, **sites}
    peak = history.peak
    return {
        "channels": list(history.channels),
        "instants": history.instants.tolist(),
        "instant_unit": history.instant_unit,
        "peak_instant": float(history.instants[peak]),
        "stored_instants": history.instants[outcome.shown_frames].tolist(),
        "stored_forces_n": {
            channel: history.forces[outcome.shown_frames, row].tolist() for row, channel in enumerate(history.channels)
        },
        "duration_s": float(history.duration_s),
        "cyclic": bool(history.cyclic),
        "force_n": {
            channel: np.linalg.norm(history.forces[:, row], axis=1).tolist()
            for row, channel in enumerate(history.channels)
        },
        "arrows": [
            {"channel": channel, "site": site, "point": list(map(float, places[site])), "force": force.tolist()}
            for channel, site, force in zip(history.channels, history.sites, history.forces[peak])
            if site in places
        ],
        "support": _support(model),
        "sources": list(history.sources),
    }


def _support(model: Any) -> dict[str, Any]:
    """How the model is held, and where; no node is where reactions balance the load."""
    if model.reactions is not None:
        return {"words": model.support, "n_nodes": 0}
    held = model.mesh.nodes[model.held_nodes]
    return {
        "words": model.support,
        "n_nodes": len(held),
        "centre": held.mean(axis=0).tolist(),
        "lowest_mm": float(held[:, 2].min()),
        "highest_mm": float(held[:, 2].max()),
    }


def of_scenario(scenario: "Scenario") -> Iterator[dict[str, Any]]:
    """Every key of a scenario with its value, unit, meaning, source and the mark of an assumption."""
    from femsim.scenario.sections import SECTIONS, keys_of, part

    for section in SECTIONS:
        chosen = part(scenario, section)
        if chosen is None:
            continue
        if section.tag:
            yield _row(
                f"{section.title}.{section.tag}", section.kinds.name_of(chosen), About(f"sort of {section.title}")
            )
        for name, key in keys_of(type(chosen)).items():
            yield _row(f"{section.title}.{name}", getattr(chosen, name), key.about)


def _row(key: str, value: Any, told: About) -> dict[str, Any]:
    return {
        "key": key,
        "value": value.name if isinstance(value, Path) else value,
        "unit": told.unit,
        "text": told.text,
        "source": told.source,
        "assumed": told.assumed,
    }


def input_files(section: Any) -> tuple[Path, ...]:
    """Every file a scenario names, in the order of its keys."""
    found = []
    for field in dataclasses.fields(section):
        value = getattr(section, field.name)
        if not field.compare:
            continue
        if isinstance(value, Path):
            found.append(value)
        elif dataclasses.is_dataclass(value):
            found.extend(input_files(value))
    return tuple(found)
