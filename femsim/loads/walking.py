"""Level walking: the simplified force set of Heller 2005 at its peak, and a whole cycle around it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from femsim.anatomy.attachments import GREATER_TROCHANTER, REFERENCE_SITES, VASTUS_LATERALIS
from femsim.loads.history import HEAD, LoadHistory
from femsim.loads.subject import Subject
from femsim.registry import parameter

# Forces at the first peak, % body weight: x medial, y anterior, z proximal. Heller 2005, J Biomech 38:1155, as quoted.
HELLER_WALKING = (
    ("hip", HEAD, (-54.0, -32.8, -229.2)),
    ("abductor", GREATER_TROCHANTER, (58.0, 4.3, 86.5)),
    ("tfl_proximal", GREATER_TROCHANTER, (7.2, 11.6, 13.2)),
    ("tfl_distal", GREATER_TROCHANTER, (-0.5, -0.7, -19.0)),
    ("vastus_lateralis", VASTUS_LATERALIS, (-0.9, 18.5, -92.9)),
)
# Resultant hip force over the cycle: % gait cycle, % body weight. Built on the averages of 757 OrthoLoad cycles
# (first hump 250 % at 12–24 %, mid-stance 65–70 % of it, second hump 232 % at 41–48 %, swing 7–9 %), not itself
# measured.
WAVEFORM = (
    (0, 60), (5, 125), (10, 205), (15, 244), (18, 250), (22, 243), (26, 215), (30, 188), (35, 197), (40, 219),
    (45, 232), (48, 228), (52, 198), (56, 140), (60, 80), (65, 40), (70, 25), (80, 20), (90, 25), (95, 35), (100, 60),
)  # fmt: skip
PEAK_INSTANT = 18.0  # % gait cycle, of the waveform
CYCLE_S = 1.10  # s; 1.09–1.10 ± 0.125 s, OrthoLoad trials


@dataclass(frozen=True)
class Walking:
    """Level walking at normal speed."""

    scale: float = parameter(
        1.0,
        text="multiplies hip and muscle forces together",
        unit="-",
        low=0.8,
        high=1.6,
        assumed=True,
        source="spread between patients and gait speeds",
    )
    muscles: bool = parameter(
        True, text="whether abductor, tensor fasciae latae and vastus lateralis act beside the hip force"
    )
    frames: int = parameter(
        20,
        text="instants of the cycle, evenly spaced with the peak at 18 % among them; 1 is the peak alone",
        unit="-",
        low=1,
        high=1000,
    )

    def history(self, subject: Subject, sites: Mapping[str, np.ndarray] = REFERENCE_SITES) -> LoadHistory:
        """Forces on the femur over one gait cycle, 0 % at heel strike; the same wherever the sites are."""
        chosen = HELLER_WALKING if self.muscles else HELLER_WALKING[:1]
        newton = self.scale * subject.body_weight / 100.0
        peak = np.array([(-medial, anterior, proximal) for _, _, (medial, anterior, proximal) in chosen]) * newton
        instants = np.sort((PEAK_INSTANT + 100.0 * np.arange(self.frames) / self.frames) % 100.0)
        share = cycle_share(instants)
        return LoadHistory(
            channels=tuple(name for name, _, _ in chosen),
            sites=tuple(site for _, site, _ in chosen),
            forces=share[:, None, None] * peak,
            instants=instants,
            instant_unit="% gait cycle",
            duration_s=CYCLE_S,
            cyclic=True,
            sources=self._sources(),
        )

    def _sources(self) -> tuple[str, ...]:
        sentences = [
            "Hip force of level walking, 238 % body weight at its peak: Heller et al., J Biomech 38 (2005) 1155-1163, "
            "simplified load set as widely quoted (assumed; its size agrees with Bergmann 2001).",
            "Course over the gait cycle: constructed on averages of OrthoLoad walking trials (757 cycles), not "
            "measured, and scaled so that its first peak is the published set.",
            "The hip force keeps its direction over the cycle (assumed).",
        ]
        if self.muscles:
            sentences.append(
                "Abductor, tensor fasciae latae (proximal, distal) and vastus lateralis: same set; their course over "
                "the cycle is assumed to follow the hip force."
            )
        else:
            sentences.append("Muscle forces are switched off in this scenario; the hip force acts alone.")
        if self.scale != 1.0:
            sentences.append(f"All forces are multiplied by {self.scale:g} (scenario).")
        return tuple(sentences)


def cycle_share(instants: np.ndarray) -> np.ndarray:
    """Hip force at instants (t,) [% gait cycle] over its largest; 1 exactly at the peak instant."""
    at, value = np.array(WAVEFORM, float).T
    return np.interp(np.asarray(instants, float) % 100.0, at, value / value.max())
