"""The smallest run, for the tests of what is stored."""

import importlib.util

import pytest


@pytest.fixture(scope="session")
def small_run(root):
    """The module that makes the smallest run."""
    spec = importlib.util.spec_from_file_location("small_run", root / "tests" / "small_run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
