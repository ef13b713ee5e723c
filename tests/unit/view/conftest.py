"""The smallest run, for the tests of what is drawn."""

import pytest


@pytest.fixture(scope="session")
def saved(small_run, tmp_path_factory):
    """The folder of the smallest run."""
    return small_run.write(tmp_path_factory.mktemp("runs"))


@pytest.fixture
def can_draw():
    """Skips where VTK cannot draw."""
    from femsim.view.probe import rendering

    able, sentence = rendering()
    if not able:
        pytest.skip(sentence)
