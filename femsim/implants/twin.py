"""The operated femur and its intact twin, meshed so that the bone they share has the same elements."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from femsim.anatomy.femur import DISTAL_CUT, Femur
from femsim.errors import MeshError
from femsim.implants.arrangement import (
    BONE_LABELS,
    IN_BONE,
    INNER,
    KEPT,
    KEPT_DISTAL,
    KEPT_OUTER,
    REMOVED,
    REMOVED_OUTER,
    Arrangement,
    arrange,
    onto_sheets,
)
from femsim.implants.given_mesh import given_twin
from femsim.implants.head_surface import on_head
from femsim.implants.sizing import edge_length
from femsim.implants.solids import Solids, finest_detail, moved
from femsim.mesh.complex import boundary_of, separate_pieces
from femsim.mesh.curves import thinned
from femsim.mesh.fairing import faired
from femsim.mesh.generate import Filled, MesherTimeout, Region, fill
from femsim.mesh.mesh import FACES, Mesh, Twin
from femsim.mesh.quadratic import with_mid_nodes
from femsim.mesh.quality import signed_inverse_condition, volumes
from femsim.mesh.remesh import remeshed
from femsim.mesh.subdivision import subdivided
from femsim.mesh.surface import Surface, areas, compacted, enclosed_volume, is_closed
from femsim.mesh.tidying import tidied
from femsim.mesh.topology import boundary_faces, faces_of, quadratic_faces, shared_faces, whole_faces

NEAR_HEAD = 1.7  # head radii within which the surface is followed closely
CLOSE, LOOSE = 0.05, 0.1  # distance from the given bone near the head and elsewhere, as a share of the wanted size
LOOSEST = 0.3  # mm, and not farther than this: coarse elements must hold the bone's volume as well
EXACT = 0.03  # distance from the implant's surfaces, likewise
CREASE = 0.2  # shortest edge along a crease of the bone, likewise
FACETS = 0.75  # largest mean edge of the surface that is remeshed, likewise
INSIDE = 1.6  # largest edge inside a region, as a share of the wanted size
SOUND = 0.1  # smallest SICN of an element that is accepted
# Where the cut grazes the bone: moves along the stem [mm] and shares of the wanted size, tried in turn.
ATTEMPTS = (
    *((0.0, 1.0), (0.12, 1.0), (-0.12, 1.0), (0.0, 0.85), (0.24, 1.0), (-0.24, 1.0)),
    *((0.12, 0.85), (-0.12, 0.85), (0.0, 0.7), (0.06, 0.78), (-0.06, 0.78), (0.12, 0.7)),
)
NO_LAYERS: Mapping[str, str] = MappingProxyType({})
VOLUME_TOLERANCE = 0.005  # kept and removed bone against the femur


def twin_mesh(
    femur: Femur, implant, *, size_mm: float, order: int, progress: Callable[[str], None] | None = None
) -> Twin:
    """Mesh a femur with an implant, and the same femur without.

    Parameters
    ----------
    implant : one of IMPLANTS
    size_mm : float
        Wanted edge length in the bone; 0.6 of it at the implant, 1.5 of it in the shaft.
    order : int
        1 for TET4, 2 for TET10 with straight edges.
    progress : optional
        Called with a sentence at each step.

    Returns
    -------
    Twin
        The same on every run. Without an implant, `operated` and `intact` are one object.

    Raises
    ------
    GeometryError
        Where femur and implant do not go together.
    MeshError
        Where no sound mesh could be made.
    """
    if order not in (1, 2):
        raise MeshError(f"Elements of order {order} are not known.", where="mesh.order", remedy="take 1 or 2")
    say = progress or (lambda sentence: None)
    solids = implant.place(femur)
    if femur.mesh is not None:
        return given_twin(femur, solids, order)
    say("remeshing the bone surface")
    bone = _bone_surface(femur, solids, size_mm)
    if not solids.tool:
        return _intact(femur, tidied(bone, edge_length(bone.points, solids, size_mm)), size_mm, order, say)
    return _operated(femur, bone, solids, size_mm, order, say)


def _bone_surface(femur: Femur, solids: Solids, size: float) -> Surface:
    """The femur's surface with triangles of the wanted size; labels 0 and DISTAL_CUT."""
    given = femur.surface
    while _edge(given) > FACETS * size:  # the remesher rounds off a coarse surface, but follows flat facets
        given = subdivided(given)
    held = np.zeros(given.n_points, bool)
    held[given.triangles[given.labels == DISTAL_CUT]] = True
    given = faired(given, rounds=_fairing_rounds(given, size), fixed=held)
    centroid_distance = np.linalg.norm(given.points[given.triangles].mean(axis=1), axis=1)
    near = centroid_distance < NEAR_HEAD * femur.landmarks.head_radius
    near_head = DISTAL_CUT + 1
    labels = np.where(given.labels == DISTAL_CUT, DISTAL_CUT, np.where(near, near_head, 0))
    marked = Surface(given.points, given.triangles, labels)
    loose = min(LOOSE * size, LOOSEST)
    deviation = {0: loose, DISTAL_CUT: loose, near_head: min(CLOSE * size, loose)}
    wanted = edge_length(marked.points, solids, size)
    surface = remeshed(marked, wanted, deviation=deviation, shortest=CREASE * size)
    if not is_closed(surface):
        raise MeshError("The bone surface is no longer closed after remeshing.", remedy="try a smaller mesh.size_mm")
    return Surface(surface.points, surface.triangles, np.where(surface.labels == DISTAL_CUT, DISTAL_CUT, 0))


