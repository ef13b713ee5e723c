"""Who takes part: each peer's script, where it runs, and on which meshes."""

from dataclasses import dataclass

MESHES = (
    "tet4_100k", "tet10_100k", "tet4_400k", "tet10_400k", "tet4_1m", "tet10_1m", "tet4_2.5m", "tet10_2.5m",
)  # fmt: skip
SMALL, MIDDLE, LARGE = MESHES[:2], MESHES[:4], MESHES[:6]
APT_LINE = "apt-get install calculix-ccx python3-petsc4py libsuitesparse-dev libopenblas0-pthread"


@dataclass(frozen=True)
class Contestant:
    """A solver to be timed.

    title : for tables.
    script : in benchmarks/peers.
    words : handed to it after case and result file.
    home : "femsim" (the Python that runs the benchmark), "pip" (the peers' own environment), "petsc" (the system's
        Python with Debian's petsc4py, by mpirun), "ccx" (as pip, and needs the program).
    needs : module or program without which it cannot run.
    meshes : where it runs unless asked otherwise.
    whole_code : whether it assembles for itself; the others get femsim's matrix and count set-up and solve alone.
    direct : whether it factorises.
    """

    title: str
    script: str
    words: tuple[str, ...]
    home: str
    needs: str
    meshes: tuple[str, ...]
    whole_code: bool
    direct: bool


FEMSIM = Contestant("femsim", "femsim_core", ("warm",), "femsim", "femsim", MESHES, True, False)
CONTESTANTS = {
    "calculix_spooles": Contestant(
        "CalculiX SPOOLES", "calculix", ("spooles",), "ccx", "ccx", MIDDLE, True, True
    ),
    "calculix_iterative": Contestant(
        "CalculiX iterative (Cholesky)", "calculix", ("iterative",), "ccx", "ccx", LARGE[:5], True, False
    ),
    "ngsolve_cholesky": Contestant(
        "NGSolve sparse Cholesky", "ngsolve_code", ("cholesky",), "pip", "ngsolve", MIDDLE, True, True
    ),
    "ngsolve_bddc": Contestant(
        "NGSolve BDDC", "ngsolve_code", ("bddc",), "pip", "ngsolve", MIDDLE[1::2], True, False
    ),
    "kratos_amgcl": Contestant(
        "Kratos AMGCL", "kratos", (), "pip", "KratosMultiphysics.StructuralMechanicsApplication", LARGE, True, False
    ),
    "kratos_aggregation": Contestant(
        "Kratos AMGCL, plain aggregation", "kratos", ("coarsening_type=aggregation",), "pip",
        "KratosMultiphysics.StructuralMechanicsApplication", MIDDLE, True, False,
    ),
    "scikit_fem": Contestant(
        "scikit-fem + SuperLU", "scikit_fem", (), "pip", "skfem", SMALL, True, True
    ),
    "cholmod": Contestant("CHOLMOD + METIS", "cholmod", (), "pip", "sksparse.cholmod", MIDDLE, False, True),
    "pardiso": Contestant("PARDISO (MKL)", "pardiso", (), "pip", "pypardiso", MIDDLE, False, True),
    "petsc_gamg": Contestant("PETSc GAMG, 2 processes", "petsc_gamg", (), "petsc", "petsc4py", MIDDLE, False, False),
    "petsc_gamg_tuned": Contestant(
        "PETSc GAMG, 2 processes, threshold 0.02", "petsc_gamg", ("pc_gamg_threshold=0.02",), "petsc", "petsc4py",
        LARGE, False, False,
    ),
    "pyamg_tuned": Contestant("pyamg, tuned", "pyamg_sa", ("tuned",), "pip", "pyamg", LARGE, False, False),
    "pyamg_default": Contestant("pyamg, default", "pyamg_sa", ("default",), "pip", "pyamg", MIDDLE, False, False),
}  # fmt: skip
