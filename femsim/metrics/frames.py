"""A field of every frame of an activity, evaluated once for frames that carry the same load in different size."""

from collections.abc import Callable

import numpy as np

from femsim.analyses.outcome import Outcome


def over_frames(outcome: Outcome, at_frame: Callable[[int], np.ndarray], *, degree: int) -> np.ndarray:
    """Values of all frames.

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
    """
    factors = outcome.model.load_factors
    sizes = np.linalg.norm(factors, axis=1)
    evaluated: list[tuple[np.ndarray, float, np.ndarray]] = []
    frames: list[np.ndarray | None] = [None] * len(factors)
    # The peak first: its fields are at hand, and other frames of one direction follow from them.
    for frame in sorted(range(len(factors)), key=lambda frame: frame != outcome.peak):
        row, size = factors[frame], sizes[frame]
        if size == 0:
            # An unloaded frame takes the shape, and the undefined places, of any other.
            frames[frame] = 0.0 * at_frame(frame)
            continue
        for direction, known_size, values in evaluated:
            if np.abs(row / size - direction).max() < 1e-13:
                frames[frame] = values * (size / known_size) ** degree
                break
        else:
            frames[frame] = at_frame(frame)
            evaluated.append((row / size, size, frames[frame]))
    return np.stack(frames)
