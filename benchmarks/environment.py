"""Where the contestants live: the peers' own Python environment, what the system has, what each process is given."""

import glob
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from contestants import Contestant

ROOT = Path(__file__).parents[1]
PEERS = Path(__file__).parent / "peers"
LIST = Path(__file__).parent / "peers.txt"
PETSC_PYTHON = "/usr/bin/python3"  # Debian's petsc4py is made for Debian's Python


def prepare(work: Path, say) -> None:
    """Make the peers' environment, once per list of packages; what fails is told and left out."""
    folder = work / "peers"
    digest = hashlib.sha256(LIST.read_bytes()).hexdigest()
    stamp = folder / "installed"
    if stamp.is_file() and stamp.read_text() == digest:
        return
    say("installing the peers into their own environment")
    if not (folder / "bin" / "python").exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    wanted = [line.split("#")[0].strip() for line in LIST.read_text().splitlines()]
    with (work / "pip.log").open("w") as log:
        for package in filter(None, wanted):
            command = [folder / "bin" / "pip", "install", "--disable-pip-version-check", package]
            if subprocess.run(command, stdout=log, stderr=log).returncode:
                say(f"  {package} cannot be installed here; see {work / 'pip.log'}")
    stamp.write_text(digest)


def missing(work: Path, contestant: Contestant) -> str:
    """Why the contestant cannot run here; empty when it can."""
    if contestant.home == "ccx":
        return "" if shutil.which("ccx") else "ccx is not installed"
    if contestant.home == "petsc" and not (petsc_folder() and shutil.which("mpirun")):
        return "Debian's python3-petsc4py is not installed"
    code = f"import {contestant.needs}"
    known = _KNOWN.get((contestant.home, contestant.needs))
    if known is None:
        done = subprocess.run(
            [*interpreter(work, contestant)[-1:], "-c", code], env=variables(work, contestant, 2), capture_output=True
        )
        known = _KNOWN[contestant.home, contestant.needs] = (
            "" if done.returncode == 0 else f"{contestant.needs} is not installed"
        )
    return known


_KNOWN: dict[tuple[str, str], str] = {}


def interpreter(work: Path, contestant: Contestant, processes: int = 1) -> list[str]:
    """The words of the command line before the script."""
    if contestant.home == "femsim":
        return [sys.executable]
    if contestant.home == "petsc":
        mpi = ["mpirun", "-n", str(processes), "--oversubscribe"]
        return [*mpi, *(["--allow-run-as-root"] if os.getuid() == 0 else []), PETSC_PYTHON]
    return [str(work / "peers" / "bin" / "python")]


def variables(work: Path, contestant: Contestant, threads: int) -> dict[str, str]:
    """Environment variables: the granted threads for everything that can take them."""
    given = dict(os.environ)
    count = "1" if contestant.home == "petsc" else str(threads)
    for name in ("OMP", "MKL", "OPENBLAS", "NUMBA"):
        given[f"{name}_NUM_THREADS"] = count
    given["CCX_NPROC_EQUATION_SOLVER"] = given["CCX_NPROC_STIFFNESS"] = count
    given.pop("PYTHONPATH", None)
    if contestant.home == "femsim":
        given["PYTHONPATH"] = str(ROOT)
        given["NUMBA_CACHE_DIR"] = str(work / "kernels")
    if contestant.home == "petsc":
        given["PYTHONPATH"] = petsc_folder()
    return given


def petsc_folder() -> str:
    """Debian's folder of petsc4py for real numbers; empty when there is none."""
    found = sorted(glob.glob("/usr/lib/petscdir/petsc*/*-real/lib/python3/dist-packages"))
    return found[-1] if found else ""


def source_digest() -> str:
    """Hash of femsim's sources: runs of different states of it are told apart."""
    digest = hashlib.sha256()
    for source in sorted((ROOT / "femsim").rglob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]


def machine() -> dict[str, str]:
    """Processor, cores, memory and system, as the kernel tells them."""
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), "unknown")
    with open("/proc/meminfo") as file:
        memory = int(file.readline().split()[1]) / 1e6
    system = "Linux"
    if os.path.exists("/etc/os-release"):
        with open("/etc/os-release") as file:
            names = dict(line.rstrip().split("=", 1) for line in file if "=" in line)
        system = names.get("PRETTY_NAME", system).strip('"')
    return {
        "processor": model,
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{memory:.0f} GB",
        "system": system,
        "python": sys.version.split()[0],
    }
