"""How fast the viewer answers, in a browser on this machine; writes benchmarks/VIEWER.md.

    python benchmarks/viewer.py [--size 4.5] [--live-size 3.0] [--out FILE]

A walking run is computed, and each of its elements split into eight that inherit its values: a run as large as one
wants, with true fields, which nobody had to solve. The viewer is started on it as a user starts it, and a headless
Chromium (Playwright) drags, scrubs and changes fields; what counts is the picture that has come. Live loads are moved
on an unsplit run of --live-size.
"""

import argparse
import contextlib
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import numpy as np
import psutil

ROOT = Path(__file__).parents[1]
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
N = 12  # changes of each kind
DRAG_S = 5.0
# Pictures come as images of their own; one that has loaded is shown with the next frame of the browser.
COUNTER = """
window.drawn = [];
const source = Object.getOwnPropertyDescriptor(HTMLImageElement.prototype, "src");
Object.defineProperty(HTMLImageElement.prototype, "src", { ...source, set(url) {
  if (String(url).startsWith("blob:")) {
    this.addEventListener("load", () => window.drawn.push(performance.now()), { once: true });
  }
  source.set.call(this, url);
} });
"""
# As fast as eye and hand could ever go: a picture, then the next move.
MOVES = """async seconds => {
  const it = document.getElementById("live_mass"), end = performance.now() + 1000 * seconds;
  const pause = () => new Promise(ready => setTimeout(ready, 2));
  let k = 0; window.moves = 0;
  while (performance.now() < end) {
    const before = window.drawn.length;
    it.value = 60 + (k++ % 60);
    it.dispatchEvent(new Event("input", { bubbles: true }));
    while (window.drawn.length === before && performance.now() < end + 2000) await pause();
    window.moves++;
  }
  window.took = performance.now() - end + 1000 * seconds;
}"""
SPLIT = (
    *((0, 4, 6, 7), (4, 1, 5, 8), (6, 5, 2, 9), (7, 8, 9, 3)),
    *((4, 8, 5, 6), (4, 8, 6, 7), (9, 5, 6, 8), (9, 6, 7, 8)),
)  # corners of the eight elements, as nodes of a TET10


def split(folder: Path, out: Path) -> tuple[int, int]:
    """A copy of a run with eight elements for each; the nodes and elements of its operated femur."""
    from femsim.mesh.mesh import Mesh
    from femsim.mesh.quadratic import with_mid_nodes
    from femsim.results import neighbours, summary, vtkhdf

    shutil.copytree(folder, out)
    path = folder / "result.vtkhdf"
    instants = vtkhdf.instants(path)
    bodies = []
    for name in vtkhdf.body_names(path):
        steps = [vtkhdf.read_step(path, name, step) for step in range(len(instants))]
        first = steps[0]
        parts = first.elements[:, np.array(SPLIT)].reshape(-1, 4)
        volumes = np.linalg.det(first.points[parts[:, 1:]] - first.points[parts[:, :1]])
        parts[volumes < 0] = parts[volumes < 0][:, [0, 2, 1, 3]]
        nodes, elements = with_mid_nodes(first.points.astype(float), parts)
        ends = np.sort(elements[:, [[0, 1], [1, 2], [0, 2], [0, 3], [1, 3], [2, 3]]], axis=2).reshape(-1, 2)
        points = {}
        for field in first.point_fields:
            fine = []
            for step in steps:
                values = step.point_fields[field]
                longer = np.zeros((len(nodes), *values.shape[1:]), np.float32)
                longer[: len(values)] = values
                longer[elements[:, 4:].ravel()] = 0.5 * (values[ends[:, 0]] + values[ends[:, 1]])
                fine.append(longer)
            points[field] = np.stack(fine)
        cells = {}
        for field in first.cell_fields:
            same = all(
                np.array_equal(first.cell_fields[field], s.cell_fields[field], equal_nan=True) for s in steps[1:]
            )
            some = steps[:1] if same else steps
            cells[field] = np.stack([np.repeat(step.cell_fields[field], 8, axis=0) for step in some])
        mesh = Mesh(nodes, elements, np.repeat(first.cell_fields["region_id"], 8), first.texts["region_names"])
        bodies.append(vtkhdf.Body(name, mesh, points, cells, first.units, first.texts))
    (out / "summary.json").unlink()
    vtkhdf.write(out / "result.vtkhdf", bodies, instants)
    neighbours.write(out, {body.name: body.mesh for body in bodies})
    summary.write(out, {key: value for key, value in summary.read(folder).items() if key != "files"})
    return bodies[0].mesh.n_nodes, bodies[0].mesh.n_elements


