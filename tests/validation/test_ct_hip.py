"""A hip from a clinical CT goes to a solved model, and the answer says what its density rests on."""

import numpy as np
import pytest

from femsim.build import build
from femsim.errors import ImageError
from femsim.scenario.reading import load

pytestmark = pytest.mark.slow
SCENARIO = """
schema = 1
[femur]
kind = "ct"
file = "{file}"
side = "{side}"
shaft_axis = [0, 0, 1]
[bone.density]
source = "ct"
file = "{file}"
calibration = "two_tissue"
[subject]
body_mass_kg = 75
[implant]
kind = "intact"
[load]
activity = "walking"
muscles = false
[mesh]
size_mm = 6
order = 1
"""


@pytest.fixture
def hip(shared_data, tmp_path):
    def of(side):
        path = tmp_path / "hip.toml"
        path.write_text(SCENARIO.format(file=shared_data / "ct_totalsegmentator" / "example_ct.nii.gz", side=side))
        return load(path)

    return of


def test_the_native_hip_becomes_a_model_that_says_what_its_density_rests_on(hip):
    # By the file's own axes the native hip is the patient's right one; the liver lies on the same side.
    pair = build(hip("right"))
    bone = pair.intact.density[np.isfinite(pair.intact.density)]
    assert 0.05 <= bone.min() and bone.max() <= 2.0
    assert 0.25 < pair.bone.mean_density_g_per_cm3 < 0.5
    assert any("No phantom" in note for note in pair.bone.notes)
    # The compressive column is denser than Ward's triangle beside it.
    centre = pair.intact.mesh.nodes[pair.intact.mesh.elements[:, :4]].mean(axis=1)
    radius = pair.femur.landmarks.head_radius
    head = np.linalg.norm(centre, axis=1) < 0.5 * radius
    triangle = np.linalg.norm(centre - [0.9 * radius, 0, -0.9 * radius], axis=1) < 0.4 * radius
    mean = pair.intact.density.mean(axis=1)
    assert mean[head].mean() > 1.5 * mean[triangle].mean()


def test_the_operated_hip_is_refused_for_its_metal(hip):
    with pytest.raises(ImageError, match="metal"):
        build(hip("left"))
