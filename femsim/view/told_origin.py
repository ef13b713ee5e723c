"""Where several runs come from: sources, versions, and the commands that compute them again."""

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from femsim.view import report
from femsim.view.told_runs import Run

RESOLVED = "scenario.resolved.toml"


def sources(runs: Sequence[Run]) -> list[str]:
    """Every source once, after the names of the runs that it is about where that is not all of them."""
    about: dict[str, list[str]] = {}
    for run in runs:
        for source in report.sources_of(run.told):
            about.setdefault(source, []).append(run.label)
    return [s if len(labels) == len(runs) else f"{', '.join(labels)}: {s}" for s, labels in about.items()]


def packages(runs: Sequence[Run]) -> list[tuple[str, str]]:
    """Labels, and the versions that computed them; once where they are the same."""
    of: dict[str, list[str]] = {}
    for run in runs:
        words = ", ".join(f"{name} {version}" for name, version in (run.origin.get("packages") or {}).items())
        of.setdefault(words, []).append(run.label)
    return [(", ".join(labels), words) for words, labels in of.items() if words]


def other_versions(runs: Sequence[Run]) -> list[str]:
    """A sentence where not one femsim computed them all."""
    of: dict[str, list[str]] = {}
    for run in runs:
        of.setdefault(str(run.origin.get("femsim", "an unknown version")), []).append(run.label)
    told = "; ".join(f"{version} ({', '.join(labels)})" for version, labels in of.items())
    return [f"The runs are of different versions of femsim: {told}."] if len(of) > 1 else []


def commands(variant: Mapping[str, Any], folder: str = "") -> list[str]:
    """What computes a run again: from its scenario where that is known, and from what lies in its folder."""
    found = []
    if variant.get("file"):
        sets = [part for text in variant.get("sets", ()) for part in ("--set", text)]
        found.append(shlex.join(["femsim", "run", variant["file"], *sets]))
    return [*found, shlex.join(["femsim", "run", f"{folder}/{RESOLVED}"])] if folder else found
