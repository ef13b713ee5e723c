"""What the cases gave goes to docs/verification.md, or is held against it."""

import pytest

from femsim.verification import CASES
from tests.verification import page as paper


class Page:
    """The page as committed, and what this session adds to it."""

    def __init__(self, write: bool):
        self.write = write
        self.shown = paper.read(paper.FILE.read_text("utf-8")) if paper.FILE.is_file() else {}
        self.found: dict[str, paper.Entry] = {}

    def record(self, name, case, checks) -> None:
        """Keep a case for the page; without --write-verification the page must say the same already."""
        found = paper.entry_of(name, case, checks)
        self.found[name] = found
        if not self.write:
            assert name in self.shown, f"docs/verification.md lacks {name}; write it by pytest --write-verification"
            assert paper.differences(self.shown[name], found) == []

    def entries(self) -> dict[str, paper.Entry]:
        """name → what was found, or else what was not computed this time but still exists."""
        if not self.write:
            return self.shown
        return {name: entry for name, entry in self.shown.items() if paper.is_other(name) or name in CASES} | self.found


@pytest.fixture(scope="session")
def page(request):
    """docs/verification.md."""
    write = request.config.getoption("--write-verification")
    if write and hasattr(request.config, "workerinput"):
        pytest.fail("--write-verification needs one process: leave -n away")
    page = Page(write)
    yield page
    if write:
        paper.FILE.write_text(paper.render(page.entries().values()), encoding="utf-8")
