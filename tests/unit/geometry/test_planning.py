"""The numbers of a surgical plan: angles, the joint, the bone that is taken, what stem and bed touch."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from femsim.anatomy.femur import Femur
from femsim.anatomy.parametric import ParametricFemur
from femsim.errors import GeometryError
from femsim.geometry.planning import NUMBERS, plan
from femsim.implants import IMPLANTS, Intact, MidHeadResection, ResurfacingCap, Stemmed
from femsim.implants.solids import moved
from femsim.mesh.surface import enclosed_volume
from femsim.scenario.reading import load


@dataclass(frozen=True)
class Made:
    """A femur that is there already."""

    femur: Femur

    def shape(self) -> Femur:
        return self.femur


@pytest.fixture(scope="module")
def femur():
    return ParametricFemur(shaft_length_mm=230.0).shape()


@pytest.fixture(scope="module")
def planned(femur, root):
    """Implant → its plan, each made once."""
    scenario, known = load(root / "scenarios" / "walking.toml"), {}

    def of(implant):
        if implant not in known:
            known[implant] = plan(replace(scenario, femur=Made(femur), implant=implant))
        return known[implant]

    return of


CAP = ResurfacingCap(head_diameter_mm=48.0)


@dataclass(frozen=True)
class Far:
    """A cap that misses the bone."""

    def place(self, femur):
        return moved(CAP.place(femur), np.array([0.0, 0.0, 200.0]))


@pytest.mark.parametrize("name", [name for name, kind in IMPLANTS.items() if kind is not Intact])
def test_kept_and_removed_bone_are_the_femur(planned, femur, name):
    made = planned(IMPLANTS[name]())
    assert made.kind == name
    parts = enclosed_volume(made.kept) + enclosed_volume(made.removed)
    assert parts == pytest.approx(enclosed_volume(femur.surface), rel=1e-6)
    assert enclosed_volume(made.removed) / 1000 == pytest.approx(made.numbers["bone_removed_cm3"], rel=1e-6)


def test_without_an_implant_nothing_is_removed_and_nothing_moves(planned):
    made = planned(Intact())
    assert made.numbers["bone_removed_cm3"] == 0 and made.numbers["head_neck_removed_percent"] == 0
    assert made.removed.n_triangles == 0 and made.new_head is None and not made.pieces
    assert made.numbers["stem_shaft_angle_deg"] is None and made.warnings == ()


def test_every_number_has_its_words_and_its_unit(planned):
    assert list(planned(CAP).numbers) == list(NUMBERS)


@pytest.mark.parametrize("implant", (ResurfacingCap(), MidHeadResection(), Stemmed()), ids=("cap", "mid-head", "stem"))
def test_the_natural_centre_is_restored_by_default(planned, implant):
    told = planned(implant).numbers
    changes = [told[key] for key in ("leg_length_change_mm", "offset_change_mm", "anterior_change_mm")]
    assert changes == pytest.approx([0, 0, 0], abs=1e-9)


def test_a_deeper_cap_moves_the_joint_down_its_axis(planned, femur):
    told = planned(replace(CAP, depth_mm=3.0)).numbers
    lateral, anterior, up = -3.0 * femur.landmarks.neck_axis
    assert told["leg_length_change_mm"] == pytest.approx(up)
    assert told["offset_change_mm"] == pytest.approx(-lateral)
    assert told["anterior_change_mm"] == pytest.approx(anterior)
    assert told["centre_moved_mm"] == pytest.approx(3.0)


@pytest.mark.parametrize("tilt", [-10.0, 0.0, 10.0])
def test_the_stem_shaft_angle_is_the_necks_plus_the_tilt(planned, tilt):
    told = planned(replace(CAP, varus_valgus_deg=tilt)).numbers
    assert told["stem_shaft_angle_deg"] == pytest.approx(told["neck_shaft_angle_deg"] + tilt)
    assert told["varus_valgus_deg"] == pytest.approx(tilt)


def test_tilt_and_version_come_out_as_they_went_in(planned):
    told = planned(replace(CAP, varus_valgus_deg=-6.0, version_deg=7.0)).numbers
    assert (told["varus_valgus_deg"], told["version_deg"]) == pytest.approx((-6.0, 7.0))
    assert told["implant_anteversion_deg"] > told["anteversion_deg"]


@pytest.mark.parametrize("tilt", [-2.0, 1.5])
def test_a_tilted_stem_tilts_its_neck_by_as_much(planned, tilt):
    told = planned(Stemmed(varus_valgus_deg=tilt)).numbers
    assert told["stem_tilt_deg"] == pytest.approx(tilt)
    assert told["stem_shaft_angle_deg"] == pytest.approx(125.0 + tilt)


def test_a_turned_stem_brings_its_neck_forward_by_as_much(planned):
    straight, turned = (planned(Stemmed(version_deg=version)).numbers for version in (0.0, 10.0))
    assert turned["implant_anteversion_deg"] == pytest.approx(straight["implant_anteversion_deg"] + 10.0)


@pytest.mark.parametrize(
    "implant, source", [(ResurfacingCap(), "rule"), (CAP, "given"), (Stemmed(), "default"), (Intact(), "")]
)
def test_it_says_how_the_size_was_chosen(planned, implant, source):
    assert planned(implant).size_from == source


@pytest.mark.parametrize("depth", [2.0, 4.0])
def test_the_notch_is_about_as_deep_as_it_was_asked_for(planned, depth):
    made = planned(replace(CAP, notch_mm=depth))
    # Asked for across the implant's axis, measured to the nearest bone surface, at the deepest place of the groove.
    assert made.numbers["notch_mm"] == pytest.approx(depth, abs=0.5)
    assert any("notch" in warning for warning in made.warnings)


def test_a_cap_off_the_head_leaves_bed_bare_and_overhangs(planned):
    right, shifted = (planned(replace(CAP, superior_shift_mm=shift)).numbers for shift in (0.0, 4.0))
    assert shifted["bed_uncovered_percent"] > right["bed_uncovered_percent"]
    assert shifted["rim_overhang_mm"] == pytest.approx(right["rim_overhang_mm"] + 4.0, abs=1.5)


def test_a_cap_takes_less_of_head_and_neck_than_a_mid_head_resection_and_a_stem_nearly_all(planned):
    shares = [
        planned(implant).numbers["head_neck_removed_percent"]
        for implant in (ResurfacingCap(), MidHeadResection(), Stemmed())
    ]
    assert shares == sorted(shares) and shares[0] > 15 and 90 < shares[2] < 100


def test_a_thicker_stem_comes_nearer_to_the_outside_and_touches_more_cortex(planned):
    thin, thick = (planned(Stemmed(distal_diameter_mm=size)).numbers for size in (10.0, 16.0))
    assert thick["bone_beside_stem_mm"] < thin["bone_beside_stem_mm"]
    assert thick["stem_on_cortex_percent"] > thin["stem_on_cortex_percent"] > 0


def test_the_tip_of_a_longer_stem_is_nearer_to_the_bones_end(planned):
    short, long = (planned(Stemmed(stem_length_mm=length)).numbers for length in (120.0, 140.0))
    assert short["tip_to_end_mm"] - long["tip_to_end_mm"] == pytest.approx(20.0)


def test_what_is_put_in_has_its_weight(planned):
    ball = planned(Stemmed()).pieces["head"]
    assert ball.mass == pytest.approx(8.3 * ball.volume)
    assert ball.volume < 4 / 3 * np.pi * 1.8**3 < 1.3 * ball.volume  # a ball of 36 mm with a hole for the taper


@pytest.mark.parametrize(
    "implant, says",
    [
        (Stemmed(stem_length_mm=250.0), r"too long for this bone.*z = -\d+ mm"),
        (ResurfacingCap(head_diameter_mm=38.0), r"too small for this neck"),
        (Far(), r"does not meet the bone"),
    ],
)
def test_what_a_run_would_refuse_is_refused(planned, implant, says):
    with pytest.raises(GeometryError, match=says):
        planned(implant)


def test_an_implant_in_elements_that_are_kept_is_refused(femur, root):
    scenario = load(root / "scenarios" / "walking.toml")
    with pytest.raises(GeometryError, match="kept as they are"):
        plan(replace(scenario, femur=Made(replace(femur, mesh=object()))))


def test_an_osteoporotic_cortex_is_touched_less(femur, root):
    file, stem = root / "scenarios" / "walking.toml", Stemmed(distal_diameter_mm=14.0)
    sound, thin = (
        plan(replace(load(file, sets), femur=Made(femur), implant=stem)).numbers["stem_on_cortex_percent"]
        for sets in ((), ("bone.osteoporosis={}",))
    )
    assert thin < sound
