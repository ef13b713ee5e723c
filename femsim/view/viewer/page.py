"""The page of the viewer: controls to the left, femora in the middle, numbers to the right, time below."""

from importlib import resources
from typing import Any

from femsim.errors import MissingPieceError
from femsim.results import summary
from femsim.view.eyes import VIEWS
from femsim.view.viewer.cases import TALL as DOTS_TALL
from femsim.view.viewer.cases import WIDE as DOTS_WIDE
from femsim.view.viewer.drawn import TALL, WIDE

COMPACT = {"density": "compact", "hide_details": True, "variant": "outlined"}
ACROSS = f"0 0 {WIDE:g} {TALL:g}"


def build(server: Any, window: Any, viewer: Any, *, is_live: bool, is_sweep: bool) -> None:
    """Lay out the page of a server; its pictures come from a VTK render window, its buttons call the viewer.

    Raises
    ------
    MissingPieceError
        Where the libraries of the page are not installed.
    """
    try:
        from trame.ui.vuetify3 import VAppLayout
        from trame.widgets import client, html
        from trame.widgets import vtk as vtk_widgets
    except ImportError as error:
        raise MissingPieceError(
            f"The viewer needs the library {error.name}, which is not installed.",
            remedy="pip install trame trame-vtk trame-vuetify",
        ) from None
    style = resources.files("femsim.view.viewer").joinpath("page.css").read_text("utf-8")
    with VAppLayout(server):
        client.Style(style)
        client.ClientTriggers(mounted="trigger('arrived', [window.location.hash])")
        with html.Div(id="femsim"):
            with html.Header():
                html.Strong("{{ name }}")
                html.Span("{{ words }}", id="words")
                html.Span(summary.DISCLAIMER, classes="faint right")
            with html.Aside(id="controls"):
                if is_sweep:
                    _cases(html)
                _what(html)
                _cut(html)
                _parts(html)
                _looks(html)
                if is_live:
                    _live(html)
                _keep(html, viewer)
            with html.Main():
                with html.Div(id="titles"):
                    html.Span("{{ title }}", v_for="(title, k) in titles", key="k")
                with html.Div(id="stage", raw_attrs=[_pointer("down", "pressed"), _pointer("up", "released")]):
                    view = vtk_widgets.VtkRemoteView(
                        window, interactive_ratio=0.7, interactive_quality=75, still_quality=98, ref="stage"
                    )
                    server.controller.update_view = view.update
                with html.Div(id="views"):
                    for name in VIEWS:
                        html.Button(name, click=(viewer.look, f"['{name}']"))
            with html.Aside(id="numbers"):
                _legends(html)
                _reading(html, viewer)
                _zones(html)
                _notes(html)
            with html.Footer(style=("{ visibility: live ? 'hidden' : 'visible' }",)):
                _time(html)


def _pointer(event: str, name: str) -> str:
    """Tells the server where on the picture, in shares from its lower left corner, a pointer goes down or up."""
    box = "$event.currentTarget.getBoundingClientRect()"
    across, up = f"($event.clientX - {box}.left) / {box}.width", f"1 - ($event.clientY - {box}.top) / {box}.height"
    return f"@pointer{event}.capture=\"$event.button == 0 && trigger('{name}', [{across}, {up}])\""


def _group(html: Any, title: str, *, is_open: bool = True) -> Any:
    group = html.Details(**({"open": True} if is_open else {}), __properties=["open"])
    with group:
        html.Summary(title)
    return group


def _what(html: Any) -> None:
    from trame.widgets import vuetify3 as v

    with _group(html, "What is shown"):
        v.VSelect(label="field", v_model=("field",), items=("field_items",), id="field", **COMPACT)
        v.VSelect(label="panels", v_model=("panels",), items=("panel_items",), id="panels", multiple=True, **COMPACT)
        v.VSelect(
            label="course", v_model=("course",), items=("course_items",), id="course", **COMPACT,
            v_if="course_items.length > 1",
        )  # fmt: skip
        with html.Div(classes="pair"):
            _number(html, "colours from", "low")
            _number(html, "to", "high")
        with html.Div(classes="pair"):
            _number(html, "only from", "only_low")
            _number(html, "to", "only_high")


def _cut(html: Any) -> None:
    from trame.widgets import vuetify3 as v

    with _group(html, "Cut"):
        v.VSelect(label="plane", v_model=("plane",), items=("plane_items",), id="plane", **COMPACT)
        with html.Div(v_if="plane != 'none'"):
            _slider(html, "moved [mm]", "offset", -80, 80, 0.5)
            with html.Div(v_if="plane == 'free'"):
                _slider(html, "turned to lateral [deg]", "turn", -180, 180, 1)
                _slider(html, "tilted up [deg]", "tilt", -90, 90, 1)
            _check(html, "keep the other side", "flipped")


