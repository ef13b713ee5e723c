"""Makes one benchmark mesh: the walking scenario's operated femur, with stiffness in few bins and nodal forces.

    python benchmarks/cases.py WORK_FOLDER NAME [--matrix]

Writes WORK_FOLDER/NAME.npz, which every code reads, WORK_FOLDER/NAME.json (sizes and times), and the assembled matrix
for the algebraic solvers as plain arrays in WORK_FOLDER/NAME.matrix. Run by benchmarks/solvers.py as a process of its
own, since the mesher and the matrix leave much memory behind.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np

N_BINS = 200
N_LOADS = 16
CONE_DEG = 30.0  # the further loads: hip forces up to this far from the scenario's own
# Order, edge length [mm] and what else is set in the scenario. A TET10 femur with the usual cap cannot have fewer than
# about 220 000 unknowns, since eighteen edges go around the stem and the mantle is 1 mm thin: the smallest mesh has a
# shorter shaft, a thicker mantle and a stub of a stem.
STUB = (
    "femur.shaft_length_mm=115", "implant.cement_mm=2.5", "implant.stem_diameter_mm=15",
    "implant.stem_tip_diameter_mm=14", "implant.stem_beyond_rim_mm=6",
)  # fmt: skip
MESHES = {
    "tet4_100k": (1, 2.1, ()),
    "tet10_100k": (2, 9.0, STUB),
    "tet4_400k": (1, 1.12, ()),
    "tet10_400k": (2, 3.0, ()),
    "tet4_1m": (1, 0.755, ()),
    "tet10_1m": (2, 1.87, ()),
    "tet4_2.5m": (1, 0.545, ()),
    "tet10_2.5m": (2, 1.24, ()),
}
SCENARIO = Path(__file__).parents[1] / "scenarios" / "walking.toml"


def make(folder: Path | None, name: str) -> dict:
    """Build one mesh, write it when a folder is given; returns what is written into NAME.json."""
    from femsim.build import build
    from femsim.geometry import made
    from femsim.scenario.reading import load

    order, size_mm, changes = MESHES[name]
    seconds = {}
    mesher = made.twin_mesh

    def timed_mesher(*arguments, **options):
        started = time.perf_counter()
        twin = mesher(*arguments, **options)
        seconds["mesh both twins"] = time.perf_counter() - started
        return twin

    made.twin_mesh = timed_mesher
    started = time.perf_counter()
    scenario = load(SCENARIO, [f"mesh.size_mm={size_mm:g}", f"mesh.order={order}", "load.frames=1", *changes])
    pair = build(scenario, fresh=True)
    seconds["build both twins"] = time.perf_counter() - started
    model = pair.operated
    mesh = model.mesh
    bin_of, modulus, ratio = binned(mesh, model.youngs_modulus.mean(axis=1), model.poissons_ratio.mean(axis=1))
    load_nodes, loads = _loads(scenario, model)
    arrays = {
        "nodes": mesh.nodes,
        "elements": mesh.elements,
        "region_of": mesh.region_of,
        "regions": np.array(mesh.regions),
        "bin_of": bin_of.astype(np.int32),
        "bin_youngs_modulus": modulus,
        "bin_poissons_ratio": ratio,
        "fixed": model.held_nodes,
        "load_nodes": load_nodes,
        "loads": loads,
        "sites": np.array(list(pair.sites)),
        "site_points": np.array([pair.sites[site] for site in pair.sites]),
        **{f"surface_{surface}": faces for surface, faces in mesh.surfaces.items()},
    }
    if folder is not None:
        np.savez(folder / f"{name}.npz", **arrays)
    facts = {
        "name": name,
        "order": order,
        "size_mm": size_mm,
        "changes": list(changes),
        "nodes": mesh.n_nodes,
        "elements": mesh.n_elements,
        "dof": 3 * (mesh.n_nodes - len(model.held_nodes)),
        "twin_elements": pair.twin.intact.n_elements,
        "stiffest_over_softest": float(modulus.max() / modulus.min()),
        "seconds": seconds,
        "notes": list(pair.twin.notes),
    }
    return facts


def binned(mesh, modulus, ratio) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(e,) bin of each element, and modulus [MPa] and Poisson's ratio of each bin.

    Bone shares bins of equal ratio from its softest to its stiffest element; metal and cement keep their own.
    """
    is_bone = np.char.startswith(np.array(mesh.regions)[mesh.region_of], "bone")
    solids = np.unique(np.stack([modulus[~is_bone], ratio[~is_bone]], axis=1), axis=0)
    n_bone = N_BINS - len(solids)
    low, high = np.log(modulus[is_bone].min()), np.log(modulus[is_bone].max())
    place = (np.log(modulus) - low) / (high - low) * n_bone
    bin_of = np.clip(place.astype(int), 0, n_bone - 1)
    centres = np.exp(low + (np.arange(n_bone) + 0.5) / n_bone * (high - low))
    for row, (stiffness, poisson) in enumerate(solids):
        bin_of[~is_bone & (modulus == stiffness) & (ratio == poisson)] = n_bone + row
    moduli = np.concatenate([centres, solids[:, 0]])
    ratios = np.concatenate([np.full(n_bone, ratio[is_bone][0]), solids[:, 1]])
    return bin_of, moduli, ratios


