"""The units femsim computes in (mm, N, s, MPa, tonne) and the factors that lead there."""

from math import pi

mm = 1.0
m = 1000.0  # mm
um = 1e-3  # mm
N = 1.0
kN = 1000.0  # N
J = 1000.0  # N·mm
s = 1.0
MPa = 1.0  # N/mm²
GPa = 1000.0  # MPa
tonne = 1.0
kg = 1e-3  # tonne
g_per_cm3 = 1e-9  # tonne/mm³
degree = pi / 180  # rad
microstrain = 1e-6

standard_gravity = 9.80665  # m/s²; ISO 80000-3


def body_weight(mass_kg: float) -> float:
    """Weight [N] of a mass [kg] under standard gravity."""
    return mass_kg * standard_gravity
