"""The scenario written in full, and its JSON Schema: nothing is lost, everything has its unit and its mark."""

import tomllib

from femsim.scenario.reading import load, resolved_toml, schema_json
from femsim.scenario.sections import SECTIONS, keys_of, part


def test_what_is_written_in_full_reads_back_equal(desk):
    scenario = desk.load("femur.side=left", "implant.cement_mm=1.23456789012345")
    other = desk.folder / "full.toml"
    other.write_text(resolved_toml(scenario), encoding="utf-8")
    assert load(other) == scenario
    assert resolved_toml(load(other)) == resolved_toml(scenario)


def test_every_key_of_every_section_is_written(desk):
    scenario = desk.load()
    text = resolved_toml(scenario)
    written = tomllib.loads(text)
    for section in SECTIONS:
        if part(scenario, section) is None:
            assert section.optional and f"[{section.title}]" in text
            continue
        table = written
        for name in section.path:
            table = table[name]
        for key in keys_of(type(part(scenario, section))):
            assert key in table or f"# {key} is not set" in text


def test_a_disease_is_written_and_reads_back(desk):
    scenario = desk.load("bone.cysts.centres_mm=[[1, 2.5, 3]]", "bone.cysts.diameters_mm=[8]", "bone.osteoporosis={}")
    other = desk.folder / "full.toml"
    other.write_text(resolved_toml(scenario), encoding="utf-8")
    assert load(other) == scenario and len(load(other).bone.degenerations) == 2


def test_an_assumed_default_is_marked_and_has_its_unit(desk):
    lines = resolved_toml(desk.load()).splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("cement_mm"))
    comment = lines[at - 1]
    assert "[mm]" in comment and comment.endswith("(assumed)")


def test_the_schema_holds_units_ranges_and_marks():
    implants = schema_json()["properties"]["implant"]["oneOf"]
    cap = next(choice for choice in implants if choice["properties"]["kind"] == {"const": "resurfacing_cap"})
    cement = cap["properties"]["cement_mm"]
    assert cement["unit"] == "mm"
    assert (cement["minimum"], cement["maximum"]) == (0.5, 3)
    assert cement["description"].endswith("(assumed)")
    assert cap["additionalProperties"] is False


def test_the_schema_asks_for_what_reading_asks_for(desk):
    assert set(schema_json()["required"]) == {"schema", "femur", "implant", "load"} | _required_plain_sections()
    for name in schema_json()["required"]:
        desk.write("schema = 1\n" if name != "schema" else "")
        assert any(problem.key.split(".")[0] == name for problem in desk.problems())


def _required_plain_sections() -> set[str]:
    return {
        s.title
        for s in SECTIONS
        if not (s.tag or s.optional) and any(key.required for key in keys_of(s.kinds).values())
    }


def test_the_schema_stands_alone():
    assert "$ref" not in str(schema_json()) and "$defs" not in str(schema_json())


def test_every_key_says_what_it_is():
    for section in SECTIONS:
        for name, choice in section.choices.items():
            for key in keys_of(choice).values():
                assert key.about.text, f"[{section.title}] {name} {key.name} has no text"
                number = key.name.rsplit("_", 1)[-1] in {"mm", "deg", "kg", "mpa", "n", "s"}
                assert key.about.unit or not number, f"[{section.title}] {name} {key.name} has no unit"
