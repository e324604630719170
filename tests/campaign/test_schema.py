"""The shipped schema and the reference page are what the records say, and accept what `load` accepts."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from overt.campaign import parse_campaign
from overt.campaign.convert import plain
from overt.campaign.described import undescribed
from overt.campaign.document import PAGE, SCHEMA, configuration_page, write
from overt.campaign.schema import schema, schema_text, tables
from overt.model import OvertError

ROOT = Path(__file__).parents[2]
VALIDATOR = Draft202012Validator(schema())

GOOD = {
    "empty": "",
    "pytest": "[suites.unit]\nkind = 'pytest'",
    "command": "[suites.a]\nkind = 'command'\ncommand = ['make']",
    "import": "[suites.a]\nkind = 'import'\nfiles = ['a.xml']\nformat = 'junit'",
    "number": "[suites.a]\nkind = 'pytest'\ntimeout = 3",
    "date": "[flags.a]\nowner='o'\npurpose='p'\ncreated=2026-01-01\nuntil='2027-01-01'",
    "allow": "[[hidden-state.allow]]\nmodule = 'a.b'\nreason='r'\nowner='o'\nuntil=2027-01-01",
    "stage": "[[stages]]\nnumber=1\nname='a'\nflags=[]\nrisk='high'",
}
BAD = {
    "unknown table": "[suite]",
    "unknown key": "[site]\nstirct = true",
    "wrong type": "[site]\nstrict = 'yes'",
    "text for list": "[project]\npackages = 'src'",
    "unknown kind": "[suites.a]\nkind = 'pytset'",
    "no kind": "[suites.a]\ntitle = 'A'",
    "command without one": "[suites.a]\nkind = 'command'",
    "empty command": "[suites.a]\nkind = 'command'\ncommand = []",
    "lint without command": "[suites.a]\nkind = 'lint'",
    "import without files": "[suites.a]\nkind = 'import'",
    "bad name": "[suites.A]\nkind = 'pytest'",
    "no time": "[suites.a]\nkind = 'pytest'\ntimeout = 0",
    "negative": "[suites.a]\nkind = 'pytest'\nat-least = -1",
    "allow of nothing": "[[hidden-state.allow]]\nreason='r'\nowner='o'\nuntil=2027-01-01",
    "allow of both": "[[hidden-state.allow]]\nmodule='a'\npath='a'\nreason='r'\nowner='o'\nuntil=2027-01-01",
    "no reason": "[[hidden-state.allow]]\nmodule='a'\nreason=''\nowner='o'\nuntil=2027-01-01",
    "no date": "[[hidden-state.allow]]\nmodule='a'\nreason='r'\nowner='o'\nuntil='soon'",
    "stage zero": "[[stages]]\nnumber=0\nname='a'\nflags=[]",
    "risk": "[[stages]]\nnumber=1\nname='a'\nflags=[]\nrisk='huge'",
}


def loads(text: str) -> bool:
    """Tell whether `load` accepts a document."""
    try:
        parse_campaign(text)
    except OvertError:
        return False
    return True


def valid(text: str) -> bool:
    """Tell whether the schema accepts a document."""
    return VALIDATOR.is_valid(plain(tomllib.loads(text)))


def test_what_is_shipped_is_what_the_records_say(tmp_path: Path) -> None:
    """The committed schema and page are the generated ones; `python -m overt.campaign.document` writes them."""
    assert (ROOT / SCHEMA).read_text() == schema_text()
    assert (ROOT / PAGE).read_text() == configuration_page()
    assert write(tmp_path) == [PAGE, SCHEMA]
    assert write(tmp_path) == []


def test_the_schema_is_a_schema() -> None:
    """Editors can use it."""
    Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_both_accept(text: str) -> None:
    """What is right for one is right for the other."""
    assert (loads(text), valid(text)) == (True, True)


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_both_refuse(text: str) -> None:
    """What is wrong for one is wrong for the other."""
    assert (loads(text), valid(text)) == (False, False)


junk = st.sampled_from(
    ["1", "-1", "0", "1.5", "true", "'x'", "''", "[]", "['x']", "[1]", "{}", "{ a = 1 }", "2027-01-01"]
)
keys = st.sampled_from(sorted({key for part in schema()["$defs"].values() for key in part.get("properties", {})}))
places = st.sampled_from(["[project]", "[site]", "[suites.a]", "[hidden-state]", "[[hidden-state.allow]]", "[flags.a]"])


@settings(max_examples=300)
@given(places, st.dictionaries(keys, junk, max_size=5))
def test_neither_accepts_what_the_other_refuses(place: str, rows: dict[str, str]) -> None:
    """Over documents put together at random, shape for shape."""
    text = "\n".join([place, *(f"{key} = {value}" for key, value in rows.items())])
    problems = []
    try:
        parse_campaign(text)
    except OvertError as error:
        problems = [problem.message for problem in error.problems]
    # What only `load` can know: that a folder is the root itself, that a program has no name, that a path leaves.
    beyond = [
        said for said in problems if not any(word in said for word in ("of its own", "names no program", "leaves"))
    ]
    assert valid(text) == (not beyond)


@pytest.mark.parametrize("record", tables(), ids=lambda record: record.__name__)
def test_every_key_is_explained(record: type[Any]) -> None:
    """A key without words would be a blank in editors and in the reference."""
    assert undescribed(record) == []


def test_explanations_reach_the_schema() -> None:
    """Each key of each table has a description."""
    silent = [
        f"{name}.{key}"
        for name, part in schema()["$defs"].items()
        for key, rules in part.get("properties", {}).items()
        if not rules.get("description")
    ]
    assert silent == []


def test_the_page_has_a_row_for_every_key() -> None:
    """Nothing that can be written is left out of the reference."""
    page = configuration_page()
    missing = [key for part in schema()["$defs"].values() for key in part["properties"] if f"| `{key}` |" not in page]
    assert missing == []
