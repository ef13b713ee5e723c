"""Between a page and the picture: what the page asks for becomes a view, what the view tells goes back to the page."""

import asyncio
import dataclasses
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from femsim.errors import FemsimError
from femsim.view.eyes import VIEWS
from femsim.view.figures.section import legend_of, name_of
from femsim.view.viewer import drawn, page, reading, shown, telling
from femsim.view.viewer.case_controls import CaseControls
from femsim.view.viewer.live import LiveLoads
from femsim.view.viewer.live_controls import LiveControls
from femsim.view.viewer.opened import ACTIVITY, BONE, DIFFERENCE, OpenedRun, unit_of
from femsim.view.viewer.shown import View
from femsim.view.viewer.stage import Spot, Stage

# State of the page that is a wish for the view, named as in `View` or in parts.
WISHES = (
    *("panels", "field", "course", "step", "plane", "offset", "turn", "tilt", "flipped", "zone", "times", "edges"),
    *("arrows", "shown_regions", "shown_zones", "low", "high", "only_low", "only_high"),
)
PLAY_S = 0.12  # between two steps
CLICK = 0.004  # of the window, that a click may move by
DOTS = 170  # per inch of a saved picture


class Viewer:
    """The page's server, the view it shows, and the stage that draws it.

    Parameters
    ----------
    runs : at least one.
    plotter : as `Stage` asks.
    live : what recombines the loads of the first run, or None.
    sweep : cases, what computes them and the number of the one that is shown, or None.
    """

    def __init__(self, runs: Sequence[OpenedRun], plotter: Any, live: LiveLoads | None = None, sweep: Any = None):
        from trame.app import get_server

        self.runs = tuple(runs)
        self.stage = Stage(runs, plotter)
        self.view = self.stage.first_view()
        self.server = get_server(f"femsim-{id(self)}", client_type="vue3")
        self.state, self._ends = self.server.state, []
        self._told_course, self._forces = "", {}
        self._spot: Spot | None = None
        self._pressed: tuple[float, float] | None = None
        self._words = ""
        self._fill()
        page.build(self.server, plotter.render_window, self, is_live=live is not None, is_sweep=sweep is not None)
        self._listen()
        self._draw(self.view)
        self._more = [LiveControls(self, live)] if live else []
        self._more += [CaseControls(self, *sweep)] if sweep else []

    # -- from the page

    def wish(self, wanted: dict[str, Any]) -> None:
        """Show a view that a file or a link tells of, as far as it can be had."""
        view = self._on_course(self.view, wanted.get("course"))
        self._draw(shown.changed(view, wanted, self.stage.able(view.course)))
        self._fill_wishes()

    def _wished(self, **_: Any) -> None:
        """The page has changed what it asks for."""
        state = self.state
        view = self._on_course(self.view, state.course)
        if view.course != self.view.course:
            self._draw(view)
            self._fill_wishes()
            return
        able = self.stage.able(view.course)
        wanted = {name: state[name] for name in WISHES if name in View.__dataclass_fields__}
        for name in ("regions", "zones"):
            kept = state[f"shown_{name}"]
            wanted[f"hidden_{name}"] = [one for one in able[name] if one not in (kept or ())]
        wanted["limits"] = _pair(state.low, state.high)
        wanted["only"] = _pair(state.only_low, state.only_high)
        view = shown.changed(view, wanted, able)
        if view != self.view:
            self._draw(view)

    def _on_course(self, view: View, course: Any) -> View:
        """The view on another course, if there is one: with what can be shown of it, from where it begins."""
        if course == view.course or course not in self.stage.able(view.course)["courses"]:
            return view
        able = self.stage.able(course)
        panels = tuple(name for name in view.panels if name in able["panels"]) or able["panels"][:1]
        field = view.field if view.field in able["fields"] else able["fields"][0]
        step = self.runs[0].peak if course == ACTIVITY else able["steps"] - 1
        return dataclasses.replace(view, course=course, panels=panels, field=field, step=step, limits=None, only=None)

    def redraw(self) -> None:
        """The same view, of what has changed."""
        self._draw(self.view)

    def open(self, runs: Sequence[OpenedRun]) -> None:
        """Show other runs, the femora of each operated one, from where one looks now."""
        before, seen = self.view, self.stage.seen_from
        for run in self.runs:
            if run not in runs:
                run.close()
        self.runs, self._spot = tuple(runs), None
        self.stage.open(runs)
        first = self.stage.first_view()
        wanted = {**dataclasses.asdict(before), "panels": first.panels, "course": first.course, "step": first.step}
        view = shown.changed(first, wanted, self.stage.able(first.course))
        self._told_course = ""
        self._draw(dataclasses.replace(view, camera=seen))
        self._fill()

    def look(self, name: str) -> None:
        """From a named direction."""
        if name in VIEWS:
            self.stage.look(name)
            self._push()

    def arrived(self, word: str) -> None:
        """A page was opened; its address may tell of a view."""
        word = str(word).removeprefix("#view=")
        found = shown.of_link(word) if word and not word.startswith("#") else {}
        if found:
            self.wish(found)
        self._push()

    def link(self) -> None:
        """Tell the page the word of the present view."""
        self.state.link = shown.as_link(self._whole_view())

    def view_file(self) -> Any:
        """The present view as a file."""
        return self._sent(shown.as_text(self._whole_view()).encode("utf-8"))

    def picture(self) -> Any:
        """The present view as PNG."""
        from femsim.view.viewer.sheets import sheet_of

        sheet = sheet_of(self.stage, self.view, self._words, DOTS)
        with tempfile.TemporaryDirectory() as folder:
            sheet.save(Path(folder) / "view.png", self._words)
            data = (Path(folder) / "view.png").read_bytes()
        self._push()
        return self._sent(data)

    def film(self) -> Any:
        """All steps of the present view as GIF."""
        from femsim.view.animation import DOTS_PER_INCH, colours_of, write_gif
        from femsim.view.viewer.sheets import sheet_of

        before, n = self.view, self.stage.able(self.view.course)["steps"]

        def frame(share: float) -> np.ndarray:
            self._draw(dataclasses.replace(before, step=round(share * (n - 1))), push=False)
            return sheet_of(self.stage, self.view, self._words, DOTS_PER_INCH).pixels()

        with tempfile.TemporaryDirectory() as folder:
            colours = colours_of(self.stage.scale(before, False).scale)
            write_gif(Path(folder) / "view.gif", frame, n, colours)
            data = (Path(folder) / "view.gif").read_bytes()
        self._draw(before)
        return self._sent(data)

    def neck_section(self) -> None:
        """Cut across the neck, and tell the field across it and what each part carries."""
        offset = self.view.offset if self.view.plane == "neck" else 0.0
        self.state.update({"plane": "neck", "offset": offset})
        panel = self.view.panels[0]
        run, _ = self.stage.of(panel)
        self._tell_profile(panel, *reading.across_neck(run, offset), "across the neck, from above down")
        self.state.shares = [
            {"section": section, "model": model, "kind": kind, "part": part, "share": share}
            for section, model, kind, part, share in reading.load_shares(run)
        ]

    def pick(self, x: float, y: float) -> None:
        """A click at a place of the window, in pixels from its lower left corner."""
        spot = self.stage.spot(x, y)
        self._spot = spot
        if spot is None:
            self.state.update({"reading_title": "Nothing there.", "reading_rows": []})
        else:
            self._tell(spot)
            self._ends = [*self._ends, spot][-2:]
            if self.state.line and len(self._ends) == 2 and self._ends[0].panel == spot.panel:
                self._tell_profile(spot.panel, self._ends[0].point, spot.point, "along the line of the last two clicks")
        self.state.flush()

    # -- to the page

    def _draw(self, view: View, *, push: bool = True) -> None:
        try:
            self.stage.show(view)
        except FemsimError as error:
            self.state.notes = [error.what]
            return
        self.view = dataclasses.replace(view, camera=None)
        if view.course != self._told_course:
            self._tell_course(view.course)
        self._tell_view()
        if self._spot is not None:
            self._tell(self._spot)
        if push:
            self._push()

    def _push(self) -> None:
        self.server.controller.update_view()

    def _tell_course(self, course: str) -> None:
        """What stays the same over the steps of a course."""
        run, able, self._spot = self.runs[0], self.stage.able(course), None
        units = {name: unit_of(run, course, name) for name in able["fields"]}
        self._told_course, self._forces = course, drawn.forces_of(run, course)
        self.state.update(
            {
                "field_items": [{"title": f"{n.replace('_', ' ')} [{u}]", "value": n} for n, u in units.items()],
                "forces": self._forces,
                "steps": able["steps"] - 1,
            }
        )

    def _tell_view(self) -> None:
        view, state = self.view, self.state
        kinds = dict.fromkeys(name.endswith(DIFFERENCE) for name in view.panels)
        run = self.runs[0]
        instant = telling.instant_of(self.stage, view)
        self._words = telling.sentence(self.stage, view, state.live_words)
        state.update(
            {
                "titles": telling.titles(self.stage, self.view),
                "legends": [drawn.legend_of(self.stage.scale(view, kind)) for kind in kinds],
                "instant": telling.instant(run, view, instant),
                "cursor": drawn.cursor_at(self._forces["ends"], instant),
                "words": self._words,
                "missing": [line for one in self.runs for line in one.all_missing],
            }
        )

    def _tell(self, spot: Spot) -> None:
        if spot.panel not in self.view.panels:
            self._spot = None
            return
        run, model = self.stage.of(spot.panel)
        value = float(self.stage.values(spot.panel, self.view)[spot.row])
        live = self.stage.live is not None
        told = reading.reading_at(run, model, self.view, spot.row, spot.point, value, live=live)
        rows = [{"words": words, "value": said, "unit": unit} for words, said, unit in told.rows]
        self.state.update({"reading_title": told.title, "reading_rows": rows})

    def _tell_profile(self, panel: str, start: np.ndarray, end: np.ndarray, words: str) -> None:
        run, model = self.stage.of(panel)
        body = run.shape(self.view.course, model).body
        profile = reading.profile_along(body, self.stage.values(panel, self.view), start, end)
        factor = self.stage.scale(self.view, model == DIFFERENCE).factor
        unit = "%" if factor == 100.0 else unit_of(run, self.view.course, self.view.field)
        self.state.profile = drawn.plot_of(profile, factor, unit)
        self.state.profile_words = f"{self.view.field.replace('_', ' ')} {words}"

    def _fill(self) -> None:
        """All of the page's state, once."""
        able, run = self.stage.able(ACTIVITY), self.runs[0]
        lead = next((one for one in self.runs if one.has_implant), run)
        regions = [region for region in able["regions"] if region not in BONE]
        names = {name: telling.title(self.stage, name) for name in self.stage.all_panels(ACTIVITY)}
        self.state.update(
            {
                "trame__title": f"{run.name} · femsim",
                "name": telling.names(self.runs),
                "left": any(one.told["femur"]["side"] == "left" for one in self.runs),
                "panel_items": [{"title": words, "value": name} for name, words in names.items()],
                "course_items": [{"title": name, "value": name} for name in able["courses"]],
                "plane_items": [{"title": "no cut" if n == shown.WHOLE else n, "value": n} for n in shown.CUTS],
                "region_items": [{"title": name_of(name), "value": name} for name in able["regions"]],
                "zone_items": [{"title": name.replace("_", " "), "value": name} for name in able["zones"]],
                "zone_rows": reading.zone_table(lead, able["zones"]),
                "zone_title": f"Zones of {lead.name}" if len(self.runs) > 1 else "Zones",
                "materials": [{"words": words, "colour": _hex(colour)} for words, colour in legend_of(regions)],
                "activity": telling.activity(run),
                "warnings": list(run.told.get("warnings", ())),
                "playing": False, "line": False, "link": "", "notes": [], "profile": {}, "profile_words": "",
                "shares": [], "reading_title": "Click the bone to read a value.", "reading_rows": [],
                "live_words": "", "live": False,
            }
        )  # fmt: skip
        self._fill_wishes()

    def _fill_wishes(self) -> None:
        view, able = self.view, self.stage.able(self.view.course)
        low, high = view.limits or (None, None)
        only_low, only_high = view.only or (None, None)
        self.state.update(
            {
                **{name: getattr(view, name) for name in WISHES if name in View.__dataclass_fields__},
                "panels": list(view.panels),
                "shown_regions": [name for name in able["regions"] if name not in view.hidden_regions],
                "shown_zones": [name for name in able["zones"] if name not in view.hidden_zones],
                "low": low, "high": high, "only_low": only_low, "only_high": only_high,
            }
        )  # fmt: skip

    def _whole_view(self) -> View:
        return dataclasses.replace(self.view, camera=self.stage.seen_from)

    def _sent(self, data: bytes) -> Any:
        return self.server.protocol.addAttachment(memoryview(data))

    # -- what is listened to

    def _listen(self) -> None:
        self.state.change(*WISHES)(self._wished)
        self.state.change("playing")(self._played)
        for name in ("arrived", "pressed", "released", "view_file", "picture", "film"):
            self.server.trigger(name)(getattr(self, name))

    def pressed(self, x: float, y: float) -> None:
        """A pointer went down at a place, in shares of the picture."""
        self._pressed = _shares(x, y)

    def released(self, x: float, y: float) -> None:
        """It went up: a click where it did not move in between."""
        before, self._pressed = self._pressed, None
        now = _shares(x, y)
        if before and now and max(abs(a - b) for a, b in zip(before, now)) <= CLICK:
            wide, tall = self.stage.plotter.render_window.GetSize()
            self.pick(now[0] * wide, now[1] * tall)

    def _played(self, playing: bool = False, **_: Any) -> None:
        if playing:
            asyncio.get_event_loop().create_task(self._play())

    async def _play(self) -> None:
        while self.state.playing:
            step = (self.view.step + 1) % (self.state.steps + 1)
            with self.state:
                self.state.step = step
            await asyncio.sleep(PLAY_S)


def _pair(low: Any, high: Any) -> tuple[Any, Any] | None:
    return None if low in (None, "") or high in (None, "") else (low, high)


def _shares(x: Any, y: Any) -> tuple[float, float] | None:
    try:
        found = float(x), float(y)
    except (TypeError, ValueError):
        return None
    return found if all(0.0 <= share <= 1.0 for share in found) else None


def _hex(colour: Any) -> str:
    from matplotlib.colors import to_hex

    return to_hex(colour)
