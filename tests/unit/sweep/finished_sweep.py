"""A sweep's folder as it is when it has finished, made from a function instead of a simulation."""

import json

import numpy as np
import pyarrow
import pyarrow.parquet

from femsim.sweep.planning import plan
from femsim.sweep.reading import load_sweep

A, B = 7.0, 0.1  # of Ishigami's function
# Known indices: Sobol', Levitan, Comput. Phys. Commun. 117 (1999) 52–61.
PARTS = (0.5 * (1 + B * np.pi**4 / 5) ** 2, A**2 / 8, B**2 * np.pi**8 * (1 / 18 - 1 / 50))
FIRST = (PARTS[0] / sum(PARTS), PARTS[1] / sum(PARTS), 0.0)
TOTAL = ((PARTS[0] + PARTS[2]) / sum(PARTS), PARTS[1] / sum(PARTS), PARTS[2] / sum(PARTS))
# Keys that take numbers of either sign stand in for the function's arguments.
KEYS = ("implant.varus_valgus_deg", "implant.version_deg", "implant.superior_shift_mm")
MEASURE = "operated.neck.answer [-]"


def ishigami(x):
    """x (3,) in −π to π."""
    return np.sin(x[0]) + A * np.sin(x[1]) ** 2 + B * x[2] ** 4 * np.sin(x[0])


def table_text(design: str, keys=KEYS, more: str = "") -> str:
    """[sweep] of axes from −π to π."""
    axes = "".join(f'[[sweep.axis]]\nkey = "{key}"\nlow = -3.14159265\nhigh = 3.14159265\n{more}' for key in keys)
    return f"[sweep]\n{design}\n{axes}"


def finish(path, folder, function=ishigami, fails=lambda number: False, keys=KEYS, found=None):
    """The folder of a sweep of which each case is the function of its keys; returns it.

    found : its plan, where it is made already.
    """
    found = found or plan(load_sweep(path))
    folder.mkdir()
    (folder / "sweep.toml").write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "sweep.json").write_text(json.dumps({"name": found.name, "overrides": []}), encoding="utf-8")
    failed = [fails(case.number) for case in found.cases]
    columns = {"number": [case.number for case in found.cases]}
    columns["status"] = ["failed" if bad else "done" for bad in failed]
    columns |= {f"{name} [{unit}]": [case.values[name] for case in found.cases] for name, unit in found.units.items()}
    columns[MEASURE] = [
        None if bad else float(function([case.values[key] for key in keys])) for case, bad in zip(found.cases, failed)
    ]
    pyarrow.parquet.write_table(pyarrow.table(columns), folder / "table.parquet")
    return folder
