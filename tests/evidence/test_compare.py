"""Two states side by side: what broke, what was mended, what is gone, what got slower, by whatever name they go."""

from __future__ import annotations

import shutil

import pytest

from overt.evidence.compare import compare, compare_sides
from overt.evidence.history_file import read_history, remember, whole_history
from overt.evidence.ledger import open_ledger
from overt.evidence.manifest import Subject
from overt.evidence.records import CommandRun, Sample
from overt.evidence.sides import Sides
from overt.model import OvertError
from overt.system.process import run_process


def test_comparing_tells_new_fixed_and_still_failing(book):
    """And tests that vanished, came, or slowed down."""
    second = 1_000_000_000
    before = book.run(
        book.test("breaks"),
        book.test("mends", "failed"),
        book.test("stays", "error"),
        book.test("gone"),
        book.test("slow", duration_ns=second),
        book.test("retried", "failed"),
        book.test("retried", attempt=2),
    )
    after = book.run(
        book.test("breaks", "failed"),
        book.test("mends"),
        book.test("stays", "failed"),
        book.test("comes"),
        book.test("slow", duration_ns=3 * second),
        book.test("retried"),
    )
    found = compare(before, after)
    assert (found.every("new"), found.every("fixed"), found.every("still_failing")) == (
        ("unit: breaks",),
        ("unit: mends",),
        ("unit: stays",),
    )
    assert (found.every("missing"), found.every("added")) == (("unit: gone",), ("unit: comes",))
    assert [(one.name, one.before_ns, one.after_ns) for one in found.suites[0].slower] == [
        ("unit: slow", second, 3 * second)
    ]
    assert found.worse
    assert not compare(before, before).worse


def test_comparing_tells_new_and_gone_findings(book):
    """By what they say, not by their line."""
    suites = (book.planned("lint", "lint"),)
    before = book.run(book.scan(), book.finding(line=1), suites=suites)
    after = book.run(book.scan(), book.finding(line=2), suites=suites)
    found = compare(before, after)
    assert found.every("new_findings") == ("lint: src/a.py:2: F401 unused",)
    assert found.every("gone_findings") == ("lint: src/a.py:1: F401 unused",)
    assert found.worse


def test_suites_of_one_run_only_are_not_compared(book):
    """A test is not missing because its suite was not asked for."""
    before = book.run(book.test("a"), book.test("b", suite="slow"), suites=(book.planned(), book.planned("slow")))
    after = book.run(book.test("a"))
    found = compare(before, after)
    assert (found.every("missing"), found.not_compared, found.worse) == ((), ("slow",), False)


def test_a_suite_that_held_and_does_not_is_worse(book):
    """Also when no test tells why."""
    before = book.run(book.test(), book.end())
    after = book.run(
        book.test(), book.end(), CommandRun(id="command:unit", suite="unit", argv=("pytest",), exit_code=1)
    )
    found = compare(before, after)
    assert (found.suites[0].before, found.suites[0].after, found.suites[0].lost) == ("proved", "refuted", True)
    assert found.worse
    assert not compare(after, before).worse


@pytest.mark.parametrize(("seconds", "named"), [((10, 12.1), True), ((10, 11.9), False), ((1, 1.9), False)])
def test_a_slower_suite_is_named_beyond_its_band(book, seconds, named):
    """20 % and a second; only with the same tests."""
    before, after = (book.run(book.test(), book.end(duration_ns=round(took * 1e9))) for took in seconds)
    assert [one.name for one in compare(before, after).suites[0].slower] == (["unit"] if named else [])
    other = book.run(book.test(), book.test("more"), book.end(duration_ns=round(seconds[1] * 1e9)))
    assert compare(before, other).suites[0].slower == ()


def _samples(ratio: float) -> list[Sample]:
    return [
        Sample(id=f"s:{pair}:{role}", suite="unit", benchmark="add", side=role, role=role, pair=pair, order=1,
               wall_ns=round(1_000_000 * (1 if role == "baseline" else ratio) + pair))
        for pair in range(1, 13) for role in ("baseline", "candidate")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("ratios", "slower", "faster"),
    [((1.0, 1.2), 1, 0), ((1.2, 1.0), 0, 1), ((1.0, 1.01), 0, 0), ((1.0, 1.0), 0, 0)],
)
def test_a_benchmark_is_slower_when_its_intervals_lie_apart(book, ratios, slower, faster):
    """By more than the band; it says nothing about whether the runs hold."""
    before, after = (book.run(*_samples(ratio), book.test(), book.end()) for ratio in ratios)
    (suite,) = compare(before, after).suites
    assert (len(suite.benchmarks_slower), len(suite.benchmarks_faster)) == (slower, faster)
    assert not suite.worse


