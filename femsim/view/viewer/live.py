"""Loads that are moved while one looks: what the viewer asks of whoever can recombine a solved model."""

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np


class Answer(Protocol):
    """values : model → (e,) float32 risk factor, NaN where it is not judged.

    forces : {"channel", "site", "point", "force"} of the load. words : it in a sentence.
    rows : {"words", "operated", "intact"} of places, the largest risk there.
    """

    values: Mapping[str, np.ndarray]
    forces: tuple[Mapping[str, Any], ...]
    words: str
    rows: tuple[Mapping[str, str], ...]


class LiveLoads(Protocol):
    """A solved model that is loaded anew at once.

    activities : {"title", "value"} of each. usual : a setting, a dataclass: what the sliders say, each a field of it.
    """

    activities: tuple[Mapping[str, str], ...]
    usual: Any

    def checked(self, before: Any, wanted: Mapping[str, Any]) -> Any:
        """The setting with what is wanted, of any type, where it can be had."""

    def answer(self, setting: Any) -> Answer:
        """Risk of both models."""
