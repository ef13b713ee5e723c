"""The sections of a scenario: which key belongs to which registry, and the frozen object they become."""

import dataclasses
import functools
import typing
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from femsim.analyses import ANALYSES
from femsim.analyses.linear_static import LinearStatic
from femsim.anatomy import FEMURS
from femsim.anatomy.degeneration import DEGENERATIONS
from femsim.anatomy.density import DENSITIES
from femsim.errors import near
from femsim.implants import IMPLANTS
from femsim.loads import ACTIVITIES, ROUTINES
from femsim.loads.subject import Subject
from femsim.loads.traction import LoadApplication
from femsim.materials.anisotropy import ANISOTROPIES
from femsim.materials.anisotropy.isotropic import IsotropicBone
from femsim.materials.bone import BONE_LAWS
from femsim.materials.bone.rate import StrainRate
from femsim.materials.bone.undrained import UndrainedMarrow
from femsim.materials.strength import BONE_STRENGTHS
from femsim.materials.strength.offset_yield_strain import OffsetYieldStrain
from femsim.registry import About, Registry, about, parameter
from femsim.supports import SUPPORTS
from femsim.supports.distal_fixed import DistalFixed

SCHEMA = 1  # number of this scenario format; it rises only with a migration that says what changed its meaning


@dataclass(frozen=True)
class MeshSettings:
    """How fine the tetrahedra are."""

    size_mm: float = parameter(
        3.0,
        text="edge length of the tetrahedra; 5 is a quick preview, 1.5 is slow and fine",
        unit="mm",
        low=0.5,
        high=10.0,
        assumed=True,
    )
    order: typing.Literal[1, 2] = parameter(
        2, text="2: quadratic TET10; 1: linear TET4, 16 to 23 % too stiff in energy on the same mesh, for previews"
    )


@dataclass(frozen=True)
class Bone:
    """How dense the bone is, how stiff it is for its density, and what ails it.

    law : an entry of BONE_LAWS; density : an entry of DENSITIES.
    anisotropy : an entry of ANISOTROPIES; strength : an entry of BONE_STRENGTHS.
    degenerations : entries of DEGENERATIONS, in their order; empty for sound bone.
    rate, undrained : how fast it is strained, and whether its marrow has no time to flow; None where nobody asks.
    """

    law: Any
    density: Any
    anisotropy: Any = IsotropicBone()
    strength: Any = OffsetYieldStrain()
    degenerations: tuple[Any, ...] = ()
    rate: StrainRate | None = None
    undrained: UndrainedMarrow | None = None


@dataclass(frozen=True)
class Routine:
    """What the person does in a day or a week: a table inside this one for each activity, with how often."""


@dataclass(frozen=True)
class Scenario:
    """One question to femsim; every part is an instance of a registered dataclass.

    name : goes into the name of the run folder.
    femur, implant, load : entries of FEMURS, IMPLANTS, ACTIVITIES.
    routine : entries of ROUTINES, in their order: what else the person does, and how often; may be empty.
    application : over which areas the forces of the load are spread.
    support : an entry of SUPPORTS.
    analysis : an entry of ANALYSES; what goes beyond linear statics is computed besides it.
    source : the file it was read from.
    notes : what the overrides changed besides the keys they name.
    """

    name: str
    femur: Any
    subject: Subject
    bone: Bone
    implant: Any
    load: Any
    application: LoadApplication
    mesh: MeshSettings
    routine: tuple[Any, ...] = ()
    support: Any = DistalFixed()
    analysis: Any = LinearStatic()
    source: Path | None = field(default=None, compare=False)
    notes: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Section:
    """A table of the scenario file.

    path : its place, such as ("bone", "density").
    kinds : the registry its `tag` key chooses from; or the one dataclass it always is, and then there is no tag.
    default : the choice when the tag is not given; None when it must be given.
    optional : a table whose presence, even empty, switches something on; without it `part` is None.
    one_word : the choice alone may stand for the table: analysis = "failure".
    """

    path: tuple[str, ...]
    kinds: Registry | type
    tag: str = ""
    default: str | None = None
    optional: bool = False
    one_word: bool = False

    @property
    def title(self) -> str:
        return ".".join(self.path)

    @property
    def choices(self) -> dict[str, type]:
        """Name → dataclass; a section without a tag has one choice with the empty name."""
        return dict(self.kinds) if isinstance(self.kinds, Registry) else {"": self.kinds}

    @property
    def subsections(self) -> tuple[str, ...]:
        """Names of the tables inside this one."""
        return tuple(s.path[-1] for s in SECTIONS if s.path[:-1] == self.path)