def _fairing_rounds(surface: Surface, size: float) -> int:
    """Rounds that take away roughness shorter than about an element: none where the triangles are as large as that."""
    return int(np.clip(2 * (size / _edge(surface)) ** 2, 0, 40)) if _edge(surface) < FACETS * size / 2 else 0


def _edge(surface: Surface) -> float:
    """Edge [mm] of a regular triangle of the surface's mean area."""
    return float(np.sqrt(4 / np.sqrt(3) * areas(surface).mean()))


def _intact(femur: Femur, bone: Surface, size: float, order: int, say) -> Twin:
    say("filling the bone")
    surface = Surface(bone.points, bone.triangles, np.where(bone.labels == DISTAL_CUT, KEPT_DISTAL, KEPT_OUTER))
    around = {KEPT: frozenset({KEPT_OUTER, KEPT_DISTAL})}
    filled = _filled(Arrangement(compacted(surface), around), size)
    pieces = _Pieces(compacted(surface), filled)
    pieces.check(femur, [KEPT])
    mesh = pieces.mesh([KEPT], order, lambda faces, labels, nodes: on_head(femur, faces, nodes))
    return Twin(mesh, mesh, mesh.n_elements, mesh.n_nodes)


def _operated(femur: Femur, bone: Surface, solids: Solids, size: float, order: int, say) -> Twin:
    best, problem, notes = None, None, ()
    for attempt, (shift, share) in enumerate(ATTEMPTS):
        say("cutting the bone" if attempt == 0 else f"cutting the bone again, {shift:+g} mm along the stem")
        try:
            pieces = _meshed(femur, bone, moved(solids, shift * solids.axis), share * size, say)
        except MesherTimeout:
            raise
        except MeshError as error:
            problem = problem or error
            continue
        if best is None or pieces.worst > best.worst:
            best, notes = pieces, _moved(shift, share)
        if best.worst >= SOUND:
            break
    if best is None:
        raise problem
    if best.worst < SOUND:
        raise MeshError(
            f"No mesh of this operation is sound: the best of {len(ATTEMPTS)} has an element of SICN {best.worst:.2g} "
            f"in {best.worst_in!r}, below {SOUND:g}.",
            why="the bone's surface grazes an edge of the implant",
            remedy="try another mesh.size_mm, or move the implant by a few tenths of a millimetre",
        )
    solid_names = list(solids.materials)
    bearing = INNER + [sheet.name for sheet in solids.all_sheets].index(solids.bearing)
    operated = best.mesh([KEPT, *solid_names], order, lambda faces, labels, nodes: labels == bearing)
    intact = best.mesh([KEPT, REMOVED], order, lambda faces, labels, nodes: on_head(femur, faces, nodes))
    n_kept = len(best.elements[KEPT])
    n_kept_nodes = int(operated.elements[:n_kept].max()) + 1
    notes = (*solids.notes, *notes)
    return Twin(operated, intact, n_kept, n_kept_nodes, notes, best.interfaces(operated, solids))


