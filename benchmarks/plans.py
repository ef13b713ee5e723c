"""Two hundred random operations: four implants in five femora, tilted, notched, shifted: meshed well, or refused.

    python benchmarks/plans.py [--n 200] [--seed 1] [--size 4] [--out docs/plans.md]

Every plan runs in a process of its own with a time limit, so that one that crashed or hung would be seen as such.
Real femora come from the folder in FEMSIM_SHARED_DATA, or ../shared/data beside the project.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from femsim.anatomy import FEMURS
from femsim.errors import FemsimError, MeshError
from femsim.geometry import packing
from femsim.implants import IMPLANTS
from femsim.implants.twin import twin_mesh
from femsim.kernel_cache import granted_cores
from femsim.mesh.quality import quality_of
from femsim.mesh.surface import enclosed_volume

TIME_LIMIT = 240.0  # s
LEAST_SICN, LEAST_P1 = 0.1, 0.3
# File, and its keys: that of LibHip m4 ends 146 mm below the head centre, too short for the longer stems.
REAL = {
    "LibHip m4": ("femur_libhip/raw_m4_rfemur_mm.stl", {}),
    "gfxmorph": ("femur_gfxmorph/femur.stl", {"shaft_length_mm": 230.0}),
}
PARAMETRIC = {
    "man, usual": {"shaft_length_mm": 230.0},
    "woman, 155 cm": {"sex": "female", "height_cm": 155.0, "shaft_length_mm": 230.0},
    "man, 190 cm, varus": {"height_cm": 190.0, "neck_shaft_angle_deg": 120.0, "shaft_length_mm": 240.0},
}
NECK = ("resurfacing_cap", "mid_head_resection")
STEMS = ("stemmed", "stemmed_cemented")


def femora(folder: Path):
    """(name, Femur) of those at hand."""
    for name, (file, keys) in REAL.items():
        if (folder / file).is_file():
            yield name, FEMURS["surface"](file=folder / file, **keys).shape()
        else:
            print(f"{name}: {file} is not in {folder}; set FEMSIM_SHARED_DATA", file=sys.stderr)
    for name, keys in PARAMETRIC.items():
        yield name, FEMURS["parametric"](**keys).shape()


def drawn(rng: np.random.Generator, kind: str, natural: float) -> dict:
    """A random operation: keys of the implant."""
    keys = {"varus_valgus_deg": round(rng.uniform(-15, 15), 1), "version_deg": round(rng.uniform(-10, 10), 1)}
    if kind in NECK:
        sizes = [size for size in range(38, 60, 2) if abs(size - natural) <= 6]
        keys |= {
            "head_diameter_mm": float(rng.choice(sizes)) if rng.random() < 0.7 else None,
            "notch_mm": round(rng.uniform(0, 5), 1) if rng.random() < 0.6 else 0.0,
            "superior_shift_mm": round(rng.uniform(-2, 2), 1),
            "anterior_shift_mm": round(rng.uniform(-2, 2), 1),
            "depth_mm": round(rng.uniform(-1, 3), 1),
        }
    if kind == "resurfacing_cap":
        keys |= {
            "fixation": str(rng.choice(["cemented", "press_fit"], p=[0.7, 0.3])),
            "cement_mm": round(rng.uniform(0.5, 2.5), 1),
            "polar_gap_mm": round(rng.uniform(0, 2), 1) if rng.random() < 0.3 else 0.0,
            "stem_beyond_rim_mm": round(rng.uniform(20, 45), 0),
        }
    if kind in STEMS:
        keys |= {
            "head_diameter_mm": float(rng.choice([28.0, 32.0, 36.0])),
            "stem_length_mm": round(rng.uniform(80, 160), 0),
            "neck_cut_above_lesser_mm": round(rng.uniform(6, 18), 1),
            "medial_shift_mm": round(rng.uniform(-2, 2), 1),
            "depth_mm": round(rng.uniform(-3, 5), 1),
        }
    return keys


def one(femur_file: str, kind: str, keys: str, size: float) -> dict:
    """What became of one plan."""
    femur = packing.read(Path(femur_file))["femur"]
    steps: list[str] = []
    try:
        twin = twin_mesh(femur, IMPLANTS[kind](**json.loads(keys)), size_mm=size, order=1, progress=steps.append)
    except MeshError as error:
        return {"outcome": "failed", "why": error.what}
    except FemsimError as error:
        return {"outcome": "refused", "why": error.what}
    both = [quality_of(mesh) for mesh in (twin.operated, twin.intact)]
    bone = sum(both[1].volume_mm3.values())
    return {
        "outcome": "meshed",
        "sicn": min(q.min_sicn for q in both),
        "p1": min(q.sicn_p1 for q in both),
        "elements": both[0].n_elements,
        "volume": bone / enclosed_volume(femur.surface) - 1,
        "cuts": sum(step.startswith("cutting") for step in steps),
        "notes": len(twin.notes),
    }


def run_apart(task) -> dict:
    """One plan in a process of its own."""
    number, name, femur_file, kind, keys, size = task
    started = time.perf_counter()
    command = [sys.executable, __file__, "--one", femur_file, kind, json.dumps(keys), str(size)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIME_LIMIT)
        last = (done.stdout.strip().splitlines() or [""])[-1]
        found = json.loads(last) if done.returncode == 0 else {"outcome": "crashed", "why": done.stderr[-300:]}
    except subprocess.TimeoutExpired:
        found = {"outcome": "hung", "why": f"more than {TIME_LIMIT:g} s"}
    seconds = time.perf_counter() - started
    row = {"number": number, "femur": name, "implant": kind, "keys": keys, "seconds": seconds, **found}
    print(number, name, kind, found["outcome"], found.get("why", f"SICN {found.get('sicn', 0):.2f}"), file=sys.stderr)
    return row


def is_good(row: dict) -> bool:
    """Whether a plan meshed within the limits."""
    return row["outcome"] == "meshed" and row["sicn"] >= LEAST_SICN and row["p1"] >= LEAST_P1


def page(rows: list[dict], arguments) -> str:
    """The table as markdown."""
    lines = [
        "# Two hundred operations\n" if len(rows) == 200 else f"# {len(rows)} operations\n",
        f"`python benchmarks/plans.py --n {arguments.n} --seed {arguments.seed} --size {arguments.size:g}`, "
        f"{granted_cores()} cores ({platform.machine()}), {time.strftime('%Y-%m-%d')}, TET4 of "
        f"{arguments.size:g} mm. Varus and valgus of up to 15°, version 10°, notches of up to 5 mm, shifts of 2 mm, "
        "sizes within 6 mm of the natural head, caps cemented or pressed on, stems of 80 to 160 mm. A plan is "
        f"*meshed* when no element of either twin has a SICN below {LEAST_SICN:g} and 99 % have more than "
        f"{LEAST_P1:g}; it is *refused* with a geometric reason and its numbers.\n",
        "| femur | implant | plans | meshed | refused | poor | failed | crashed or hung | SICN min | SICN 1 % | "
        "volume % | cuts | s |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    groups: dict[tuple[str, str], list[dict]] = {}
    for row in rows:
        groups.setdefault((row["femur"], row["implant"]), []).append(row)
    groups["all", ""] = rows
    for (femur, implant), found in sorted(groups.items(), key=lambda item: (item[0][0] == "all", item[0])):
        meshed = [row for row in found if row["outcome"] == "meshed"]
        good = [row for row in meshed if is_good(row)]
        count = Counter(row["outcome"] for row in found)
        worst = [f"{min(row[key] for row in meshed):.2f}" if meshed else "" for key in ("sicn", "p1")]
        gained = [100 * row["volume"] for row in meshed]
        volume = f"{min(gained):+.2f} … {max(gained):+.2f}" if meshed else ""
        lines.append(
            f"| {femur} | {implant} | {len(found)} | {len(good)} | {count['refused']} | {len(meshed) - len(good)} | "
            f"{count['failed']} | {count['crashed'] + count['hung']} | {worst[0]} | {worst[1]} | "
            f"{volume} | {max((r['cuts'] for r in meshed), default='')} | "
            f"{np.mean([row['seconds'] for row in found]):.0f} |"
        )
    lines += ["\nReasons of refusal:\n", "| plans | reason |", "|---|---|"]
    reasons = Counter(_reason(row["why"]) for row in rows if row["outcome"] == "refused")
    lines += [f"| {count} | {reason} |" for reason, count in reasons.most_common()]
    for row in rows:
        if row["outcome"] in ("failed", "crashed", "hung") or (row["outcome"] == "meshed" and not is_good(row)):
            lines.append(f"\n- {row['outcome']}: {row['femur']}, {row['implant']}, {row['keys']}: {row.get('why', '')}")
    return "\n".join(lines) + "\n"


def _reason(sentence: str) -> str:
    """A refusal without its numbers."""
    words = sentence.split(":")[0]
    return "".join("…" if c.isdigit() else c for c in words).replace("………", "…").replace("……", "…").replace("….…", "…")


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(one(*sys.argv[2:5], float(sys.argv[5]))))
        return
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", type=float, default=4.0)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--rows", type=Path, help="file of the raw rows (JSON)")
    arguments = parser.parse_args()
    shared = Path(os.environ.get("FEMSIM_SHARED_DATA") or Path(__file__).parents[2] / "shared" / "data")
    rng = np.random.default_rng(arguments.seed)
    with tempfile.TemporaryDirectory() as folder:
        made = []
        for name, femur in femora(shared):
            file = Path(folder, f"{len(made)}.npz")
            packing.write(file, {"femur": femur})
            made.append((name, str(file), 2 * femur.landmarks.head_radius))
        tasks = []
        for number in range(arguments.n):
            name, file, natural = made[number % len(made)]
            kind = (*NECK, *STEMS)[number // len(made) % 4]
            tasks.append((number, name, file, kind, drawn(rng, kind, natural), arguments.size))
        with ThreadPoolExecutor(granted_cores()) as pool:
            rows = list(pool.map(run_apart, tasks))
    if arguments.rows:
        arguments.rows.write_text(json.dumps(rows, indent=0))
    text = page(rows, arguments)
    if arguments.out:
        arguments.out.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