def computed(out: Path, size: float) -> Path:
    """The walking run of an element size."""
    command = [sys.executable, "-m", "femsim", "run", "scenarios/walking.toml", "--set", f"mesh.size_mm={size}"]
    told = subprocess.run(
        [*command, "--out", str(out), "--no-pictures", "--quiet", "--json"], cwd=ROOT, capture_output=True, text=True
    )
    told.check_returncode()
    return next(path for path in out.iterdir() if path.is_dir() and not path.name.startswith("."))


class Looking:
    """A viewer and a browser on it."""

    def __init__(self, browser, *arguments: str):
        start = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "femsim", "view", *arguments, "--no-browser", "--json"],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        said = ""
        while '"address"' not in said:
            line = self.process.stdout.readline()
            if not line:
                raise SystemExit(f"the viewer ended: {said}")
            said += line
        self.serving_s = time.perf_counter() - start
        self.page = browser.new_page(viewport={"width": 1400, "height": 860})
        self.page.add_init_script(COUNTER)
        self.page.goto(re.search(r'"address": "(.*?)"', said)[1])
        self.page.wait_for_function("window.drawn.length > 0", timeout=120_000)
        self.start_s = time.perf_counter() - start
        self.settle()

    def settle(self) -> None:
        """Until no picture has come for a while."""
        self.page.wait_for_function("performance.now() - window.drawn.at(-1) > 600", timeout=120_000)

    def slid(self, name: str, value: float) -> float:
        """Move a slider; milliseconds until the next picture has come."""
        self.page.evaluate(
            """([name, value]) => { const it = document.getElementById(name); it.value = value; window.drawn.length = 0;
            window.asked = performance.now(); it.dispatchEvent(new Event("input", { bubbles: true })); }""",
            [name, value],
        )
        self.page.wait_for_function("window.drawn.length > 0", timeout=120_000)
        took = self.page.evaluate("window.drawn[0] - window.asked")
        self.settle()
        return took

    def chosen(self, name: str, words: str) -> float:
        """Choose in a list; milliseconds until the next picture has come."""
        self.page.locator(f".v-select:has(#{name})").click()
        option = self.page.get_by_role("option", name=words, exact=True)
        option.wait_for()
        option.evaluate("it => { window.drawn.length = 0; window.asked = performance.now(); it.click(); }")
        self.page.wait_for_function("window.drawn.length > 0", timeout=120_000)
        took = self.page.evaluate("window.drawn[0] - window.asked")
        self.settle()
        return took

    def dragged(self) -> float:
        """Turn the femora for a while; pictures a second."""
        box = self.page.locator("#stage").bounding_box()
        x, y = box["x"] + 0.3 * box["width"], box["y"] + 0.5 * box["height"]
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + 5, y)
        self.page.evaluate("window.drawn.length = 0")
        start, turn = time.perf_counter(), 0
        while time.perf_counter() - start < DRAG_S:
            turn += 1
            self.page.mouse.move(x + 3 * (turn % 60), y + (turn % 7))
            time.sleep(0.012)
        pictures = self.page.evaluate("window.drawn.length")
        took = time.perf_counter() - start
        self.page.mouse.up()
        self.settle()
        return pictures / took

    def live_rate(self) -> float:
        """Move a slider of the loads without waiting; answers a second that were shown."""
        self.page.check("#live")
        self.settle()
        self.page.evaluate("window.drawn.length = 0")
        self.page.evaluate(MOVES, DRAG_S)
        return self.page.evaluate("1000 * window.moves / window.took")

    def memory_mb(self) -> float:
        """Resident memory of the viewer."""
        whole = psutil.Process(self.process.pid)
        return sum(one.memory_info().rss for one in [whole, *whole.children(recursive=True)]) / 1e6

    def close(self) -> None:
        self.page.close()
        self.process.terminate()
        self.process.wait()


def measured(browser, run: Path) -> dict[str, float]:
    """Of the saved fields of a run."""
    looking = Looking(browser, str(run))
    with contextlib.closing(looking):
        found = {"start": looking.start_s, "serving": looking.serving_s, "drag whole": looking.dragged()}
        found["step"] = statistics.median(looking.slid("step", k) for k in range(N))
        fields = ("stress von mises [MPa]", "density [g/cm3]", "risk factor [-]", "strain energy density [MPa]")
        _ = [looking.chosen("field", name) for name in fields]  # the first time finds the limits of the colours
        found["field"] = statistics.median(looking.chosen("field", fields[k % 4]) for k in range(8))
        looking.chosen("plane", "frontal")
        found["drag cut"] = looking.dragged()
        found["cut step"] = statistics.median(looking.slid("step", k) for k in range(N))
        found["cut moved"] = statistics.median(looking.slid("offset", k - 5) for k in range(N))
        found["memory"] = looking.memory_mb()
    return found