def _loads(scenario, model) -> tuple[np.ndarray, np.ndarray]:
    """Nodes that carry force (k,), and N_LOADS loads (l, k, 3) [N]: the hip force, then the same turned about."""
    from femsim.loads.traction import head_pressure

    force = model.history.forces[model.history.peak, model.history.channels.index("hip")]
    size = np.linalg.norm(force)
    along = force / size
    side = np.cross(along, [0.0, 1.0, 0.0])
    side /= np.linalg.norm(side)
    third = np.cross(along, side)
    loads = []
    for k in range(N_LOADS):
        tilt, turn = np.radians(CONE_DEG) * np.sqrt(k / (N_LOADS - 1)), k * np.pi * (3 - np.sqrt(5))
        direction = np.cos(tilt) * along + np.sin(tilt) * (np.cos(turn) * side + np.sin(turn) * third)
        angle = scenario.application.pressure_half_angle_deg
        loads.append(size * head_pressure(model.mesh, direction, half_angle_deg=angle))
    loads = np.array(loads)
    loads[:, model.held_nodes] = 0.0
    nodes = np.flatnonzero((loads != 0).any(axis=(0, 2)))
    return nodes, loads[:, nodes]


def write_matrix(folder: Path, name: str) -> float:
    """femsim's stiffness matrix without the held rows, in 3x3 blocks, for the algebraic solvers; returns the seconds.

    NAME.matrix/{indptr,indices,data,right,modes,coordinates}.npy, numbered along femsim's own order of nodes, in which
    neighbours lie together.
    """
    from scipy.sparse import bsr_matrix, csr_matrix

    from femsim.fem.assembly import stiffness
    from femsim.fem.constraints import rigid_body_modes
    from femsim.fem.ordering import near_order, renumbered

    case = read(folder / f"{name}.npz")
    order = near_order(case.nodes)
    mesh, elasticity = renumbered(case.mesh(), order), case.elasticity()
    started = time.perf_counter()
    matrix = stiffness(mesh, elasticity)
    seconds = time.perf_counter() - started
    free = np.ones(mesh.n_nodes, bool)
    free[np.isin(order, case.fixed)] = False
    blocks = csr_matrix((np.arange(1, len(matrix.indices) + 1), matrix.indices, matrix.indptr))[free][:, free]
    reduced = bsr_matrix((matrix.data[blocks.data - 1], blocks.indices, blocks.indptr))
    reduced.sort_indices()
    out = folder / f"{name}.matrix"
    out.mkdir(exist_ok=True)
    for what, array in (
        ("indptr", reduced.indptr.astype(np.int32)),
        ("indices", reduced.indices.astype(np.int32)),
        ("data", reduced.data),
        ("right", case.forces()[0][order][free].ravel()),
        ("modes", rigid_body_modes(mesh.nodes[free])),
        ("coordinates", mesh.nodes[free]),
    ):
        np.save(out / f"{what}.npy", array)
    return seconds


def matrix_of(case_file: Path):
    """The matrix that `write_matrix` wrote: (bsr_matrix, right-hand side, six rigid-body modes)."""
    from scipy.sparse import bsr_matrix

    folder = case_file.with_suffix(".matrix")
    array = {name: np.load(folder / f"{name}.npy") for name in ("indptr", "indices", "data", "right", "modes")}
    matrix = bsr_matrix((array["data"], array["indices"], array["indptr"]))
    return matrix, array["right"], array["modes"]


class read:
    """The arrays of a case file, and the objects femsim makes of them."""

    def __init__(self, path):
        self.path = Path(path)
        with np.load(path) as file:
            self.__dict__.update({key: file[key] for key in file.files})

    def mesh(self):
        """femsim's Mesh."""
        from femsim.mesh.mesh import Mesh

        surfaces = {key[8:]: value for key, value in self.__dict__.items() if key.startswith("surface_")}
        return Mesh(self.nodes, self.elements, self.region_of, tuple(self.regions.tolist()), surfaces)

    def elasticity(self):
        """femsim's Isotropic, per element."""
        from femsim.fem.elasticity import Isotropic

        return Isotropic(self.bin_youngs_modulus[self.bin_of], self.bin_poissons_ratio[self.bin_of])

    def forces(self, count: int = 1) -> np.ndarray:
        """(count, n, 3) [N]"""
        full = np.zeros((count, len(self.nodes), 3))
        full[:, self.load_nodes] = self.loads[:count]
        return full


if __name__ == "__main__":
    work, case_name = Path(sys.argv[1]), sys.argv[2]
    facts_file = work / f"{case_name}.json"
    made = json.loads(facts_file.read_text()) if facts_file.exists() else make(work, case_name)
    if "--matrix" in sys.argv:
        made["seconds"]["assemble the full matrix"] = write_matrix(work, case_name)
    facts_file.write_text(json.dumps(made, indent=1))
