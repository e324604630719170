"""Lines of the recorder become records of the ledger."""

import dataclasses
import threading
from pathlib import Path

import pytest

from overt.campaign.records import Campaign, Suite
from overt.evidence.records import Collected, Measure, TestCase
from overt.system.clock import SystemClock
from overt.validate.context import Choice, Context
from overt.validate.journal import Began, Case, Ended, Listed, Session
from overt.validate.names import Names, one_line
from overt.validate.recorded import Recorded


@pytest.fixture
def blobs() -> list[bytes]:
    """Return what was kept as blobs."""
    return []


@pytest.fixture
def context(tmp_path: Path, blobs: list[bytes]) -> Context:
    """Return the context of a suite."""

    def keep(data: bytes) -> str:
        blobs.append(data)
        return f"blob-{len(blobs)}"

    suite = Suite(kind="pytest")
    return Context(
        root=tmp_path.resolve(),
        name="unit",
        suite=suite,
        campaign=Campaign(suites={"unit": suite}),
        files=(),
        environment={},
        scratch=tmp_path,
        cancel=threading.Event(),
        clock=SystemClock(),
        blob=keep,
        current=lambda _: None,
    )


def session(root: Path) -> Session:
    """Return the first line of a session."""
    return Session("9", "3.11", str(root))


def test_a_case_becomes_a_record(context: Context, blobs: list[bytes]) -> None:
    """Every figure and text arrives where the ledger has its place."""
    case = Case("t.py::a", "failed", 7, "t.py", 3, a=2, m="no\nway", t="text", out="said", proves=["safe"])
    (record,) = Recorded(context).take([session(context.root), case])
    assert record == TestCase(
        id="test:unit:t.py::a#2",
        suite="unit",
        name="t.py::a",
        outcome="failed",
        attempt=2,
        duration_ns=7,
        path="t.py",
        line=3,
        message="no\\nway",
        detail="text",
        output_blob="blob-1",
        proves=("safe",),
    )
    assert blobs == [b"said"]


def test_paths_are_relative_to_the_project_wherever_pytest_was_rooted(context: Context) -> None:
    """A session rooted in a sub-folder, and one whose tests lie outside, both tell paths that can be opened."""
    inner = context.root / "inner"
    recorded = Recorded(context)
    cases = [Case("a", "passed", 0, "t.py", 1), Case("b", "passed", 0, "../up.py", 1), Case("c", "passed", 0, "", 0)]
    found = list(recorded.take([session(inner), *cases]))
    assert [getattr(record, "path", None) for record in found] == ["inner/t.py", "up.py", ""]
    outside = list(Recorded(context).take([session(context.root.parent), Case("a", "passed", 0, "x.py", 1)]))
    assert getattr(outside[0], "path", None) == "x.py"


def test_the_same_name_twice_is_two_tests(context: Context) -> None:
    """Neither result may hide the other, in what was going to run and in what ran."""
    recorded = Recorded(context)
    lines = [Listed(["a", "a"]), Case("a", "passed", 0, "", 0), Case("a", "failed", 0, "", 0)]
    collected, first, second = recorded.take(lines)
    assert isinstance(collected, Collected)
    assert collected.count == 2
    assert [(r.name, r.outcome) for r in (first, second) if isinstance(r, TestCase)] == [
        ("a", "passed"),
        ("a (2)", "failed"),
    ]
    assert recorded.left() == ""


def test_only_the_first_list_counts(context: Context) -> None:
    """With several workers each tells the same list."""
    found = list(Recorded(context).take([Listed(["b", "a"]), Listed(["b", "a"])]))
    assert len(found) == 1


def test_what_was_going_on_and_what_is_left_is_known(context: Context, blobs: list[bytes]) -> None:
    """When a session breaks off, the running tests and the number of those without a result can be told."""
    recorded = Recorded(context)
    list(recorded.take([Listed(["a", "b", "c"]), Began("a"), Case("a", "passed", 0, "", 0), Began("b")]))
    assert (recorded.running(), recorded.left()) == (["b"], "2 of 3 tests left no result")
    assert blobs == [b"a\nb\nc"]
    assert recorded.end is None
    list(recorded.take([Ended()]))
    assert recorded.end == Ended()


def test_records_of_a_shard_have_names_of_their_own(context: Context) -> None:
    """What every shard writes about a suite must not clash when the shards are joined."""
    sharded = dataclasses.replace(context, choice=Choice(shard="2/3"))
    (record,) = Recorded(sharded).take([Listed([])])
    assert record.id == "collected:unit:2-of-3"


def test_names_are_plain_and_on_one_line() -> None:
    """No name can move the cursor or begin a line of its own."""
    assert one_line("a\x1b[2J\r\nb\tc\x00") == "a\\nb\\tc"
    names = Names()
    assert [names.distinct("x\x1b[0m"), names.distinct("x"), names.distinct("x", 2)] == ["x", "x (2)", "x"]


def test_what_a_test_measured_follows_it(context: Context) -> None:
    """A property that cannot be read is said where people look at the test."""
    good, bad = ("overt.measure", '{"name":"a","value":7}'), ("overt.measure", "{")
    case = Case("t.py::a", "passed", 7, "t.py", 3, props=[good, bad])
    test, measure = Recorded(context).take([session(context.root), case])
    assert isinstance(test, TestCase)
    assert test.message.startswith("the property overt.measure cannot be read")
    assert isinstance(measure, Measure)
    assert (measure.name, measure.value) == ("a", 7)