SECTIONS = (
    Section(("femur",), FEMURS, tag="kind"),
    Section(("subject",), Subject),
    Section(("bone",), BONE_LAWS, tag="law", default="morgan_2003"),
    Section(("bone", "density"), DENSITIES, tag="source", default="rule"),
    Section(("bone", "anisotropy"), ANISOTROPIES, tag="kind", default="isotropic"),
    Section(("bone", "strength"), BONE_STRENGTHS, tag="law", default="offset_yield_strain"),
    *(Section(("bone", name), kind, optional=True) for name, kind in DEGENERATIONS.items()),
    Section(("bone", "rate"), StrainRate, optional=True),
    Section(("bone", "undrained"), UndrainedMarrow, optional=True),
    Section(("implant",), IMPLANTS, tag="kind"),
    Section(("load",), ACTIVITIES, tag="activity"),
    Section(("routine",), Routine),
    *(Section(("routine", name), kind, optional=True) for name, kind in ROUTINES.items()),
    Section(("application",), LoadApplication),
    Section(("support",), SUPPORTS, tag="kind", default="distal_fixed"),
    Section(("mesh",), MeshSettings),
    Section(("analysis",), ANALYSES, tag="kind", default="linear_static", one_word=True),
)
SWEEP = "sweep"  # the table that `femsim sweep` reads; one scenario is the base case that it starts from
TOP_KEYS = ("schema", "name", *(section.path[0] for section in SECTIONS if len(section.path) == 1), SWEEP)


@dataclass(frozen=True)
class Key:
    """One key that a choice takes; `default` is dataclasses.MISSING where it must be given."""

    name: str
    type: Any
    default: Any
    about: About

    @property
    def required(self) -> bool:
        return self.default is dataclasses.MISSING

    @property
    def is_path(self) -> bool:
        return Path in (self.type, *typing.get_args(self.type))


@functools.cache
def keys_of(choice: type) -> dict[str, Key]:
    """The scenario keys of a registered dataclass: its fields made with `parameter`, in their order."""
    hints = typing.get_type_hints(choice)
    return {
        f.name: Key(f.name, hints[f.name], _default_of(f), about(f))
        for f in dataclasses.fields(choice)
        if f.init and "about" in f.metadata
    }


def _default_of(f: dataclasses.Field) -> Any:
    return f.default if f.default_factory is dataclasses.MISSING else f.default_factory()


def part(scenario: Scenario, section: Section) -> Any:
    """The object that stands for a section; None for an optional one that is not there."""
    if section.path == ("bone",):
        return scenario.bone.law
    if section.path == ("routine",):
        return Routine()
    if section.optional:
        found = (*scenario.bone.degenerations, scenario.bone.rate, scenario.bone.undrained, *scenario.routine)
        return next((one for one in found if type(one) is section.kinds), None)
    found = scenario
    for name in section.path:
        found = getattr(found, name)
    return found


def assemble(parts: dict[tuple[str, ...], Any], **more: Any) -> Scenario:
    """The scenario of the parts, by section path."""
    single = {path[0]: value for path, value in parts.items() if path[0] not in ("bone", "routine")}
    ailments = tuple(parts["bone", name] for name in DEGENERATIONS if ("bone", name) in parts)
    bone = Bone(
        law=parts["bone",],
        density=parts["bone", "density"],
        anisotropy=parts["bone", "anisotropy"],
        strength=parts["bone", "strength"],
        degenerations=ailments,
        rate=parts.get(("bone", "rate")),
        undrained=parts.get(("bone", "undrained")),
    )
    routine = tuple(parts["routine", name] for name in ROUTINES if ("routine", name) in parts)
    return Scenario(bone=bone, routine=routine, **single, **more)


def advice(name: str, known: Iterator[str] | tuple[str, ...] | list[str], units: dict[str, str]) -> str:
    """What to say of an unknown key: the same name with another unit is said so, else the nearest and all known.

    Parameters
    ----------
    name : str
        The key that nobody knows.
    known : names
    units : dict
        Known key → its unit, empty where it has none.
    """
    known = list(known)
    for candidate in known:
        if candidate != name and units.get(candidate) and stem(candidate) == stem(name):
            return f"unknown key: the key is {candidate}, its value in {units[candidate]}. Known: {', '.join(known)}."
    return f"unknown key. {near(name, known)}" if known else "unknown key: this choice takes no keys."


UNIT_SUFFIXES = frozenset(
    "mm cm m um nm in inch inches deg degree degrees rad kg g t tonne lb n kn mpa gpa kpa pa percent pct s ms min hz "
    "hu bw mm2 mm3 g_per_cm3 kg_per_m3 g_cm3 m_per_s km_per_h".split()
)


def stem(key: str) -> str:
    """The name of a key without its unit: head_diameter for head_diameter_cm."""
    words = key.lower().split("_")
    for n in (3, 2, 1):
        if len(words) > n and "_".join(words[-n:]) in UNIT_SUFFIXES:
            return "_".join(words[:-n])
    return key.lower()
