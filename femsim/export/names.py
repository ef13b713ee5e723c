"""Names that other programs accept."""

import re
from collections.abc import Iterable


def legal_names(names: Iterable[str], *, reserved: Iterable[str] = ()) -> dict[str, str]:
    """Name → a name of capital letters, digits and '_' that starts with a letter, has at most 60 characters and is
    neither taken twice nor reserved. (Abaqus and CalculiX take 80 characters and do not tell capitals from others.)
    """
    taken, legal = {name.upper() for name in reserved}, {}
    for name in names:
        plain = re.sub(r"[^A-Z0-9_]", "_", name.upper())
        plain = (plain if plain[:1].isalpha() else f"S_{plain}")[:60]
        given, n = plain, 1
        while given in taken:
            n += 1
            given = f"{plain}_{n}"
        taken.add(given)
        legal[name] = given
    return legal


def plain_text(text: str) -> str:
    """ASCII of a single line; what has no plain sign becomes '?'."""
    spelled = text.translate(_SPELLED).encode("ascii", "replace").decode("ascii")
    return "".join(c if c.isprintable() else "?" for c in spelled)


_SPELLED = str.maketrans({"²": "2", "³": "3", "°": "deg", "µ": "u", "μ": "u", "·": ".", "−": "-", "–": "-", "’": "'"})
