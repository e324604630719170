"""The page about claims says what the program does: its tables are run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from overt.audit.claims import judge
from overt.audit.facts import is_fact_name
from overt.audit.figures import agreement
from overt.campaign.documents import documents_of
from overt.campaign.expression import FUNCTIONS, MAX_DEPTH, parse
from overt.campaign.expression_tokens import MAX_LENGTH, UNITS
from overt.campaign.loading import parse_campaign
from overt.campaign.records import Campaign
from overt.evidence.fact_records import Fact
from overt.evidence.facts import Facts, gather
from overt.evidence.ledger import open_ledger
from overt.markdown import scan
from overt.model import Claim, State

PAGE = Path(__file__).parents[2] / "docs/reference/claims.md"
TEXT = PAGE.read_text("utf-8")


def table(*heads: str) -> list[list[str]]:
    """Return the rows of the table with these heads."""
    lines = TEXT.split("\n")
    first = lines.index("| " + " | ".join(heads) + " |") + 2
    rows = []
    for line in lines[first:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split(" | ")])
    return rows


def measured(name: str, shown: str, state: str = "proved") -> Fact:
    """Return the fact that a row of a table describes."""
    number, _, unit = shown.partition(" ")
    reason = "" if state == "proved" else "its inputs changed"
    return Fact(name, int(number), unit or "count", State(state), reason)


SAMPLES = table("expression", "verdict", "reason")
SHOWN = table("shown", "fact", "agrees")
NAMES = [(name, row[1]) for row in table("name", "unit", "what it is") for name in re.findall(r"`([^`]+)`", row[0])]


@pytest.mark.parametrize("row", SAMPLES, ids=lambda row: str(row[0]))
def test_the_examples_come_to_what_the_page_says(row: list[str]) -> None:
    """Verdict and reason, word for word."""
    facts = [measured(name.strip("`"), value, state) for name, value, state in table("fact", "value", "state")]
    verdict = judge(Claim("c", row[0].strip("`")), Facts((), {fact.name: fact for fact in facts}))
    assert [verdict.state.value, verdict.reason] == row[1:]


@pytest.mark.parametrize("row", SHOWN, ids=lambda row: str(row[0]))
def test_the_numbers_agree_as_the_page_says(row: list[str]) -> None:
    """Every row of the table of numbers."""
    assert agreement(row[0].strip("`"), measured("x", row[1])).holds is (row[2] == "yes")


def test_every_state_is_on_the_page() -> None:
    """The table of states is complete."""
    assert {row[0].strip("`") for row in table("state", "meaning", "a strict build")} == {
        state.value for state in State
    }


def test_units_functions_and_bounds_are_those_of_the_language() -> None:
    """Neither more nor fewer than there are."""
    units = next(line for line in TEXT.split("\n") if line.startswith("Units:"))
    assert set(re.findall(r"`([^`]+)`", units)) == set(UNITS)
    functions = next(row[0] for row in table("written", "meaning") if "`percent`" in row[0])
    assert set(re.findall(r"`([^`]+)`", functions)) | {"fact"} == set(FUNCTIONS)
    assert f"{MAX_LENGTH:,} characters and {MAX_DEPTH} levels" in TEXT


@pytest.mark.parametrize(("name", "unit"), NAMES)
def test_every_fact_on_the_page_can_be_named(name: str, unit: str) -> None:
    """It can be read in an expression and is known to be a fact."""
    filled = name.replace("SUITE", "unit").replace("CODE", "OV101").replace("NAME", "x").replace("STATE", "on")
    assert [found.name for found in parse(f"{filled} == 0").names] == [filled]
    empty = gathered()
    assert is_fact_name(filled, empty)
    units = {"duration": "ns", "percentage": "ppm", "yes or no": "flag", "count": "count", "text": "text"}
    if filled in empty.names():
        assert empty.get(filled).unit == units[unit]


def gathered() -> Facts:
    """Return the facts of a project with suites of every kind, none of which ever ran."""
    suites = ["unit]\nkind = 'pytest'", "ruff]\nkind = 'lint'\ncommand = ['ruff']", "h]\nkind = 'hidden-state'"]
    toml = "\n".join(f"[suites.{suite}" for suite in suites)
    campaign: Campaign = parse_campaign(toml)[0]
    return gather(PAGE.parent, campaign, open_ledger(PAGE.parent), files=[], now_ns=0)


def test_every_fact_there_is_stands_on_the_page() -> None:
    """A new fact has to be documented."""
    shapes = [re.sub(r"SUITE|CODE|NAME|STATE", r"[^.]+", re.escape(name)) for name, _ in NAMES]
    missing = [name for name in gathered().names() if not any(re.fullmatch(shape, name) for shape in shapes)]
    assert missing == []


def test_the_campaign_on_the_page_is_one() -> None:
    """The sample of `overt.toml` is read without an error, and its claim can be judged."""
    fence = next(fence for fence in scan(TEXT).fences if fence.info == "toml")
    campaign, _ = parse_campaign(fence.body)
    claim = campaign.claims["suite-green"]
    assert judge(Claim("suite-green", claim.expect), Facts()).state is State.UNCHECKED


def test_the_page_states_nothing_by_accident() -> None:
    """Its samples of links are code."""
    assert [link.target for link in scan(TEXT).links if ":" in link.target] == []
    assert documents_of([PAGE.name, "x.py"], Campaign()) == [PAGE.name]
