"""What a scenario says of how the implant holds becomes the two models."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial import cKDTree

from femsim.analyses.static import prepare_static
from femsim.build import build, oriented, pair_of_models
from femsim.errors import ModelError
from femsim.fem.geometry import integration_points
from femsim.geometry.made import femur_and_twin
from femsim.materials import SOLIDS
from femsim.mesh.mesh import Mesh
from femsim.scenario.reading import load

COARSE = ("mesh.size_mm=7", "mesh.order=1")


@pytest.fixture(scope="module")
def built(root):
    """keys of the implant → its Pair, on one mesh from the cache."""
    scenario = load(root / "scenarios" / "walking.toml", COARSE)

    def pair(**keys):
        return build(replace(scenario, implant=replace(scenario.implant, **keys)))

    pair.scenario = scenario
    return pair


def same(mesh: Mesh, other: Mesh) -> bool:
    return np.array_equal(mesh.nodes, other.nodes) and np.array_equal(mesh.elements, other.elements)


def test_all_bonded_and_nothing_penetrated_is_the_tied_femur_to_the_last_bit(built):
    pair = built(stem_fixation="bonded", penetration_mm=0.0)
    femur, twin = femur_and_twin(built.scenario)
    tied = pair_of_models(
        replace(built.scenario, implant=replace(built.scenario.implant, penetration_mm=0.0)), femur, twin
    ).operated
    assert same(pair.operated.mesh, twin.operated) and not pair.operated.loose and pair.operated.penetrated is None
    for name in ("youngs_modulus", "load_basis", "held", "density"):
        assert np.array_equal(getattr(pair.operated, name), getattr(tied, name), equal_nan=True)


def test_a_free_stem_doubles_nodes_behind_those_of_the_kept_bone(built):
    bonded, free = built(stem_fixation="bonded"), built()
    kept = slice(free.twin.n_kept_nodes)
    assert free.twin.operated is free.operated.mesh
    assert free.operated.mesh.n_nodes > bonded.operated.mesh.n_nodes
    assert np.array_equal(free.operated.mesh.nodes[kept], free.intact.mesh.nodes[kept])
    assert np.array_equal(
        free.operated.mesh.elements[: free.twin.n_kept], free.intact.mesh.elements[: free.twin.n_kept]
    )
    assert set(free.operated.loose) == {"stem"} and not free.intact.loose


def test_loads_and_supports_are_those_of_the_bonded_femur(built):
    bonded, free = built(stem_fixation="bonded").operated, built().operated
    assert np.array_equal(free.held_nodes, bonded.held_nodes)
    assert np.array_equal(free.load_basis[:, : bonded.mesh.n_nodes], bonded.load_basis)
    assert not free.load_basis[:, bonded.mesh.n_nodes :].any()


def test_half_a_bed_frees_about_half_of_it_below_the_axis(built):
    half, whole = (built(stem_fixation="bonded", bed_fixation=key) for key in ("superior_half", "free"))
    area = {k: sum(one.areas.sum() for one in pair.operated.loose.values()) for k, pair in (("h", half), ("w", whole))}
    assert area["h"] == pytest.approx(area["w"] / 2, rel=0.15)
    below = half.operated.mesh.nodes[half.operated.loose["mantle_bone"].pairs[:, 0]]
    assert below[:, 2].mean() < half.operated.mesh.nodes[half.twin.interfaces["mantle_bone"]][..., 2].mean()


def test_a_cap_that_nothing_holds_is_refused_with_the_keys_that_would(built):
    with pytest.raises(
        ModelError, match="Nothing holds cap, cement and stem to the bone: stem, mantle_bone, mantle_shelf are free"
    ) as caught:
        built(stem_fixation="free", bed_fixation="free")
    assert "implant.stem_fixation or implant.bed_fixation" in caught.value.remedy


def test_a_cap_that_turns_on_its_sliding_stem_alone_is_refused(built):
    model = built(bed_fixation="free").operated
    with pytest.raises(ModelError, match=r"nodes in (cap|cement|stem) .*1 free motion \(1 rotation\)"):
        prepare_static(model.mesh, model.elasticity, model.held, springs=model.springs)


def test_a_sliding_stem_is_split_like_a_free_one_and_held_by_springs(built):
    sliding, free = built().operated, built(stem_fixation="free").operated
    assert same(sliding.mesh, free.mesh) and free.springs is None
    assert np.array_equal(sliding.springs.pairs, sliding.loose["stem"].pairs)
    assert (sliding.springs.stiffness > 0).all()


def test_cement_stiffens_bone_near_the_bed_in_the_operated_femur_alone(built):
    pair, dry = built(), built(penetration_mm=0.0)
    inside = pair.operated.penetrated
    assert 0 < inside.sum() < 0.5 * inside.size and not inside[pair.twin.n_kept :].any()
    share = 1 - np.minimum(pair.operated.density[inside] / 2.0, 1)
    gained = pair.operated.youngs_modulus - dry.operated.youngs_modulus
    assert gained[inside] == pytest.approx(share * SOLIDS["pmma"]().youngs_modulus_mpa, abs=1e-9)
    assert not gained[~inside].any()
    assert np.array_equal(pair.intact.youngs_modulus, dry.intact.youngs_modulus)
    assert np.array_equal(pair.operated.density, dry.operated.density, equal_nan=True)


@pytest.mark.parametrize("depth", [1.0, 3.0])
def test_it_reaches_as_deep_as_it_is_told(built, depth):
    """Against the distance to a cloud of points on the bed, 0.25 mm apart or nearer."""
    pair = built(penetration_mm=depth)
    nodes = pair.operated.mesh.nodes
    bed = np.concatenate([pair.twin.interfaces[name][:, :3] for name in ("mantle_bone", "mantle_shelf")])
    steps = np.array([(i, j, 30 - i - j) for i in range(31) for j in range(31 - i)]) / 30
    cloud = np.einsum("sk,fki->fsi", steps, nodes[bed]).reshape(-1, 3)
    points = integration_points(pair.operated.mesh)[: pair.twin.n_kept, 0]
    distance, _ = cKDTree(cloud).query(points)
    inside = pair.operated.penetrated[: pair.twin.n_kept, 0]
    assert inside[distance < depth].all() and not inside[distance > depth + 0.05].any() and inside.any()


def test_grained_bone_takes_the_cement_after_its_grain(built, root):
    scenario = load(root / "scenarios" / "walking.toml", (*COARSE, "bone.anisotropy.kind=orthotropic"))
    pair = build(scenario)
    dry = build(replace(scenario, implant=replace(scenario.implant, penetration_mm=0.0)))
    inside = pair.operated.penetrated
    gained = pair.operated.orthotropic.youngs_moduli - dry.operated.orthotropic.youngs_moduli
    share = 1 - np.minimum(pair.operated.density[inside] / 2.0, 1)
    assert gained[inside] == pytest.approx(np.repeat(share[:, None] * 2400.0, 3, axis=1), abs=1e-8)
    assert not gained[~inside].any()
    again = oriented(pair, scenario, pair.intact.orthotropic.axes)
    assert again.operated.orthotropic.youngs_moduli == pytest.approx(pair.operated.orthotropic.youngs_moduli, rel=1e-12)


def test_a_cyst_is_left_or_filled_with_cement_in_the_operated_femur_alone(root):
    scenario = load(
        root / "scenarios" / "walking.toml",
        (*COARSE, "implant.penetration_mm=0", "bone.cysts.diameter_mm=14", "bone.cysts.depth_mm=16"),
    )
    left, filled = (
        build(replace(scenario, implant=replace(scenario.implant, fill_cysts=key))) for key in (False, True)
    )
    assert left.operated.penetrated is None and filled.operated.penetrated.any()
    inside = filled.operated.penetrated
    (centre, diameter), *_ = scenario.bone.degenerations[0].spheres(filled.femur)
    points = integration_points(filled.operated.mesh)[inside]
    assert (np.linalg.norm(points - centre, axis=1) < diameter / 2).all()
    # Nearly nothing but cement: marrow of 0.05 g/cm³ in pores that take up almost all.
    cement = SOLIDS["pmma"]().youngs_modulus_mpa
    assert filled.operated.youngs_modulus[inside] == pytest.approx(cement, rel=0.05)
    assert left.operated.youngs_modulus[inside].max() < 0.1 * cement
    assert np.array_equal(filled.intact.youngs_modulus, left.intact.youngs_modulus)
