"""What a pointer reads: the saved numbers of an element, of a line through the femur, of a section of the neck."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from femsim.results.selection import share_of
from femsim.view.figures.section import name_of
from femsim.view.render import TITLES
from femsim.view.scene import Body
from femsim.view.viewer.opened import DIFFERENCE, OpenedRun, unit_of
from femsim.view.viewer.shown import View

N_SAMPLES = 240  # along a line
ALSO = ("risk_factor", "density", "youngs_modulus", "stress_von_mises", "strain_energy_density")
MATERIAL = ("density", "youngs_modulus")  # whatever the load
AXES = ("lateral", "anterior", "proximal")


@dataclass(frozen=True)
class Reading:
    """title, and rows of (words, number, unit)."""

    title: str
    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Profile:
    """A field along a line: away (s,) [mm] from its beginning, values (s,) in the unit of the field, NaN outside."""

    away: np.ndarray
    values: np.ndarray


def reading_at(
    run: OpenedRun, model: str, view: View, row: int, point: np.ndarray, shown: float, *, live: bool = False
) -> Reading:
    """All that is known of an element.

    shown : what the panel shows of it; NaN where it is not defined.
    live : whether that is of a load that was never saved; then nothing is told of the saved one.
    """
    shape = run.shape(view.course, model)
    body = shape.body
    zone = body.zones[body.zone_of[row]].replace("_", " ") if body.zone_of[row] >= 0 else "outside the zones"
    unit = unit_of(run, view.course, view.field)
    rows = [(_words(view.field) + (", difference" if model == DIFFERENCE else ""), said(shown), unit)]
    rows += [("zone", zone, ""), ("part", name_of(body.regions[body.region_of[row]]), "")]
    for name in MATERIAL if live else ALSO:
        if name in shape.fields() and name != view.field:
            rows.append((_words(name), said(shape.values(name, view.step)[row]), unit_of(run, view.course, name)))
    known = "risk_factor" in shape.fields() and not live
    risk = shape.values("risk_factor", view.step)[row] if known else np.nan
    if view.field == "risk_factor" and model != DIFFERENCE:
        risk = shown
    if np.isfinite(risk) and risk > 0:
        rows.append(("load until it yields here", said(1.0 / risk), "× this load"))
    rows += [(f"place, {axis}", f"{value:.1f}", "mm") for axis, value in zip(AXES, point)]
    return Reading(f"{run.name}: {TITLES[model].lower()}, element {row}", tuple(rows))


def profile_along(body: Body, values: np.ndarray, start: np.ndarray, end: np.ndarray) -> Profile:
    """Values (e,) of the elements that a line crosses."""
    start, end = np.asarray(start, float), np.asarray(end, float)
    shares = np.linspace(0.0, 1.0, N_SAMPLES)
    samples = start + shares[:, None] * (end - start)
    rows = _elements_at(body, samples)
    found = np.where(rows >= 0, values[np.maximum(rows, 0)], np.nan)
    return Profile(shares * np.linalg.norm(end - start), found.astype(float))


def _elements_at(body: Body, samples: np.ndarray) -> np.ndarray:
    """(s,) row of the element that each sample lies in, -1 for none."""
    start, along = samples[0], samples[-1] - samples[0]
    corners = body.points[body.corners].astype(np.float32)
    middles = corners.mean(axis=1) - start.astype(np.float32)
    reach = np.sqrt(((corners - corners.mean(axis=1, keepdims=True)) ** 2).sum(axis=2).max(axis=1))
    share = np.clip(middles @ along / max(along @ along, 1e-12), 0.0, 1.0)
    near = np.flatnonzero(np.linalg.norm(middles - share[:, None] * along, axis=1) <= reach)
    base = corners[near, 0].astype(float)
    edges = np.moveaxis(corners[near, 1:].astype(float) - base[:, None], 1, 2)
    able = np.abs(np.linalg.det(edges)) > 1e-12
    near, base, inverse = near[able], base[able], np.linalg.inv(edges[able])
    found = np.full(len(samples), -1)
    for number, sample in enumerate(samples):
        parts = np.einsum("eij,ej->ei", inverse, sample - base)
        inside = np.minimum(parts.min(axis=1), 1.0 - parts.sum(axis=1)) if len(near) else np.empty(0)
        if len(inside) and inside.max() > -1e-6:
            found[number] = near[inside.argmax()]
    return found


def across_neck(run: OpenedRun, offset: float) -> tuple[np.ndarray, np.ndarray]:
    """Ends (3,) [mm] of a line through the middle of the neck, from above down, `offset` mm nearer the head."""
    marks = run.told["landmarks"]
    axis = np.asarray(marks["neck_axis"], float)
    centre = np.asarray(marks["neck_centre"], float) + offset * axis
    up = np.asarray(marks["shaft_axis"], float)
    up = up - (up @ axis) * axis
    up = up / np.linalg.norm(up)
    reach = 1.6 * float(marks["neck_radius"])
    return centre + reach * up, centre - reach * up


def load_shares(run: OpenedRun) -> list[tuple[str, str, str, str, str]]:
    """(section, model, what, part, %) of what each part carries through the sections that the run tells of."""
    found = []
    for measure in run.told.get("measures", ()):
        share = share_of(measure["name"])
        if share and measure["model"] != "change":
            kind = share[0].removesuffix("_share")
            section = measure["zone"].removeprefix("section_").replace("_", " ")
            found.append((section, measure["model"], kind, name_of(share[1]), f"{measure['value']:.3g}"))
    return found


def zone_table(run: OpenedRun, zones: Sequence[str]) -> list[dict[str, str]]:
    """For each zone its largest risk in both femora, and how much its strain energy density changes [%]."""
    wanted = (("risk", "risk_factor_p99", "operated"), ("intact", "risk_factor_p99", "intact"))
    wanted += (("change", "shielding_change", "change"),)
    told = {(m["name"], m["zone"], m["model"]): m["value"] for m in run.told.get("measures", ())}
    return [
        {
            "zone": zone,
            "words": zone.replace("_", " "),
            **{k: said(told.get((n, zone, m), np.nan)) for k, n, m in wanted},
        }
        for zone in zones
    ]


def said(value: float) -> str:
    """A number as it is read: four digits."""
    return f"{value:.4g}" if np.isfinite(value) else "–"


def _words(field: str) -> str:
    return field.replace("_", " ")
