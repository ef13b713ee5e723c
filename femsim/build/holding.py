"""Where the implant of a scenario holds: its mesh split along interfaces that are free."""

from collections.abc import Mapping
from dataclasses import fields

import numpy as np

from femsim.anatomy.femur import Femur
from femsim.errors import ModelError
from femsim.fem.constraints import connected_parts
from femsim.implants.solids import Solids
from femsim.interfaces.frame import implant_frame
from femsim.interfaces.freeing import LoosePairs, freed_twin
from femsim.mesh.mesh import Mesh, Twin
from femsim.scenario.reading import Scenario


def freed(scenario: Scenario, femur: Femur, solids: Solids, twin: Twin) -> tuple[Twin, Mapping[str, LoosePairs]]:
    """The twin split where the scenario frees interfaces, and what lies on what there."""
    bonds = scenario.implant.bonds()
    if not bonds:
        return twin, {}
    marks = femur.landmarks
    frame = implant_frame(solids.origin, solids.axis, marks.neck_axis, marks.shaft_axis)
    twin, loose = freed_twin(twin, bonds, frame)
    if loose:
        _refuse_floating(scenario, twin.operated, loose)
    return twin, loose


def _refuse_floating(scenario: Scenario, mesh: Mesh, loose: Mapping[str, LoosePairs]) -> None:
    part_of, n_parts = connected_parts(mesh)
    if n_parts == 1:
        return
    part = part_of[mesh.elements[:, 0]]
    floating = {mesh.regions[row] for row in np.unique(mesh.region_of[part != part[0]])}
    keys = [f"implant.{f.name}" for f in fields(scenario.implant) if f.name.endswith("_fixation")]
    raise ModelError(
        f"Nothing holds {_listed(sorted(floating))} to the bone: {', '.join(loose)} "
        f"{'are' if len(loose) > 1 else 'is'} free all along.",
        where="implant",
        why="free interfaces carry nothing, and there is no contact",
        remedy=f"bond one of them: {' or '.join(keys)}",
    )


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
