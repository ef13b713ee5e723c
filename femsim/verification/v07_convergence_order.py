"""V07: errors fall with element size at the order theory promises; two coarse sizes."""

from femsim.verification.case import Case, Check
from femsim.verification.manufactured import SOURCE, order_checks


def run() -> list[Check]:
    # Before the asymptotic range, hence the wide margin.
    return [*order_checks(1, (6, 12), 0.3), *order_checks(2, (4, 8), 0.3)]


CASE = Case(title="Order of convergence, coarse", source=SOURCE, status="closed form", quick=True, run=run)
