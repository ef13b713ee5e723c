"""What every export format promises: whole, plain, repeatable files that hold the exact numbers."""

from typing import get_args

import numpy as np
import pytest

from femsim.cli.main import Format
from femsim.errors import UsageError
from femsim.export import EXPORTS
from femsim.export.from_model import exported
from tests.small_model import small_export, small_sliding_model


@pytest.fixture(params=EXPORTS)
def kind(request):
    return request.param


def test_the_command_line_offers_every_format():
    assert set(get_args(Format)) == set(EXPORTS)


def test_a_format_says_what_it_is_for(kind):
    assert EXPORTS[kind].ending == f".{kind}"
    assert EXPORTS[kind].__doc__


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("frames", [(1,), (0, 1, 2)])
def test_the_same_model_gives_the_same_bytes(kind, order, frames, tmp_path):
    for name in "ab":
        EXPORTS[kind]().write(small_export(order, frames), tmp_path / name)
    written = (tmp_path / "a").read_bytes()
    assert written == (tmp_path / "b").read_bytes()
    assert written.isascii() and written.endswith(b"\n")


def test_numbers_are_written_with_all_their_digits(kind, tmp_path):
    model = small_export()
    EXPORTS[kind]().write(model, tmp_path / "file")
    text = (tmp_path / "file").read_text("ascii")
    if kind == "vtu":  # binary; its own test reads it back
        assert 'type="Float64"' in text and "Float32" not in text
        return
    numbers = [*model.mesh.nodes[:, 0], *np.unique(model.youngs_modulus)]
    assert all(repr(float(x)) in text for x in numbers if x and len(repr(float(x))) <= 20)


def test_odd_names_do_not_break_a_file(kind, tmp_path):
    from dataclasses import replace

    model = small_export()
    mesh = replace(model.mesh, regions=("kept bone", "1.cap"))
    EXPORTS[kind]().write(replace(model, mesh=mesh, title="a -- b & <c>", remarks=("--", "<&>")), tmp_path / "file")
    if kind in ("feb", "vtu"):
        from xml.etree import ElementTree

        ElementTree.parse(tmp_path / "file")


def test_a_sliding_interface_is_written_or_refused_never_left_out(kind, tmp_path):
    (model,) = exported([small_sliding_model()], name="small", frames=np.array([1]))
    if kind == "feb":
        with pytest.raises(UsageError, match="An interface slides"):
            EXPORTS[kind]().write(model, tmp_path / "file")
        return
    EXPORTS[kind]().write(model, tmp_path / "file")
    if kind == "inp":
        assert (tmp_path / "file").read_text("ascii").count("TYPE=SPRINGA") == len(model.springs.pairs)
