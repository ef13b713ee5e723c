"""A mesh as a plain Abaqus input file."""

import numpy as np


def as_input(nodes, elements, *, sets="") -> str:
    """Nodes (n, 3) and elements (e, 4 or 10), numbered from 1; `sets` stands at the end as it is."""
    rows = [f"{n}, {x!r}, {y!r}, {z!r}" for n, (x, y, z) in enumerate(np.asarray(nodes).tolist(), 1)]
    tets = [", ".join(map(str, [n, *(np.array(row) + 1)])) for n, row in enumerate(np.asarray(elements).tolist(), 1)]
    return "\n".join(["*NODE", *rows, f"*ELEMENT, TYPE=C3D{np.shape(elements)[1]}, ELSET=BONE", *tets]) + "\n" + sets
