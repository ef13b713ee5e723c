"""`femsim run`: what it hands to the run, and how it tells the numbers."""

import json
from types import MappingProxyType

import pytest

# A run that takes no time: the numbers come from here, everything around them is real.
STAND_IN = """
import sys, types
from dataclasses import dataclass
from pathlib import Path
@dataclass
class RunResult:
    folder: Path
    reused: bool
    summary: dict
def run(scenario, *, out, force, progress, within):
    progress("mesh")
    progress("strike intact")
    within("strike intact", 0.5, "30 of 60 ms, 4 steps/s")
    out.mkdir(exist_ok=True)
    print("chatter")
    measures = [
        dict(name="risk_factor", zone="neck", model="operated", value=0.512345, unit="-", note=""),
        dict(name="risk_factor", zone="neck", model="intact", value=0.25, unit="-", note=""),
        dict(name="risk_factor", zone="neck", model="change", value=0.262345, unit="-", note="higher is worse"),
        dict(name="cement_stress", zone="cement", model="operated", value=12.0, unit="MPa", note=""),
    ]
    summary = dict(
        name=scenario.name, disclaimer="Not a medical device.", measures=measures, warnings=["the cortex is thin"],
        bone=dict(
            mass_g=124.4, sound_mass_g=188.1, mean_density_g_per_cm3=0.571, sound_mean_density_g_per_cm3=0.864,
            notes=["Osteoporosis: density times 0.75."],
        ),
    )
    return RunResult(out / "walking-12345678", force, summary)
for name, members in {
    "femsim.run": dict(run=run),
    "femsim.view.pictures": dict(draw_all=lambda folder: [folder.parent / "cut.png"]),
    "femsim.view.report": dict(write=lambda folder: folder / "report.html", FILE="report.html"),
}.items():
    sys.modules[name] = types.ModuleType(name)
    vars(sys.modules[name]).update(members)
"""


def test_run_tells_measures_as_one_object(shell, walking):
    done = shell.python(STAND_IN, "run", walking, "--out", "here", "--json")
    record = json.loads(done.stdout)
    assert done.returncode == 0
    assert record["status"] == "complete"
    assert record["run"] == "here/walking-12345678"
    assert record["reused"] is False
    assert set(record["measures"][0]) >= {"name", "zone", "model", "value", "unit"}
    assert record["pictures"] == ["here/cut.png"]
    assert record["warnings"] == ["the cortex is thin"]


def test_run_tells_people_a_row_per_zone_with_units_and_the_folder(shell, walking):
    done = shell.python(STAND_IN, "run", walking, "--out", "here")
    rows = [line.split() for line in done.stdout.splitlines()]
    assert ["risk_factor", "neck", "0.5123", "0.25", "0.2623", "-"] in rows
    assert ["cement_stress", "cement", "12", "MPa"] in rows
    assert ["results:", "here/walking-12345678"] in rows
    assert "Not a medical device." in done.stdout
    assert "chatter" not in done.stdout
    assert done.stderr.splitlines() == ["chatter", "warning: the cortex is thin"]


def test_quiet_leaves_remarks_out(shell, walking):
    done = shell.python(STAND_IN, "run", walking, "-q")
    assert "warning" not in done.stderr
    assert "results:" in done.stdout


def test_verbose_times_every_stage_and_shows_notes(shell, walking):
    done = shell.python(STAND_IN, "run", walking, "-v")
    stages = [line.split()[0] for line in done.stderr.splitlines() if line.endswith(" s")]
    assert stages[-4:] == ["mesh", "strike", "pictures", "report"]
    assert "strike intact: 30 of 60 ms, 4 steps/s" in done.stderr.splitlines()
    assert "higher is worse" in done.stdout


@pytest.mark.parametrize(("option", "key", "value"), [("--force", "reused", True), ("--no-pictures", "pictures", [])])
def test_options_reach_the_run(shell, walking, option, key, value):
    done = shell.python(STAND_IN, "run", walking, option, "--json")
    assert json.loads(done.stdout)[key] == value


def test_demo_runs_the_walking_scenario(shell):
    done = shell.python(STAND_IN, "demo", "--set", "mesh.size_mm=5")
    assert done.returncode == 0
    assert "walking: computed" in done.stdout
    assert "runs/walking-12345678" in done.stdout


def test_run_tells_how_much_bone_there_is_and_what_ails_it(shell, walking):
    out = shell.python(STAND_IN, "run", walking, "--out", "here").stdout
    assert "bone:     124 g, mean 0.571 g/cm3 apparent (188 g and 0.864 g/cm3 before disease)" in out
    assert "          Osteoporosis: density times 0.75." in out