def _parts(html: Any) -> None:
    from trame.widgets import vuetify3 as v

    with _group(html, "Parts", is_open=False):
        many = {"multiple": True, **COMPACT}
        v.VSelect(label="parts shown", v_model=("shown_regions",), items=("region_items",), id="regions", **many)
        v.VSelect(label="zones shown", v_model=("shown_zones",), items=("zone_items",), id="zones", **many)


def _looks(html: Any) -> None:
    with _group(html, "Looks", is_open=False):
        _check(html, "sides of the elements", "edges")
        _check(html, "forces", "arrows")
        _slider(html, "displacements ×", "times", 0, 100, 1)


def _live(html: Any) -> None:
    from trame.widgets import vuetify3 as v

    with _group(html, "Live loads"):
        _check(html, "move the loads", "live")
        with html.Div(v_if="live"):
            v.VSelect(
                label="activity", v_model=("live_activity",), items=("live_activities",), id="live_activity", **COMPACT
            )
            _slider(html, "moment [share of the activity]", "live_moment", 0, 1, 0.01)
            _slider(html, "body mass [kg]", "live_mass", 40, 150, 1)
            _slider(html, "hip force ×", "live_force", 0.1, 3, 0.05)
            _slider(html, "turned to lateral [deg]", "live_lateral", -30, 30, 1)
            _slider(html, "turned to anterior [deg]", "live_anterior", -30, 30, 1)
            html.P("{{ live_words }}", classes="faint", id="live_words")
            with html.Table(v_if="live_rows.length"), html.Tbody():
                with html.Tr():
                    for words in ("largest risk", "operated", "intact"):
                        html.Th(words)
                with html.Tr(v_for="row in live_rows", key="row.words"):
                    html.Td("{{ row.words }}")
                    html.Td("{{ row.operated }}", classes="n")
                    html.Td("{{ row.intact }}", classes="n")


def _cases(html: Any) -> None:
    from trame.widgets import vuetify3 as v

    with _group(html, "Sweep"):
        with _svg("svg", viewBox=f"0 0 {DOTS_WIDE:g} {DOTS_TALL:g}", classes="dots", id="cases"):
            dot = ":cx='one.x' :cy='one.y' r='3.4' @click='trigger(\"case\", [one.number])'"
            with _svg(
                "circle", v_for="one in case_plot.dots", raw=f":key='one.number' {dot} "
                ":class='{ open: case_open.includes(one.number) }' :data-case='one.number'",
            ):  # fmt: skip
                _svg("title", raw="v-text='one.words'")
        for words, side in (("up", "up"), ("across", "across")):
            html.P(f"{words}: {{{{ case_plot.{side}[0] }}}} to {{{{ case_plot.{side}[1] }}}}", classes="faint")
        html.P("{{ case_words }}", id="case_words", classes="faint")
        v.VSelect(label="up", v_model=("case_up",), items=("case_columns",), id="case_up", **COMPACT)
        v.VSelect(label="across", v_model=("case_across",), items=("case_columns",), id="case_across", **COMPACT)


def _keep(html: Any, viewer: Any) -> None:
    with _group(html, "Keep"):
        with html.Div(classes="buttons"):
            for words, name, file, kind in (
                ("picture", "picture", "femsim-view.png", "image/png"),
                ("animation", "film", "femsim-view.gif", "image/gif"),
                ("view file", "view_file", "femsim-view.json", "application/json"),
            ):
                html.Button(words, id=f"save_{name}", click=f"utils.download('{file}', trigger('{name}'), '{kind}')")
            html.Button("link", id="save_link", click=viewer.link)
        html.P(
            "Add to this page's address, or give to femsim view --view: #view={{ link }}", v_if="link", id="link",
            classes="faint word",
        )  # fmt: skip


def _legends(html: Any) -> None:
    with html.Div(id="legends"), html.Div(v_for="(one, k) in legends", key="k", classes="legend"):
        html.P("{{ one.title }}", classes="title")
        with html.Div(v_for="(row, r) in one.rows", key="r", classes="row"):
            html.Span(classes="swatch", style=("{ background: row.colour || 'transparent' }",))
            html.Span("{{ row.tick }}", classes="tick")
    with html.Div(id="materials"):
        with html.Div(v_for="one in materials", key="one.words", classes="material"):
            html.Span(classes="swatch", style=("{ background: one.colour }",))
            html.Span("{{ one.words }}")
        with html.Div(classes="material", v_if="legends.length"):
            html.Span(classes="swatch", style=("{ background: legends[0].undefined }",))
            html.Span("not defined")