def drawn_alone(run: Path) -> dict[str, float]:
    """Milliseconds on the server, without browser and network: what a step or field costs, and one picture."""
    code = """
import dataclasses, json, statistics, sys, time
from pathlib import Path
from femsim.view.viewer.opened import OpenedRun
from femsim.view.viewer.serving import plotter_for
from femsim.view.viewer.stage import Stage
plotter = plotter_for()
stage = Stage([OpenedRun(Path(sys.argv[1]))], plotter)
view = stage.first_view()
stage.show(view)
plotter.render_window.Render()
def cost(views):
    shown, all_ = [], []
    for one in views:
        start = time.perf_counter()
        stage.show(one)
        shown.append(1e3 * (time.perf_counter() - start))
        plotter.render_window.Render()
        all_.append(1e3 * (time.perf_counter() - start))
    return statistics.median(shown), statistics.median(all_)
fields = ["stress_von_mises", "density", "risk_factor", "strain_energy_density"] * 3
cost([dataclasses.replace(view, field=name) for name in fields])
print(json.dumps({"step": cost([dataclasses.replace(view, step=k) for k in range(12)]),
                  "field": cost([dataclasses.replace(view, field=name) for name in fields])}))
"""
    told = subprocess.run([sys.executable, "-c", code, str(run)], cwd=ROOT, capture_output=True, text=True)
    told.check_returncode()
    return json.loads(told.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=float, default=4.5)
    parser.add_argument("--live-size", type=float, default=3.0)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "VIEWER.md")
    asked = parser.parse_args()
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as driver:
        scratch = Path(scratch)
        n_nodes, n_elements = split(computed(scratch / "small", asked.size), scratch / "large")
        print(f"{n_nodes} nodes, {n_elements} elements", flush=True)
        os.sync()  # what was just written goes to the disk now, not while the viewer starts
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        found = measured(browser, scratch / "large")
        alone = drawn_alone(scratch / "large")
        print(found, alone, flush=True)
        run = computed(scratch / "live", asked.live_size)
        told = json.loads((run / "summary.json").read_text("utf-8"))["models"]["operated"]["mesh"]
        looking = Looking(browser, str(run), "--live")
        with contextlib.closing(looking):
            live = looking.live_rate()
            live_memory = looking.memory_mb()
        browser.close()
    asked.out.write_text(page(n_nodes, n_elements, found, alone, told, live, live_memory), encoding="utf-8")
    print(asked.out.read_text("utf-8"))


def page(n_nodes, n_elements, found, alone, told, live, live_memory) -> str:
    """The results as a table."""
    rows = (
        ("start, from the shell to the first picture", f"{found['start']:.1f} s", "5 s"),
        ("the same until the server answers", f"{found['serving']:.1f} s", ""),
        ("step on the server: values and colours", f"{alone['step'][0]:.0f} ms", "50 ms"),
        ("field on the server: values and colours", f"{alone['field'][0]:.0f} ms", "50 ms"),
        ("step on the server, picture included", f"{alone['step'][1]:.0f} ms", ""),
        ("field on the server, picture included", f"{alone['field'][1]:.0f} ms", ""),
        ("step in the browser, from the slider to the picture", f"{found['step']:.0f} ms", ""),
        ("field in the browser, from the list to the picture", f"{found['field']:.0f} ms", ""),
        ("step in the browser, cut open", f"{found['cut step']:.0f} ms", ""),
        ("plane moved, in the browser", f"{found['cut moved']:.0f} ms", ""),
        ("drag, whole", f"{found['drag whole']:.0f} pictures/s", "20"),
        ("drag, cut open", f"{found['drag cut']:.0f} pictures/s", "20"),
        ("memory of the viewer", f"{found['memory']:.0f} MB", ""),
    )
    machine = f"{platform.machine()}, {os.cpu_count()} cores shared by viewer and browser, no graphics card (llvmpipe)"
    lines = [
        "# How fast the viewer answers",
        "",
        f"`python benchmarks/viewer.py`, {date.today()}, {machine}, Python {platform.python_version()}. A page of "
        "1400 × 860, operated and intact femur side by side.",
        "",
        f"Saved fields: {n_nodes} nodes, {n_elements} TET10 elements in the operated femur, fewer in the intact one.",
        "",
        "| what | measured | goal |",
        "|---|---|---|",
        *(f"| {words} | {value} | {goal} |" for words, value, goal in rows),
        "",
        f"Live loads: {told['n_nodes']} nodes ({3 * told['n_nodes']} unknowns), {told['n_elements']} TET10 elements in "
        f"the operated femur. Both femora judged anew, drawn and shown: {live:.0f} times a second (goal 15). Memory "
        f"{live_memory:.0f} MB.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
