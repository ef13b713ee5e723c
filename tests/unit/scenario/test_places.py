"""The lines of keys, in every way TOML writes them."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from femsim.scenario.places import lines_of

TEXT = (
    '''\
# a comment = "with a key"
top = 1 # [not.a.table]
a.b.c = """
x = 1
[fake]
""" # after it
"quo ted".'lit' = 'it'''
    + """
[t]
list = [ # first
  1, # one = 2
  { in = 'x]', more.of = 2 },
  [3,
   4],
]
k = 2026-01-01T00:00:00Z
[ t . "sub" ]
k = "# \\" ["
[[arr]]
v = 1
[[arr]]
v = 2
[arr.deep]
w = '''
[[arr]]'''
last = true"""
)


def test_every_key_has_the_line_it_stands_on():
    text = TEXT.replace("'it\n", "'it'\n")
    tomllib.loads(text)  # the text itself is sound
    lines = lines_of(text)
    expected = {
        ("top",): 2,
        ("a",): 3,
        ("a", "b", "c"): 3,
        ("quo ted", "lit"): 7,
        ("t",): 8,
        ("t", "list"): 9,
        ("t", "list", 0): 10,
        ("t", "list", 1): 11,
        ("t", "list", 1, "in"): 11,
        ("t", "list", 1, "more", "of"): 11,
        ("t", "list", 2, 1): 13,
        ("t", "k"): 15,
        ("t", "sub"): 16,
        ("t", "sub", "k"): 17,
        ("arr", 0): 18,
        ("arr", 0, "v"): 19,
        ("arr", 1): 20,
        ("arr", 1, "v"): 21,
        ("arr", 1, "deep"): 22,
        ("arr", 1, "deep", "w"): 23,
        ("arr", 1, "deep", "last"): 25,
    }
    assert {path: lines.get(path) for path in expected} == expected
    assert not any("fake" in path for path in lines)


@given(st.text(alphabet="ab.=[]{}\"'\\,# \n1", max_size=60))
def test_any_text_is_scanned_to_an_end(text):
    lines = lines_of(text)
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())


KEYS = st.text(alphabet="abc.-_ é\"'", min_size=1, max_size=6)
VALUES = st.recursive(
    st.integers(-5, 5) | st.text(alphabet="a\"'\\#]}\n=", max_size=8) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_every_key_of_a_written_file_is_found(data):
    import tomli_w

    text = tomli_w.dumps(data)
    lines = lines_of(text)
    for path in _paths(tomllib.loads(text)):
        assert path in lines


def _paths(value, path=()):
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in items:
        yield from _paths(inner, (*path, name))