def _reading(html: Any, viewer: Any) -> None:
    with html.Section(id="reading"):
        html.P("{{ reading_title }}", classes="title")
        with html.Table(), html.Tbody(), html.Tr(v_for="row in reading_rows", key="row.words"):
            html.Td("{{ row.words }}")
            html.Td("{{ row.value }}", classes="n")
            html.Td("{{ row.unit }}")
        with html.Div(classes="buttons"):
            html.Button("across the neck", id="neck_section", click=viewer.neck_section)
            with html.Label():
                html.Input(type="checkbox", v_model=("line",), id="line")
                html.Span(" line between two clicks")
        with html.Div(v_if="profile.path", id="profile"):
            html.P("{{ profile_words }}", classes="faint")
            with _svg("svg", viewBox=ACROSS, preserveAspectRatio="none", classes="plot"):
                _svg("path", raw=':d="profile.path"')
            html.P("{{ profile.bottom }} … {{ profile.top }} over {{ profile.length }}", classes="faint")
        with html.Table(v_if="shares.length", id="shares"), html.Tbody():
            with html.Tr(v_for="(row, r) in shares", key="r"):
                html.Td("{{ row.section }}, {{ row.model }}, {{ row.kind }}")
                html.Td("{{ row.part }}")
                html.Td("{{ row.share }} %", classes="n")


def _zones(html: Any) -> None:
    with _group(html, "{{ zone_title }}"), html.Table(id="zone_table"):
        with html.Thead(), html.Tr():
            for words in ("zone", "risk p99", "intact", "energy change [%]"):
                html.Th(words)
        with html.Tbody(), html.Tr(
            v_for="row in zone_rows", key="row.zone", click="zone = zone == row.zone ? '' : row.zone",
            raw_attrs=[":class=\"{ chosen: zone == row.zone }\""],
        ):  # fmt: skip
            html.Td("{{ row.words }}")
            for key in ("risk", "intact", "change"):
                html.Td(f"{{{{ row.{key} }}}}", classes="n")


def _notes(html: Any) -> None:
    with html.Section(id="notes"):
        html.P("{{ line }}", v_for="(line, k) in missing", key="'m' + k", classes="warn")
        html.P("{{ line }}", v_for="(line, k) in notes", key="'n' + k", classes="warn")
        html.P("{{ line }}", v_for="(line, k) in warnings", key="'w' + k", classes="faint")
        html.P("Left femur, mirrored: drawn as a right one.", v_if="left", classes="faint")


def _time(html: Any) -> None:
    with html.Div(classes="play"):
        html.Button("{{ playing ? 'pause' : 'play' }}", id="play", click="playing = !playing")
        html.Span("{{ activity }}", classes="faint")
        html.Strong("{{ instant }}", id="instant")
    with html.Div(classes="course"):
        with _svg("svg", viewBox=ACROSS, preserveAspectRatio="none", classes="plot", id="forces"):
            _svg("path", v_for="one in forces.lines", raw=':d="one.path" :stroke="one.ink"')
            _svg("line", id="cursor", raw=f':x1="cursor" :x2="cursor" y1="0" y2="{TALL:g}"')
        html.Input(
            type="range",
            min=0,
            max=("steps",),
            step=1,
            raw_attrs=[':key="steps"', 'v-model.number="step"', "@input=\"flushState('step')\""],
            id="step",
        )
        with html.Div(classes="axis"):
            html.Span("{{ forces.first }}")
            html.Span("{{ forces.top }} high")
            html.Span("{{ forces.last }}")
    with html.Div(classes="key"):
        html.Span("{{ one.name }}", v_for="one in forces.lines", key="one.name", style=("{ color: one.ink }",))


def _slider(html: Any, words: str, name: str, low: float, high: float, step: float) -> None:
    with html.Label(classes="slider"):
        html.Span(words)
        html.Input(
            type="range", min=low, max=high, step=step, id=name,
            raw_attrs=[f'v-model.number="{name}"', f"@input=\"flushState('{name}')\""],
        )  # fmt: skip
        html.Input(
            type="number", min=low, max=high, step=step,
            raw_attrs=[f'v-model.number="{name}"', f"@input=\"flushState('{name}')\""],
        )  # fmt: skip


def _number(html: Any, words: str, name: str) -> None:
    with html.Label(classes="number"):
        html.Span(words)
        html.Input(
            type="number", step="any", placeholder="auto", id=name,
            raw_attrs=[f'v-model.number="{name}"', f"@input=\"flushState('{name}')\""],
        )  # fmt: skip


def _check(html: Any, words: str, name: str) -> None:
    with html.Label(classes="check"):
        html.Input(type="checkbox", v_model=(name,), id=name)
        html.Span(f" {words}")


def _svg(tag: str, *, raw: str = "", **more: Any) -> Any:
    from trame_client.widgets.core import HtmlElement

    attributes = [raw] if raw else []
    for name, value in more.items():
        known = {"classes": "class", "v_for": "v-for"}.get(name, name)
        attributes.append(f'{known}="{value}"')
    return HtmlElement(tag, raw_attrs=attributes)