def test_a_run_that_is_gone_is_compared_by_what_is_remembered(book):
    """Its tests are known by name; findings by name and times are not, and that is told."""
    before = book.run(book.test("a", "failed"), book.test("b"), book.test("out", "skipped"), book.end())
    after = book.run(book.test("a"), book.test("c"), book.test("out", "skipped"), book.end())
    whole = compare(before, after)
    remember(book.root, [before, after])
    shutil.rmtree(before.folder)
    ledger = open_ledger(book.root)
    sides = Sides(book.root, ledger, read_history(book.root))
    found = compare_sides(sides.find(before.name), sides.find(after.name))
    for kind in ("new", "fixed", "missing", "added", "still_failing"):
        assert found.every(kind) == whole.every(kind)
    assert found.only_remembered == (before.name,)
    assert found.suites[0].slower == ()


def _sides(book) -> Sides:
    ledger = open_ledger(book.root)
    return Sides(book.root, ledger, whole_history(book.root, ledger.runs))


def test_previous_is_the_run_before_with_a_suite_in_common(book):
    """Not one of something else."""
    first = book.run(book.test(), book.end())
    with pytest.raises(OvertError, match="no run before the latest"):
        _sides(book).find("previous")
    book.run(book.scan(files=1), book.end("lint"), suites=(book.planned("lint", "lint"),))
    last = book.run(book.test(), book.end())
    assert _sides(book).find("previous").name == first.name
    assert _sides(book).find("latest").name == last.name


def test_a_name_that_nothing_goes_by_is_told(book):
    """With the nearest run."""
    book.run(book.test(), book.end())
    for name in ("nothing", "--all", "dead", "c0ff"):
        if name == "c0ff":
            assert _sides(book).find(name).suites.keys() == {"unit"}
        else:
            with pytest.raises(OvertError, match="there is no run"):
                _sides(book).find(name)


def test_branches_and_commits_are_states(book, monkeypatch):
    """Of each suite the newest run there; from a branch back to the newest commit that was measured."""

    def git(*arguments: str) -> str:
        who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        done = run_process(["git", *who, *arguments], cwd=book.root, timeout=60)
        assert done.ok
        return done.output.decode().strip()

    def run(*records, branch: str = "main", suites=()):
        commit = git("rev-parse", "HEAD")
        real = Subject

        def subject(**given):
            return real(**{**given, "commit": commit, "branch": branch})

        with monkeypatch.context() as patch:
            patch.setitem(type(book).start.__globals__, "Subject", subject)
            return book.run(*records, suites=suites)

    git("init", "-q", "-b", "main")
    git("commit", "-q", "--allow-empty", "-m", "one")
    lint = run(book.scan(files=1), book.end("lint"), suites=(book.planned("lint", "lint"),))
    run(book.test("a", "failed"), book.end())
    unit = run(book.test("a"), book.end())
    first = git("rev-parse", "HEAD")
    git("tag", "v1")
    git("checkout", "-q", "-b", "feature")
    git("commit", "-q", "--allow-empty", "-m", "two")
    broken = run(book.test("a", "failed"), book.end(), branch="feature")
    git("commit", "-q", "--allow-empty", "-m", "not measured")
    book.start(commit=git("rev-parse", "HEAD"))
    sides = _sides(book)
    for name in ("main", first, first[:8], "v1"):
        assert {suite: one.run for suite, one in sides.find(name).suites.items()} == {
            "lint": lint.name, "unit": unit.name,
        }  # fmt: skip
    assert sides.find("feature").suites["unit"].run == broken.name
    head = sides.find("HEAD")
    assert head.name.endswith("1 commit behind)")
    found = compare_sides(sides.find("main"), head)
    assert (found.every("new"), found.not_compared) == (("unit: a",), ("lint",))
