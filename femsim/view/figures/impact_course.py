"""How an impact goes: forces and the risk factor of the bone over time, operated against intact."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from femsim.results import impact
from femsim.view.canvas import Canvas
from femsim.view.figures.risk_course import COLOURS, DASHES
from femsim.view.scene import Scene
from femsim.view.sheet import FAINT, SMALL, TEXT, Sheet

WIDTH, HEIGHT = 5.6, 2.3  # inches of a panel
LOW, BETWEEN = 0.8, 0.3
THIN = 0.9  # line width of the forces beside the one that leads
HIGHEST = 2.0  # risk factor that is drawn: 1 is yield


@dataclass(frozen=True)
class ImpactCourse:
    """Forces above, the largest risk factor of the femur below, on one axis of time."""

    title = "The impact over time"

    def needs(self, scene: Scene) -> str:
        """Empty, or why this cannot be drawn."""
        return "" if scene.told.get("impact") else "the run has no impact"

    def caption(self, scene: Scene) -> str:
        """What one sees."""
        return (
            f"{_blow(scene)} Above: forces over time, compression positive; thick: of the {_leading(scene)}. Below: "
            "the largest risk factor of the kept bone, of strain averaged over spheres of 2 mm, at the instants whose "
            "fields are kept; bone reaches its limit of strain at 1. Dots: the largest values."
        ).strip()

    def draw(self, scene: Scene, canvas: Canvas) -> Sheet:
        """The page."""
        written, told = impact.read_csv(scene.folder), scene.told["impact"]["models"]
        leading = _leading(scene)
        sheet = Sheet(0.8 + WIDTH + 2.6, LOW + 2 * HEIGHT + BETWEEN + 0.8)
        sheet.title(self.title, f"{scene.told['name']}. {_blow(scene)}")
        above = sheet.axes(0.75, LOW + HEIGHT + BETWEEN, WIDTH, HEIGHT)
        below = sheet.axes(0.75, LOW, WIDTH, HEIGHT)
        for name, one in written.items():
            looks = {"color": COLOURS[name], "linestyle": DASHES[name]}
            for force, values in one.forces.items():
                above.plot(1e3 * one.times, values / 1e3, linewidth=2.0 if force == leading else THIN, **looks)
                if name == next(iter(written)):
                    _named(above, force, 1e3 * one.times, values / 1e3, force == leading)
            dot = {"marker": "o", "markersize": 5, "color": COLOURS[name], "markeredgecolor": "white", "zorder": 5}
            above.plot(1e3 * told[name]["peak_time_s"][leading], told[name]["peak_force_n"][leading] / 1e3, **dot)
            below.plot(1e3 * one.times[one.frames], one.risk, linewidth=2.0, **looks)
            below.plot(1e3 * told[name]["risk_time_s"], told[name]["risk_factor_max"], **dot)
        below.axhline(1.0, color="#1a1a1a", linewidth=0.8, linestyle=":")
        end = 1e3 * max(float(one.times[-1]) for one in written.values())
        for axes, words in ((above, "force [kN]"), (below, "risk factor [-]")):
            axes.set_xlim(0, end)
            axes.set_ylabel(words, size=SMALL)
            axes.tick_params(labelsize=SMALL)
            axes.spines[["top", "right"]].set_visible(False)
        above.tick_params(labelbottom=False)
        above.axhline(0.0, color=FAINT, linewidth=0.6)
        # Strain in a crack is without bounds and would press all before it flat.
        below.set_ylim(0, 1.1 * min(HIGHEST, max(1.0, *(float(one.risk.max()) for one in written.values()))))
        below.set_xlabel("time [ms]", size=SMALL)
        self._key(sheet, scene)
        others = [force for force in next(iter(written.values())).forces if force != leading]
        thin = f" Thin: {', '.join(others)}." if others else ""
        sheet.text(0.15, 0.15, f"Thick: force of the {leading}.{thin}", SMALL, color=FAINT)
        return sheet

    def _key(self, sheet: Sheet, scene: Scene) -> None:
        left, top = 0.75 + WIDTH + 0.25, LOW + 2 * HEIGHT + BETWEEN - 0.15
        for name, told in scene.told["impact"]["models"].items():
            force = told["leading_force"]
            sheet.stroke(left, top + 0.05, 0.35, COLOURS[name], DASHES[name], 2.0)
            sheet.text(left + 0.45, top, name.capitalize(), TEXT, weight="bold")
            lines = (
                f"{force}: {told['peak_force_n'][force]:.0f} N at {1e3 * told['peak_time_s'][force]:.1f} ms",
                f"risk factor {told['risk_factor_max']:.2f} at {1e3 * told['risk_time_s']:.1f} ms",
                f"in {told['risk_zone'].replace('_', ' ')}",
                f"energy error {100 * told['energy_error']:.2g} %",
            )
            for line in lines:
                top -= 0.21
                sheet.text(left, top, line, SMALL)
            top -= 0.41


def _named(axes: Any, force: str, times: np.ndarray, values: np.ndarray, leads: bool) -> None:
    """The name of a force where it is largest: that of the one that leads above its curve, others below."""
    row, away = int(np.abs(values).argmax()), {"textcoords": "offset points", "size": SMALL, "ha": "center"}
    axes.annotate(force, (times[row], values[row]), (0, 7 if leads else -4), va="bottom" if leads else "top", **away)


def _blow(scene: Scene) -> str:
    return scene.told["impact"]["setting"].get("blow", "")


def _leading(scene: Scene) -> str:
    return next(iter(scene.told["impact"]["models"].values()))["leading_force"]
