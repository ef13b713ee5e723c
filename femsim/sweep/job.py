"""The folder of a sweep: what is asked, kept beside its answers, so that any process can go on from there.

sweep.toml is a copy of the scenario file, cases.jsonl.gz the cases one a line, sweep.json the rest; it is written last.
"""

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from femsim.arrays import freeze
from femsim.durable import whole_file, write_text
from femsim.errors import StoreError, UsageError
from femsim.scenario.reading import Written, written
from femsim.sweep.case import Case
from femsim.sweep.code_identity import code_identity

TEXT, ABOUT, CASES = "sweep.toml", "sweep.json", "cases.jsonl.gz"
INCOMING, SEGMENTS, LOGS, KEPT, JOBS = "incoming", "segments", "log", "kept", "jobs"
LOCK = ".driver.lock"
FORMAT = 1


@dataclass(frozen=True)
class Job:
    """What sweep.json tells.

    folder : of the sweep; source : the scenario file it was made from, whose folder relative paths start from.
    digest : of the plan; n_cases : in cases.jsonl.gz.
    overrides : as they were given on the command line.
    metrics, measures, keep, units : as in `femsim.sweep.planning.Plan`.
    version, code : of the femsim that computes it; other workers are refused.
    """

    folder: Path
    name: str
    digest: str
    n_cases: int
    source: str
    overrides: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    measures: tuple[str, ...] = ("*",)
    keep: tuple[int, ...] = ()
    units: Mapping[str, str] | None = None
    version: str = ""
    code: str = ""

    def __post_init__(self):
        lists = {name: tuple(getattr(self, name)) for name in ("overrides", "metrics", "measures", "keep")}
        freeze(self, folder=Path(self.folder), units=dict(self.units or {}), **lists)

    @property
    def incoming(self) -> Path:
        """Where results arrive, a few in a file."""
        return self.folder / INCOMING

    @property
    def segments(self) -> Path:
        """Where results are kept, many in a file."""
        return self.folder / SEGMENTS

    def written(self) -> Written:
        """The scenario file as it was; relative paths in it are relative to where it lay."""
        return replace(written(self.folder / TEXT), path=Path(self.source))


def folder_of(out: Path, name: str, digest: str) -> Path:
    """Where a sweep lies."""
    return Path(out) / f"{name}-{digest[:8]}"


def begin(job: Job, text: str, cases: Sequence[Case]) -> Job:
    """Make the folder of a sweep, or take the one that is there; returns the job with this femsim's identity.

    Raises
    ------
    StoreError
        Where another sweep lies there.
    OSError
        Where it cannot be written.
    """
    job = replace(job, **code_identity())
    if (job.folder / ABOUT).is_file():
        there = read_job(job.folder)
        if there.digest != job.digest:
            raise StoreError(
                "Another sweep lies in this folder.", where=str(job.folder), remedy="name another folder with --out"
            )
        return taken_over(job)
    for name in (INCOMING, SEGMENTS, LOGS):
        (job.folder / name).mkdir(parents=True, exist_ok=True)
    write_text(job.folder / TEXT, text)
    with whole_file(job.folder / CASES) as temporary, gzip.open(temporary, "wt", encoding="utf-8", newline="") as file:
        file.writelines(json.dumps(_case_record(case), ensure_ascii=False) + "\n" for case in cases)
    _write_about(job)
    return job


def taken_over(job: Job) -> Job:
    """The job as this femsim goes on with it; workers of another are then refused."""
    now = replace(job, **code_identity())
    if now != read_job(job.folder):
        _write_about(now)
    return now


def read_job(folder: Path) -> Job:
    """The job in a folder.

    Raises
    ------
    UsageError
        Where there is none.
    StoreError
        Where it cannot be read.
    """
    folder = Path(folder)
    try:
        told = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        if told["format"] != FORMAT:
            raise ValueError(f"its format is {told['format']}, this femsim knows {FORMAT}")
        known = {field.name for field in fields(Job)} - {"folder"}
        return Job(folder, **{key: value for key, value in told.items() if key in known})
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError(
            "This folder holds no sweep.", where=str(folder), remedy="name the folder that `femsim sweep` told"
        ) from None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise StoreError(f"{ABOUT} of this sweep cannot be read.", where=str(folder), why=str(error)) from None


def same_version(job: Job) -> None:
    """A sweep is gone on with by the version that began it.

    Raises
    ------
    UsageError
        Where this is another one.
    """
    version = code_identity()["version"]
    if job.version != version:
        raise UsageError(
            f"This sweep was computed by femsim {job.version}; this is {version}.",
            where=str(job.folder),
            remedy="take that version, or compute the sweep anew with `femsim sweep FILE`",
        )


def cases_of(folder: Path) -> Iterator[Case]:
    """The cases of a sweep, in their order.

    Raises
    ------
    StoreError
        Where the file is damaged.
    """
    path = Path(folder) / CASES
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                yield Case(**json.loads(line))
    except (OSError, ValueError, TypeError, EOFError) as error:
        raise StoreError("The cases of this sweep cannot be read.", where=str(path), why=str(error)) from None


def _write_about(job: Job) -> None:
    told = {"format": FORMAT, **{key: value for key, value in asdict(job).items() if key != "folder"}}
    write_text(job.folder / ABOUT, json.dumps(told, indent=1, ensure_ascii=False) + "\n")


def _case_record(case: Case) -> dict[str, Any]:
    return {field.name: getattr(case, field.name) for field in fields(Case)}
