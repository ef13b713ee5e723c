"""The viewer in a browser: what a page asks for becomes a view, what the view tells goes back to the page."""

import asyncio
import dataclasses
import tempfile
import webbrowser
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from femsim.errors import FemsimError
from femsim.view.eyes import VIEWS
from femsim.view.figures.section import materials_shown, name_of
from femsim.view.probe import require_rendering
from femsim.view.render import TITLES
from femsim.view.viewer import drawn, page, reading, security, shown
from femsim.view.viewer.live import LiveLoads, Setting
from femsim.view.viewer.opened import ACTIVITY, DIFFERENCE, OpenedRun, unit_of
from femsim.view.viewer.shown import MOST_PANELS, View
from femsim.view.viewer.stage import Spot, Stage

# State of the page that is a wish for the view, named as in `View` or in parts.
WISHES = (
    *("panels", "field", "course", "step", "plane", "offset", "turn", "tilt", "flipped", "zone", "times", "edges"),
    *("arrows", "shown_regions", "shown_zones", "low", "high", "only_low", "only_high"),
)
PLAY_S = 0.12  # between two steps
CLICK = 0.004  # of the window, that a click may move by
DOTS = 170  # per inch of a saved picture


def plotter_for() -> Any:
    """An off-screen window with room for all panels.

    Raises
    ------
    MissingPieceError
        Where VTK cannot draw on this machine.
    """
    require_rendering()
    import pyvista

    plotter = pyvista.Plotter(
        off_screen=True, shape=(1, MOST_PANELS), border=False, lighting="none", window_size=(1200, 800)
    )
    plotter.subplot(0, 0)
    plotter.add_axes(xlabel="lateral", ylabel="anterior", zlabel="proximal", color="black", viewport=(0.0, 0.0, 0.34, 0.24))
    return plotter


def serve(
    folders: Sequence[Path],
    *,
    port: int,
    idle_s: int,
    wanted: dict[str, Any],
    live: Callable[[], LiveLoads] | None,
    open_browser: bool,
    ready: Callable[[str, list[str]], None],
) -> None:
    """Show runs in a browser until the process is interrupted, or nobody has looked for `idle_s` seconds.

    Parameters
    ----------
    port : 0 for any free one.
    wanted : a view as a file or link gives it, unchecked.
    live : makes what recombines the loads of the first run, or None.
    ready : told the address, with its secret, and what is missing of the runs, once pages can be opened.

    Raises
    ------
    StoreError
        Where a folder is no run.
    MissingPieceError
        Where this machine cannot draw, or the viewer's libraries are not installed.
    UsageError
        Where the port cannot be used.
    """
    port = security.free_port(port)
    with ExitStack() as stack:
        runs = [stack.enter_context(_closing(OpenedRun(folder))) for folder in folders]
        viewer = Viewer(runs, plotter_for(), live() if live else None)
        viewer.wish(wanted)
        server = viewer.server
        word = stack.enter_context(security.secret_of(server))
        address = f"http://{security.HOST}:{port}/index.html?secret={word}"
        door = stack.enter_context(security.doorway(address))

        def told(**_: Any) -> None:
            ready(address, [line for run in runs for line in run.all_missing])
            if open_browser:
                webbrowser.open(door.as_uri())

        server.controller.on_server_ready.add(told)
        server.start(
            host=security.HOST, port=port, timeout=idle_s, open_browser=False, show_connection_info=False,
            disable_logging=True,
        )  # fmt: skip


