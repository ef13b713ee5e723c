"""Tables of a run, line by line: what is missing or damaged is said alike of all of them."""

import csv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from femsim.errors import StoreError

Line = Mapping[str, str]


@contextmanager
def lines_of(folder: Path, file: str, remedy: str) -> Iterator[list[Line]]:
    """The lines of a CSV of a run, by the names in its head; what is made of them inside the block is held to it.

    remedy : what to do where there is no such file.

    Raises
    ------
    StoreError
        Where there is no such file, or it is damaged.
    """
    path = Path(folder) / file
    try:
        with path.open(encoding="utf-8", newline="") as text:
            lines = list(csv.DictReader(text))
        yield lines
    except FileNotFoundError:
        raise StoreError(f"This run has no {file}.", where=str(folder), remedy=remedy) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"{file} of this run is damaged.", where=str(path), why=str(error), remedy="run the scenario again"
        ) from None


def by_model(lines: list[Line]) -> dict[str, list[Line]]:
    """Lines of each model, in their order."""
    models = dict.fromkeys(line["model"] for line in lines)
    return {model: [line for line in lines if line["model"] == model] for model in models}
