"""The density field without a CT."""

import dataclasses

import numpy as np
import pytest

from femsim.anatomy.density.rule import DensityRule, cortical_thickness, density_at, trabecular_density
from femsim.anatomy.femur import Femur
from femsim.anatomy.neck_frame import neck_frame
from femsim.mesh.surface import centroids

FIELD = DensityRule()


def _inward(femur, depths, every=40):
    """(k, d, 3) places at depths [mm] below the middles of triangles of the outer surface, away from the cut."""
    surface = femur.surface
    rows = np.flatnonzero((surface.labels == 0) & (centroids(surface)[:, 2] > surface.points[:, 2].min() + 10))[::every]
    a, b, c = (surface.points[surface.triangles[rows, k]] for k in range(3))
    normal = np.cross(b - a, c - a)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    return centroids(surface)[rows][:, None] - np.asarray(depths)[None, :, None] * normal[:, None]


def test_bone_is_cortical_just_below_the_surface(toy_femur):
    places = _inward(toy_femur, [0.2]).reshape(-1, 3)
    assert density_at(FIELD, toy_femur, places) == pytest.approx(FIELD.cortical_density_g_per_cm3, abs=1e-9)


def test_density_never_rises_with_depth_through_the_cortex(toy_femur):
    # Past the shell the trabecular columns may rise again; within the thinnest cortex plus its transition nothing may.
    thin = dataclasses.replace(
        FIELD, compressive_column_g_per_cm3=0, tensile_band_g_per_cm3=0, trochanteric_band_g_per_cm3=0
    )
    places = _inward(toy_femur, np.linspace(0.05, 3.0, 25))
    density = density_at(thin, toy_femur, places.reshape(-1, 3)).reshape(places.shape[:2])
    assert (np.diff(density, axis=1) < 0.02).all()


def test_density_stays_between_marrow_and_cortex(toy_femur):
    places = _inward(toy_femur, np.linspace(0, 14, 29)).reshape(-1, 3)
    density = density_at(FIELD, toy_femur, places)
    assert density.min() >= FIELD.marrow_density_g_per_cm3 - 1e-12
    assert density.max() <= FIELD.cortical_density_g_per_cm3 + 1e-12


def test_the_flat_cut_has_no_cortex(toy_femur):
    marks = toy_femur.landmarks
    canal = np.array([[marks.shaft_point[0], 0.0, toy_femur.surface.points[:, 2].min() + 0.3]])
    assert density_at(FIELD, toy_femur, canal) == pytest.approx(FIELD.marrow_density_g_per_cm3)


def test_front_and_back_of_a_symmetric_femur_are_alike(toy_femur):
    places = np.random.default_rng(2).uniform((-20, 0, -130), (60, 14, 20), (2000, 3))
    mirrored = places * (1, -1, 1)
    assert trabecular_density(FIELD, toy_femur.landmarks, places) == pytest.approx(
        trabecular_density(FIELD, toy_femur.landmarks, mirrored), abs=1e-9
    )


def test_cortex_is_thin_above_thick_below_the_neck_and_thickest_at_the_shaft(toy_femur):
    marks, neck = toy_femur.landmarks, neck_frame(toy_femur.landmarks)
    middle = 0.5 * (neck.head_level + neck.base_level) * neck.along
    feet = np.stack(
        [
            middle + marks.neck_radius * neck.superior,
            middle - marks.neck_radius * neck.superior,
            marks.shaft_point + np.array([14.0, 0, -15.0]),
            marks.head_radius * neck.along,
            marks.greater_trochanter_tip - np.array([12.0, 0, 2.0]),
        ]
    )
    superior, inferior, shaft, head, trochanter = cortical_thickness(FIELD, marks, feet)
    assert 0.5 <= superior <= 2.0
    assert 3.5 <= inferior <= 6.0
    assert 5.0 <= shaft <= 8.0
    assert 1.0 <= head <= 2.0
    assert 1.0 <= trochanter <= 2.0


def test_wards_triangle_is_emptier_than_the_columns_around_it(toy_femur):
    marks, neck = toy_femur.landmarks, neck_frame(toy_femur.landmarks)
    ward = (neck.base_level - 2.0) * neck.along
    column = 0.45 * marks.head_radius * marks.shaft_axis
    trochanter = marks.greater_trochanter_tip - (0, 0, 12.0)
    low, high, lateral = trabecular_density(FIELD, marks, np.stack([ward, column, trochanter]))
    assert 0.1 <= low <= 0.3
    assert high >= 0.6
    assert lateral <= 0.35


