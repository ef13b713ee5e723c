"""The shipped walking scenario on a coarse mesh, built once for the tests of this folder."""

import pytest

from femsim.analyses import ANALYSES
from femsim.build import build
from femsim.scenario.reading import load

# Bonded and without cement in the pores: what the twins share, and what other programs know, is all there is.
COARSE = ("mesh.size_mm=6", "implant.stem_fixation=bonded", "implant.penetration_mm=0")


@pytest.fixture(scope="session")
def walking(root):
    """The scenario."""
    return load(root / "scenarios" / "walking.toml", COARSE)


@pytest.fixture(scope="session")
def pair(walking):
    """Its two models."""
    return build(walking)


@pytest.fixture(scope="session")
def solve():
    """model, n_kept → outcome."""
    return lambda model, n_kept: ANALYSES["linear_static"]().run(model, n_kept=n_kept)


@pytest.fixture(scope="session")
def outcomes(pair, solve):
    """(operated, intact), solved."""
    return tuple(solve(model, pair.twin.n_kept) for model in (pair.operated, pair.intact))
