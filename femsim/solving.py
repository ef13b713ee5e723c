"""A scenario built and solved: the operated femur and its intact twin."""

from collections.abc import Callable

from femsim.analyses.linear_static import LinearStatic
from femsim.analyses.outcome import Outcome
from femsim.analyses.stress_directions import stress_directions
from femsim.build import Loading, Pair, build, oriented
from femsim.scenario.reading import Scenario


def solved_pair(
    scenario: Scenario,
    *,
    loading: Loading | None = None,
    fresh: bool = False,
    progress: Callable[[str], None] | None = None,
) -> tuple[Pair, Outcome, Outcome]:
    """The models of a scenario, and the converged answers of the operated and the intact one.

    Parameters
    ----------
    loading : what acts, where it is not what the scenario says.
    fresh : mesh again even where the mesh is kept.
    progress : told each stage as it begins.

    Returns
    -------
    pair, operated, intact
        The two answers are the same object where nothing was put in.

    Raises
    ------
    SurfaceError, GeometryError, MeshError, ModelError, ConvergenceError
    """
    say = progress or (lambda stage: None)
    pair = build(scenario, loading=loading, fresh=fresh, progress=progress)
    if scenario.bone.anisotropy.directions == "stress":
        pair = _with_stress_directions(pair, scenario, loading, say)
    analysis = linear_part(scenario)
    say("solve intact")
    intact = analysis.run(pair.intact, n_kept=pair.twin.n_kept)
    if pair.operated is pair.intact:
        return pair, intact, intact
    say("solve operated")
    return pair, analysis.run(pair.operated, n_kept=pair.twin.n_kept), intact


def linear_part(scenario: Scenario) -> LinearStatic:
    """The linear statics of a scenario, which every analysis starts from."""
    return scenario.analysis if isinstance(scenario.analysis, LinearStatic) else LinearStatic()


def _with_stress_directions(pair: Pair, scenario: Scenario, loading: Loading | None, say) -> Pair:
    """Orthotropic bone whose grain follows the stress of the isotropic intact femur under the scenario's own load."""
    say("stress directions")
    meant = pair if loading is None else build(scenario)
    prior = linear_part(scenario).run(meant.intact, n_kept=meant.twin.n_kept)
    return oriented(pair, scenario, stress_directions(prior, pair.femur.landmarks.shaft_axis))
