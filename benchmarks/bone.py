"""What bone law, grain and disease do to the walking scenario: the table of docs/bone.md, one run a line.

    python benchmarks/bone.py [--out FOLDER]

Runs that are in the folder already are used again.
"""

import argparse
from pathlib import Path

from femsim.materials.bone import BONE_LAWS
from femsim.run import run
from femsim.scenario.reading import load
from femsim.scenario.shipped import scenario_file

GRAIN = "bone.anisotropy.kind=orthotropic"
CASES = (
    (),
    *((f"bone.law={name}",) for name in list(BONE_LAWS)[1:]),
    ("bone.osteoporosis={}",),
    ("bone.osteoarthritis={}",),
    ("bone.osteonecrosis.angle_deg=60",),
    ("bone.osteonecrosis={}",),
    ("bone.osteonecrosis.angle_deg=115",),
    ("bone.cysts={}",),
    ("bone.cysts.site=superior_neck",),
    (GRAIN,),
    (GRAIN, "bone.anisotropy.directions=stress"),
    (GRAIN, "bone.anisotropy.ratio_2=0.4", "bone.anisotropy.ratio_3=0.4"),
    (GRAIN, "bone.anisotropy.ratio_2=1", "bone.anisotropy.ratio_3=1"),
    (GRAIN, "bone.law=wirtz_2000", "bone.anisotropy.across=law"),
)
HEAD = (
    "| `--set` | bone [g] | head stiffness, intact [N/mm] | operated | neck risk factor, intact | operated "
    "| strain energy of the superior head, change |\n|---|---|---|---|---|---|---|"
)


def row(sets: tuple[str, ...], out: Path) -> str:
    """One run as a line of the table."""
    told = run(load(scenario_file("walking"), ("mesh.size_mm=5", "mesh.order=2", *sets)), out=out).summary
    value = {(m["name"], m["zone"], m["model"]): m["value"] for m in told["measures"]}

    def neck(model):
        zones = {zone for name, zone, _ in value if name == "risk_factor_p99" and zone.startswith("neck_")}
        return max(value["risk_factor_p99", zone, model] for zone in zones)

    stiffness = [value["head_stiffness", "head", model] for model in ("intact", "operated")]
    named = " ".join(f"--set {text}" for text in sets[1:]) if len(sets) > 1 and sets[0] == GRAIN else ""
    first = f"… `{named}`" if named else f"`{sets[0]}`" if sets else "(default)"
    return (
        f"| {first} | {told['bone']['mass_g']:.0f} | {stiffness[0]:.0f} | {stiffness[1]:.0f} | {neck('intact'):.3f} "
        f"| {neck('operated'):.3f} | {value['shielding_change', 'head_superior', 'change']:+.0f} % |"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, default=Path("runs"))
    out = parser.parse_args().out
    print(HEAD)
    for sets in CASES:
        print(row(sets, out), flush=True)


if __name__ == "__main__":
    main()
