"""What testing machines made of femora beside what failure analyses of femsim make of them.

    python benchmarks/fracture.py [--size 6] [--only NAME …] [--keep FILE] [--out docs/fracture.md]

Every variant is one failure analysis of one femur, minutes each; --keep stores what was found, so that a stopped run
goes on, and --only computes some. Nothing is tuned to any row: defaults, but for the keys that a variant names.
"""

import argparse
import json
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import statements
from statements import NotComputed, Row

from femsim.analyses import ANALYSES
from femsim.analyses.failure import Failure
from femsim.anatomy.neck_frame import neck_frame
from femsim.beyond.failing import linear_estimate
from femsim.build import build
from femsim.errors import ConvergenceError
from femsim.fem.geometry import centroids
from femsim.kernel_cache import granted_cores
from femsim.metrics.courses import courses as risk_courses
from femsim.metrics.fracture import fracture
from femsim.metrics.neck_strain import NeckStrain
from femsim.metrics.risk_factor import RiskFactor
from femsim.results.failure import Written
from femsim.scenario.reading import load
from femsim.view.fracture_curves import Curve, draw

SCENARIOS = Path(__file__).parents[1] / "scenarios"
STOP = 5.0  # % below the peak, where a variant ends
CAP, MID = "implant.kind=resurfacing_cap", "implant.kind=mid_head_resection"
# The head pressed straight down, the shaft leaning as in a leg that bears weight. The abstracts do not tell the angle:
# assumed. An upright shaft breaks above its pot, not in the neck.
COMPOSITE = ("composite_femur", ("load.adduction_deg=10",))
STANCE = ("fracture_load", ())  # a femur of bone in a machine, leaning by 20° (assumed)
FALL = ("walking", ("load.activity=fall_sideways",))
VALGUS, VARUS = "implant.varus_valgus_deg=10", "implant.varus_valgus_deg=-10"
POROUS, NECROTIC = "bone.osteoporosis.density_factor=0.75", "bone.osteonecrosis.angle_deg=100"


@dataclass(frozen=True)
class Variant:
    """A scenario with its keys, more keys, and which of its two femora is broken."""

    of: tuple[str, tuple[str, ...]]
    keys: tuple[str, ...] = ()
    model: str = "operated"


VARIANTS = {
    "composite, intact": Variant(COMPOSITE, (), "intact"),
    "composite, cap": Variant(COMPOSITE, (CAP,)),
    "composite, mid-head": Variant(COMPOSITE, (MID,)),
    "composite, cap, notch 2 mm": Variant(COMPOSITE, (CAP, "implant.notch_mm=2")),
    "composite, cap, notch 5 mm": Variant(COMPOSITE, (CAP, "implant.notch_mm=5")),
    "composite, cap, valgus 10°": Variant(COMPOSITE, (CAP, VALGUS)),
    "composite, cap, varus 10°": Variant(COMPOSITE, (CAP, VARUS)),
    "bone, intact": Variant(STANCE, (), "intact"),
    "bone, cap": Variant(STANCE),
    "bone, cap, valgus 10°": Variant(STANCE, (VALGUS,)),
    "bone, mid-head": Variant(STANCE, (MID,)),
    "porous, intact": Variant(STANCE, (POROUS,), "intact"),
    "porous, cap": Variant(STANCE, (POROUS,)),
    "porous, cap, valgus 10°": Variant(STANCE, (POROUS, VALGUS)),
    "necrotic, intact": Variant(STANCE, (NECROTIC,), "intact"),
    "necrotic, cap": Variant(STANCE, (NECROTIC,)),
    "bone, intact, fall": Variant(FALL, (), "intact"),
    "porous, intact, fall": Variant(FALL, (POROUS,), "intact"),
}


STRAINS = "strains"
STATES = {"bone": "sound bone", "porous": "density times 0.75", "necrotic": "necrosis of 100°"}
NAMES = [*VARIANTS, STRAINS]


