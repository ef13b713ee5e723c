"""The dots of a sweep: a click computes the case, where nobody has yet, and shows its femur."""

import asyncio
from typing import TYPE_CHECKING, Any

from femsim.errors import FemsimError
from femsim.view.viewer.cases import Cases, Computes
from femsim.view.viewer.opened import OpenedRun

if TYPE_CHECKING:
    from femsim.view.viewer.app import Viewer

MOST_OPEN = 3  # cases side by side; the one that was opened first goes


class CaseControls:
    """Cases of a sweep on the page of a viewer.

    first : the case that the viewer shows already.
    """

    def __init__(self, viewer: "Viewer", cases: Cases, compute: Computes, first: int):
        self._viewer, self._cases, self._compute = viewer, cases, compute
        self._open, self._busy = [first], False
        columns = cases.columns
        numbers = [name for name, values in cases.axes.items() if any(isinstance(one, float) for one in values)]
        across, up = next(iter(numbers), columns[0]), next(iter(cases.measures), columns[-1])
        viewer.state.update(
            {
                "case_columns": list(columns), "case_across": across, "case_up": up, "case_open": [first],
                "case_words": f"{len(cases.numbers)} cases; click one to see it.",
            }
        )  # fmt: skip
        viewer.state.change("case_across", "case_up")(self._sides)
        viewer.server.trigger("case")(self.clicked)
        self._sides()

    def _sides(self, **_: Any) -> None:
        state, columns = self._viewer.state, self._cases.columns
        if state.case_across in columns and state.case_up in columns:
            state.case_plot = self._cases.dots(state.case_across, state.case_up)

    async def clicked(self, number: Any) -> None:
        """A dot was clicked."""
        if self._busy or not isinstance(number, int) or number not in self._cases.numbers or number in self._open:
            return
        self._busy = True
        state = self._viewer.state
        with state:
            state.case_words = f"case {number} is computed, unless it was before …"
        try:
            folder = await asyncio.to_thread(self._compute, number)
            run = OpenedRun(folder, name_of(number))
        except FemsimError as error:
            words = f"case {number}: {error.what} {error.why or ''}".strip()
        else:
            self._open = [*self._open, number][-MOST_OPEN:]
            with state:
                self._viewer.open([*self._viewer.runs, run][-MOST_OPEN:])
            words = f"case {number} is shown."
        finally:
            self._busy = False
        with state:
            state.update({"case_words": words, "case_open": self._open})


def name_of(number: int) -> str:
    """By which the run of a case is called."""
    return f"case {number}"
