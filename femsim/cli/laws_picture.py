"""`femsim list bone-laws --picture`: every law over the densities of bone."""

from pathlib import Path

LOWEST, HIGHEST = 0.05, 2.0  # g/cm³ apparent: marrow, and bone tissue without a pore


def drawn(path: Path) -> None:
    """Draw the laws with their default keys.

    Raises
    ------
    UsageError
        Where the picture cannot be written.
    """
    from femsim.errors import UsageError
    from femsim.scenario.catalogue import law_curves
    from femsim.view.laws_picture import draw

    try:
        draw(law_curves(LOWEST, HIGHEST), path)
    except OSError as error:
        raise UsageError(
            "The picture cannot be written.",
            where=str(path),
            why=error.strerror or str(error),
            remedy="give a file in a folder that is there and can be written",
        ) from error
