"""Legend and plots are those of the numbers."""

import re

import numpy as np
import pytest
from matplotlib.colors import to_hex

from femsim.view.field_scale import field_scale
from femsim.view.viewer.drawn import TALL, WIDE, cursor_at, forces_of, legend_of, path_of, plot_of
from femsim.view.viewer.opened import OpenedRun
from femsim.view.viewer.reading import Profile


@pytest.mark.parametrize("name, values", [("risk_factor", []), ("stress", [np.linspace(-3.0, 9.0, 50)])])
def test_every_colour_of_a_legend_has_its_lower_bound_beside_it(name, values):
    scale = field_scale(name, "MPa", values)
    rows = legend_of(scale)["rows"]
    bounds, colours = scale.scale.bounds, scale.scale.colours
    steps = rows[1 : 1 + len(colours)][::-1]
    assert [row["tick"] for row in steps] == [f"{bound:g}" for bound in bounds[:-1]]
    assert [row["colour"] for row in steps] == [to_hex(colour) for colour in colours]
    assert rows[0] == {"colour": to_hex(scale.scale.above), "tick": f"{bounds[-1]:g}"}
    assert (len(rows) == len(colours) + 2) == (scale.scale.below is not None)


def test_changes_are_told_in_percent_with_their_sign():
    legend = legend_of(field_scale("shielding_change", "-", []))
    assert "[%]" in legend["title"] and any(row["tick"].startswith("+") for row in legend["rows"])


def test_a_path_goes_from_corner_to_corner_and_breaks_where_nothing_is_known():
    path = path_of([0, 1, 2, 3], [0.0, np.nan, 1.0, 2.0], (0, 3), (0.0, 2.0))
    points = [(kind, float(x), float(y)) for kind, x, y in re.findall(r"([ML])([\d.]+) ([\d.]+)", path)]
    assert points[0] == ("M", 0.0, TALL) and points[-1] == ("L", WIDE, 0.0)
    assert [kind for kind, _, _ in points] == ["M", "M", "L"]


def test_the_forces_of_the_activity_are_those_that_were_saved(saved):
    run = OpenedRun(saved)
    plot = forces_of(run, "activity")
    loads = run.told["loads"]
    assert [line["name"].split(",")[0] for line in plot["lines"]] == ["hip", "abductor"]
    highest = min(float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", plot["lines"][0]["path"]))
    top = float(plot["top"].split()[0])
    assert top * (1 - highest / TALL) == pytest.approx(max(loads["force_n"]["hip"]), rel=2e-3)
    assert plot["first"] == "0" and plot["last"] == "80 % gait cycle"


def test_the_cursor_stands_at_the_instant():
    assert cursor_at((3.0, 98.0), 3.0) == 0.0 and cursor_at((3.0, 98.0), 98.0) == WIDE
    assert cursor_at((0.0, 0.0), 0.0) == 0.0


def test_an_impact_is_plotted_in_milliseconds(saved):
    plot = forces_of(OpenedRun(saved), "impact")
    assert plot["last"] == "40 ms" and plot["ends"] == (0.0, 0.04)
    assert {line["name"].split(",")[0] for line in plot["lines"]} >= {"operated floor", "intact hip"}


def test_a_fracture_is_plotted_over_its_states(saved):
    plot = forces_of(OpenedRun(saved), "failure")
    assert plot["last"] == "6 states" and plot["ends"] == (0.0, 6.0)


def test_a_profile_tells_its_ends():
    plot = plot_of(Profile(np.array([0.0, 10.0, 20.0]), np.array([0.5, np.nan, -0.25])), 100.0, "%")
    assert (plot["top"], plot["bottom"], plot["length"]) == ("50 %", "-25", "20.0 mm")
    assert plot_of(Profile(np.array([0.0, 1.0]), np.array([np.nan, np.nan])), 1.0, "-") == {}
