"""The page of a sweep: what it is given is what the table has, and a browser tells the command of a case."""

import gzip
import json
import re

import pytest

from femsim.errors import StoreError
from femsim.view import sweep_page

pytest.importorskip("plotly", reason="the page is drawn by plotly")
MASS, KIND = "subject.body_mass_kg [kg]", "activity [-]"
RISK, STIFF = "operated.femur.risk_factor_max [-]", "operated.head.head_stiffness [N/mm]"


def write(folder, n=6, name="small"):
    """A sweep of n cases of which the last failed."""
    folder.mkdir()
    told = {
        "name": name, "digest": "ab" * 32, "n_cases": n, "source": "/home/jane-doe/small.toml",
        "overrides": ["sweep.n=6"],
        "units": {"subject.body_mass_kg": "kg", "activity": "-"}, "version": "0.1.0",
    }  # fmt: skip
    (folder / "sweep.json").write_text(json.dumps(told))
    lines = [f"number,digest,status,class,{MASS},{KIND},{RISK},{STIFF}"]
    for k in range(n - 1):
        lines.append(f"{k},d{k},done,,{60 + k},{'walking' if k % 2 else 'running'},{0.1 + 0.01 * k},1500.0")
    lines.append(f"{n - 1},d{n - 1},failed,mesh,{60 + n - 1},walking,,")
    (folder / "table.csv").write_text("\n".join(lines) + "\n")
    (folder / "failed.csv").write_text(
        f'number,class,kind,what\n{n - 1},mesh,MeshError,"<b>No sound mesh</b> could be made."\n'
    )
    with gzip.open(folder / "cases.jsonl.gz", "wt") as file:
        for k in range(n):
            file.write(json.dumps({"number": k, "sets": [f"subject.body_mass_kg={60 + k}"]}) + "\n")
    return folder


@pytest.fixture
def folder(tmp_path):
    return write(tmp_path / "sweep")


def data_of(text):
    return json.loads(re.search(r'id="sweep-data">(.*?)</script>', text, re.S)[1].replace("<\\/", "</"))


def test_every_case_that_was_computed_is_on_it(folder):
    data = data_of(sweep_page.page(folder))
    assert data["numbers"] == [0, 1, 2, 3, 4]
    assert data["axes"][MASS] == [60, 61, 62, 63, 64] and data["axes"][KIND][:2] == ["running", "walking"]
    assert data["measures"][RISK] == pytest.approx([0.1, 0.11, 0.12, 0.13, 0.14])
    assert data["sets"][3] == ["subject.body_mass_kg=63"]


def test_what_is_the_same_in_all_cases_is_not_drawn(folder):
    assert STIFF not in data_of(sweep_page.page(folder))["measures"]


def test_failures_are_told_with_their_reason_and_cannot_write_into_the_page(folder):
    text = sweep_page.page(folder)
    assert "&lt;b&gt;No sound mesh&lt;/b&gt;" in text and "<b>No sound mesh" not in text
    assert "6 cases, 5 computed, 1 without a result" in text


def test_a_name_cannot_end_the_script_that_it_stands_in(tmp_path):
    folder = write(tmp_path / "s")
    table = (folder / "table.csv").read_text().replace("walking", "</script><script>alert(1)//")
    (folder / "table.csv").write_text(table)
    assert "</script><script>alert" not in sweep_page.page(folder)


def test_where_it_was_computed_is_not_told(folder):
    text = sweep_page.page(folder)
    assert "/home/jane-doe" not in text and "femsim sweep small.toml --set 'sweep.n=6'" in text


def test_many_measures_are_cut_down_and_that_is_said(folder, monkeypatch):
    table = (folder / "table.csv").read_text().splitlines()
    table = [table[0] + ",x.y.z [-]", *(f"{line},{k}" for k, line in enumerate(table[1:]))]
    (folder / "table.csv").write_text("\n".join(table) + "\n")
    monkeypatch.setattr(sweep_page, "LARGEST", 1)
    text = sweep_page.page(folder)
    assert list(data_of(text)["measures"]) == [RISK] and "1 measures are left out" in text


@pytest.mark.parametrize("name", ["sweep.json", "table.csv", "cases.jsonl.gz"])
def test_a_damaged_sweep_is_refused_by_name(name, folder):
    (folder / name).write_bytes(b"\x80\x81{")
    with pytest.raises(StoreError):
        sweep_page.page(folder)


def test_a_sweep_without_a_table_says_how_to_make_one(folder):
    (folder / "table.csv").unlink()
    with pytest.raises(StoreError, match="no table yet") as caught:
        sweep_page.page(folder)
    assert "femsim sweep table" in caught.value.remedy


def test_a_run_is_no_sweep(tmp_path):
    assert not sweep_page.is_sweep(tmp_path)


@pytest.mark.slow
def test_a_browser_without_a_network_tells_the_command_of_a_case(folder, opened_page, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(sweep_page.page(folder), encoding="utf-8")
    sheet, asked, errors = opened_page(path, "#sweep-scatter[data-ready=yes]")
    told = sheet.evaluate("() => femsimSweep.told(2)")
    shown = sheet.evaluate("() => document.getElementById('sweep-scatter').data[0].y")
    assert not errors and not [url for url in asked if not url.startswith(("file:", "data:", "blob:"))]
    assert told == {"number": 2, "value": 0.12, "command": "femsim run small.toml --set 'subject.body_mass_kg=62'"}
    assert shown == pytest.approx([0.1, 0.11, 0.12, 0.13, 0.14])
