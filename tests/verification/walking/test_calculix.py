"""The walking femur by CalculiX, as `femsim verify --with ccx` asks for it: an independent code, through the export."""

import json
import shutil
import subprocess
import sys

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("ccx"), reason="CalculiX is not installed (apt-get install calculix-ccx)"),
]


def second_opinion(root, folder, *sets) -> tuple[int, dict]:
    """Exit code and answer of the command."""
    command = [sys.executable, "-P", "-m", "femsim", "verify", "--with", "ccx", root / "scenarios" / "walking.toml"]
    command += [word for text in sets for word in ("--set", text)]
    done = subprocess.run([*command, "--json"], cwd=folder, capture_output=True, text=True, env=_environment(root))
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def _environment(root) -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": str(root)}


@pytest.mark.parametrize(
    "sets",
    [("mesh.size_mm=8", "mesh.order=1"), ("mesh.size_mm=10", "implant.kind=intact")],
    ids=["TET4 operated and intact", "TET10 intact"],
)
def test_calculix_finds_the_same_displacements_reactions_energy_and_stresses(root, tmp_path, sets):
    code, found = second_opinion(root, tmp_path, *sets)
    assert code == 0 and found["status"] == "passed"
    assert all(row["passed"] for row in found["rows"])
    # Seven printed digits; the limit of the command leaves room for other machines.
    assert max(row["difference"] for row in found["rows"]) < 5e-6
    assert {row["model"] for row in found["rows"]} == (
        {"intact"} if len(found["seconds"]) == 1 else {"operated", "intact"}
    )
    assert list(tmp_path.iterdir()) == []
