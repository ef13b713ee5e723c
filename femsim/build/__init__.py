"""Scenario → the operated model and its intact twin: geometry, stiffness, interfaces, loads, supports."""

from femsim.build.grain import oriented
from femsim.build.models import Pair
from femsim.build.pair import build, pair_of_models

__all__ = ["Pair", "build", "oriented", "pair_of_models"]
