"""What publications say of operated femora beside what femsim computes for the same change.

    python benchmarks/published.py [--size 4] [--out docs/published.md]

One parametric femur (scenarios/patient.toml), level walking at its peak. Nothing is tuned to any one row: defaults are
used but for the keys that a row names.
"""

import argparse
import platform
import time
from pathlib import Path

import statements
from statements import Row

from femsim.analyses import ANALYSES
from femsim.build import build
from femsim.kernel_cache import granted_cores
from femsim.metrics import METRICS
from femsim.scenario.reading import load

PATIENT = Path(__file__).parents[1] / "scenarios" / "patient.toml"
CAP, MID, STEM, CEMENTED = (
    f"implant.kind={kind}" for kind in ("resurfacing_cap", "mid_head_resection", "stemmed", "stemmed_cemented")
)
ALONE = "load.muscles=false"  # bench tests load the head alone
# Variant → keys of the scenario.
VARIANTS = {
    "cap": (CAP,),
    "cap, stem bonded": (CAP, "implant.stem_fixation=bonded"),
    "cap, stem free": (CAP, "implant.stem_fixation=free"),
    "cap, thick stem bonded": (
        CAP,
        "implant.stem_fixation=bonded",
        "implant.stem_diameter_mm=13",
        "implant.stem_tip_diameter_mm=11",
    ),
    "cap, short stem bonded": (CAP, "implant.stem_fixation=bonded", "implant.stem_beyond_rim_mm=10"),
    "cap, mantle 0.5 mm": (CAP, "implant.cement_mm=0.5"),
    "cap, mantle 2 mm": (CAP, "implant.cement_mm=2"),
    "cap, upper half bonded": (CAP, "implant.bed_fixation=superior_half", "implant.stem_fixation=bonded"),
    "cap, valgus 10°": (CAP, "implant.varus_valgus_deg=10"),
    "cap, varus 10°": (CAP, "implant.varus_valgus_deg=-10"),
    "cap, necrosis 60°": (CAP, "bone.osteonecrosis.angle_deg=60"),
    "cap, necrosis 100°": (CAP, "bone.osteonecrosis.angle_deg=100"),
    "cap, necrosis 115°": (CAP, "bone.osteonecrosis.angle_deg=115"),
    "mid-head": (MID,),
    "stem": (STEM,),
    "stem, bonded": (STEM, "implant.stem_fixation=bonded"),
    "cemented stem": (CEMENTED,),
    "cap, head force": (CAP, ALONE),
    "cap, notch 2 mm, head force": (CAP, ALONE, "implant.notch_mm=2"),
    "cap, notch 5 mm, head force": (CAP, ALONE, "implant.notch_mm=5"),
    "cap, valgus 10°, head force": (CAP, ALONE, "implant.varus_valgus_deg=10"),
    "cap, varus 10°, head force": (CAP, ALONE, "implant.varus_valgus_deg=-10"),
    "mid-head, head force": (MID, ALONE),
}
NECK = tuple(
    f"neck_{side}_{part}"
    for side in ("superior", "inferior", "anterior", "posterior")
    for part in ("proximal", "distal")
)


class Measured:
    """Measures of every variant, each computed when first asked for."""

    def __init__(self, size: float):
        self.size, self._found = size, {}

    def __call__(self, variant: str, name: str, zone: str, model: str = "change") -> float:
        return self.of(variant)[name, zone, model]

    def of(self, variant: str) -> dict[tuple[str, str, str], float]:
        """(measure, zone, model) → value."""
        if variant not in self._found:
            keys = (f"mesh.size_mm={self.size:g}", "load.frames=1", *VARIANTS[variant])
            pair = build(load(PATIENT, keys))
            analysis = ANALYSES["linear_static"]()
            outcomes = [analysis.run(model, n_kept=pair.twin.n_kept) for model in (pair.operated, pair.intact)]
            measures = (m for metric in METRICS.values() for m in metric().measure(*outcomes))
            self._found[variant] = {(m.name, m.zone, m.model): m.value for m in measures}
        return self._found[variant]

    def worst_of_neck(self, variant: str, model: str) -> float:
        """Largest 2 mm average of the risk factor in the zones of the neck."""
        found = self.of(variant)
        return max(found["risk_factor_max", zone, model] for zone in NECK if ("risk_factor_max", zone, model) in found)


def _shielding(zone: str, *variants: str):
    return lambda m: [m(variant, "shielding_change", zone) for variant in variants]


def head_shielded(m: Measured):
    values = _shielding("head_superior", "cap", "cap, stem free", "cap, stem bonded")(m)
    return "superior head {:+.0f} % (stem sliding), {:+.0f} % (free), {:+.0f} % (bonded)".format(*values), max(
        values
    ) < 0


