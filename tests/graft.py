"""A test implant that fills exactly the bone that was removed, on the very same mesh."""

from femsim.mesh.mesh import Mesh, Twin


def graft_twin(twin: Twin) -> Twin:
    """A twin whose operated femur holds a graft in the place of the removed bone; the intact femur is the given one.

    With the bone's own properties the graft must change nothing.
    """
    intact = twin.intact
    regions = tuple("graft" if name == "bone_removed" else name for name in intact.regions)
    operated = Mesh(intact.nodes, intact.elements, intact.region_of, regions, intact.surfaces)
    return Twin(operated, intact, twin.n_kept, twin.n_kept_nodes)
