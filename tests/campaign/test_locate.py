"""Every key of a TOML document is found on its line, and nothing makes the search fail."""

import json
import tomllib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.campaign.locate import KeyPath, locate

DOCUMENT = '''\
title = "a # no comment"   # a comment with [brackets] and "quotes"

[suites.unit]
kind = "pytest"
args = [
  "-q",  # first
  "tests/]",
]
env = { A = "1", "B.C" = "}" }

[suites."odd.name"]
text = """
[not.a.table]
key = "no"
\\""" still inside """
'literal key' = \'\'\'
x = 1\'\'\'
a . b = 2

[[stages]]
number = 1
[stages.extra]
deep = true
[[stages]]
number = 2
flags = [{ name = "x" }, { name = "y" }]
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 1),
        (("suites",), 3),
        (("suites", "unit"), 3),
        (("suites", "unit", "kind"), 4),
        (("suites", "unit", "args"), 5),
        (("suites", "unit", "args", 1), 7),
        (("suites", "unit", "env", "B.C"), 9),
        (("suites", "odd.name"), 11),
        (("suites", "odd.name", "text"), 12),
        (("suites", "odd.name", "literal key"), 16),
        (("suites", "odd.name", "a", "b"), 18),
        (("stages", 0, "number"), 21),
        (("stages", 0, "extra", "deep"), 23),
        (("stages", 1), 24),
        (("stages", 1, "number"), 25),
        (("stages", 1, "flags", 1, "name"), 26),
    ],
)
def test_each_sort_of_key_is_found_on_its_line(path: KeyPath, line: int) -> None:
    """Tables, arrays of tables, dotted and quoted keys, text and lists over several lines, inline tables."""
    assert locate(DOCUMENT)[path] == line


def test_what_looks_like_a_key_inside_text_is_none() -> None:
    """Text over several lines holds no keys."""
    found = locate(DOCUMENT)
    assert ("not", "a", "table") not in found
    assert ("suites", "odd.name", "x") not in found


def test_windows_line_ends_count_once() -> None:
    """A carriage return before a newline is no line of its own."""
    assert locate("a = 1\r\n[b]\r\nc = 2\r\n")[("b", "c")] == 3


def test_an_escape_in_a_key_is_read_as_toml_reads_it() -> None:
    """A quoted key is the name it stands for, not its spelling."""
    assert locate('"a\\u0062" = 1') == {("ab",): 1}


def test_the_search_stops_where_the_text_is_no_toml() -> None:
    """What was found before is kept."""
    assert locate("a = 1\n]] ]\nb = 2\n") == {("a",): 1}


@given(st.text())
def test_no_text_makes_it_fail(text: str) -> None:
    """Junk gives lines inside the text, or none."""
    assert all(1 <= line <= text.count("\n") + 1 for line in locate(text).values())


@given(st.text(alphabet="[]{}=.,#\"'\\\n ab1-"))
def test_no_mixture_of_signs_makes_it_fail(text: str) -> None:
    """Nor does text made of what TOML is made of; what the standard reader takes is found whole."""
    found = locate(text)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert set(leaves(document)) <= set(found)


def test_nesting_without_end_does_not_make_it_fail() -> None:
    """A hostile depth ends the search."""
    assert locate("a = " + "[" * 100_000)[("a",)] == 1


names = st.text(min_size=1, max_size=6, alphabet="abc-_1.é \"'\\#=[]")
scalars = st.one_of(st.booleans(), st.integers(-9, 9), st.text(max_size=8, alphabet="ab\n\"'\\#[]{}=,é"))
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3), max_leaves=6
)
documents = st.dictionaries(names, st.dictionaries(names, values, max_size=4) | values, max_size=5)


def quoted(text: str) -> str:
    """Return text as TOML and JSON both write it."""
    return json.dumps(text, ensure_ascii=True)


class Writer:
    """Writes a document in a style drawn for each part, and knows on which line each key came to stand."""

    def __init__(self, data: st.DataObject) -> None:
        self.data, self.text, self.lines = data, "", dict[KeyPath, int]()

    def line(self) -> int:
        return self.text.count("\n") + 1

    def key(self, name: str) -> str:
        plain = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
        return name if plain and self.data.draw(st.booleans()) else quoted(name)

    def scalar(self, value: object) -> None:
        if isinstance(value, str) and "'''" not in value and not value.endswith("'") and self.data.draw(st.booleans()):
            self.text += f"'''\n{value}'''"
        else:
            self.text += quoted(value) if isinstance(value, str) else json.dumps(value)

    def value(self, path: KeyPath, value: object) -> None:
        if isinstance(value, dict):
            self.text += "{ "
            for number, (name, item) in enumerate(value.items()):
                self.text += ", " if number else ""
                self.pair((*path, name), name, item)
            self.text += " }"
        elif isinstance(value, list):
            self.text += "["
            for number, item in enumerate(value):
                self.text += self.data.draw(st.sampled_from(["", " ", "\n", " # ] not yet\n"]))
                self.lines[(*path, number)] = self.line()
                self.value((*path, number), item)
                self.text += ","
            self.text += "]"
        else:
            self.scalar(value)

    def pair(self, path: KeyPath, name: str, value: object) -> None:
        self.lines[path] = self.line()
        self.text += f"{self.key(name)} = "
        self.value(path, value)

    def document(self, document: dict[str, object]) -> None:
        tables = {name: item for name, item in document.items() if isinstance(item, dict)}
        for name, item in document.items():
            if name not in tables:
                self.pair((name,), name, item)
                self.text += "\n"
        for name, table in tables.items():
            self.text += self.data.draw(st.sampled_from(["", "\n", "# [comment]\n"]))
            self.lines[(name,)] = self.line()
            self.text += f"[ {self.key(name)} ]\n"
            for key, item in table.items():
                self.pair((name, key), key, item)
                self.text += "  # end\n"


def leaves(value: object, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Yield the path of every value that is neither a table nor a list."""
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if rows is None:
        yield path
        return
    for key, item in rows:
        yield from leaves(item, (*path, key))


@given(documents, st.data())
def test_the_line_of_every_leaf_is_found(document: dict[str, object], data: st.DataObject) -> None:
    """Whatever the style of writing: the standard reader reads the text back, and each leaf stands where it was put."""
    writer = Writer(data)
    writer.document(document)
    assert tomllib.loads(writer.text) == document
    found = locate(writer.text)
    assert {path: found.get(path) for path in writer.lines} == writer.lines