class Viewer:
    """The page's server, the view it shows, and the stage that draws it."""

    def __init__(self, runs: Sequence[OpenedRun], plotter: Any, live: LiveLoads | None = None):
        from trame.app import get_server

        self.runs, self.live = tuple(runs), live
        self.stage = Stage(runs, plotter)
        self.view = self.stage.first_view()
        self.server = get_server(f"femsim-{id(self)}", client_type="vue3")
        self.state, self._ends = self.server.state, []
        self._pressed: tuple[float, float] | None = None
        self._setting = live.usual if live else None
        self._fill()
        page.build(self.server, plotter.render_window, self, is_live=live is not None)
        self._listen()
        self._draw(self.view)

    # -- from the page

    def wish(self, wanted: dict[str, Any]) -> None:
        """Show a view that a file or a link tells of, as far as it can be had."""
        course = shown.changed(self.view, {"course": wanted.get("course")}, self.stage.able)
        self._draw(course)
        self._draw(shown.changed(course, wanted, self.stage.able))
        self._fill_wishes()

    def _wished(self, **_: Any) -> None:
        """The page has changed what it asks for."""
        state, able = self.state, self.stage.able
        wanted = {name: state[name] for name in WISHES if name in View.__dataclass_fields__}
        for name in ("regions", "zones"):
            kept = state[f"shown_{name}"]
            wanted[f"hidden_{name}"] = [one for one in able[name] if one not in (kept or ())]
        wanted["limits"] = _pair(state.low, state.high)
        wanted["only"] = _pair(state.only_low, state.only_high)
        view = shown.changed(self.view, wanted, able)
        if view.course != self.view.course:
            self._draw(dataclasses.replace(view, panels=self._panels_of(view)))
            able = self.stage.able
            view = shown.changed(self.view, {"step": view.step, "field": able["fields"][0]}, able)
        if view != self.view:
            self._draw(view)

    def _panels_of(self, view: View) -> tuple[str, ...]:
        able = self.stage.all_panels(view.course)
        return tuple(name for name in view.panels if name in able) or able[:1]

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

        sheet = sheet_of(self.stage, self.view, self._titles(), self._words(), DOTS)
        with tempfile.TemporaryDirectory() as folder:
            sheet.save(Path(folder) / "view.png", self._words())
            data = (Path(folder) / "view.png").read_bytes()
        self._push()
        return self._sent(data)

    def film(self) -> Any:
        """All steps of the present view as GIF."""
        from femsim.view.animation import DOTS_PER_INCH, colours_of, write_gif
        from femsim.view.viewer.sheets import sheet_of

        before, n = self.view, self.stage.able["steps"]

        def frame(share: float) -> np.ndarray:
            self._draw(dataclasses.replace(before, step=round(share * (n - 1))), push=False)
            return sheet_of(self.stage, self.view, self._titles(), self._words(), DOTS_PER_INCH).pixels()

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
        self._tell_view()
        if push:
            self._push()

    def _push(self) -> None:
        self.server.controller.update_view()

    def _tell_view(self) -> None:
        view, state = self.view, self.state
        kinds = dict.fromkeys(name.endswith(DIFFERENCE) for name in view.panels)
        run = self.runs[0]
        instants = run.shape(view.course, self.stage.of(view.panels[0])[1]).instants
        instant = float(instants[min(view.step, len(instants) - 1)])
        at_all = run.told["loads"].get("instants") or [0.0, 1.0]
        state.update(
            {
                "titles": self._titles(),
                "legends": [drawn.legend_of(self.stage.scale(view, kind)) for kind in kinds],
                "materials": [{"words": words, "colour": _hex(colour)} for words, colour in materials_shown(run.scene)],
                "instant": self._instant_words(instant),
                "cursor": drawn.cursor_at(at_all, instant) if view.course == ACTIVITY else -10.0,
                "steps": self.stage.able["steps"] - 1,
                "words": self._words(),
                "missing": [line for one in self.runs for line in one.all_missing],
            }
        )

    def _tell(self, spot: Spot) -> None:
        run, model = self.stage.of(spot.panel)
        value = float(self.stage.values(spot.panel, self.view)[spot.row])
        told = reading.reading_at(run, model, self.view, spot.row, spot.point, value)
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
        able, run = self.stage.able, self.runs[0]
        names = {name: self._title(name) for name in self.stage.all_panels(ACTIVITY)}
        units = {name: unit_of(run, ACTIVITY, name) for name in able["fields"]}
        self.state.update(
            {
                "trame__title": f"{run.name} · femsim",
                "name": ", ".join(dict.fromkeys(one.name for one in self.runs)),
                "left": any(one.told["femur"]["side"] == "left" for one in self.runs),
                "panel_items": [{"title": words, "value": name} for name, words in names.items()],
                "field_items": [{"title": f"{n.replace('_', ' ')} [{u}]", "value": n} for n, u in units.items()],
                "course_items": [{"title": name, "value": name} for name in able["courses"]],
                "plane_items": [{"title": "no cut" if n == shown.WHOLE else n, "value": n} for n in shown.CUTS],
                "region_items": [{"title": name_of(name), "value": name} for name in able["regions"]],
                "zone_items": [{"title": name.replace("_", " "), "value": name} for name in able["zones"]],
                "zone_rows": reading.zone_table(run, able["zones"]),
                "forces": drawn.forces_of(run.told),
                "activity": self._activity_words(),
                "warnings": list(run.told.get("warnings", ())),
                "playing": False, "line": False, "link": "", "notes": [], "profile": {}, "profile_words": "",
                "shares": [], "reading_title": "Click the bone to read a value.", "reading_rows": [],
                "live_words": "",
            }
        )  # fmt: skip
        self._fill_wishes()
        if self.live:
            self.state.update({"live_activities": list(self.live.activities), **_live_state(self.live.usual)})

    def _fill_wishes(self) -> None:
        view, able = self.view, self.stage.able
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

    # -- in words

    def _title(self, panel: str) -> str:
        run, model = self.stage.of(panel)
        return (
            TITLES[model] if len(self.runs) == 1 else f"{run.name} {panel.partition(':')[0]}: {TITLES[model].lower()}"
        )

    def _titles(self) -> list[str]:
        return [self._title(name) for name in self.view.panels]

    def _instant_words(self, instant: float) -> str:
        units = {ACTIVITY: self.runs[0].told["loads"]["instant_unit"], "impact": "ms"}
        number = instant * (1000.0 if self.view.course == "impact" else 1.0)
        peak = ", largest hip force" if self.view.course == ACTIVITY and self.view.step == self.runs[0].peak else ""
        return (
            f"{number:.4g} {units.get(self.view.course, '')}{peak}"
            if self.view.course in units
            else f"state {number:g}"
        )

    def _activity_words(self) -> str:
        told = self.runs[0].told.get("activities", ())
        return told[0]["activity"].replace("_", " ") if told else ""

    def _words(self) -> str:
        view, said = self.view, [f"{self._activity_words()} at {self.state.instant or ''}".strip()]
        if view.plane != shown.WHOLE:
            said.append(f"cut {view.plane}" + (f", moved {view.offset:g} mm" if view.offset else ""))
        if view.times:
            said.append(f"displacements × {view.times:g}")
        if self.stage.live is not None:
            said.append(f"live loads: {self.state.live_words}")
        return "; ".join(said) + (". Left femur, mirrored." if self.state.left else ".")

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
        if self.live:
            self.state.change("live", *(f"live_{name}" for name in Setting.__dataclass_fields__))(self._loaded)

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

    def _loaded(self, **_: Any) -> None:
        """The page has moved a slider of the loads."""
        state = self.state
        if not state.live:
            self.stage.live, state.live_words = None, ""
        else:
            wanted = {name: state[f"live_{name}"] for name in Setting.__dataclass_fields__}
            self._setting = self.live.checked(self._setting, wanted)
            answer = self.live.answer(self._setting)
            self.stage.live = answer.values
            state.live_words, state.live_rows = answer.words, list(answer.rows)
            if self.view.field != "risk_factor" or self.view.course != ACTIVITY:
                state.update({"field": "risk_factor", "course": ACTIVITY})
        self._draw(self.view)


class _closing:
    def __init__(self, run: OpenedRun):
        self.run = run

    def __enter__(self) -> OpenedRun:
        return self.run

    def __exit__(self, *error: object) -> None:
        self.run.close()


def _live_state(setting: Setting) -> dict[str, Any]:
    return {"live": False, "live_rows": [], **{f"live_{k}": v for k, v in dataclasses.asdict(setting).items()}}


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
