"""What acts on the femur over time: forces at named sites, frame by frame."""

from dataclasses import dataclass, replace

import numpy as np

from femsim.arrays import freeze, frozen

HEAD = "head"  # the site of the joint force: the bearing surface, about the head centre
BERGMANN, FEMUR, LAB = "bergmann", "femur", "lab"  # frames of forces; see femsim.loads.frames


@dataclass(frozen=True)
class LoadHistory:
    """Forces on the femur over one activity.

    channels : name of each force, such as "hip", "abductor"; "hip" is among them.
    sites : where each acts: "head" for the joint force, otherwise a name of the muscle attachments.
    forces : (t, c, 3) [N], acting on the femur.
    instants : (t,) in `instant_unit` ("% gait cycle" for cyclic activities, "s" otherwise).
    duration_s : length of the activity or of one cycle.
    cyclic : whether the last instant runs into the first.
    sources : sentences for the report; assumptions are said to be assumptions.
    frame : of the forces. "bergmann": x lateral, y anterior, z from the knee to where neck and shaft axis meet, right
        femur. "femur": that of a Femur, z along the proximal shaft axis. "lab": z upward, where a rig or a floor holds
        the femur.
    mass_exponent : forces grow with body mass to this power: 1 for gait, 0.5 for a fall onto a spring, 0 for a rig.
    """

    channels: tuple[str, ...]
    sites: tuple[str, ...]
    forces: np.ndarray
    instants: np.ndarray
    instant_unit: str
    duration_s: float
    cyclic: bool
    sources: tuple[str, ...] = ()
    frame: str = BERGMANN
    mass_exponent: float = 1.0

    def __post_init__(self):
        n = len(self.channels)
        freeze(
            self,
            forces=frozen(self.forces, np.float64, (None, n, 3)),
            instants=frozen(self.instants, np.float64, (len(self.forces),)),
        )

    @property
    def hip(self) -> np.ndarray:
        """(t, 3) [N] the force on the head."""
        return self.forces[:, self.channels.index("hip")]

    @property
    def peak(self) -> int:
        """Frame with the largest hip force; the first of those that are equal but for rounding."""
        sizes = np.linalg.norm(self.hip, axis=1)
        return int(np.argmax(sizes >= sizes.max() * (1.0 - 1e-12)))

    @property
    def weights(self) -> np.ndarray:
        """(t,) share of the duration that each frame stands for; their sum is 1.

        Half the way to each neighbour; in a cycle the first and the last are neighbours.
        """
        n, at = len(self.instants), self.instants
        if n == 1:
            return np.ones(1)
        if self.cyclic and self.instant_unit.startswith("%"):
            before = np.diff(np.concatenate([[at[-1] - 100.0], at]))
            return 0.5 * (before + np.roll(before, -1)) / 100.0
        steps = np.diff(at)
        halves = 0.5 * (np.concatenate([[0.0], steps]) + np.concatenate([steps, [0.0]]))
        return halves / halves.sum()

    @property
    def pulled_sites(self) -> tuple[str, ...]:
        """Sites other than the head where a force acts in some frame."""
        acting = np.abs(self.forces).max(axis=(0, 2)) > 0
        return tuple(dict.fromkeys(site for site, acts in zip(self.sites, acting) if acts and site != HEAD))

    def turned(self, rotation: np.ndarray, frame: str) -> "LoadHistory":
        """The same forces told in another frame: rotation (3, 3) takes components of this frame to those."""
        return replace(self, forces=self.forces @ np.asarray(rotation, float).T, frame=frame)