def _moved(shift: float, share: float) -> tuple[str, ...]:
    """What was changed so that the cut could be meshed, for the report."""
    changes = [f"the implant was moved {shift:+g} mm along its stem"] * (shift != 0)
    changes += [f"elements were made {100 * (1 - share):.0f} % smaller than asked for"] * (share != 1)
    return (f"To mesh the cut well, {' and '.join(changes)}.",) if changes else ()


def _meshed(femur: Femur, bone: Surface, solids: Solids, size: float, say) -> "_Pieces":
    arrangement = arrange(bone, solids, size=size)
    _regions(arrangement)  # refuses open regions before any time is spent on them
    say("remeshing the cut surfaces")
    surface = arrangement.surface
    apart = 0.5 * finest_detail(solids)
    surface = thinned(surface, edge_length(surface.points, solids, size), yielding=BONE_LABELS, apart=apart)
    labels = np.unique(surface.labels).tolist()
    deviation = {label: EXACT * size if label >= IN_BONE else min(LOOSE * size, LOOSEST) for label in labels}
    deviation[REMOVED_OUTER] = min(CLOSE * size, LOOSEST)
    surface = remeshed(surface, edge_length(surface.points, solids, size), deviation=deviation)
    surface = onto_sheets(surface, solids, size)
    surface = tidied(surface, edge_length(surface.points, solids, size))
    say("filling bone, cement and metal")
    filled = _filled(Arrangement(surface, arrangement.around), size)
    pieces = _Pieces(surface, filled, solids.layers)
    pieces.check(femur, [KEPT, REMOVED])
    return pieces


def _regions(arrangement: Arrangement) -> dict[str, list[np.ndarray]]:
    """Region → the closed surfaces (t, 3) of its separate pieces; a notch, say, is removed bone apart from the head."""
    return {
        name: separate_pieces(arrangement.surface, boundary_of(arrangement.surface, labels, name))
        for name, labels in arrangement.around.items()
    }


def _filled(arrangement: Arrangement, size: float) -> dict[str, list[tuple[np.ndarray, Filled]]]:
    """Region → of each of its pieces, the surface's points it uses and what fills it."""
    surface, wanted, owners = arrangement.surface, [], []
    for name, pieces in _regions(arrangement).items():
        for triangles in pieces:
            used, own = np.unique(triangles, return_inverse=True)
            wanted.append(Region(name, surface.points[used], own.reshape(-1, 3), INSIDE * size))
            owners.append((name, used))
    filled: dict[str, list[tuple[np.ndarray, Filled]]] = {name: [] for name, _ in owners}
    for (name, used), piece in zip(owners, fill(wanted), strict=True):
        filled[name].append((used, piece))
    return filled


