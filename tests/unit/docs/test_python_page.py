"""The page on the Python entry says what works: its blocks are run in order."""

import re

import pytest

BLOCK = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)


def test_the_blocks_of_the_python_page_run(root, capsys):
    page = (root / "docs" / "python.md").read_text("utf-8")
    blocks, names = BLOCK.findall(page), {}
    assert len(blocks) >= 6
    for block in blocks:
        try:
            exec(compile(block, "docs/python.md", "exec"), names)
        except AssertionError:
            pytest.fail(f"docs/python.md promises what does not hold, in:\n{block}")
    assert "direct" in capsys.readouterr().out
