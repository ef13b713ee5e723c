"""The house rules that a machine can check: who may import whom, where each library lives, how long a file is."""

import ast
import graphlib
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "femsim"
LONGEST_FILE = 400  # lines

FOUNDATION = {
    *{"units", "errors", "arrays", "registry", "kernel_cache", "identity", "durable", "shelf"},
    *{"child_process"},
}
REGISTRIES = {
    *{"anatomy", "implants", "materials", "interfaces", "loads", "supports"},
    *{"analyses", "criteria", "metrics", "solvers"},
}
MAKES_A_MODEL = {
    "scenario",
    "geometry",
    "mesh",
    "anatomy",
    "implants",
    "materials",
    "interfaces",
    "loads",
    "supports",
    "model",
    "fem",
}
ALLOWED: dict[str, set[str]] = {
    "mesh": set(),
    "imaging": {"mesh"},
    "anatomy": {"mesh", "imaging"},
    "implants": {"mesh", "anatomy", "interfaces"},
    "materials": {"mesh"},
    "interfaces": {"mesh"},
    "loads": {"mesh", "anatomy"},
    # loads only for how a force enters through a patch.
    "supports": {"mesh", "anatomy", "fem", "loads"},
    # fem only for how stiffness is stated, and what is held.
    "model": {"mesh", "materials", "interfaces", "loads", "fem"},
    "fem": {"mesh"},
    "solvers": set(),
    "criteria": set(),
    "analyses": {"mesh", "materials", "interfaces", "loads", "model", "fem", "solvers"},
    "metrics": {"mesh", "materials", "model", "fem", "analyses", "criteria"},
    "scenario": REGISTRIES,
    # materials only for what an implant weighs.
    "geometry": {"scenario", "mesh", "anatomy", "implants", "materials"},
    "build": MAKES_A_MODEL,
    "results": {"scenario", "mesh", "analyses", "metrics"},
    # Runs are computed in processes of their own: it needs no solver.
    "comparison": {"scenario", "results"},
    "solving": {"scenario", "build", "analyses"},
    # anatomy, fem and mesh only for where on the neck an element lies, and where the floor.
    "beyond": {"scenario", "build", "analyses", "metrics", "results", "anatomy", "fem", "mesh"},
    "run": {"scenario", "solving", "beyond", "analyses", "metrics", "results"},
    # A model is solved once for loads of one newton, then asked by what its bone feels of them.
    "capacity": {"scenario", "geometry", "build", "solving", "model", "loads", "metrics", "criteria", "results"},
    # Many scenarios: reads, plans, computes in child processes, keeps; analyses, metrics: what one geometry shares.
    "sweep": {
        "scenario",
        "geometry",
        "build",
        "solving",
        "model",
        "loads",
        "analyses",
        "metrics",
        "run",
        "beyond",
        "results",
    },
    "view": {"results", "mesh"},
    # Looks whether the machine can mesh and draw.
    "doctor": {"mesh", "view"},
    "export": {"scenario", "build", "mesh", "model", "loads", "fem", "analyses", "results"},
    "calculix": {"export", "mesh", "model", "fem", "analyses"},
    # Holds the core against known answers: everything below it, nothing that knows scenarios or results.
    "verification": {"mesh", "fem", "solvers", "materials", "analyses"},
    # analyses only for the warm-up of its kernels.
    # anatomy, imaging and mesh for the commands on a femur or a CT alone, geometry for the surgical plan.
    "cli": {
        *{"run", "comparison", "results", "scenario", "view", "doctor", "analyses", "verification", "export"},
        *{"calculix", "capacity", "anatomy", "imaging", "mesh", "geometry", "sweep"},
    },
    "__main__": {"cli"},
}
# Kernels take arrays and fill arrays; they know nothing of femsim but each other.
KERNELS = ("fem.kernels", "solvers.kernels")

HOMES = {
    "gmsh": ("mesh.generate",),
    "pygmsh": ("mesh.generate",),
    "meshio": ("mesh.by_meshio",),
    "pyvista": ("view",),
    "vtk": ("view",),
    "vtkmodules": ("view", "mesh.vtp", "imaging.vti"),
    "SimpleITK": ("imaging.files", "imaging.dicom"),
    "numba": KERNELS,
    "tomllib": ("scenario.reading",),
    "manifold3d": ("mesh.boolean",),
    "mmgpy": ("mesh.remesh",),
    "pymeshfix": ("mesh.repair",),
    "skimage": ("mesh.isosurface",),
    "h5py": ("results.vtkhdf", "results.pieces"),
    "pydantic": ("scenario",),
    "cyclopts": ("cli",),
    "rich": ("cli",),
    "SALib": ("sweep.designs", "sweep.sensitivity"),
    "sklearn": ("sweep.sensitivity.surrogate",),
    "pyarrow": ("sweep",),
    "plotly": ("view.map3d", "view.sweep_page"),
    "av": ("view.film",),
    "dask": ("sweep.engines",),
    "distributed": ("sweep.engines",),
    "dask_jobqueue": ("sweep.engines",),
}


def modules(package: Path) -> Iterator[tuple[str, Path]]:
    """Dotted name below the package → file."""
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imports(path: Path) -> list[str]:
    """Every module a file imports, anywhere in it, in full; names taken from a package count as its modules too."""
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += ["." * node.level] if node.level else [f"{node.module}.{alias.name}" for alias in node.names]
    return found


