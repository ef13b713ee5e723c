"""What is shipped: the package, its scenarios, its licence, and a lock that names no host."""

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile

import pytest


@pytest.fixture(scope="module")
def installed(root, tmp_path_factory):
    """femsim as a wheel brings it, unpacked outside the source tree."""
    folder = tmp_path_factory.mktemp("wheel")
    code = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)], cwd=root, capture_output=True, text=True, check=True
    )
    with zipfile.ZipFile(folder / done.stdout.split()[-1]) as wheel:
        wheel.extractall(folder / "site")
    return folder / "site"


def test_the_scenarios_of_an_installed_femsim_are_those_of_the_source(installed, root):
    shipped = {path.name: path.read_bytes() for path in (installed / "femsim" / "scenarios").iterdir()}
    assert shipped == {path.name: path.read_bytes() for path in (root / "scenarios").glob("*.toml")}
    assert "walking.toml" in shipped


def test_an_installed_femsim_finds_its_scenarios(installed, tmp_path):
    done = subprocess.run(
        [sys.executable, "-P", "-m", "femsim", "list", "scenarios", "--json"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(installed)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    entries = json.loads(done.stdout)["scenarios"]
    assert {entry["written"] for entry in entries if entry["name"] == "walking"} == {
        str(installed / "femsim" / "scenarios" / "walking.toml")
    }


def test_a_wheel_holds_the_licence_and_no_tests(installed):
    assert any(path.name == "LICENSE" for path in installed.rglob("*"))
    assert not (installed / "tests").exists()


def test_the_lock_names_no_host_and_hashes_every_package(root):
    text = (root / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text
    pins = re.findall(r"^[a-z0-9][^\n]*==[^\n]*", text, re.M)
    assert len(pins) > 40
    assert all(pin.endswith("\\") for pin in pins)


def test_the_lock_holds_every_dependency(root):
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    locked = set(re.findall(r"^([a-z0-9-]+)==", (root / "requirements.lock").read_text(encoding="utf-8"), re.M))
    assert {re.split(r"[><=]", name)[0] for name in wanted} <= locked


def test_every_dependency_is_imported_somewhere(root):
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    modules = {
        "scikit-image": "skimage",
        "pillow": "PIL",
        "simpleitk": "SimpleITK",
        "salib": "SALib",
        "tomli-w": "tomli_w",
        "trame-vtk": "trame.widgets",
        "trame-vuetify": "trame.ui.vuetify3",
    }
    source = "\n".join(path.read_text(encoding="utf-8") for path in (root / "femsim").rglob("*.py"))
    for wanted in project["project"]["dependencies"]:
        name = re.split(r"[><=]", wanted)[0]
        module = modules.get(name, name)
        assert re.search(rf"\b(import|from) {module}\b|_loaded\(\"{module}\"\)", source), f"{name} is not used"
