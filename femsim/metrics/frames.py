"""A field of the frames that are kept, evaluated once for frames that carry the same load in different size."""

from collections.abc import Callable

import numpy as np

from femsim.analyses.outcome import Outcome


def over_frames(outcome: Outcome, at_frame: Callable[[int], np.ndarray], *, degree: int) -> np.ndarray:
    """Values of the frames that are shown.

    Parameters
    ----------
    outcome : Outcome
    at_frame : frame → (e,) array
        Homogeneous in the load: twice the load, 2**degree times the value.
    degree : int
        1 for strain-like fields, 2 for energy.

    Returns
    -------
    (f, e) array
        One row for each of `outcome.shown_frames`.
    """
    shown = outcome.shown_frames
    factors = outcome.model.load_factors[shown]
    sizes = np.linalg.norm(factors, axis=1)
    evaluated: list[tuple[np.ndarray, float, np.ndarray]] = []
    frames: list[np.ndarray | None] = [None] * len(factors)
    # The peak first: its fields are at hand, and other frames of one direction follow from them.
    for place in sorted(range(len(factors)), key=lambda place: shown[place] != outcome.peak):
        row, size = factors[place], sizes[place]
        if size == 0:
            # An unloaded frame takes the shape, and the undefined places, of any other.
            frames[place] = 0.0 * at_frame(shown[place])
            continue
        for direction, known_size, values in evaluated:
            if np.abs(row / size - direction).max() < 1e-13:
                frames[place] = values * (size / known_size) ** degree
                break
        else:
            frames[place] = at_frame(shown[place])
            evaluated.append((row / size, size, frames[place]))
    return np.stack(frames)