class _Pieces:
    """The filled regions on common node numbers: the surface's points first, the kept bone's before the others'."""

    def __init__(self, surface: Surface, filled: dict[str, list[tuple[np.ndarray, Filled]]], layers=NO_LAYERS):
        self.surface = surface
        nodes, self.elements = [surface.points], {}
        count = surface.n_points
        for name, pieces in filled.items():
            elements = []
            for used, piece in pieces:
                new = piece.nodes[len(used) :]
                number = np.concatenate([used, np.arange(count, count + len(new))])
                elements.append(number[piece.elements])
                nodes.append(new)
                count += len(new)
            whole = layers.get(name, name)
            parts = [self.elements[whole]] if whole in self.elements else []
            self.elements[whole] = np.vstack([*parts, *elements])
        self.nodes = np.vstack(nodes)
        sicn = {name: signed_inverse_condition(self.nodes, elements) for name, elements in self.elements.items()}
        self.worst = min(float(values.min()) for values in sicn.values())
        self.worst_in = min(sicn, key=lambda name: sicn[name].min())

    def check(self, femur: Femur, bone_regions: list[str]) -> None:
        """Refuse inverted elements and bone that was lost or gained."""
        if self.worst <= 0:
            raise MeshError(
                f"The region {self.worst_in!r} has an element without volume (SICN {self.worst:.1e}).",
                why="the bone surface grazes the implant's cut",
                remedy="try another mesh.size_mm, or move the implant by a few tenths of a millimetre",
            )
        volume = sum(float(volumes(self.nodes, self.elements[name]).sum()) for name in bone_regions)
        given = enclosed_volume(femur.surface)
        if abs(volume - given) > VOLUME_TOLERANCE * given:
            raise MeshError(
                f"The meshed bone has {volume:.0f} mm³, the femur {given:.0f} mm³: "
                f"{100 * (volume / given - 1):+.2f} %, more than {100 * VOLUME_TOLERANCE:g} %.",
                why="the bone surface has details smaller than the elements",
                remedy="try a smaller mesh.size_mm",
            )

    def mesh(self, names: list[str], order: int, bears: Callable) -> Mesh:
        """The regions as one mesh; kept bone first, its nodes numbered the same whatever follows."""
        corners = np.vstack([self.elements[name] for name in names])
        regions = np.repeat(np.arange(len(names)), [len(self.elements[name]) for name in names])
        n_kept = len(self.elements[KEPT])
        nodes, elements = with_mid_nodes(self.nodes, corners) if order == 2 else (self.nodes, corners)
        first = np.unique(elements[:n_kept])
        rest = np.setdiff1d(np.unique(elements[n_kept:]), first, assume_unique=True)
        order_of = np.concatenate([first, rest])
        number = np.full(len(nodes), -1)
        number[order_of] = np.arange(len(order_of))

        faces, owners = boundary_faces(corners)
        labels = self._labels_of(faces)
        outer_bone = (labels == KEPT_OUTER) & (regions[owners] == 0)
        chosen = {
            "bearing": bears(faces, labels, self.nodes),
            "bone_outer": outer_bone,
            "distal": labels == KEPT_DISTAL,
        }
        surfaces = {}
        for name, rows in chosen.items():
            mine = faces[rows] if order == 1 else quadratic_faces(faces[rows], elements, owners[rows])
            if not len(mine):
                raise MeshError(f"The mesh has no face on its surface {name!r}.", where=", ".join(names))
            surfaces[name] = number[mine]
        return Mesh(nodes[order_of], number[elements], regions, tuple(names), surfaces)

    def interfaces(self, mesh: Mesh, solids: Solids) -> dict[str, np.ndarray]:
        """Name of the sheet → faces of the mesh between two of its regions, outward from the first of them."""
        corners = np.vstack([self.elements[name] for name in mesh.regions])  # the mesh's elements by the old numbers
        rows = shared_faces(corners)
        region = mesh.region_of[rows // len(FACES)]
        here = rows[region[:, 0] != region[:, 1], 0]  # regions follow each other: the first element is of the first
        faces = whole_faces(mesh.elements)[here]
        sheet_of = self._labels_of(faces_of(corners)[here]) % 100
        names = np.array([sheet.name for sheet in solids.all_sheets])[sheet_of]
        return {str(name): faces[names == name] for name in dict.fromkeys(names.tolist())}

    def _labels_of(self, faces: np.ndarray) -> np.ndarray:
        """(f,) label of the surface triangle each face lies on; every boundary face lies on one."""
        n = len(self.nodes)
        keys, mine = _keys(self.surface.triangles, n), _keys(faces, n)
        order = np.argsort(keys)
        place = np.minimum(np.searchsorted(keys[order], mine), len(keys) - 1)
        found = order[place]
        if not np.array_equal(keys[found], mine):
            raise MeshError(
                "Two regions of the mesh do not share their common faces.", remedy="try another mesh.size_mm"
            )
        return self.surface.labels[found]


def _keys(triangles: np.ndarray, n: int) -> np.ndarray:
    a, b, c = np.sort(triangles.astype(np.int64), axis=1).T
    return (a * n + b) * n + c
