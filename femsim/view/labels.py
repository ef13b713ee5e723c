"""How the label of a run is written where people read it."""


def words(label: str) -> str:
    """Without underscores, but for keys with values, which stay what they are."""
    return " ".join(part if "=" in part else part.replace("_", " ") for part in str(label).split(" "))
