"""What is compared: one patient with several implants, or several scenarios."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from femsim import identity
from femsim.errors import FemsimError, UsageError
from femsim.scenario.reading import Scenario, kind_written, load
from femsim.scenario.sections import IMPLANTS

INTACT = "intact"  # the entry of IMPLANTS that all others are held against
ON_A_VARIANT = "--implants 'intact,resurfacing_cap,resurfacing_cap:cement_mm=2;varus_valgus_deg=-5'"


@dataclass(frozen=True)
class Variant:
    """One column of a comparison: an ordinary run.

    label : what it is called, unique in a comparison.
    path, sets : the scenario file and what is written over it; `femsim run path --set …` is the same run.
    digest : identity of the scenario.
    """

    label: str
    path: Path
    sets: tuple[str, ...]
    scenario: Scenario
    digest: str

    @property
    def kind(self) -> str:
        """The implant, as the registry names it."""
        return kind_of(self.scenario)

    @property
    def is_reference(self) -> bool:
        """Whether nothing was put in."""
        return self.kind == INTACT


def kind_of(scenario: Scenario) -> str:
    """The implant of a scenario, as the registry names it."""
    return IMPLANTS.name_of(scenario.implant)


def variants_of(paths: Sequence[Path], implants: str | None, sets: Iterable[str] = ()) -> tuple[Variant, ...]:
    """The variants that a command line names.

    Parameters
    ----------
    paths : scenario files; one where `implants` is given.
    implants : text, optional
        Kinds of IMPLANTS with commas between them, each with keys of its own where it is to differ from what the
        patient's file says of this kind, or from the defaults: "kind:key=value;key=value".
    sets : "key=value" written over every scenario.

    Raises
    ------
    UsageError, ScenarioError
        Where there are fewer than two, two are the same, one is no implant, or a scenario is wrong.
    """
    sets = tuple(sets)
    if implants is None:
        variants = _of_files(paths, sets)
    else:
        variants = _of_implants(paths, implants, sets)
    if len(variants) < 2:
        raise UsageError(
            "A comparison needs two variants at least.",
            remedy=f"give several scenario files, or one with {ON_A_VARIANT}",
        )
    _refuse_equals(variants)
    return variants


def _of_implants(paths: Sequence[Path], implants: str, sets: tuple[str, ...]) -> tuple[Variant, ...]:
    if len(paths) != 1:
        raise UsageError(
            f"--implants compares implants in one patient; {len(paths)} files are given.",
            remedy="give one scenario file with --implants, or several files without",
        )
    taken = next((text for text in sets if re.match(r"\s*implant\b", text)), None)
    if taken is not None:
        raise UsageError(
            f"--set {taken} would change every implant of --implants.",
            remedy=f"write keys beside the implant they belong to: {ON_A_VARIANT}",
        )
    (path,) = paths
    written = kind_written(path, "implant")
    return tuple(_of_implant(path, text, sets, written) for text in _split(implants, ","))


def _of_implant(path: Path, text: str, sets: tuple[str, ...], written: str | None) -> Variant:
    """written : the kind in the patient's file, whose keys hold for this kind alone."""
    kind, _, rest = text.partition(":")
    kind, keys = kind.strip(), _split(rest, ";")
    IMPLANTS[kind]  # says which there are, and the nearest
    # The whole table is replaced: keys that two kinds share must not pass from one to the other.
    table = () if kind == written else (f'implant={{kind = "{kind}"}}',)
    own = (*table, *(f"implant.{key}" for key in keys))
    try:
        return _variant(" ".join([kind, *keys]), path, (*sets, *own))
    except FemsimError as error:
        raise (error.within(f"--implants {text}") if keys else error) from None


def _of_files(paths: Sequence[Path], sets: tuple[str, ...]) -> tuple[Variant, ...]:
    found = [_variant("", path, sets) for path in paths]
    for name_of in (lambda v: v.scenario.name, lambda v: v.path.stem, lambda v: str(v.path)):
        names = [name_of(variant) for variant in found]
        if len(set(names)) == len(names):
            break
    return tuple(Variant(name, v.path, v.sets, v.scenario, v.digest) for name, v in zip(names, found))


def _variant(label: str, path: Path, sets: tuple[str, ...]) -> Variant:
    scenario = load(path, sets)
    return Variant(label, Path(path), sets, scenario, identity.digest(scenario))


def _refuse_equals(variants: tuple[Variant, ...]) -> None:
    number = Counter(variant.digest for variant in variants)
    same = [variant.label for variant in variants if number[variant.digest] > 1]
    if same:
        raise UsageError(
            f"Variants are the same: {' and '.join(same)}.",
            why="they ask the very same question, with every default filled in",
            remedy=f"name each once; let two of a kind differ by a key: {ON_A_VARIANT}",
        )


def _split(text: str, mark: str) -> list[str]:
    """The parts between marks, without those marks that stand inside brackets or quotes; empty parts are left out."""
    parts = re.findall(rf"(?:\[[^\]]*\]|\"[^\"]*\"|'[^']*'|[^{mark}])+", text)
    return [part.strip() for part in parts if part.strip()]
