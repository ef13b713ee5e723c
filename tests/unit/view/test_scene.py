"""A scene holds what was saved, at the peak, in the plane of neck and shaft."""

import numpy as np
import pytest

from femsim.errors import StoreError
from femsim.view.scene import load


def test_it_is_loaded_at_the_peak(saved, small_run):
    operated, intact = small_run.outcomes()
    risk = small_run.maps(operated, intact)[0].values
    scene = load(saved)
    np.testing.assert_array_equal(scene.operated.fields["risk_factor"], risk[1].astype(np.float32))
    np.testing.assert_allclose(scene.operated.displacement, operated.displacement(1), rtol=1e-6, atol=1e-9)


def test_another_step_has_its_own_values(saved):
    now, then = load(saved), load(saved, 3)
    ratio = then.intact.fields["risk_factor"] / now.intact.fields["risk_factor"]
    np.testing.assert_allclose(ratio, 0.3, rtol=1e-5)


def test_the_cut_holds_neck_and_shaft_and_faces_the_front(saved):
    normal = load(saved).cut_normal
    assert normal @ [0, 0, 1] == pytest.approx(0, abs=1e-12)
    assert normal @ [-0.8, 0, 0.6] == pytest.approx(0, abs=1e-12) and normal[1] > 0


def test_regions_come_by_name(saved):
    scene = load(saved)
    assert scene.has_implant and scene.operated.regions == ("bone_kept", "cement", "cap")
    assert scene.operated.bone.sum() == scene.intact.in_region("bone_kept").sum()
    assert not scene.operated.in_region("no such region").any()


def test_a_field_that_is_nowhere_defined_is_not_there(saved):
    body = load(saved).operated
    assert body.has("shielding_change") and not body.has("damage")


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(StoreError):
        load(tmp_path)


def test_a_truncated_result_is_refused(small_run, tmp_path):
    path = small_run.write(tmp_path) / "result.vtkhdf"
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(StoreError):
        load(path.parent)
