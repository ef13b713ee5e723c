"""The smallest run, for the tests of what is drawn."""

import importlib.util

import pytest


@pytest.fixture(scope="session")
def small_run(root):
    """The module that makes the smallest run."""
    spec = importlib.util.spec_from_file_location("small_run", root / "tests" / "small_run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


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
