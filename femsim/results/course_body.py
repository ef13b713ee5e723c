"""One model over the course of an analysis, as a file of fields holds it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from femsim.results import vtkhdf

if TYPE_CHECKING:  # reading a run must not load what computes one
    from femsim.analyses.failure_course import FailureCourse
    from femsim.analyses.impact_course import ImpactCourse


def course_body(
    name: str, course: "FailureCourse | ImpactCourse", fields: Mapping[str, np.ndarray], units: Mapping[str, str]
) -> vtkhdf.Body:
    """Mesh, displacement, region and zone of every element, and more fields (f, e) by name, with all their units."""
    model = course.model
    return vtkhdf.Body(
        name,
        model.mesh,
        {"displacement": course.displacement.astype(np.float32)},
        {"region_id": model.mesh.region_of[None], "zone_id": model.zone_of[None], **fields},
        units,
        {"region_names": model.mesh.regions, "zone_names": model.zones},
    )
