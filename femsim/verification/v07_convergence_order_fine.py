"""V07: errors fall with element size at the order theory promises; fine meshes."""

from femsim.verification.case import Case, Check
from femsim.verification.manufactured import SOURCE, order_checks


def run() -> list[Check]:
    return [*order_checks(1, (16, 24), 0.15), *order_checks(2, (12, 16), 0.15)]


CASE = Case(title="Order of convergence, fine", source=SOURCE, status="closed form", quick=False, run=run)