def broken(variant: Variant, size: float, order: int, log: Callable[[str], None]) -> dict:
    """What became of one femur: loads [N], place, pattern, seconds; until its last good state where a step failed."""
    name, keys = variant.of
    scenario = load(SCENARIOS / f"{name}.toml", (f"mesh.size_mm={size:g}", f"mesh.order={order}", *keys, *variant.keys))
    pair = build(scenario)
    model = getattr(pair, variant.model)
    linear = ANALYSES["linear_static"]()
    operated = linear.run(pair.operated, n_kept=pair.twin.n_kept)
    outcome = operated if variant.model == "operated" else linear.run(model, n_kept=pair.twin.n_kept)
    estimate = linear_estimate(risk_courses(outcome, operated, RiskFactor().criterion)[0][0])
    started = time.perf_counter()
    try:
        course = Failure(stop_at_percent=STOP).run(model, log=log)
    except ConvergenceError as error:
        course = error.course
    seconds = time.perf_counter() - started
    found = fracture(course, neck_frame(pair.femur.landmarks).share(centroids(model.mesh)))
    gap = np.abs(course.work - course.stored - course.dissipated).max() / course.work.max()
    return {
        "load": found.load, "is_peak": found.is_peak, "crack": found.crack_load, "crack_place": found.crack_place,
        "pattern": found.pattern, "site": found.site, "estimate": estimate, "stiffness": found.stiffness,
        "energy": found.energy_to_peak, "seconds": round(seconds, 1), "dof": 3 * model.mesh.n_nodes,
        "steps": len(course.factor) - 1, "newton": int(course.iterations.sum()), "energy_error": float(gap),
        "travel": course.travel.tolist(), "force": course.hip_force.tolist(), "size": size, "order": order,
    }  # fmt: skip


def strained(size: float, order: int) -> dict:
    """Of the intact femur under 1000 N on the head, linear: strains of the neck's sides [µε] in a stance and a fall."""
    found = {"size": size, "order": order}
    for way, (name, keys) in (("stance", STANCE), ("fall", FALL)):
        pair = build(load(SCENARIOS / f"{name}.toml", (f"mesh.size_mm={size:g}", f"mesh.order={order}", *keys)))
        linear = ANALYSES["linear_static"]()
        operated, intact = (linear.run(model, n_kept=pair.twin.n_kept) for model in (pair.operated, pair.intact))
        history = intact.model.history
        share = 1000.0 / float(np.linalg.norm(history.hip[history.peak]))
        for one in NeckStrain().measure(operated, intact):
            if one.model == "intact":
                found[f"{way}, {one.name}, {one.zone}"] = share * one.value
    return found


class Broken:
    """What became of every variant that was computed; NotComputed of the others."""

    def __init__(self, found: dict[str, dict]):
        self._found = found

    def of(self, name: str) -> dict:
        if name not in self._found:
            raise NotComputed(name)
        return self._found[name]

    def load(self, name: str) -> float:
        """[N]"""
        return self.of(name)["load"]

    def ratio(self, name: str, of: str) -> float:
        return self.load(name) / self.load(of)

    def pattern(self, name: str) -> str:
        return self.of(name)["pattern"]


def intact_composite(b: Broken):
    load = b.load("composite, intact")
    return f"{load:.0f} N, {b.pattern('composite, intact')}", abs(load / 5900 - 1) < 0.1


def implants(b: Broken):
    cap, mid = (b.ratio(f"composite, {kind}", "composite, intact") for kind in ("cap", "mid-head"))
    near = abs(cap - 0.44) < 0.1 and 0.41 < mid < 0.69
    words = f"cap {cap:.2f} ({b.pattern('composite, cap')}), mid-head {mid:.2f} ({b.pattern('composite, mid-head')})"
    return words, near or ("in direction" if cap < mid < 1 else False)


def notches(b: Broken):
    two, five = (b.ratio(f"composite, cap, notch {depth} mm", "composite, cap") for depth in (2, 5))
    near = abs(two - 0.76) < 0.1 and abs(five - 0.59) < 0.1
    return f"1 / {two:.2f} / {five:.2f}", near or ("in direction" if 1 > two > five else False)


def resurfaced(b: Broken):
    change = 100 * (b.ratio("composite, cap", "composite, intact") - 1)
    return f"{change:+.0f} %", -57 <= change <= -29 or ("in direction" if change < -2 else False)


def tilted(b: Broken):
    valgus, varus = (b.ratio(f"composite, cap, {way} 10°", "composite, cap") for way in ("valgus", "varus"))
    return f"valgus {valgus:.2f}, varus {varus:.2f}", valgus >= 1 > varus