MEASURES_OF_A_STEM = [
    {"name": name, "zone": zone, "model": "operated", "value": value, "unit": unit, "note": ""}
    for name, zone, value, unit in (
        ("risk_factor_p99", "calcar", 0.5, "-"),
        ("risk_factor_p99", "gruen_7", 0.4, "-"),
        ("risk_factor_p99", "femur", 0.6, "-"),
        ("axial_share_bone", "section_stem_middle", 60.0, "%"),
        ("axial_share_stem", "section_stem_middle", 40.0, "%"),
        ("axial_share_bone", "section_mid_neck", 100.0, "%"),
        ("stress_von_mises_p99", "stem", 80.0, "MPa"),
    )
]


def told(measures, capsys, summary=MappingProxyType({})):
    from rich.console import Console

    from femsim.cli.outcome import _activities, _short_tables

    for part in _short_tables(measures, _activities(summary)):
        Console(width=200, highlight=False).print(part)
    return [line.split() for line in capsys.readouterr().out.splitlines()]


def test_zones_of_gruen_stand_for_those_of_the_shaft_where_there_is_a_stem(capsys):
    first = [row[0] for row in told(MEASURES_OF_A_STEM, capsys) if row]
    assert "gruen_7" in first and "calcar" not in first
    cap = [{**measure, "zone": measure["zone"].replace("stem", "cap")} for measure in MEASURES_OF_A_STEM]
    first = [row[0] for row in told(cap, capsys) if row]
    assert "calcar" in first and "gruen_7" not in first


def test_sections_that_the_implant_crosses_tell_what_each_part_carries(capsys):
    rows = told(MEASURES_OF_A_STEM, capsys)
    assert ["section_stem_middle", "60", "40"] in rows
    assert not any(row[:1] == ["section_mid_neck"] for row in rows)


def activity(name="walking", *, often=None, times=(4.087, 4.0869), zones=("shaft_distal", "shaft_distal"), mass=306.5):
    """An entry of summary["activities"]."""
    models = {
        model: {
            "risk_factor_max": 1 / factor if factor else 0.0, "instant": 18.0, "zone": zone, "load_to_yield": factor,
            "body_mass_to_yield_kg": mass,
        }
        for model, factor, zone in zip(("operated", "intact"), times, zones)
    }  # fmt: skip
    return {
        "activity": name, "cycles_per_day": often, "n_frames": 20, "instant_unit": "% gait cycle", "duration_s": 1.1,
        "hip_peak_n": 1748.64, "hip_peak_percent_bw": 237.75, "models": models, "sources": ["Somebody 2001"],
    }  # fmt: skip


def summary_of(*activities, regions=("bone_kept", "cap")):
    return {"activities": activities, "models": {"operated": {"regions": regions}}}


def lines(summary, capsys):
    return [" ".join(row) for row in told(MEASURES_OF_A_STEM, capsys, summary)]


@pytest.mark.parametrize(
    ("summary", "line"),
    [
        (
            summary_of(activity()),
            "load to yield 4.1 × (operated), 4.1 × (intact), at 18 % gait cycle in shaft_distal",
        ),
        (
            summary_of(activity(times=(4.5, 5.3), zones=("neck", "calcar"))),
            "load to yield 4.5 × (operated, at 18 % gait cycle in neck), 5.3 × (intact, at 18 % gait cycle in calcar)",
        ),
        (
            summary_of(activity(), regions=("bone_kept", "bone_removed")),
            "load to yield 4.1 × (intact), at 18 % gait cycle in shaft_distal",
        ),
        (summary_of(activity(times=(None, None))), "load to yield: nothing is strained"),
    ],
)
def test_one_activity_is_a_line_on_what_its_load_may_grow_to(summary, line, capsys):
    assert line in lines(summary, capsys)


def test_a_routine_is_a_table_after_the_zones(capsys):
    summary = summary_of(activity(), activity(often=3000.0), activity("fall", times=(2.0, 2.5), mass=None))
    found = lines(summary, capsys)
    walking = [line for line in found if line.startswith("walking")]
    assert walking == ["walking 3000 1749 237.8 operated 0.2447 4.087 306.5 at 18 % gait cycle in shaft_distal"]
    assert "fall - 1749 237.8 operated 0.5 2 - at 18 % gait cycle in shaft_distal" in found
    assert "intact 0.4 2.5 - at 18 % gait cycle in shaft_distal" in found
    femur = next(row for row, line in enumerate(found) if line.startswith("femur"))
    assert (
        femur < found.index(walking[0]) < next(row for row, line in enumerate(found) if line.startswith("load through"))
    )


def test_a_run_of_an_older_femsim_says_nothing_of_activities(capsys):
    assert not any("yield" in line for line in lines({}, capsys))
