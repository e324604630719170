"""What samples decide, worked out from the ledger."""

from __future__ import annotations

import msgspec
import pytest

from overt.evidence.benchmarks import Benchmark, benchmarks
from overt.evidence.records import Sample


def sample(role, pair, cpu_ns, **more):
    side = "new" if role == "candidate" else "old"
    given = {"benchmark": "read", "side": side, "wall_ns": 5 * cpu_ns, "cpu_ns": cpu_ns, "order": 1, "operations": 10}
    return Sample(id=f"{role}{pair}", suite="speed", role=role, pair=pair, **{**given, **more})


def rounds(count=10, new=2000, again=1000, **more):
    return [
        sample(role, pair, cpu_ns + pair, **more)
        for pair in range(count)
        for role, cpu_ns in (("baseline", 1000), ("candidate", new), ("control", again))
    ]


def one(samples) -> Benchmark:
    (found,) = benchmarks(samples)
    return found


@pytest.mark.parametrize(
    ("new", "verdict"), [(2000, "slower"), (500, "faster"), (1000, "same"), (1020, "inconclusive")]
)
def test_the_candidate_is_judged_by_the_baseline_of_its_round(new, verdict):
    """With the band that the samples carry."""
    found = one(rounds(new=new, band_ppm=20_000 if new != 1020 else 19_900))
    assert found.verdict == verdict
    assert found.ratio.value == pytest.approx(new / 1000, rel=0.01)
    assert (found.baseline, found.candidate, found.clock) == ("old", "new", "processor")
    assert found.baseline_ns == pytest.approx(100, rel=0.01)


def test_a_control_that_alarms_spoils_the_comparison():
    """The same code differed from itself, so the machine is to blame for at least as much."""
    found = one(rounds(again=1100))
    assert found.verdict == "not comparable"
    assert "the baseline differed from itself: 1.0" in found.reason


def test_too_few_rounds_are_not_measured():
    """A round that lost a side does not count."""
    assert one(rounds(5)).reason == "5 pairs are fewer than 6"
    cut = [sample for sample in rounds(6) if sample.id != "candidate3"]
    assert one(cut).verdict == "not measured"
    assert one([sample for sample in rounds() if sample.role != "candidate"]).ratio is None


def test_samples_of_different_code_are_not_compared():
    """Merged from runs that did not compare the same sides."""
    mixed = [*rounds(), sample("candidate", 99, 2000, side="newer"), sample("baseline", 99, 1000)]
    assert one(mixed).verdict == "not comparable"


def test_wall_time_is_taken_where_no_processor_time_was_measured():
    """And said."""
    found = one([msgspec.structs.replace(each, cpu_ns=0, wall_ns=700) for each in rounds()])
    assert (found.clock, found.verdict, found.baseline_ns) == ("wall", "same", 70.0)


def test_benchmarks_are_told_apart_by_suite_and_name():
    """In that order."""
    found = benchmarks([*rounds(benchmark="write"), *rounds(benchmark="read")])
    assert [each.name for each in found] == ["read", "write"]
