"""One number a user is told: with its name, place, model and unit."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Measure:
    """A reported number.

    name : lower snake, such as "risk_factor_p99".
    zone : zone or region name, "femur" for the whole.
    model : "operated", "intact" or "change".
    value : in `unit`; NaN is never reported, the measure is left out instead.
    unit : "-" for a ratio, "%" , "MPa", "mm", "N/mm", …
    note : what to keep in mind when reading it; may be empty.
    """

    name: str
    zone: str
    model: str
    value: float
    unit: str
    note: str = ""


@dataclass(frozen=True)
class Map:
    """A field over the mesh of one model, to be drawn and kept with the result.

    name : field name of the result file, such as "risk_factor".
    model : "operated" or "intact".
    on : "cell" (one value per element) or "point" (one per node).
    values : (f, n) or (f, n, k); f = 1 for a field of the whole activity or of its peak, else one per frame.
        NaN where the field is not defined (shielding in the cap).
    unit : as in `Measure`.
    """

    name: str
    model: str
    on: str
    values: np.ndarray
    unit: str
