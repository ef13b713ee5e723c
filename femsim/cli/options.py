"""The options that several commands take, worded once."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

Set = Annotated[
    tuple[str, ...],
    Parameter(
        name="--set",
        negative=(),
        consume_multiple=False,
        show_default=False,
        help="Write a key over the file: --set femur.side=left. Repeatable.",
    ),
]
Json = Annotated[
    bool,
    Parameter(name="--json", negative=(), show_default=False, help="One JSON object on stdout, all text on stderr."),
]
Quiet = Annotated[
    bool, Parameter(name=["--quiet", "-q"], negative=(), show_default=False, help="Only the result and errors.")
]
Verbose = Annotated[
    bool,
    Parameter(
        name=["--verbose", "-v"],
        negative=(),
        show_default=False,
        help="Every measure, every step, and where an internal error arose.",
    ),
]
Overwrite = Annotated[
    bool,
    Parameter(name=["--force", "-f"], negative=(), show_default=False, help="Write over files that are there."),
]
Picture = Annotated[Path | None, Parameter(name="--picture", show_default=False, help="PNG to draw.")]
Out = Annotated[Path, Parameter(name=["--out", "-o"], help="Folder of the run folders.")]
Force = Annotated[
    bool,
    Parameter(
        name=["--force", "-f"], negative=(), show_default=False, help="Compute again even where the result is there."
    ),
]
