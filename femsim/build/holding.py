"""Where the implant of a scenario holds: its mesh split along interfaces that slide or are free."""

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
    """Refuse parts that nothing ties to the bone; whether what slides holds them is seen with their supports."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    part_of, n_parts = connected_parts(mesh)
    sliding = [pairs.pairs for pairs in loose.values() if pairs.slides]
    ends = part_of[np.concatenate([*sliding, np.zeros((0, 2), int)])]
    joined = coo_matrix((np.ones(len(ends), bool), ends.T), shape=(n_parts, n_parts))
    n_held_together, group_of = connected_components(joined, directed=False)
    if n_held_together == 1:
        return
    group = group_of[part_of[mesh.elements[:, 0]]]
    floating = {mesh.regions[row] for row in np.unique(mesh.region_of[group != group[0]])}
    free = [name for name, pairs in loose.items() if not pairs.slides]
    keys = [f"implant.{f.name}" for f in fields(scenario.implant) if f.name.endswith("_fixation")]
    raise ModelError(
        f"Nothing holds {_listed(sorted(floating))} to the bone: {', '.join(free)} "
        f"{'are' if len(free) > 1 else 'is'} free all along.",
        where="implant",
        why="free interfaces carry nothing, and there is no contact",
        remedy=f"bond one of them: {' or '.join(keys)}",
    )


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
