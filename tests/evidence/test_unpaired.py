"""Times of other tools are numbers: two runs of them hint at a change and prove none."""

from __future__ import annotations

import pytest

from overt.campaign.records import Campaign, Suite
from overt.evidence.facts import gather
from overt.evidence.inputs import measure_inputs, settings_digest
from overt.evidence.ledger import open_ledger
from overt.evidence.records import Timing
from overt.evidence.unpaired import fact_name, unpaired
from overt.model import State


def timing(name="read", *times, operations=10, tool="pyperf", suite="speed"):
    return Timing(
        id=f"timing:{suite}:{name}:{tool}",
        suite=suite,
        benchmark=name,
        tool=tool,
        times_ns=times or (1000, 2000, 3000, 4000, 5000),
        operations=operations,
        runs=len(times) or 5,
    )


def test_one_run_is_a_number():
    """The median of one operation with its quartiles, and no change."""
    (found,) = unpaired([timing()])
    assert (found.median_ns, found.low_ns, found.high_ns, found.runs) == (300, 200, 400, 5)
    assert (found.before_ns, found.ratio) == (None, None)
    assert not hasattr(found, "verdict")


def test_two_runs_give_a_change():
    """Of the same benchmark, measured by the same tool; another tool's times are another thing."""
    (found,) = unpaired([timing("read", 3000)], [timing("read", 2000), timing("write", 1)])
    assert (found.before_ns, found.ratio) == (200, pytest.approx(1.5))
    (other,) = unpaired([timing("read", 3000)], [timing("read", 2000, tool="asv")])
    assert other.ratio is None


def test_operations_are_counted():
    """Runs that did more of them in a go took longer."""
    (found,) = unpaired([timing("read", 3000, operations=1000)], [timing("read", 3000, operations=500)])
    assert (found.median_ns, found.ratio) == (3, 0.5)


def test_what_has_no_times_is_left_out():
    """It was not measured."""
    assert unpaired([Timing(id="a", suite="s", benchmark="b", tool="t")]) == []


@pytest.mark.parametrize(
    ("name", "wanted"), [("a.b-c_d", "a.b-c_d"), ("Sort (10, 'x')", "sort.10.x"), ("…", "unnamed")]
)
def test_names_become_names_of_facts(name, wanted):
    """Whatever the tool allows in them."""
    assert fact_name(name) == wanted


def test_a_suite_of_nothing_but_times_is_measured_and_its_times_are_facts(book):
    """Under a family of their own: `benchmarks.*` are those that were measured in turns."""
    (book.root / "a.py").write_text("x = 1\n")
    suite = Suite(kind="import", files=("speed.json",))
    inputs = measure_inputs(book.root, ["a.py"], ("a.py",))
    planned = book.planned("unit", "import", inputs=inputs, settings_sha256=settings_digest(suite), required=True)
    book.run(timing("Read[1]", suite="unit"), book.end(), suites=(planned,))
    campaign = Campaign(suites={"unit": suite})
    facts = gather(book.root, campaign, open_ledger(book.root), files=["a.py"], now_ns=book.clock.now)
    (summary,) = facts.suites
    assert (summary.verdict.state, summary.verdict.reason) == (State.PROVED, "1 benchmark, unpaired")
    told = {name: (facts.get(name).value, facts.get(name).unit) for name in facts.names() if name[:8] == "timings."}
    assert told == {
        "timings.read.1.high": (400, "ns"),
        "timings.read.1.low": (200, "ns"),
        "timings.read.1.median": (300, "ns"),
        "timings.read.1.runs": (5, "count"),
    }