def valgus_by_bone(b: Broken):
    sound, porous = (b.ratio(f"{bone}, cap, valgus 10°", f"{bone}, cap") for bone in ("bone", "porous"))
    words = f"sound bone {sound:.2f}, density times 0.75 {porous:.2f}"
    return words, sound > 1.02 >= porous or ("the first half" if sound > 1.02 else False)


def mid_head_in_bone(b: Broken):
    ratio = b.ratio("bone, mid-head", "bone, cap")
    return f"{ratio:.2f}", ratio < 0.97


def stance(b: Broken):
    sound, porous = b.load("bone, intact"), b.load("porous, intact")
    words = f"{sound / 1000:.1f} kN, density times 0.75 {porous / 1000:.1f} kN ({b.pattern('bone, intact')})"
    return words, 8000 <= sound <= 13000 and 4000 <= porous <= 9000


def fall(b: Broken):
    sound, porous = b.load("bone, intact, fall"), b.load("porous, intact, fall")
    words = f"{sound / 1000:.1f} kN, density times 0.75 {porous / 1000:.1f} kN ({b.pattern('bone, intact, fall')})"
    return words, 2300 <= porous <= 5600


def fall_strains(b: Broken):
    values = {
        way: [
            max(abs(b.of(STRAINS)[f"{way}, {kind}_p95, neck_{side}"]) for side in ("superior", "inferior"))
            for kind in ("strain_compression", "strain_tension")
        ]
        for way in ("stance", "fall")
    }
    upper, lower = (
        abs(b.of(STRAINS)[f"fall, strain_compression_p95, neck_{side}"]) for side in ("superior", "inferior")
    )
    rise = 100 * (values["fall"][0] / values["stance"][0] - 1)
    ratios = [values[way][0] / values[way][1] for way in ("fall", "stance")]
    words = f"{rise:+.0f} %; compression over tension {ratios[0]:.1f} against {ratios[1]:.1f}; the fall presses the "
    words += "upper neck most" if upper > lower else "lower neck most"
    if not (40 <= rise <= 100 and upper > lower):
        return words, "in direction" if rise > 5 and upper > lower else False
    return words, True if abs(ratios[0] - 2) < 0.5 and abs(ratios[1] - 1.3) < 0.4 else "rise and place"


def weaker_with_density(b: Broken):
    ratios = [b.ratio(f"porous, {one}", f"bone, {one}") for one in ("intact", "cap")]
    power = [np.log(ratio) / np.log(0.75) for ratio in ratios]
    return "{:.2f} (intact), {:.2f} (cap): powers {:.1f}, {:.1f}".format(*ratios, *power), max(ratios) < 0.9


ROWS = (
    Row("intact 5900 ± 200 N, neck", "Aghayan 2013, composite", intact_composite),
    Row("over intact: cap 0.44, mid-head 0.51–0.59", "Aghayan 2013, composite", implants),
    Row("notch of 0, 2, 5 mm: 1 / 0.76 / 0.59", "notch study, JBJS-B 91-B(Supp I):10, composite", notches),
    Row("resurfaced −29 to −57 % against intact", "Nabavi 2009, composite", resurfaced),
    Row("valgus as strong as anatomic, varus weaker", "Nabavi 2009, composite", tilted),
    Row(
        "valgus 10° +28 % in good bone, none in poor; in osteoporotic bone −40 % of cycles",
        "Anglin 2007, Schnurr 2009, cadaver",
        valgus_by_bone,
    ),
    Row("mid-head over cap 0.77", "Olsen 2011, cadaver", mid_head_in_bone),
    Row("intact, stance: 8–13 kN young, 4–9 old", "as usually quoted", stance),
    Row("intact, fall: 3.95 ± 1.65 kN at 79 years", "Zani, as quoted", fall),
    Row(
        "fall over stance at equal force: +70 % compressive strain; compression over tension 2 against 1.3; upper neck",
        "Zani; Schileo 2014; neck, 95th percentile",
        fall_strains,
    ),
    Row("strength −39 to −55 % over life", "Keaveny, as quoted", weaker_with_density),
)