def neck_strain(m: Measured):
    names = ("cap", "cap, stem free", "cap, stem bonded")
    values = [m(name, "strain_tension_p95", "neck_superior") for name in names]
    means = [m(name, "strain_tension", "neck_superior") for name in names]
    words = "superior neck tension, 95th percentile (mean): sliding {:+.1f} ({:+.1f}) %, free {:+.1f} ({:+.1f}) %, "
    words += "bonded {:+.1f} ({:+.1f}) %"
    mixed = [value for pair in zip(values, means) for value in pair]
    return words.format(*mixed), means[1] > 0 > means[2]


def bonded_most(m: Measured):
    values = _shielding("neck_superior", "cap, stem free", "cap", "cap, stem bonded", "cap, thick stem bonded")(m)
    words = "superior neck {:+.0f} % (free), {:+.0f} % (sliding), {:+.0f} % (bonded), {:+.0f} % (13 mm, bonded)"
    return words.format(*values), values[0] > values[2] > values[3] and values[1] > values[2]


def longer_contact(m: Measured):
    values = _shielding("neck_superior", "cap, short stem bonded", "cap, stem bonded")(m)
    return "superior neck {:+.0f} % (10 mm beyond the rim), {:+.0f} % (35 mm)".format(*values), values[0] > values[1]


def mantle(m: Measured):
    names = ("cap, mantle 0.5 mm", "cap", "cap, mantle 2 mm")
    values = _shielding("neck_superior", *names)(m)
    spread = max(values) - min(values)
    return "superior neck {:+.1f}, {:+.1f}, {:+.1f} % at 0.5, 1, 2 mm".format(*values), spread < 5


def over_yield(m: Measured):
    value = m("cap", "volume_over_yield", "head_neck", "operated")
    return f"{value:.2f} % of head and neck", value < 1


def upper_half(m: Measured):
    values = _shielding("head_superior", "cap, stem bonded", "cap, upper half bonded")(m)
    return "superior head {:+.0f} % (all bonded), {:+.0f} % (upper half)".format(*values), abs(
        values[0] - values[1]
    ) < 10


def proximal_medial(m: Measured):
    names = ("cap", "mid-head", "stem", "stem, bonded", "cemented stem")
    values = _shielding("calcar", *names)(m)
    words = (
        "calcar {:+.0f} % (cap), {:+.0f} % (mid-head), {:+.0f} % (stem), {:+.0f} % (stem bonded), {:+.0f} % (cemented)"
    )
    return words.format(*values), abs(values[0]) < 10 and max(values[2:]) < values[0] - 10


def zones_of_dxa(m: Measured):
    words, agrees = [], True
    for zone, sign in (("gruen_1", -1), ("gruen_7", -1)):
        stem, cap = (m(variant, "shielding_change", zone) for variant in ("stem", "cap"))
        words.append(f"{zone.replace('_', ' ')} {cap:+.0f} % (cap), {stem:+.0f} % (stem)")
        agrees &= sign * stem > 0 and stem < cap - 5
    return "strain energy, " + "; ".join(words), agrees


def diaphysis(m: Measured):
    values = [100 + m("stem", "strain_equivalent", zone) for zone in ("calcar", "shaft_medial", "shaft_lateral")]
    values.append(100 + m("stem", "strain_equivalent", "shaft_distal"))
    words = "equivalent strain, % of intact: calcar {:.0f}, shaft medial {:.0f}, lateral {:.0f}, below the tip {:.0f}"
    return words.format(*values), values[0] < 95 and abs(values[3] - 100) < 10


def position(m: Measured):
    names = ("cap, valgus 10°", "cap", "cap, varus 10°")
    values = [m(name, "strain_tension_p95", "neck_superior", "operated") for name in names]
    words = "{:.0f}, {:.0f}, {:.0f} µε at valgus 10°, 0, varus 10°, head centre restored in each".format(*values)
    indifferent = max(values) / min(values) < 1.05  # the resolution that measures of bone have
    return words, "no: indifferent" if indifferent else values[0] < values[1] < values[2]


def notch(m: Measured):
    base = m.worst_of_neck("cap, head force", "operated")
    ratios = [base / m.worst_of_neck(f"cap, notch {depth} mm, head force", "operated") for depth in (2, 5)]
    words = "load to a risk factor of 1 (2 mm average, neck): 1 / {:.2f} / {:.2f}".format(*ratios)
    near = abs(ratios[0] - 0.76) < 0.1 and abs(ratios[1] - 0.59) < 0.1
    return words, True if near else "in direction" if 1 > ratios[0] > ratios[1] else False


