"""Scenario → the operated model and its intact twin: geometry, stiffness, interfaces, loads, supports."""

from femsim.build.grain import oriented
from femsim.build.loading import Activity, Loading, loading_of
from femsim.build.models import Pair
from femsim.build.pair import build, pair_of_models

__all__ = ["Activity", "Loading", "Pair", "build", "loading_of", "oriented", "pair_of_models"]
