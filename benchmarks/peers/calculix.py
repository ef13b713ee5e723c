"""CalculiX: writes the deck, runs `ccx` as a user would, reads displacements back.

    … spooles | iterative          direct solver, or its conjugate gradients with incomplete Cholesky

Counted is the whole of ccx (it reads its deck, and cannot be asked to leave that out); writing the deck and reading
the answer are not. Only the displacements of loaded nodes are asked for, so that output costs nothing. Lines of ccx
are stamped as they come, which tells the time spent in the linear solver.
"""

import os
import pty
import re
import subprocess
import tempfile
import time
from pathlib import Path

from exchange import Clock, finish, np, peer_arguments, read

SOLVERS = {"spooles": "SPOOLES", "iterative": "ITERATIVE CHOLESKY"}


def main() -> None:
    case_file, result_file, words = peer_arguments()
    solver = SOLVERS[words[0]]
    case = read(case_file)
    clock = Clock()
    with tempfile.TemporaryDirectory(dir=case_file.parent) as folder:
        job = Path(folder) / "job"
        with clock("write deck"):
            write_deck(job.with_suffix(".inp"), case, solver)
        with clock("whole of ccx"):
            lines = run(job)
        text = "\n".join(line for _, line in lines)
        displacements = read_displacements(job.with_suffix(".dat"))
    solving = [stamp for stamp, line in lines if re.search(r"Factoring the system|iterative", line)]
    done = [stamp for stamp, line in lines if "Job finished" in line or "Total CalculiX Time" in line]
    if solving and done:
        clock.stages["of it: factorise, solve"] = done[-1] - solving[0]
    energy = 0.5 * float(np.sum(case.loads[0] * displacements[case.load_nodes + 1]))
    version = re.search(r"Version (\S+)", text, re.IGNORECASE)
    finish(
        result_file, clock, counted=("whole of ccx",), energy=energy,
        version=f"CalculiX {version.group(1) if version else ''}", method=solver,
    )  # fmt: skip


def write_deck(path: Path, case, solver: str) -> None:
    """The model as a CalculiX input file: one material per stiffness bin, supports, nodal forces.

    Twelve digits: ccx reads twenty characters of a number and silently drops the rest, exponents included.
    """
    kind = "C3D4" if case.elements.shape[1] == 4 else "C3D10"
    with path.open("w") as deck:
        deck.write("*NODE, NSET=ALL\n")
        deck.writelines(f"{i},{x:.12g},{y:.12g},{z:.12g}\n" for i, (x, y, z) in enumerate(case.nodes.tolist(), 1))
        sorting = np.argsort(case.bin_of, kind="stable")
        bins, first = np.unique(case.bin_of[sorting], return_index=True)
        for b, members in zip(bins, np.split(sorting, first[1:])):
            deck.write(f"*ELEMENT, TYPE={kind}, ELSET=B{b}\n")
            rows = (case.elements[members] + 1).tolist()
            deck.writelines(f"{e + 1},{','.join(map(str, row))}\n" for e, row in zip(members.tolist(), rows))
        for b in bins:
            modulus, ratio = float(case.bin_youngs_modulus[b]), float(case.bin_poissons_ratio[b])
            deck.write(f"*MATERIAL, NAME=M{b}\n*ELASTIC\n{modulus:.12g},{ratio:.12g}\n")
            deck.write(f"*SOLID SECTION, ELSET=B{b}, MATERIAL=M{b}\n")
        deck.write("*NSET, NSET=LOADED\n")
        deck.writelines(f"{i + 1}\n" for i in case.load_nodes.tolist())
        deck.write("*BOUNDARY\n")
        deck.writelines(f"{i + 1},1,3\n" for i in case.fixed.tolist())
        deck.write(f"*STEP\n*STATIC, SOLVER={solver}\n*CLOAD\n")
        for i, force in zip(case.load_nodes.tolist(), case.loads[0].tolist()):
            deck.writelines(f"{i + 1},{k},{f:.12g}\n" for k, f in enumerate(force, 1) if f)
        deck.write("*NODE PRINT, NSET=LOADED\nU\n*END STEP\n")


def run(job: Path) -> list[tuple[float, str]]:
    """Lines of ccx, each with the second at which it came; behind a terminal, so that they come as they are written."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "CCX_NPROC_EQUATION_SOLVER": "2", "CCX_NPROC_STIFFNESS": "2"}
    started = time.perf_counter()
    process = subprocess.Popen(
        ["ccx", "-i", job.name], cwd=job.parent, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, env=environment
    )
    os.close(theirs)
    lines, rest = [], b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # the terminal is gone: ccx has ended
            break
        if not piece:
            break
        now = time.perf_counter() - started
        *complete, rest = (rest + piece).split(b"\n")
        lines += [(now, line.decode(errors="replace").rstrip()) for line in complete]
    os.close(ours)
    if process.wait() != 0:
        raise RuntimeError(f"ccx ended with {process.returncode}: " + " / ".join(line for _, line in lines[-5:]))
    return lines


def read_displacements(path: Path):
    """(highest node number + 1, 3) from the .dat file; zeros where none was printed."""
    rows = [line.split() for line in path.read_text().splitlines()]
    rows = np.array([row for row in rows if len(row) == 4 and row[0].isdigit()], float)
    displacements = np.zeros((int(rows[:, 0].max()) + 1, 3))
    displacements[rows[:, 0].astype(int)] = rows[:, 1:]
    return displacements


if __name__ == "__main__":
    main()
