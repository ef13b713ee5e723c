"""Reads what CalculiX prints into its .dat file for a deck of femsim."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from femsim.errors import StoreError

_TITLE = re.compile(rb"^ (\w[^\n(]*?) ?(?:\([^\n]*\))? for set (\S+) and time +\S+\s*$", re.MULTILINE)
# XX YY ZZ XY XZ YZ -> XX YY ZZ XY YZ XZ
_ORDER = [0, 1, 2, 3, 5, 4]


@dataclass(frozen=True)
class Printed:
    """One step, as printed: seven digits.

    displacement : (n, 3) [mm]
    reactions : (k, 3) [N] at `fixed` (k,), nodes.
    stress : (e, q, 6) [MPa] at the integration points; XX YY ZZ XY YZ XZ.
    energy : [N·mm] of the whole model.
    """

    displacement: np.ndarray
    fixed: np.ndarray
    reactions: np.ndarray
    stress: np.ndarray
    energy: float


def read_printed(path: Path, n_nodes: int, n_elements: int, n_points: int) -> Printed:
    """The first step of a .dat file.

    Raises
    ------
    StoreError
        Where something is missing or is not a number.
    """
    text = Path(path).read_bytes()
    blocks: dict[tuple[bytes, bytes], bytes] = {}
    titles = list(_TITLE.finditer(text))
    for title, following in zip(titles, [*titles[1:], None]):
        end = following.start() if following else len(text)
        blocks.setdefault((title[1].strip(), title[2]), text[title.end() : end])
    try:
        moved = _rows(blocks[b"displacements", b"NALL"], 4)
        held = _rows(blocks[b"forces", b"FIXED"], 4)
        stressed = _rows(blocks[b"stresses", b"EALL"], 8)
        energy = _rows(blocks[b"total internal energy", b"EALL"], 1)
        displacement = np.full((n_nodes, 3), np.nan)
        displacement[moved[:, 0].astype(int) - 1] = moved[:, 1:]
        stress = np.full((n_elements, n_points, 6), np.nan)
        stress[stressed[:, 0].astype(int) - 1, stressed[:, 1].astype(int) - 1] = stressed[:, 2:][:, _ORDER]
        if not (np.isfinite(displacement).all() and np.isfinite(stress).all() and np.isfinite(held).all()):
            raise ValueError("a node or an integration point is missing, or its value is not a number")
        return Printed(displacement, held[:, 0].astype(int) - 1, held[:, 1:], stress, float(energy[0, 0]))
    except (KeyError, ValueError, IndexError) as error:
        raise StoreError(
            "What CalculiX printed cannot be read.",
            where=Path(path).name,
            why=f"{type(error).__name__}: {error}",
            remedy="keep its files with --keep FOLDER and look; femsim reads what version 2.20 prints",
        ) from error


def _rows(block: bytes, width: int) -> np.ndarray:
    # Fortran leaves out the E where an exponent has three digits.
    block = re.sub(rb"(\d)([+-]\d{3})\b", rb"\1E\2", block)
    return np.array(block.split(), np.float64).reshape(-1, width)