def layer(module: str) -> str:
    return module.split(".")[0]


def inside(module: str, homes: tuple[str, ...]) -> bool:
    return any(module == home or module.startswith(home + ".") for home in homes)


def layer_problems(package: Path) -> list[str]:
    """Imports that the table does not allow."""
    problems = []
    for module, path in modules(package):
        for name in imports(path):
            if name.startswith("."):
                problems.append(f"{module}: relative import")
            if not name.startswith(package.name + "."):
                continue
            target = name.removeprefix(package.name + ".")
            if inside(module, KERNELS):
                if not inside(target, KERNELS):
                    problems.append(f"{module}: a kernel imports {target}")
            elif module and layer(target) not in {layer(module), *FOUNDATION, *ALLOWED.get(layer(module), ())}:
                if not (layer(target).startswith("__version__")):
                    problems.append(f"{module} ({layer(module)}) imports {target}")
    return problems


def foundation_problems(package: Path) -> list[str]:
    """The foundation rests on itself alone."""
    return [
        f"{module} imports {name}"
        for module, path in modules(package)
        if module in FOUNDATION
        for name in imports(path)
        if name.startswith(package.name + ".") and name.split(".")[1] not in FOUNDATION
    ]


def unknown_layers(package: Path) -> list[str]:
    return sorted({layer(module) for module, _ in modules(package) if module} - FOUNDATION - set(ALLOWED))


def home_problems(package: Path) -> list[str]:
    """Libraries imported outside their one home."""
    return [
        f"{module} imports {name.split('.')[0]}"
        for module, path in modules(package)
        for name in imports(path)
        if name.split(".")[0] in HOMES and not inside(module, HOMES[name.split(".")[0]])
    ]


def long_files(package: Path) -> list[str]:
    return [
        f"{m}: {n} lines" for m, p in modules(package) if (n := len(p.read_text("utf-8").splitlines())) > LONGEST_FILE
    ]


def printing(package: Path) -> list[str]:
    """Calls of print, input, exit and sys.exit outside the command line; a mesher's child process may end itself."""
    problems = []
    for module, path in modules(package):
        if layer(module) == "cli":
            continue
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if called in {"print", "input", "exit", "quit", "breakpoint"}:
                problems.append(f"{module}:{node.lineno} calls {called}")
            if called == "sys.exit" and "__main__" not in path.read_text("utf-8"):
                problems.append(f"{module}:{node.lineno} calls sys.exit")
    return problems


def without_opening_docstring(package: Path) -> list[str]:
    return [m for m, p in modules(package) if not ast.get_docstring(ast.parse(p.read_text("utf-8")))]


def module_cycle(package: Path) -> list[str]:
    """A cycle among modules by the imports at their top, as names; empty where there is none."""
    known = dict(modules(package))
    graph: dict[str, set[str]] = {}
    for module, path in known.items():
        graph[module] = set()
        for node in ast.parse(path.read_text("utf-8")).body:
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            for name in names:
                target = name.removeprefix(package.name + ".")
                target = target if target in known else target.rpartition(".")[0]
                if name.startswith(package.name + ".") and target in known and target not in ("", module):
                    graph[module].add(target)
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return error.args[1]
    return []


RULES = [
    layer_problems,
    foundation_problems,
    unknown_layers,
    home_problems,
    long_files,
    printing,
    without_opening_docstring,
    module_cycle,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_its_rules(rule):
    assert rule(PACKAGE) == []


VIOLATIONS = {
    "solvers know no mesh": (layer_problems, "solvers/direct.py", "from femsim.mesh.mesh import Mesh"),
    "a lazy import counts too": (layer_problems, "view/report.py", "def f():\n    import femsim.metrics.measure"),
    "relative imports": (layer_problems, "mesh/mesh.py", "from . import surface"),
    "nobody imports the command line": (layer_problems, "run.py", "from femsim.cli.main import app"),
    "kernels know nothing": (layer_problems, "fem/kernels/volume.py", "from femsim.errors import FemsimError"),
    "foundation rests on itself": (foundation_problems, "units.py", "from femsim.mesh.mesh import Mesh"),
    "a new layer needs a rule": (unknown_layers, "helpers.py", ""),
    "numba stays in the kernels": (home_problems, "fem/assembly.py", "import numba"),
    "submodules have a home too": (home_problems, "run.py", "from vtkmodules.util import numpy_support"),
    "files are short": (long_files, "run.py", "\n" * 400),
    "no print": (printing, "run.py", "print('done')"),
    "no exit": (printing, "build.py", "import sys\nsys.exit(1)"),
    "every file says what it is": (without_opening_docstring, "run.py", None),
    "no cycle": (module_cycle, "mesh/mesh.py", "from femsim.mesh.surface import Surface"),
}


@pytest.mark.parametrize("name", VIOLATIONS)
def test_a_violation_is_found(name, tmp_path):
    rule, file, code = VIOLATIONS[name]
    package = tmp_path / "femsim"
    sound = {"mesh/surface.py": "from femsim.mesh.mesh import Mesh", "mesh/mesh.py": "", "units.py": ""}
    for path, text in sound.items() if name == "no cycle" else {"mesh/mesh.py": "", "units.py": ""}.items():
        _write(package / path, text)
    assert rule(package) == []
    _write(package / file, code)
    assert rule(package) != []


def _write(path: Path, code: str | None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("" if code is None else f'"""What this is."""\n{code}\n', encoding="utf-8")
