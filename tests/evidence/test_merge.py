"""Joining the parts of a run."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from overt.evidence.ledger import open_ledger
from overt.evidence.merge import merge_runs
from overt.evidence.reader import open_run
from overt.evidence.records import CommandRun
from overt.evidence.shards import join_shards, missing_shards, shard_parts
from overt.evidence.summary import summarise
from overt.evidence.verify import verify
from overt.model import Exit, Problems, State


def part(book, shard, *tests, **more):
    records = [*tests, book.end(id=f"suite:unit:{shard.replace('/', '-of-')}")]
    return book.run(*records, shard=shard, **more)


def verdict(run):
    return summarise(run, run.manifest.plan.suites[0]).verdict


def test_shards_become_one_whole_run(book):
    """Their records are all there, and the suite holds as if it had run in one piece."""
    one, two = part(book, "1/2", book.test("a"), blobs=(b"out",)), part(book, "2/2", book.test("b"))
    assert verdict(one).state is State.UNCHECKED
    merged = merge_runs([one, two], book.store)
    assert not merged.conflicts
    assert not merged.missing
    assert merged.run.manifest.plan.shard == "1/1"
    assert merged.run.manifest.merged_from == (one.name, two.name)
    ends = {"suite:unit:1-of-2", "suite:unit:2-of-2"}
    assert {record.id for record in merged.run.records} == ends | {"test:unit:a", "test:unit:b"}
    assert verify(merged.run).intact
    assert verdict(merged.run).state is State.PROVED
    assert summarise(merged.run, merged.run.manifest.plan.suites[0]).duration_ns == 10_000_000


def test_a_merged_run_is_the_latest(book):
    """It stands before the parts that it was made of, whatever they are called."""
    parts = [part(book, f"{number}/2", book.test(str(number)), run=f"zz-{number}") for number in (1, 2)]
    merged = merge_runs(parts, book.store)
    latest = open_ledger(book.root).latest("unit")
    assert latest is not None
    assert latest.name == merged.run.name


def test_merging_again_gives_the_same_run(book):
    """In any order, with duplicates, and with the merged run itself."""
    one, two = part(book, "1/2", book.test("a")), part(book, "2/2", book.test("b"))
    first = merge_runs([one, two], book.store).run
    manifest = (first.folder / "manifest.json").read_bytes()
    for again in ([two, one], [one, two, one], [first, one], [first, first]):
        merged = merge_runs(again, book.store).run
        assert merged.name == first.name
        assert (merged.folder / "manifest.json").read_bytes() == manifest


def test_merging_step_by_step_gives_the_same_run(book):
    """First two of three, then the third."""
    parts = [part(book, f"{number}/3", book.test(str(number))) for number in (1, 2, 3)]
    steps = merge_runs([merge_runs(parts[:2], book.store).run, parts[2]], book.store)
    assert steps.run.name == merge_runs(parts, book.store).run.name


def test_a_missing_shard_is_said_and_proves_nothing(book):
    """What it planned is not measured."""
    merged = merge_runs([part(book, "1/3", book.test("a")), part(book, "3/3", book.test("c"))], book.store)
    assert merged.missing == (2,)
    assert verdict(merged.run).reason == "shard 2 of the run is not there"
    assert verdict(merged.run).state is State.UNCHECKED


def test_equal_records_collapse_and_different_ones_conflict(book):
    """Both are kept, both are named, and nothing is proved."""
    same, one, two = book.test("same"), book.test("a"), book.test("a", duration_ns=2)
    merged = merge_runs([part(book, "1/2", same, one), part(book, "2/2", same, two)], book.store)
    assert [problem.message for problem in merged.conflicts] == ["2 records named test:unit:a differ"]
    assert [record.id for record in merged.run.records].count("test:unit:same") == 1
    assert verdict(merged.run).state is State.CONFLICT


def test_records_that_each_shard_has_do_not_conflict(book):
    """How the suite ended and what it ran is told for each shard."""
    command = CommandRun(id="command:unit", suite="unit", argv=("pytest",), exit_code=0)
    parts = [
        book.run(book.test(name), command, book.end(duration_ns=number), shard=f"{number}/2")
        for number, name in ((1, "a"), (2, "b"))
    ]
    merged = merge_runs(parts, book.store)
    assert not merged.conflicts
    assert {"suite:unit:1-of-2", "suite:unit:2-of-2", "command:unit:1-of-2"} <= {one.id for one in merged.run.records}


def test_blobs_come_along(book):
    """Each once, under its digest."""
    one, two = part(book, "1/2", blobs=(b"x", b"y")), part(book, "2/2", blobs=(b"y", b"z"))
    merged = merge_runs([one, two], book.store).run
    assert sum(name.startswith("blobs/") for name in merged.manifest.files) == 3
    assert verify(merged).intact


def test_an_interrupted_part_makes_an_interrupted_run(book):
    """The whole is not better than its parts."""
    writer = book.start(shard="1/2")
    writer.close(interrupted=True)
    merged = merge_runs([open_run(writer.folder), part(book, "2/2", book.test("b"))], book.store)
    assert merged.run.manifest.state == "interrupted"


def refusal(book, *runs):
    with pytest.raises(Problems) as caught:
        merge_runs(runs, book.store)
    return caught.value


def test_different_commits_are_refused(book):
    """One evidence set, one commit."""
    error = refusal(book, part(book, "1/2"), part(book, "2/2", commit="beef"))
    assert "measured shop at beef, not shop at c0ffee" in str(error)
    assert error.exit is Exit.USAGE


def test_different_plans_are_refused(book):
    """A shard must have planned the same suites with the same inputs."""
    error = refusal(book, part(book, "1/2"), part(book, "2/2", suites=(book.planned(at_least=7),)))
    assert "had another plan" in str(error)


def test_a_whole_run_is_no_part(book):
    """Merging it with others would count its tests twice; with itself it is what it was."""
    whole = part(book, "1/1", book.test("a"))
    error = refusal(book, whole, part(book, "1/2", book.test("b")))
    assert "is a whole run, not a part of one" in str(error)
    assert error.exit is Exit.USAGE
    assert merge_runs([whole, whole], book.store).run.records == whole.records


def test_damaged_and_unclosed_runs_are_refused(book):
    """Each is named."""
    damaged = part(book, "1/2", book.test("a"))
    (damaged.folder / "records/1-of-2.jsonl").write_bytes(b"")
    running = book.start(shard="2/2")
    error = refusal(book, open_run(damaged.folder), open_run(running.folder))
    assert error.exit is Exit.UNCHECKED
    assert [("truncated" in str(one)) or ("never closed" in str(one)) for one in error.problems] == [True, True]
    assert not list(book.store.glob("*merged*"))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_merge_holds_exactly_the_union(book, data):
    """However tests are dealt out, with overlaps, the union of equal records is there, once."""
    names = data.draw(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=8))
    dealt = [(name, data.draw(st.integers(1, 3))) for name in names]
    parts = [
        part(book, f"{number}/3", *(book.test(name) for name, where in dealt if where == number))
        for number in (1, 2, 3)
    ]
    merged = merge_runs(data.draw(st.permutations(parts)), book.store)
    assert sorted(record.name for record in merged.run.of(type(book.test()))) == sorted(set(names))
    assert not merged.conflicts


@given(total=st.integers(1, 9), data=st.data())
def test_shards_add_up(total, data):
    """What is there and what is missing are the whole, whatever was joined in whatever order."""
    present = data.draw(st.sets(st.integers(1, total), min_size=1))
    joined = join_shards([f"{number}/{total}" for number in data.draw(st.permutations(sorted(present)))])
    assert set(missing_shards(joined)) == set(range(1, total + 1)) - present


def test_parts_of_different_divisions_make_no_whole():
    """Half of two and two thirds of three are not everything."""
    joined = join_shards(["1/2", "2/3", "3/3"])
    assert missing_shards(joined) == (1,)


@pytest.mark.parametrize("shard", ["", "x", "0/2", "3/2", "1/2+1/3", "1/2 ", "1"])
def test_a_shard_that_is_none_counts_as_missing(shard):
    """A plan that says nonsense proves nothing."""
    assert shard_parts(shard) == (frozenset(), 1)
    assert missing_shards(shard) == (1,)
