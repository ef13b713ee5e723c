"""An inner surface of the cortex: cortex is what lies outside it."""

import numpy as np
import pytest

from femsim.anatomy.density.rule import DensityRule
from femsim.anatomy.parametric import ParametricFemur
from femsim.anatomy.surface_file import SurfaceFemur
from femsim.errors import SurfaceError
from femsim.mesh.files import write_stl
from femsim.mesh.isosurface import isosurface
from femsim.mesh.signed import signed_distance
from femsim.mesh.surface import Surface

THICK = 3.0


@pytest.fixture(scope="module")
def bone():
    return ParametricFemur(shaft_length_mm=160.0).shape().surface


@pytest.fixture(scope="module")
def inner(bone):
    low, high = bone.points.min(axis=0) - 3, bone.points.max(axis=0) + 3
    return isosurface(lambda p: signed_distance(bone, p) + THICK, low, high, 2.5, sweeps=2)


@pytest.fixture(scope="module")
def files(bone, inner, tmp_path_factory):
    folder = tmp_path_factory.mktemp("inner")
    write_stl(folder / "outer.stl", bone)
    write_stl(folder / "inner.stl", inner)
    write_stl(folder / "away.stl", Surface(inner.points + np.array([12.0, 0, 0]), inner.triangles))
    return folder


@pytest.fixture(scope="module")
def femur(files):
    return SurfaceFemur(file=files / "outer.stl", inner_file=files / "inner.stl").shape()


def test_the_thickness_that_was_made_is_told(femur):
    note = next(note for note in femur.notes if "Cortex between" in note)
    words = note.split()
    assert float(words[words.index("median") + 1]) == pytest.approx(THICK, abs=0.15)


def test_bone_is_cortical_outside_the_inner_surface_and_not_inside(femur):
    rule = DensityRule()
    points = np.random.default_rng(0).uniform([-20, -20, -120], [60, 20, 10], (4000, 3))
    points = points[signed_distance(femur.surface, points) < -0.2]
    depth = signed_distance(femur.inner_surface, points)
    density = rule.mapped(femur).at(points)
    half = rule.transition_mm / 2
    assert density[depth > half] == pytest.approx(rule.cortical_density_g_per_cm3)
    assert density[depth < -half].max() < 1.2  # trabecular columns
    assert (depth > half).sum() > 100 < (depth < -half).sum()


def test_the_map_says_that_the_thickness_keys_do_not_count(femur):
    assert "cortex_" in " ".join(DensityRule().mapped(femur).notes)


def test_an_inner_surface_of_another_bone_is_refused(files):
    with pytest.raises(SurfaceError, match="does not lie inside") as caught:
        SurfaceFemur(file=files / "outer.stl", inner_file=files / "away.stl").shape()
    assert "away.stl" in caught.value.where


def test_a_real_inner_surface_that_pokes_out_a_little_is_taken(shared_data):
    folder = shared_data / "femur_gfxmorph"
    femur = SurfaceFemur(file=folder / "femur.stl", inner_file=folder / "femur_cortex.stl").shape()
    said = " ".join(femur.notes)
    assert "outside the bone" in said and "Cortex between" in said
    assert femur.inner_surface is not None
