"""Model → what is exported of it: the frames that are asked for, one stiffness per element, few materials."""

from collections.abc import Sequence

import numpy as np

from femsim.analyses.outcome import Outcome
from femsim.analyses.settling import balanced
from femsim.errors import UsageError
from femsim.export.exported import ExportedModel, Results
from femsim.export.names import plain_text
from femsim.export.stiffness import binned, element_mean
from femsim.fem.geometry import integration_weights
from femsim.fem.recovery import strain_energy_density
from femsim.loads.history import LoadHistory
from femsim.model import Model

N_BINS = 200  # of Young's modulus; moves no modulus of the walking femur by more than 1.4 %


def exported(
    models: Sequence[Model],
    *,
    name: str,
    frames: np.ndarray,
    n_bins: int = N_BINS,
    remarks: Sequence[str] = (),
    outcomes: Sequence[Outcome | None] = (),
) -> tuple[ExportedModel, ...]:
    """The models in the same frames and the same materials.

    Parameters
    ----------
    models : twins, or one model alone.
    name : of the scenario.
    frames : (f,) as from `chosen_frames`.
    n_bins : most materials for moduli that differ; 0 keeps each element's own.
    remarks : sentences for the head of the file: where the model comes from.
    outcomes : solved models, where results are exported too.
    """
    weights = [integration_weights(model.mesh) for model in models]
    moduli = [element_mean(model.youngs_modulus, w) for model, w in zip(models, weights)]
    ratios = [element_mean(model.poissons_ratio, w) for model, w in zip(models, weights)]
    bins = binned(moduli, [model.mesh.region_of for model in models], n_bins)
    return tuple(
        _exported(
            model, name, frames, bins.fields[row], ratios[row],
            [*remarks, *_on_support(model), *_on_stiffness(model, weights[row], moduli[row], bins.fields[row])],
            outcomes[row] if outcomes else None,
        )
        for row, model in enumerate(models)
    )  # fmt: skip


def chosen_frames(history: LoadHistory, wanted: str) -> np.ndarray:
    """(f,) frames that "peak", "all" or a number mean.

    Raises
    ------
    UsageError
        Where the history has no such frame.
    """
    n = len(history.instants)
    if wanted == "peak":
        return np.array([history.peak])
    if wanted == "all":
        return np.arange(n)
    if not (wanted.isascii() and wanted.isdigit() and int(wanted) < n):
        first, last = history.instants[0], history.instants[-1]
        raise UsageError(
            f"There is no frame {wanted!r}.",
            where="--frame",
            why=f"frames are counted 0 to {n - 1}, for {first:g} to {last:g} {history.instant_unit}",
            remedy="give one of these numbers, peak (the largest hip force) or all",
        )
    return np.array([int(wanted)])


def _exported(
    model: Model,
    name: str,
    frames: np.ndarray,
    moduli: np.ndarray,
    ratios: np.ndarray,
    remarks: Sequence[str],
    outcome: Outcome | None,
) -> ExportedModel:
    materials, material_of = np.unique(np.column_stack([moduli, ratios]), axis=0, return_inverse=True)
    loads = balanced(model.mesh, model.reactions, model.load_basis)
    loaded = np.flatnonzero((loads != 0).any(axis=(0, 2)))
    history = model.history
    return ExportedModel(
        title=plain_text(f"femsim: scenario {name}, {model.name} femur"),
        mesh=model.mesh,
        materials=materials,
        material_of=material_of.ravel(),
        held=model.held,
        loaded=loaded,
        forces=np.tensordot(model.load_factors[frames], loads[:, loaded], axes=1),
        frames=frames,
        instants=history.instants[frames],
        instant_unit=plain_text(history.instant_unit),
        remarks=tuple(map(plain_text, remarks)),
        results=_results(outcome, frames) if outcome else None,
        springs=model.springs,
    )


def _on_support(model: Model) -> list[str]:
    if model.reactions is None:
        return []
    return [
        f"{model.support} The reactions that balance the load are among the nodal forces; three nodes keep the body in "
        "place and carry nothing. Displacements agree with those of femsim up to a rigid motion."
    ]


def _on_stiffness(model: Model, weights: np.ndarray, mean: np.ndarray, moved: np.ndarray) -> list[str]:
    """What the file loses against femsim's own stiffness, in numbers."""
    said = []
    share = weights.sum(axis=1) / weights.sum()
    spread = model.youngs_modulus.max(axis=1) / model.youngs_modulus.min(axis=1)
    if (spread > 1).any():
        said.append(
            "One stiffness per element: the mean of Young's modulus over its volume. femsim itself computes with the "
            f"modulus of each integration point, which varies by more than a factor of 1.5 inside "
            f"{100 * share[spread > 1.5].sum():.0f} % of the volume."
        )
    shift = moved / mean - 1
    if shift.any():
        said.append(
            f"Few materials: moduli were moved to the nearest of {len(np.unique(moved))} values, evenly spaced in "
            f"log E, by at most {100 * np.abs(shift).max():.2f} % (root mean square over the volume "
            f"{100 * np.sqrt((share * shift**2).sum()):.2f} %)."
        )
    return said


def _results(outcome: Outcome, frames: np.ndarray) -> Results:
    weights = outcome.weights
    stress, energy = [], []
    for frame in frames:
        at_points, strain = outcome.stress(frame), outcome.strain(frame)
        stress.append(element_mean(at_points, weights))
        energy.append(element_mean(strain_energy_density(at_points, strain), weights))
    return Results(np.stack([outcome.displacement(frame) for frame in frames]), np.stack(stress), np.stack(energy))
