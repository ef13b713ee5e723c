"""Loads that are moved while one looks: what the viewer asks of whoever can recombine a solved model."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np


@dataclass(frozen=True)
class Setting:
    """What the sliders say.

    activity : by its key. moment : share 0 … 1 of its course. mass [kg] of the body. force : the hip force times so
    much. lateral, anterior : the hip force is turned by so many degrees towards there.
    """

    activity: str
    moment: float
    mass: float
    force: float = 1.0
    lateral: float = 0.0
    anterior: float = 0.0


@dataclass(frozen=True)
class Answer:
    """values : model → (e,) float32 risk factor, NaN where it is not judged.

    words : the load in a sentence. rows : {"words", "operated", "intact"} of places, the largest risk there.
    """

    values: Mapping[str, np.ndarray]
    words: str
    rows: tuple[Mapping[str, str], ...]


class LiveLoads(Protocol):
    """A solved model that is loaded anew at once."""

    activities: tuple[Mapping[str, str], ...]  # {"title", "value"}
    usual: Setting

    def checked(self, before: Setting, wanted: Mapping[str, Any]) -> Setting:
        """The setting with what is wanted, of any type, where it can be had."""

    def answer(self, setting: Setting) -> Answer:
        """Risk of both models."""
