"""The scenario of tests that solve: so coarse that it takes seconds, so few instants that all can be looked at."""

TEXT = """
schema = 1
[femur]
kind = "parametric"
[subject]
body_mass_kg = 70
[implant]
kind = "{implant}"
[load]
activity = "walking"
frames = 4
[mesh]
size_mm = 9
order = 1
"""


def text(implant: str = "resurfacing_cap") -> str:
    """The file, with an implant."""
    return TEXT.format(implant=implant)
