"""Every real femur goes from its file to sound meshes that are true to the file, with no manual step."""

import pytest

from benchmarks.femora import FEMORA, measured

pytestmark = [pytest.mark.slow, pytest.mark.long]


@pytest.fixture(
    scope="module", params=[(name, implant) for name in FEMORA for implant in ("intact", "resurfacing_cap")]
)
def row(request, shared_data):
    name, implant = request.param
    return measured(name, shared_data / FEMORA[name], implant)


def test_the_elements_are_sound(row):
    assert row.min_sicn >= 0.1 and row.sicn_p1 >= 0.3


def test_the_meshed_bone_is_the_bone_of_the_file(row):
    assert abs(row.volume_change) <= 0.015 and row.distance <= 0.25
