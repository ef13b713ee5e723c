"""The sliders of the loads: what they say goes to whoever recombines, what comes back is drawn."""

import dataclasses
from typing import TYPE_CHECKING, Any

from femsim.view.viewer.live import LiveLoads
from femsim.view.viewer.opened import ACTIVITY

if TYPE_CHECKING:
    from femsim.view.viewer.app import Viewer

FIELD = "risk_factor"  # what is judged anew


class LiveControls:
    """Loads of the first run that are moved on the page of a viewer."""

    def __init__(self, viewer: "Viewer", live: LiveLoads):
        self._viewer, self._live, self._setting = viewer, live, live.usual
        state = viewer.state
        state.update({"live_activities": list(live.activities), "live_rows": [], **_state_of(live.usual)})
        state.change("live", *_state_of(live.usual))(self.moved)

    def moved(self, **_: Any) -> None:
        """The page has moved a slider, or switched the loads on or off."""
        viewer, state = self._viewer, self._viewer.state
        if not state.live:
            viewer.stage.live, viewer.stage.live_forces, state.live_words = None, (), ""
        else:
            wanted = {name.removeprefix("live_"): state[name] for name in _state_of(self._setting)}
            self._setting = self._live.checked(self._setting, wanted)
            answer = self._live.answer(self._setting)
            viewer.stage.live, viewer.stage.live_forces = answer.values, answer.forces
            viewer.stage.live_name = self._setting.activity
            state.update({"live_words": answer.words, "live_rows": list(answer.rows), **_state_of(self._setting)})
            if viewer.view.field != FIELD or viewer.view.course != ACTIVITY:
                viewer.wish({"field": FIELD, "course": ACTIVITY})
        viewer.redraw()


def _state_of(setting: Any) -> dict[str, Any]:
    return {f"live_{name}": value for name, value in dataclasses.asdict(setting).items()}
