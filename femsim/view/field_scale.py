"""In which colours a field is shown: one scale for all that is drawn together."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from femsim.errors import UsageError
from femsim.view.figures.change import CHANGE_STEPS, scale_of_change
from femsim.view.figures.damage import scale_of_damage
from femsim.view.figures.density import STEPS as DENSITY_STEPS
from femsim.view.figures.risk import scale_of_risk
from femsim.view.sheet import Scale, stepped

N_STEPS = 10
ABOVE, BELOW = (0.85, 0.0, 0.55), (0.45, 0.45, 0.5)
HOT, COLD = (0.35, 0.0, 0.10), (0.02, 0.10, 0.30)
CHANGE = "_change"  # shares that are shown in %
SEQUENTIAL, DIVERGING = "viridis", "RdBu_r"  # even to the eye, and told apart by the colour-blind


@dataclass(frozen=True)
class FieldScale:
    """A scale, and by what the values of a field are multiplied before they are looked up in it."""

    scale: Scale
    factor: float = 1.0
    ticks: tuple[str, ...] | None = None

    @property
    def labels(self) -> list[str]:
        """What stands beside each bound."""
        return list(self.ticks or [f"{bound:g}" for bound in self.scale.bounds])


def field_scale(
    name: str,
    unit: str,
    values: Iterable[np.ndarray],
    *,
    difference: bool = False,
    limits: tuple[float, float] | None = None,
) -> FieldScale:
    """The scale of a field.

    Risk, changes, damage and density always have the same; others reach from their 1st to their 99th percentile.

    Parameters
    ----------
    values : arrays of all that will be shown, NaN where it is not defined; looked at where nobody knows the field.
    difference : operated less intact: white is none.
    limits : lowest and highest value of the scale, in its unit; what lies beyond has a colour of its own.

    Raises
    ------
    UsageError
        Where the limits are no range.
    """
    words = name.replace("_", " ")
    if name.endswith(CHANGE) and not difference:
        title = f"{words} [%]"
        if limits is None:
            return FieldScale(scale_of_change(title), 100.0, tuple(f"{step:+d}" for step in CHANGE_STEPS))
        return FieldScale(_stepped(title, *_range(limits), signed=True), 100.0)
    if difference:
        low, high = _range(limits) if limits else _even(values)
        return FieldScale(_stepped(f"{words},\noperated - intact [{unit}]", low, high, signed=True))
    if limits is None and (known := _known(name)):
        return FieldScale(known)
    low, high = _range(limits) if limits else _spread(values)
    # Nothing lies below a zero that no value goes below; the colours say so by having no end there.
    two_sided = min(-low, high) > 0.2 * max(-low, high)
    return FieldScale(_stepped(f"{words} [{unit}]", low, high, signed=two_sided))


def _known(name: str) -> Scale | None:
    if name in ("risk_factor", "risk_factor_envelope"):
        return scale_of_risk()
    if name == "damage":
        return scale_of_damage()
    if name == "density":
        return stepped("apparent density\n[g/cm³]", DENSITY_STEPS, "cividis")
    return None


def _stepped(title: str, low: float, high: float, *, signed: bool) -> Scale:
    from matplotlib.ticker import MaxNLocator

    bounds = MaxNLocator(N_STEPS, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    # Limits that were given stay what they are; the steps between them are round.
    inside = bounds[(bounds > low + 0.02 * (high - low)) & (bounds < high - 0.02 * (high - low))]
    bounds = np.array([low, *inside, high])
    if signed:
        # Colours by the distance from zero, so that white is where nothing is.
        import matplotlib

        middles = 0.5 * (bounds[1:] + bounds[:-1])
        places = 0.5 + 0.45 * middles / max(abs(low), abs(high))
        return Scale(title, bounds, matplotlib.colormaps[DIVERGING](places)[:, :3], HOT, COLD)
    return stepped(title, bounds, SEQUENTIAL, above=ABOVE, below=BELOW if low else None)


def _range(limits: tuple[float, float]) -> tuple[float, float]:
    low, high = limits
    if not (np.isfinite([low, high]).all() and low < high):
        raise UsageError(
            f"The colours cannot reach from {low:g} to {high:g}.",
            where="--range",
            remedy="give the lower limit first, such as --range 0,0.5",
        )
    return float(low), float(high)


def _finite(values: Iterable[np.ndarray]) -> np.ndarray:
    all_values = np.concatenate([np.ravel(np.asarray(one, float)) for one in values])
    return all_values[np.isfinite(all_values)]


def _spread(values: Iterable[np.ndarray]) -> tuple[float, float]:
    known = _finite(values)
    if not len(known):
        return 0.0, 1.0
    low, high = np.percentile(known, (1, 99))
    low = 0.0 if 0 <= low < 0.3 * high else float(low)
    if high - low <= 1e-12 * max(abs(low), abs(high), 1e-300):
        return (float(low) - 0.5 * abs(low), float(low) + 0.5 * abs(low)) if low else (0.0, 1.0)
    return _rounded(low, float(high))


def _even(values: Iterable[np.ndarray]) -> tuple[float, float]:
    known = _finite(values)
    size = float(np.percentile(np.abs(known), 99)) if len(known) else 0.0
    size = _rounded(0.0, size)[1] if size > 0 else 1.0
    return -size, size


def _rounded(low: float, high: float) -> tuple[float, float]:
    """A range of round numbers that holds it."""
    from matplotlib.ticker import MaxNLocator

    ticks = MaxNLocator(N_STEPS, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    return float(ticks[0]), float(ticks[-1])
