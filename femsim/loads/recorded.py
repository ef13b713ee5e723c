"""A recorded hip force: an instrumented prosthesis, a musculoskeletal model, or any table of three components."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np

from femsim.anatomy.attachments import GREATER_TROCHANTER
from femsim.arrays import freeze
from femsim.errors import ModelError, ScenarioError
from femsim.loads.activity import Counting, Spread
from femsim.loads.force_sets import HELLER_WALKING
from femsim.loads.frames import FEMUR, ISB, MEANINGS, OPENSIM
from femsim.loads.history import BERGMANN, HEAD, LoadHistory
from femsim.loads.muscle_lines import MuscleLine, read_muscle_lines
from femsim.loads.places import USUAL_SITES
from femsim.loads.reading.columns import unit_of
from femsim.loads.reading.instants import Course
from femsim.loads.reading.plausible import check_direction, check_size, newtons, turned
from femsim.loads.reading.recording import SECONDS, Recording, read_recording
from femsim.loads.subject import Subject
from femsim.registry import parameter
from femsim.units import body_weight

FROM_FILE = "from_file"
USUAL_MASS_KG = 75.0  # assumed


@dataclass(frozen=True)
class Recorded:
    """A hip force from a file: OrthoLoad, OpenSim (.sto, .mot), or any CSV; see docs/measured_loads.md."""

    file: Path = parameter(text="the recording: CSV, .sto or .mot with three components of the force on the hip")
    frame: Literal["from_file", "bergmann", "hip98", "isb", "opensim", "femur"] = parameter(
        FROM_FILE, text=f"axes of the components; needed where the file does not say. {MEANINGS}"
    )
    unit: Literal["from_file", "N", "kN", "BW", "%BW"] = parameter(
        FROM_FILE, text="of the components; needed where the names of the columns do not say"
    )
    side: Literal["from_file", "right", "left"] = parameter(
        FROM_FILE,
        text="the recorded leg; right where the file does not say. OrthoLoad tells left legs as right ones already",
    )
    acts_on: Literal["from_file", "femur", "pelvis"] = parameter(
        FROM_FILE,
        text="the bone the force acts on; the femur where the file does not say. On the pelvis it is opposite",
    )
    recorded_mass_kg: float | None = parameter(
        None,
        text="body mass of the person who was recorded: forces in N then grow with that of the scenario's subject; "
        "without it they are taken as they are",
        unit="kg",
        low=30,
        high=200,
    )
    columns: tuple[str, ...] = parameter(
        (),
        text="names of the columns, where they are not found: [x, y, z], [time, x, y, z], or what precedes fx, fy, fz",
    )
    rows: str = parameter(
        "", text='the rows to take from a table of several trials, such as "subject=H1L, activity=LW"'
    )
    begin: float | None = parameter(None, text="first instant to take, in the file's unit of time")
    end: float | None = parameter(None, text="last instant to take, in the file's unit of time")
    cyclic: bool = parameter(False, text="whether begin to end is one cycle that repeats, both its ends included")
    duration_s: float | None = parameter(
        None, text="duration of what the file holds, where its time is in percent", unit="s", low=0.01, high=600
    )
    frames: int = parameter(
        20,
        text="instants at the most, evenly spaced, with the peak among them; 0 is as recorded, 1 the peak alone",
        low=0,
        high=1000,
    )
    scale: float = parameter(1.0, text="multiplies hip and muscle forces together", unit="-", low=0.1, high=5.0)
    muscles: Literal["none", "proportional"] = parameter(
        "none",
        text="proportional: abductor, tensor fasciae latae and vastus lateralis of walking act too, in proportion to "
        "the hip force; none: it acts alone",
        assumed=True,
        source="Heller 2005, for the peak of walking; a recording of another activity has other muscle forces",
    )
    muscles_file: Path | None = parameter(None, text="CSV of your own muscle lines, instead of `muscles`")
    muscles_frame: Literal["bergmann", "hip98", "isb", "opensim"] = parameter(
        BERGMANN, text="axes of the places in muscles_file; head centre at the origin, mm"
    )
    muscles_trochanter_mm: float | None = parameter(
        None,
        text="distance from the head centre to the greater trochanter's muscle site on the femur that muscles_file was "
        "made for: its places then grow with the femur; without it they are taken as they are",
        unit="mm",
        low=30,
        high=120,
    )

    evidence: ClassVar[str] = "The file's own: whoever recorded the force answers for it."
    counting: ClassVar[Counting | None] = Counting("cycles")
    spread: ClassVar[Spread | None] = None  # one recording tells nothing of how much people differ
    _recording: Recording = field(init=False, repr=False, compare=False)
    _lines: tuple[MuscleLine, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        """Read and judge the file, so that a bad one is refused before anything is computed."""
        if len(self.columns) not in (0, 1, 3, 4):
            raise ScenarioError(
                f"load.columns has {len(self.columns)} names.",
                where="load.columns",
                remedy="give [x, y, z], [time, x, y, z], or what stands before fx, fy, fz",
            )
        if self.muscles_file is not None and self.muscles != "none":
            raise ScenarioError(
                "load.muscles and load.muscles_file both give muscle forces.",
                where="load.muscles",
                remedy='leave one out: with muscles_file, muscles = "none"',
            )
        raw = read_muscle_lines(self.muscles_file) if self.muscles_file is not None else ()
        recording = read_recording(
            self.file,
            columns=self.columns,
            rows=self.rows,
            begin=self.begin,
            end=self.end,
            unit="" if self.unit == FROM_FILE else self.unit,
            further=tuple(dict.fromkeys(line.column for line in raw if line.column)),
        )
        freeze(self, _recording=recording, _lines=())
        freeze(self, _lines=tuple(line.in_bergmann(self.muscles_frame, self._side) for line in raw))
        self._judge()

    def history(self, subject: Subject, sites: Mapping[str, np.ndarray] = USUAL_SITES) -> LoadHistory:
        """Forces on the femur over the window, in Bergmann's frame, or in the femur's where they are told in it.

        sites : points in Bergmann's frame [mm], from which muscle lines start.

        Raises
        ------
        ScenarioError
            Where the force is no hip force for the subject's weight.
        ModelError
            Where a muscle line has no site or no length.
        """
        recorded = self._recording
        recorded_weight = body_weight(self.recorded_mass_kg) if self.recorded_mass_kg else subject.body_weight
        check_size(recorded_peak(recorded), self._unit, recorded_weight, self._where)
        course = self._course()
        grown = self.scale * subject.body_weight / recorded_weight
        hip = (
            grown
            * newtons(self._unit, recorded_weight)
            * turned(course.of(recorded.forces), self._frame, self._side, self._acts_on)
        )
        channels, where, forces = ["hip"], [HEAD], [hip]
        for name, site, force in (*self._proportional(hip), *self._along_lines(hip, recorded_weight, subject, sites)):
            channels, where, forces = [*channels, name], [*where, site], [*forces, force]
        return LoadHistory(
            channels=tuple(channels),
            sites=tuple(where),
            forces=np.stack(forces, axis=1),
            instants=course.instants * (1.0 if self._in_percent else SECONDS[recorded.chosen.time_unit]),
            instant_unit="% cycle" if self._in_percent else "s",
            duration_s=self._duration(course),
            cyclic=self.cyclic,
            sources=self._sources(course, subject),
            frame=FEMUR if self._frame == FEMUR else BERGMANN,
            mass_exponent=1.0 if self._grows else 0.0,
        )

    def _proportional(self, hip: np.ndarray) -> list[tuple[str, str, np.ndarray]]:
        """Muscles of the peak of walking (Heller 2005), as much of each as there is of the hip force."""
        if self.muscles == "none":
            return []
        share = np.linalg.norm(hip, axis=1) / np.linalg.norm(HELLER_WALKING[0][2])
        flip = np.array([-1.0, 1.0, 1.0])  # they are told medially
        return [(name, site, share[:, None] * (flip * vector)) for name, site, vector in HELLER_WALKING[1:]]

    def _along_lines(
        self, hip: np.ndarray, recorded_weight: float, subject: Subject, sites: Mapping[str, np.ndarray]
    ) -> list[tuple[str, str, np.ndarray]]:
        """Muscles of the list: name, site, force (f, 3) [N]."""
        size = np.linalg.norm(hip, axis=1)
        grown = self.scale * subject.body_weight / recorded_weight
        found = []
        for line in self._lines:
            if line.column:
                course = self._course().of(self._recording.further[line.column])
            else:
                course = line.percent_bw * size / size.max()
            pulling = grown * newtons(self._unit_of(line), recorded_weight) * course
            found.append((line.name, line.site, pulling[:, None] * line.direction(sites, self._growth(sites))))
        return found

    def _growth(self, sites: Mapping[str, np.ndarray]) -> float:
        """The femur at hand over the one that muscles_file was made for; 1 where that is not told."""
        if self.muscles_trochanter_mm is None:
            return 1.0
        if GREATER_TROCHANTER not in sites:
            raise ModelError(
                f"This femur does not tell where {GREATER_TROCHANTER!r} is.",
                where="load.muscles_trochanter_mm",
                remedy="leave load.muscles_trochanter_mm out: places are then taken as they are",
            )
        return float(np.linalg.norm(sites[GREATER_TROCHANTER])) / self.muscles_trochanter_mm

    def _unit_of(self, line: MuscleLine) -> str:
        return (unit_of(line.column) or self._unit) if line.column else "%BW"

    def _judge(self) -> None:
        """What can be told without the subject."""
        recorded = self._recording
        peak, where = recorded.forces[recorded.peak], self._where
        if not np.linalg.norm(peak) > 0:
            raise ScenarioError("The hip force is zero throughout.", where=where, remedy="check load.columns")
        if self._grows:
            # For forces in body weights the mass only serves to guess the unit that was meant.
            weight = body_weight(self.recorded_mass_kg or USUAL_MASS_KG)
            check_size(recorded_peak(recorded), self._unit, weight, where)
        check_direction(peak, self._frame, self._side, self._acts_on, where=where)
        if self._frame == FEMUR and (self._lines or self.muscles != "none"):
            raise ScenarioError(
                "Muscle lines cannot be told beside a force in the femur's own frame.",
                where=where,
                remedy='give the force in another frame, or muscles = "none"',
            )
        if recorded.chosen.time_unit == "%" and self.duration_s is None:
            raise ScenarioError(
                f"The file's time, {recorded.chosen.time!r}, is in percent.",
                where=str(self.file),
                remedy="give load.duration_s",
            )
        for line in self._lines:
            in_weights = [unit in ("BW", "%BW") for unit in (self._unit_of(line), self._unit)]
            if in_weights[0] != in_weights[1] and self.recorded_mass_kg is None:
                raise ScenarioError(
                    f"Muscle {line.name!r} is in {self._unit_of(line)}, the hip force in {self._unit}.",
                    where=str(self.muscles_file),
                    why="what the recorded person weighs is not known",
                    remedy="give load.recorded_mass_kg",
                )
            if line.column and (recorded.further[line.column] < 0).any():
                n = int(np.flatnonzero(recorded.further[line.column] < 0)[0])
                raise ScenarioError(
                    f"Muscle {line.name!r} pushes: {recorded.further[line.column][n]:g}.",
                    where=f"{self.file}:{recorded.lines[n]}, column {line.column!r}",
                    remedy="muscles pull; check the column",
                )
        self._course()

    @property
    def _where(self) -> str:
        recorded = self._recording
        return f"{self.file}:{recorded.lines[recorded.peak]}, {', '.join(recorded.chosen.xyz)}"

    @property
    def _grows(self) -> bool:
        """Whether forces are known in body weights, so that they grow with the subject."""
        return self._unit in ("BW", "%BW") or self.recorded_mass_kg is not None

    @property
    def _in_percent(self) -> bool:
        return self.cyclic or self._recording.chosen.time_unit == "%"

    @property
    def _frame(self) -> str:
        return self._settled("frame", "", MEANINGS)

    @property
    def _unit(self) -> str:
        usual = "N" if self._recording.storage else ""  # OpenSim reports reactions in N
        return self._settled("unit", usual, "N, kN, BW (body weights) or %BW")

    @property
    def _side(self) -> str:
        return self._settled("side", "right", "")

    @property
    def _acts_on(self) -> str:
        return self._settled("acts_on", "femur", "")

    def _settled(self, key: str, usual: str, choices: str) -> str:
        """What the scenario states, or the file, or what is usual; they may not contradict each other."""
        asked, said = getattr(self, key), getattr(self._recording.chosen, key)
        columns = ", ".join(self._recording.chosen.xyz)
        if asked == FROM_FILE:
            if said or usual:
                return said or usual
            raise ScenarioError(
                f"The file does not say the {key} of {columns}.",
                where=str(self.file),
                why=choices,
                remedy=f"state it: load.{key} = …",
            )
        if said and asked != said and {asked, said} != {ISB, OPENSIM}:
            raise ScenarioError(
                f"load.{key} is {asked!r}, but the file says {said!r}.",
                where=f"{self.file}: {columns}",
                remedy=f"leave load.{key} out, or choose other columns by load.columns",
            )
        return asked

    def _course(self) -> Course:
        recorded = self._recording
        return Course(recorded.instants, recorded.forces, self.frames, cyclic=self.cyclic, where=str(self.file))

    def _duration(self, course: Course) -> float:
        if self.duration_s is not None:
            return self.duration_s
        return course.span * SECONDS[self._recording.chosen.time_unit]

    def _sources(self, course: Course, subject: Subject) -> tuple[str, ...]:
        recorded = self._recording
        rows = f", rows {recorded.row}" if recorded.row else ""
        unit = "% of the cycle" if self.cyclic else recorded.chosen.time_unit
        at = f"{course.instants[0]:g} to {course.instants[-1]:g} {unit}"
        sentences = [
            f"Hip force: recorded, file {recorded.name}{rows}, columns {', '.join(recorded.chosen.xyz)}; unit "
            f"{self._unit}, frame {self._frame}, {self._side} leg, acting on the {self._acts_on}.",
            f"Of its {len(recorded.lines)} instants {len(course.instants)} are computed ({at}), the largest "
            "force among them; between samples it is linear.",
        ]
        if self.recorded_mass_kg and self._unit in ("N", "kN"):
            sentences.append(
                f"Recorded on {self.recorded_mass_kg:g} kg and scaled with body mass to {subject.body_mass_kg:g} kg."
            )
        elif not self._grows:
            sentences.append("Taken in newtons as recorded, whatever the subject's body mass.")
        if self.muscles == "proportional":
            sentences.append(
                "Abductor, tensor fasciae latae and vastus lateralis: those of the peak of walking (Heller 2005), in "
                "proportion to the hip force's size at every instant (assumed)."
            )
        elif self._lines:
            sentences.append(
                f"Muscles: {', '.join(line.name for line in self._lines)}, lines of action of "
                f"{Path(self.muscles_file).name}; forces given in % body weight follow the hip force's size (assumed)."
            )
        else:
            sentences.append("No muscle forces act: the recording is the hip force alone.")
        if self.scale != 1.0:
            sentences.append(f"All forces are multiplied by {self.scale:g} (scenario).")
        return tuple(sentences)


def recorded_peak(recording: Recording) -> float:
    """The largest force, in the file's unit."""
    return float(np.linalg.norm(recording.forces[recording.peak]))