def strength(m: Measured):
    words, values = [], []
    for name in ("cap, head force", "mid-head, head force"):
        values.append(m.worst_of_neck(name, "intact") / m.worst_of_neck(name, "operated"))
        words.append(f"{name.split(',')[0]} {values[-1]:.2f}")
    words = "load to a risk factor of 1 in the neck over the intact twin's: " + ", ".join(words)
    return words, True if values[0] < values[1] < 1 else "no: mid-head is below the cap, and neither near a half"


def cap_and_mid_head(m: Measured):
    cap, mid = (m.worst_of_neck(f"{name}, head force", "operated") for name in ("cap", "mid-head"))
    return f"load to a risk factor of 1 in the neck: mid-head over cap {cap / mid:.2f}", cap / mid < 0.95


def valgus_strength(m: Measured):
    base = m.worst_of_neck("cap, head force", "operated")
    values = [base / m.worst_of_neck(f"cap, {way} 10°, head force", "operated") for way in ("valgus", "varus")]
    return "load to a risk factor of 1 in the neck: valgus {:.2f}, varus {:.2f}".format(*values), values[
        0
    ] > 1 > values[1]


def necrosis(m: Measured):
    names = ("cap", "cap, necrosis 60°", "cap, necrosis 100°", "cap, necrosis 115°")
    values = [m(name, "shielding_change", "neck_superior") for name in names]
    energies = [m(name, "strain_energy_density", "neck_superior", "operated") for name in names]
    words = "superior neck {:+.1f}, {:+.1f}, {:+.1f}, {:+.1f} % at 0, 60, 100, 115°".format(*values)
    words += "; its energy density {:.3f}, {:.3f}, {:.3f}, {:.3f} kJ/m³".format(*energies)
    grows = values[1] > values[2] > values[3] and values[0] > values[3]
    return words, "barely: by less than a point" if grows and values[0] - values[3] < 1 else grows


ROWS = (
    Row("superior head shielded after resurfacing", "Taylor 2006; Tai 2014", head_shielded),
    Row("superior neck strain raised (stem free), lowered (bonded)", "Taylor 2006", neck_strain),
    Row("a bonded stem shields most; a thicker one more", "Taylor 2006", bonded_most),
    Row("longer contact of the stem shields more", "Taylor 2006", longer_contact),
    Row("thickness of the mantle negligible", "Taylor 2006", mantle),
    Row("volume over yield below 1 % of head and neck", "Taylor 2006", over_yield),
    Row("bonding of the upper half alone: a small cost", "Haider 2015", upper_half),
    Row("proximal-medial: resurfaced as native, stemmed much below", "Deuel 2009", proximal_medial),
    Row(
        "bone mineral density: resurfaced zones 1 and 7 +4, +8 %, stemmed −11, −13 % (3 years)",
        "Huang 2013",
        zones_of_dxa,
    ),
    Row(
        "strain of a straight stem: calcar and proximal sides 78–87 % of intact, diaphysis 100 %",
        "PMC3980156",
        diaphysis,
    ),
    Row("valgus lowers, varus raises tension of the superior neck", "direction of several studies", position),
    Row("strength 1 / 0.76 / 0.59 with notches of 0, 2, 5 mm", "notch study, JBJS-B 91-B(Supp I):10", notch),
    Row("valgus 10° strengthens a notched neck by 28 %", "Anglin 2007", valgus_strength),
    Row("strength over intact: cap 0.44, mid-head 0.51–0.59 (composite)", "Aghayan 2013", strength),
    Row("mid-head 23 % below the cap (cadaver)", "Olsen 2011", cap_and_mid_head),
    Row("a wider necrotic lesion shields the neck more", "Tai 2014", necrosis),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=float, default=4.0)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    measured = Measured(arguments.size)
    started = time.perf_counter()
    lines = [
        "# Published and computed\n",
        f"`python benchmarks/published.py --size {arguments.size:g}`, {granted_cores()} cores "
        f"({platform.machine()}), {time.strftime('%Y-%m-%d')}. The parametric femur of `scenarios/patient.toml`, TET10 "
        f"of {arguments.size:g} mm, walking at its peak; rows on strength: the hip force without muscles, as on a "
        "bench. Percentages are changes against the intact twin. Directions are compared, not numbers: femora, "
        "implants and loads of the studies are others, femsim is linear, and bone mineral density follows strain "
        "energy only in its sign.\n",
    ]
    for line in statements.lines(ROWS, measured):
        lines.append(line)
        print(line, flush=True)
    print(f"{time.perf_counter() - started:.0f} s")
    if arguments.out:
        arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
