"""Suites in states of feature flags: selected, run, judged, and never called proved when no flag was asked."""

from pathlib import Path

import pytest

from overt.campaign import load
from overt.campaign.records import Campaign, Suite
from overt.evidence.facts import gather
from overt.evidence.ledger import open_ledger
from overt.model import OvertError, State
from overt.system.files import project_files
from overt.validate.plan import select_suites

from .conftest import Project, cases_of, state_of

CAMPAIGN = Campaign(
    suites={
        "unit": Suite(kind="pytest", flags=("off", "on")),
        "style": Suite(kind="lint"),
        "end": Suite(kind="pytest", flags=("mixed",)),
    }
)


def test_a_state_takes_the_place_of_the_suites_that_depend_on_flags() -> None:
    """The others stay as they are; one that is not declared for the state is left out."""
    assert select_suites(CAMPAIGN, [], flags="on") == ("unit@on", "style")
    assert select_suites(CAMPAIGN, ["end"], flags="mixed") == ("end@mixed",)


def test_the_matrix_is_the_suites_as_they_are_and_in_each_state() -> None:
    """In the order of the campaign and of the states, whatever order they are declared in."""
    whole = ("unit", "unit@on", "unit@off", "style", "end", "end@mixed")
    assert select_suites(CAMPAIGN, [], flags="matrix") == whole
    assert select_suites(CAMPAIGN, ["unit"], flags="matrix") == whole[:3]


def test_without_flags_no_state_is_run_unless_it_is_named() -> None:
    """A state is chosen like any suite, and a typo of one has its neighbour named."""
    assert select_suites(CAMPAIGN, []) == ("unit", "style", "end")
    assert select_suites(CAMPAIGN, ["unit@off", "end"]) == ("unit@off", "end")
    with pytest.raises(OvertError) as caught:
        select_suites(CAMPAIGN, ["unit@of"])
    assert "unit@off" in caught.value.problems[0].hint


@pytest.mark.parametrize(("wanted", "flags"), [(["style"], "matrix"), (["end"], "on"), (["unit"], "mixed")])
def test_a_selection_in_which_nothing_depends_on_the_state_is_refused(wanted: list[str], flags: str) -> None:
    """It would run nothing of what was asked for."""
    with pytest.raises(OvertError, match=f"no suite that was chosen is declared for flags '{flags}'"):
        select_suites(CAMPAIGN, wanted, flags=flags)


TESTS = """
import os

def test_tells(record_property):
    record_property("overt.flags", "new-cart new-search")
    assert os.environ.get("OVERT_FLAGS") != "off"

def test_plain():
    pass
"""
FLAGS = "".join(
    f'[flags.{name}]\nowner = "shop"\npurpose = "it"\ncreated = "2026-11-01"\nuntil = "2027-06-01"\n'
    for name in ("new-cart", "new-search")
)


@pytest.fixture
def flagged(project: Project) -> Project:
    """Return a project whose tests ask flags, of which one fails when they are off."""
    project.write("test_a.py", TESTS)
    project.campaign('[suites.unit]\nkind = "pytest"\nat-least = 2\nflags = ["on", "off", "mixed"]\n' + FLAGS)
    return project


def test_each_state_is_recorded_and_judged_as_a_suite_of_its_own(flagged: Project) -> None:
    """The process gets the state and the values; the ledger says which test asked which flag."""
    done = flagged.run(suites=("unit", "unit@on", "unit@off"), environment={"OVERT_FLAGS": "off"})
    assert [state_of(done, name) for name in ("unit", "unit@on", "unit@off")] == ["proved", "proved", "refuted"]
    assert [planned.flags for planned in done.run.manifest.plan.suites] == ["", "on", "off"]
    asked = {name: case.flags for name, case in cases_of(done, "unit@on").items()}
    assert asked == {"test_a.py::test_tells": ("new-cart", "new-search"), "test_a.py::test_plain": ()}


def test_the_values_of_the_declared_flags_are_handed_on(flagged: Project) -> None:
    """As JSON, for programs in any language."""
    flagged.write(
        "test_a.py",
        "import json, os\n"
        "def test_it(record_property):\n"
        "    record_property('overt.flags', 'new-cart')\n"
        "    assert json.loads(os.environ['OVERT_FLAG_VALUES']) == {'new-cart': 50, 'new-search': True}\n",
    )
    assert state_of(flagged.run(suites=("unit@mixed",)), "unit@mixed") == "proved"


@pytest.mark.parametrize(
    "source",
    [
        "def test_it(): pass\n",
        """
import pytest

@pytest.fixture
def told(record_property):
    record_property('overt.flags', 'a')
    pytest.skip('not here')

def test_it(told): pass
def test_other(): pass
""",
    ],
)
def test_a_state_that_no_test_asked_for_proves_nothing(flagged: Project, source: str) -> None:
    """All tests pass, and it is unchecked; a test that was skipped has asked nothing."""
    flagged.write("test_a.py", source)
    (summary,) = flagged.run(suites=("unit@on",)).summaries
    assert summary.verdict.state is State.UNCHECKED
    assert "no test that ran asked a flag" in summary.verdict.reason
    assert "flags on" in summary.verdict.reason


def test_a_part_of_the_tests_is_not_judged_by_what_it_asked(flagged: Project) -> None:
    """Another part may hold the test that asks."""
    done = [flagged.run(suites=("unit@on",), shard=f"{number}/2") for number in (1, 2)]
    assert [state_of(each, "unit@on") for each in done] == ["proved", "proved"]


def facts_of(root: Path) -> dict[str, object]:
    """Return the values of all facts, and their states behind a question mark."""
    files = project_files(root)
    facts = gather(root, load(root).campaign, open_ledger(root), files=files, now_ns=0)
    return {name: facts.get(name).value for name in facts.names()} | {
        f"{name}?": facts.get(name).state.value for name in facts.names()
    }


def test_facts_by_state_and_totals_that_count_each_test_once(flagged: Project) -> None:
    """Sums over the suites of a state, each suite by itself, and a state that was never run has no value."""
    flagged.run(suites=("unit", "unit@on", "unit@off"))
    facts = facts_of(flagged.root)
    assert (facts["tests.total"], facts["tests.failed"], facts["suites.unit.total"]) == (2, 0, 2)
    assert (facts["flag_states.on.total"], facts["flag_states.on.passed"]) == (2, 2)
    assert (facts["flag_states.on.asked"], facts["flag_states.on.suites"], facts["flag_states.on.proved"]) == (1, 1, 1)
    assert (facts["flag_states.off.outcome"], facts["flag_states.off.unit.failed"]) == ("refuted", 1)
    assert (facts["flag_states.on.unit.outcome"], facts["flag_states.on.outcome?"]) == ("proved", "proved")
    assert (facts["flag_states.mixed.outcome"], facts["flag_states.mixed.total?"]) == (None, "unchecked")


def test_evidence_of_a_state_goes_stale_with_files_and_flags(flagged: Project) -> None:
    """A changed file, and another flag to switch, ask for a new run."""
    flagged.run(suites=("unit", "unit@on"))
    assert facts_of(flagged.root)["flag_states.on.outcome?"] == "proved"
    text = (flagged.root / "overt.toml").read_text()
    (flagged.root / "overt.toml").write_text(text.replace("new-search", "new-total"))
    facts = facts_of(flagged.root)
    assert (facts["flag_states.on.unit.outcome"], facts["suites.unit.passed"]) == ("stale", 2)
    (flagged.root / "overt.toml").write_text(text)
    flagged.write("test_a.py", TESTS + "\n")
    assert facts_of(flagged.root)["flag_states.on.passed?"] == "stale"
