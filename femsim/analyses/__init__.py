"""What is computed from a model."""

from femsim.analyses.impact import Impact
from femsim.analyses.linear_static import LinearStatic
from femsim.registry import Registry

ANALYSES = Registry("analysis", linear_static=LinearStatic, impact=Impact)
