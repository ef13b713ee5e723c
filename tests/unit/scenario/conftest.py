"""A sound scenario on disk, and a way to read it with something changed."""

import pytest

from femsim.errors import Problem, ScenarioError
from femsim.scenario.reading import load

SOUND = """\
schema = 1
name = "sound"

[femur]
kind = "surface"
file = "bone.stl"
side = "auto"

[subject]
body_mass_kg = 75

[bone]
law = "morgan_2003"

[bone.density]
cortical_density_g_per_cm3 = 1.85

[implant]
kind = "resurfacing_cap"
cement_mm = 1.0

[load]
activity = "walking"

[mesh]
size_mm = 2.5
order = 2
"""


class Desk:
    """A folder with one scenario in it."""

    def __init__(self, folder):
        self.folder, self.file = folder, folder / "sound.toml"
        (folder / "bone.stl").write_text("solid bone\nendsolid bone\n")
        self.file.write_text(SOUND, encoding="utf-8")

    def write(self, text: str | bytes) -> None:
        self.file.write_bytes(text.encode() if isinstance(text, str) else text)

    def change(self, old: str, new: str) -> None:
        text = self.file.read_text(encoding="utf-8")
        assert old in text
        self.write(text.replace(old, new, 1))

    def load(self, *sets: str):
        return load(self.file, sets)

    def refusal(self, *sets: str) -> ScenarioError:
        with pytest.raises(ScenarioError) as caught:
            self.load(*sets)
        return caught.value

    def problems(self, *sets: str) -> list[Problem]:
        return list(self.refusal(*sets).problems)


@pytest.fixture
def desk(tmp_path) -> Desk:
    return Desk(tmp_path)