def curves(found: dict[str, dict]) -> list[Curve]:
    """Force over travel, intact and with a cap, of the states of bone that were computed."""
    drawn = []
    for name in (f"{bone}, {femur}" for bone in ("bone", "porous", "necrotic") for femur in ("intact", "cap")):
        if name in found:
            one = found[name]
            force, nothing = np.array(one["force"]), np.zeros(len(one["force"]))
            model = "intact" if name.endswith("intact") else "operated"
            factor = force / 1000.0
            written = Written(model, factor, force, one["travel"], force, *[nothing] * 4, frames=[0])
            told = {
                "first_crack_factor": one["crack"] and one["crack"] / 1000.0, "first_crack_load_n": one["crack"],
                "past_peak": one["is_peak"], "fracture_load_n": one["load"], "pattern": one["pattern"],
            }  # fmt: skip
            drawn.append(Curve(STATES[name.split(",")[0]], model, written, told))
    return drawn


def told(found: dict[str, dict]) -> str:
    """The page."""
    size = next(one["size"] for name, one in found.items() if name in VARIANTS)
    lines = [
        "# Broken in machines, and computed\n",
        f"`python benchmarks/fracture.py --size {size:g}`, {granted_cores()} cores "
        f"({platform.machine()}), {time.strftime('%Y-%m-%d')}. One parametric femur: of composite "
        "(`scenarios/composite_femur.toml`, shaft leaning by 10°) and of bone (`scenarios/fracture_load.toml`, by "
        f"20°), TET10 where the list below does not say TET4 (`--order 1`), until the load had fallen by {STOP:g} %. "
        "Nothing is tuned to any row. Patterns name where bone lost most strength while the load fell. "
        "Research and engineering use; not a medical device.\n",
        *statements.lines(ROWS, Broken(found)),
    ]
    lines += [
        "\n## Every analysis\n",
        "Linear estimate: the hip force at which a sphere of 2 mm first reaches 0.73 % of tension or 1.04 % of "
        "compression, linear statics (Schileo 2014); its share of the fracture load in brackets. Energy error: work "
        "less what is stored and lost, over the work.\n",
        "| variant | unknowns | first crack [N] | fracture [N] | pattern | linear estimate [N] | energy error | "
        "steps, Newton | seconds |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name in VARIANTS:
        one = found.get(name)
        if one is None:
            lines.append(f"| {name} | | | not computed | | | | | |")
            continue
        unknowns = f"{one['dof']}{', TET4' if one['order'] == 1 else ''}"
        crack = "–" if one["crack"] is None else f"{one['crack']:.0f}, {one['crack_place']}"
        lines.append(
            f"| {name} | {unknowns} | {crack} | {'' if one['is_peak'] else 'at least '}{one['load']:.0f} | "
            f"{one['pattern']} | {one['estimate']:.0f} ({one['estimate'] / one['load']:.2f}) | "
            f"{one['energy_error']:.1e} | {one['steps']}, {one['newton']} | {one['seconds']:.0f} |"
        )
    return "\n".join(lines) + "\n"


def kept(file: Path) -> dict[str, dict]:
    """What was found so far."""
    return json.loads(file.read_text("utf-8")) if file.is_file() else {}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=float, default=6.0)
    parser.add_argument("--order", type=int, default=2, choices=(1, 2), help="of the tetrahedra")
    parser.add_argument("--only", nargs="*", default=NAMES, choices=NAMES, metavar="NAME")
    parser.add_argument("--keep", type=Path, default=Path(__file__).parent / ".work" / "fracture.json")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--figure", type=Path, help="force over travel of sound, porous and necrotic bone")
    arguments = parser.parse_args()
    arguments.keep.parent.mkdir(parents=True, exist_ok=True)
    for name in arguments.only:
        known = kept(arguments.keep).get(name, {})
        if (known.get("size"), known.get("order")) == (arguments.size, arguments.order):
            continue
        if name == STRAINS:
            one = strained(arguments.size, arguments.order)
        else:
            one = broken(VARIANTS[name], arguments.size, arguments.order, lambda line: print(" ", line, flush=True))
        # Read again: another process may have stored its own meanwhile.
        arguments.keep.write_text(json.dumps({**kept(arguments.keep), name: one}), encoding="utf-8")
        if name != STRAINS:
            print(f"{name}: {one['load']:.0f} N, {one['pattern']}, {one['seconds']:.0f} s", flush=True)
    found = kept(arguments.keep)
    if arguments.out:
        arguments.out.write_text(told(found), encoding="utf-8")
    if arguments.figure:
        draw(curves(found), arguments.figure)


if __name__ == "__main__":
    main()
