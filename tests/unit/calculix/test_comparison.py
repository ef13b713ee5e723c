"""femsim beside CalculiX: what is compared, and that they agree where CalculiX is installed."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from femsim.analyses.static import solve_static
from femsim.calculix import comparison, program
from femsim.calculix.comparison import compare_with_calculix
from femsim.calculix.printed import Printed, read_printed
from femsim.errors import UsageError
from femsim.export.inp import Inp
from femsim.fem.elasticity import Isotropic
from tests.small_model import small_export, small_model, small_sliding_model

needs_calculix = pytest.mark.skipif(
    not shutil.which("ccx"), reason="CalculiX is not installed (apt-get install calculix-ccx)"
)


@needs_calculix
@pytest.mark.parametrize("order", [1, 2])
def test_calculix_agrees_on_a_crooked_bar_of_bone_and_metal(order):
    found = compare_with_calculix([small_model(order)], name="small", frame="1", n_bins=0)
    assert {row.quantity.split(",")[0] for row in found.rows} == {
        "displacement", "reaction", "strain energy", "stress", "von Mises stress",
    }  # fmt: skip
    assert max(row.difference for row in found.rows) < 2e-6  # seven printed digits
    assert found.passed
    assert len(found.simplified) == (2 if order == 2 else 0)
    assert found.version and "frame 1" in found.frame


@needs_calculix
@pytest.mark.parametrize("order", [1, 2])
def test_calculix_agrees_on_a_metal_that_slides_on_bone(order):
    model = small_sliding_model(order)
    assert model.springs is not None
    found = compare_with_calculix([model], name="small", frame="1", n_bins=0)
    assert max(row.difference for row in found.rows) < 2e-6  # seven printed digits


@needs_calculix
def test_the_files_are_kept_where_asked_and_nowhere_else(tmp_path, monkeypatch):
    keep = tmp_path / "kept"
    monkeypatch.chdir(tmp_path)
    compare_with_calculix([small_model(1)], name="small", keep=keep)
    assert {"operated.inp", "operated.dat", "operated.frd", "operated.log"} <= {file.name for file in keep.iterdir()}
    assert list(tmp_path.iterdir()) == [keep]
    with pytest.raises(UsageError, match="not an empty folder"):
        compare_with_calculix([small_model(1)], name="small", keep=keep)


@pytest.fixture
def echo(monkeypatch):
    """A CalculiX that answers as femsim does, or as a test spoils it."""
    spoil = []
    answer = comparison._answer

    def read(path, n_nodes, n_elements, n_points):
        ours = answer(described[0])
        fixed = np.flatnonzero((ours.reactions != 0).any(axis=1))
        theirs = Printed(ours.displacement, fixed, ours.reactions[fixed], ours.stress, ours.energy)
        return spoil[0](theirs) if spoil else theirs

    described = []
    exported = comparison.exported
    monkeypatch.setattr(comparison, "exported", lambda *a, **k: described.extend(exported(*a, **k)) or described)
    monkeypatch.setattr(comparison, "read_printed", read)
    monkeypatch.setattr(program, "find", lambda: "ccx")
    monkeypatch.setattr(program, "version", lambda ccx: "0")
    monkeypatch.setattr(program, "run", lambda ccx, deck: 1.0)
    return spoil


def test_equal_answers_pass(echo):
    assert compare_with_calculix([small_model(1)], name="small").passed


@pytest.mark.parametrize(
    ("field", "quantity"),
    [
        ("displacement", "displacement, largest"),
        ("reactions", "reaction, largest at a node"),
        ("stress", "stress, root mean square, cap"),
        ("energy", "strain energy"),
    ],
)
def test_an_answer_that_is_off_by_a_hundred_thousandth_fails_by_its_name(echo, field, quantity):
    echo.append(lambda theirs: replace(theirs, **{field: getattr(theirs, field) * (1 + 3e-5)}))
    found = compare_with_calculix([small_model(1)], name="small")
    assert not found.passed
    assert quantity in {row.quantity for row in found.rows if not row.passed}


def test_an_answer_that_is_not_a_number_fails(echo):
    echo.append(lambda theirs: replace(theirs, energy=np.nan))
    assert not compare_with_calculix([small_model(1)], name="small").passed


@needs_calculix
def test_each_step_of_a_deck_of_many_frames_is_its_frame_alone(tmp_path):
    model = small_export(frames=(0, 2, 1), n_bins=0)
    Inp().write(model, tmp_path / "small.inp")
    program.run(program.find(), tmp_path / "small.inp")
    printed = (tmp_path / "small.dat").read_text().split(" displacements")
    assert len(printed) == 1 + 3
    elasticity = Isotropic(model.youngs_modulus, model.poissons_ratio)
    for row, step in enumerate(printed[1:]):
        (tmp_path / "step.dat").write_text(" displacements" + step)
        theirs = read_printed(tmp_path / "step.dat", model.mesh.n_nodes, model.mesh.n_elements, 4).displacement
        ours = solve_static(model.mesh, elasticity, model.held, model.nodal_forces(row)).displacements[0]
        assert np.abs(theirs - ours).max() < 2e-6 * np.abs(ours).max()
