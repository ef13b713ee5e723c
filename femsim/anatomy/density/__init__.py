"""How dense the bone is at a place, from a rule, from a CT, or from a maker of test femora.

A source promises `mapped(femur)`: an object with `at(points, spans)`, the apparent density [g/cm³] (k,) at points
(k, 3) [mm] of the femur frame, where spans (k,) [mm] is the edge of the cube each point stands for; and `notes`,
sentences for the report.
"""

from femsim.anatomy.density.composite_femur import CompositeDensity
from femsim.anatomy.density.ct import CtDensity
from femsim.anatomy.density.rule import DensityRule
from femsim.registry import Registry

DENSITIES = Registry("density source", rule=DensityRule, ct=CtDensity, composite_femur=CompositeDensity)
