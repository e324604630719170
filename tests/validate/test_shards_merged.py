"""Shards that really run, and what they come to when they are merged."""

from __future__ import annotations

import json

import pytest

from overt.campaign import load
from overt.evidence.merge import merge_runs
from overt.evidence.reader import open_run
from overt.evidence.records import Collected, TestCase
from overt.evidence.summary import summarise
from overt.model import Problems, State

XDIST = '["-p", "xdist.plugin", "-n", "2"]'
CAMPAIGN = """
[suites.unit]
kind = "pytest"
at-least = 60
args = {args}
[suites.types]
kind = "command"
command = ["true"]
[suites.odd]
kind = "command"
command = ["sh", "-c", "exit 3"]
required = false
"""
MANY = """
import pytest

@pytest.mark.parametrize("a", range(6))
@pytest.mark.parametrize("b", ["x", "y", "é/[]::", "a b", "1\\n2", "\\x1b["])
def test_of_many(a, b):
    pass

class TestInside:
    @pytest.mark.parametrize("n", range(20))
    def test_n(self, n):
        assert n != 7

@pytest.mark.skip(reason="not today")
def test_skipped(): pass

@pytest.mark.xfail
def test_expected(): assert 0
"""


@pytest.fixture
def many(project):
    project.campaign(CAMPAIGN.format(args="[]"))
    for name in "abcde":
        project.write(
            f"tests/test_{name}.py", "import pytest\n@pytest.mark.parametrize('n', range(4))\ndef test_(n): pass\n"
        )
    project.write("tests/test_many.py", MANY)
    return project


def verdicts(project, run):
    suites = load(project.root).campaign.suites
    return {one.name: summarise(run, one, suite=suites[one.name]) for one in run.manifest.plan.suites}


def cases(run):
    return {(record.suite, record.name, record.attempt, record.outcome) for record in run.of(TestCase)}


def parts_of(project, shards, **choice):
    return [project.run(shard=f"{number}/{shards}", **choice).run for number in range(1, shards + 1)]


@pytest.mark.parametrize("args", ["[]", XDIST], ids=["alone", "xdist"])
def test_merged_shards_are_the_unsharded_run(many, args):
    """The same cases with the same outcomes, the same counts, the same verdict of every suite."""
    many.campaign(CAMPAIGN.format(args=args))
    parts = parts_of(many, 2)
    whole = many.run().run
    merged = merge_runs(parts, whole.folder.parent)
    assert (merged.conflicts, merged.missing) == ((), ())
    assert cases(merged.run) == cases(whole)
    assert len(whole.of(TestCase)) == 78
    then, now = verdicts(many, whole), verdicts(many, merged.run)
    for name, summary in then.items():
        assert now[name].counts == summary.counts
        assert (now[name].verdict.state, now[name].verdict.reason) == (summary.verdict.state, summary.verdict.reason)
    assert then["unit"].verdict.state is State.REFUTED
    assert all(part.of(TestCase) for part in parts)


def test_a_missing_shard_leaves_its_tests_unmeasured_by_name(many):
    """Each part says what all the tests are, so those of the one that is not there are known to be missing."""
    many.write("tests/test_many.py", MANY.replace("assert n != 7", "pass"))
    parts = parts_of(many, 3, suites=("unit",))
    merged = merge_runs([parts[0], parts[2]], parts[0].folder.parent)
    assert merged.missing == (2,)
    summary = verdicts(many, merged.run)["unit"]
    lost = {record.name for record in parts[1].of(TestCase)}
    assert (summary.counts.planned, summary.counts.missing, summary.counts.total) == (78, len(lost), 78 - len(lost))
    assert summary.verdict.state is State.UNCHECKED
    assert f"{len(lost)} of 78 planned tests left no result, for example {min(lost)}" in summary.verdict.reason


def test_shards_of_other_durations_are_refused(many):
    """They would have run tests twice or not at all, which nobody would notice."""
    first = many.run(shard="1/2", suites=("unit",)).run
    many.run(suites=("unit",))
    second = many.run(shard="2/2", suites=("unit",)).run
    with pytest.raises(Problems, match="was dealt out by other durations"):
        merge_runs([first, second], first.folder.parent)


def test_shards_that_found_different_tests_are_a_conflict(many):
    """A test that one machine did not collect may have been dealt to that machine."""
    many.write(
        "tests/test_more.py",
        "import os, pytest\n@pytest.mark.parametrize('n', range(int(os.environ.get('MORE', 1))))\ndef test_(n): pass\n",
    )
    first = many.run(shard="1/2", suites=("unit",)).run
    second = many.run(shard="2/2", suites=("unit",), environment={"MORE": "9"}).run
    merged = merge_runs([first, second], first.folder.parent)
    told = [one.message for one in merged.conflicts]
    assert told[-1] == "suite unit: its parts were dealt out from different sets of tests, of 79 and 87"
    assert all(message.startswith("2 records named test:unit:") for message in told[:-1])
    assert verdicts(many, merged.run)["unit"].verdict.state is not State.PROVED


def test_a_shard_without_a_test_of_a_suite_has_nothing_to_judge(project):
    """With more shards than tests some get none: not green, not red, and not in the way of the merged verdict."""
    project.campaign('[suites.unit]\nkind = "pytest"\n')
    project.write("test_a.py", "def test_a(): pass\n")
    done = [project.run(shard=f"{number}/2") for number in (1, 2)]
    assert [[one.verdict.state for one in part.summaries] for part in done] == [[State.PROVED], []]
    merged = merge_runs([part.run for part in done], done[0].run.folder.parent).run
    summary = verdicts(project, merged)["unit"]
    assert (summary.verdict.state, summary.counts.total) == (State.PROVED, 1)


def test_an_empty_collection_stays_unchecked_in_every_shard(project):
    """No test at all is not the same as none in this shard."""
    done = project.run(shard="2/2")
    assert [one.verdict.state for one in done.summaries] == [State.UNCHECKED]


def test_a_shard_tells_what_all_the_tests_are(many):
    """With the digest of their names, the same in each part."""
    first, second = parts_of(many, 2, suites=("unit",))
    told = [one for part in (first, second) for one in part.of(Collected)]
    assert {one.whole for one in told} == {78}
    assert len({one.whole_sha256 for one in told}) == 1
    assert sum(one.count for one in told) == 78
    names = first.blob(told[0].whole_blob).decode().split("\n")
    assert {name for part in (first, second) for name in (one.name for one in part.of(TestCase))} == set(names)


def test_recorded_durations_balance_the_parts(project):
    """What runs whole counts, too: the test that takes longest goes where there is nothing else yet."""
    project.campaign('[suites.unit]\nkind = "pytest"\n[suites.types]\nkind = "command"\ncommand = ["true"]\n')
    for name in "abcd":
        project.write(f"test_{name}.py", f"def test_{name}(): pass\n")
    times = {f"test_{name}.py": {"each_us": us, "count": 1} for name, us in zip("abcd", (9, 5, 4, 1), strict=True)}
    told = {"format": 1, "suites": {"unit": {"wall_us": 19, "each_us": 4, "files": times}, "types": {"wall_us": 1}}}
    project.write("validation/durations.json", json.dumps(told))
    parts = parts_of(project, 2)
    names = [sorted(record.name[5] for record in part.of(TestCase)) for part in parts]
    assert names == [["b", "c"], ["a", "d"]]  # 1 of `types` + 5 + 4, and 9 + 1
    assert [len(part.for_suite("types")) for part in parts] == [2, 0]
    assert open_run(parts[0].folder).manifest.plan.split_sha256
