"""What joining the parts of a run must never depend on: order, grouping, repetition."""

from __future__ import annotations

from itertools import count

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from overt.evidence.manifest import Host, Plan, Subject
from overt.evidence.merge import merge_runs
from overt.evidence.reader import open_run
from overt.evidence.records import Collected
from overt.evidence.summary import summarise
from overt.evidence.verify import verify
from overt.evidence.writer import RunWriter
from overt.model import Exit, Problems, State

NUMBERS = count()
SETTINGS = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
CASES = st.dictionaries(
    st.sampled_from("abcdefgh"), st.tuples(st.sampled_from(["passed", "failed"]), st.integers(1, 2)), max_size=5
)
PARTS = st.lists(CASES, min_size=3, max_size=3)
MACHINES = st.lists(st.sampled_from(["3.11.1", "3.12.1", "3.13.1"]), min_size=3, max_size=3)


def part(book, number, cases, *, of=3, python="3.12.1", split="", whole=()):
    """Write a part as another machine would: its host and branch are its own, its clock may be the same."""
    writer = RunWriter.start(
        book.store,
        plan=Plan(suites=(book.planned(),), shard=f"{number}/{of}", split_sha256=split),
        subject=Subject(project="shop", commit="c0ffee", branch=f"branch-{python}"),
        host=Host(system="Linux 6", machine="x86_64", python=python, implementation="CPython", cores=2),
        clock=book.clock,
        redactor=book.redactor,
        run=f"part-{next(NUMBERS)}",
    )
    with writer:
        for name, (outcome, ns) in cases.items():
            writer.add(book.test(name, outcome, duration_ns=ns))
        if whole:
            told = writer.blob("\n".join(sorted(whole)).encode())
            mine = writer.blob("\n".join(sorted(cases)).encode())
            record = Collected(id=f"collected:unit:{number}-of-{of}", suite="unit", count=len(cases), sha256=mine)
            more = {"names_blob": mine, "whole": len(whole), "whole_sha256": told, "whole_blob": told}
            writer.add(msgspec.structs.replace(record, **more))
        writer.add(book.end(id=f"suite:unit:{number}-of-{of}"))
    return open_run(writer.folder)


def bytes_of(run):
    return {path.relative_to(run.folder): path.read_bytes() for path in run.folder.rglob("*") if path.is_file()}


@SETTINGS
@given(parts=PARTS, machines=MACHINES, data=st.data())
def test_order_grouping_and_repetition_make_no_difference(book, parts, machines, data):
    """Byte for byte, also when parts contradict each other and were begun at the same moment."""
    book.clock.now += data.draw(st.integers(1, 3)) * 1_000_000_000
    one, two, three = (part(book, n, cases, python=machines[n - 1]) for n, cases in enumerate(parts, 1))
    runs = data.draw(st.permutations([one, two, three, data.draw(st.sampled_from([one, two, three]))]))
    # Each in a store of its own: a merged run that is there already is not written again.
    stores = (book.root / str(next(NUMBERS)) for _ in range(9))
    whole = merge_runs(runs, next(stores))
    left = merge_runs([merge_runs([one, two], next(stores)).run, three], next(stores))
    right = merge_runs([one, merge_runs([three, two], next(stores)).run], next(stores))
    again = merge_runs([whole.run, whole.run, two], next(stores))
    expected = bytes_of(whole.run)
    for each in (left, right, again):
        assert (each.run.name, bytes_of(each.run)) == (whole.run.name, expected)
        assert (each.conflicts, each.missing) == (whole.conflicts, ())
    assert verify(whole.run).intact


@SETTINGS
@given(parts=PARTS)
def test_what_is_in_a_part_is_in_the_whole_and_nothing_else(book, parts):
    """A case of which two parts say different things is a conflict by its name, and only then is there one."""
    merged = merge_runs([part(book, n, cases) for n, cases in enumerate(parts, 1)], book.store)
    said: dict[str, set[object]] = {}
    for cases in parts:
        for name, told in cases.items():
            said.setdefault(name, set()).add(told)
    assert {one.message for one in merged.conflicts} == {
        f"{len(told)} records named test:unit:{name} differ" for name, told in said.items() if len(told) > 1
    }
    found = sorted((one.name, one.outcome, one.duration_ns) for one in merged.run.of(type(book.test())))
    assert found == sorted((name, *told) for name, tolds in said.items() for told in tolds)
    verdict = summarise(merged.run, merged.run.manifest.plan.suites[0]).verdict
    proved = bool(said) and all(tolds in ({("passed", 1)}, {("passed", 2)}) for tolds in said.values())
    assert (verdict.state is State.PROVED) == proved


def test_tests_of_a_missing_part_are_missing_by_name(book):
    """As every part says what all of them are; with the part they are there."""
    whole = ("a", "b", "c")
    parts = [part(book, n, {name: ("passed", 1)}, whole=whole) for n, name in enumerate(whole, 1)]
    some = merge_runs(parts[:2], book.store).run
    summary = summarise(some, some.manifest.plan.suites[0])
    assert (summary.counts.planned, summary.counts.missing) == (3, 1)
    assert "1 of 3 planned tests left no result, for example c" in summary.verdict.reason
    every = merge_runs([some, parts[2]], book.store).run
    summary = summarise(every, every.manifest.plan.suites[0])
    assert (summary.counts.missing, summary.verdict.state) == (0, State.PROVED)


def test_a_test_that_no_part_ran_is_missing(book):
    """Dealt out to nobody: all parts are there, and it is not."""
    parts = [part(book, n, {name: ("passed", 1)}, of=2, whole=("a", "b", "lost")) for n, name in enumerate("ab", 1)]
    merged = merge_runs(parts, book.store)
    assert merged.missing == ()
    verdict = summarise(merged.run, merged.run.manifest.plan.suites[0]).verdict
    assert (verdict.state, "for example lost" in verdict.reason) == (State.UNCHECKED, True)


def test_parts_that_were_dealt_out_differently_are_refused(book):
    """In any grouping; a part that does not say by what counts as dealt out in another way."""
    one, two = part(book, 1, {}, split="x"), part(book, 2, {}, split="x")
    others = [part(book, 3, {}, split="y"), part(book, 3, {})]
    both = merge_runs([one, two], book.store).run
    for runs in ([one, others[0]], [others[0], one], [both, others[0]], [others[1], both]):
        with pytest.raises(Problems, match="was dealt out by other durations") as caught:
            merge_runs(runs, book.store)
        assert caught.value.exit is Exit.USAGE