def test_the_tensile_band_runs_from_the_lateral_cortex_over_the_neck_to_the_inferior_head(toy_femur):
    marks, neck = toy_femur.landmarks, neck_frame(toy_femur.landmarks)
    radius = marks.head_radius
    with_band, without = FIELD, dataclasses.replace(FIELD, tensile_band_g_per_cm3=0)
    on_it = np.stack(
        [
            (marks.shaft_point[0] + 0.5 * radius, 0.0, 0.7 * marks.lesser_trochanter[2]),
            marks.neck_centre + 0.55 * marks.neck_radius * neck.superior,
            0.6 * radius * (0.35 * neck.along - 0.55 * neck.superior),
        ]
    )
    off_it = np.stack([-0.7 * marks.neck_radius * neck.superior + marks.neck_centre, 0.8 * radius * neck.superior])
    added = [trabecular_density(with_band, marks, p) - trabecular_density(without, marks, p) for p in (on_it, off_it)]
    assert added[0].min() > 0.5 * FIELD.tensile_band_g_per_cm3
    assert added[1].max() < 0.2 * FIELD.tensile_band_g_per_cm3


def test_mean_density_of_the_head_is_that_of_femoral_heads(toy_femur):
    places = np.random.default_rng(3).normal(0, 8, (4000, 3))
    places = places[np.linalg.norm(places, axis=1) < 0.85 * toy_femur.landmarks.head_radius]
    # 353 ± 172 mg/cm³ mineral (OA head, Haba 2012) over 0.6 is 0.59 apparent.
    assert 0.5 <= trabecular_density(FIELD, toy_femur.landmarks, places).mean() <= 0.7


def test_the_trabecular_field_scales_with_the_femur(toy_femur):
    factor, marks = 0.8, toy_femur.landmarks
    places = ("neck_centre", "shaft_point", "greater_trochanter_tip", "lesser_trochanter")
    lengths = {name: factor * getattr(marks, name) for name in (*places, "head_radius", "neck_radius", "offset_mm")}
    small = dataclasses.replace(marks, **lengths)
    places = np.random.default_rng(4).uniform((-20, -14, -130), (60, 14, 20), (500, 3))
    assert trabecular_density(FIELD, small, factor * places) == pytest.approx(
        trabecular_density(FIELD, marks, places), abs=1e-9
    )


def test_the_order_of_triangles_changes_nothing(toy_femur):
    order = np.random.default_rng(5).permutation(toy_femur.surface.n_triangles)
    surface = dataclasses.replace(
        toy_femur.surface, triangles=toy_femur.surface.triangles[order], labels=toy_femur.surface.labels[order]
    )
    shuffled = Femur(surface, toy_femur.landmarks, "right", np.eye(4))
    places = _inward(toy_femur, [0.5, 1.5, 4.0]).reshape(-1, 3)
    assert density_at(FIELD, shuffled, places) == pytest.approx(density_at(FIELD, toy_femur, places), abs=1e-9)


def test_condyles_are_thin_walled_and_filled_and_the_shaft_above_is_not(toy_femur):
    marks, knee = toy_femur.landmarks, -430.0
    x = marks.shaft_point[0]
    condyle, shaft = (np.array([[x, 0.0, height]]) for height in (knee + 20.0, knee + 200.0))
    assert cortical_thickness(FIELD, marks, condyle, knee) == pytest.approx(FIELD.cortex_condyle_mm)
    assert trabecular_density(FIELD, marks, condyle, knee) == pytest.approx(FIELD.condyle_density_g_per_cm3)
    assert cortical_thickness(FIELD, marks, shaft, knee) == pytest.approx(FIELD.cortex_shaft_mm)
    assert trabecular_density(FIELD, marks, shaft, knee) == pytest.approx(FIELD.marrow_density_g_per_cm3)
    # A femur that ends in its shaft has no condyles, however long it is.
    assert cortical_thickness(FIELD, marks, condyle) == pytest.approx(FIELD.cortex_shaft_mm)


def test_a_femur_with_condyles_is_mapped_with_them(toy_femur):
    place = np.array([[toy_femur.landmarks.shaft_point[0], 0.0, -120.0]])  # deep in the canal
    raised = dataclasses.replace(toy_femur, knee_height=-150.0)
    assert density_at(FIELD, toy_femur, place) == pytest.approx(FIELD.marrow_density_g_per_cm3)
    assert density_at(FIELD, raised, place) > 0.9 * FIELD.condyle_density_g_per_cm3
