"""What a ledger tells about how long things take."""

from __future__ import annotations

from overt.evidence.durations import durations_of
from overt.validate.recorder.overt_split import weight_of

MS = 1_000_000


def whole(book, *tests, wall_ms=100, **more):
    return book.run(*tests, book.end(duration_ns=wall_ms * MS), **more)


def test_times_of_tests_add_up_to_the_wall_time_of_their_suite(book):
    """Two workers halve it, set-up adds to it: what counts is the share of each."""
    run = whole(
        book,
        book.test("a.py::quick", duration_ns=10 * MS),
        book.test("a.py::slow", duration_ns=380 * MS),
        book.test("b.py::x[1]", duration_ns=10 * MS),
        wall_ms=200,
    )
    times = durations_of([run]).suites["unit"]
    assert times.wall_us == 200_000
    assert times.files["a.py"].tests == {"slow": 190_000}
    assert (times.files["a.py"].each_us, times.files["a.py"].count) == (5_000, 1)
    assert times.files["b.py"].tests == {}
    known = {"each_us": times.each_us, "files": {"a.py": {"each_us": 5_000, "tests": {"slow": 190_000}}}}
    assert [weight_of(name, known) for name in ("a.py::slow", "a.py::quick", "new.py::x")] == [190_000, 5_000, 66_666]


def test_attempts_add_up(book):
    """A test that is tried three times takes as long as all of them."""
    run = whole(
        book, book.test("a::x", "failed", duration_ns=60 * MS), book.test("a::x", attempt=2, duration_ns=40 * MS)
    )
    assert durations_of([run]).suites["unit"].files["a"].tests == {"x": 100_000}


def test_only_the_newest_whole_run_tells(book):
    """A part of a run, one that broke off, one that is damaged and one that is still going tell nothing."""
    good = whole(book, book.test("a::x"), wall_ms=1)
    newer = whole(book, book.test("a::x"), wall_ms=2)
    part = whole(book, book.test("a::x"), wall_ms=3, shard="1/2")
    broken = book.run(book.test("a::x"), book.end(status="timeout"))
    damaged = whole(book, book.test("a::x"), wall_ms=4)
    (damaged.folder / "records/1-of-1.jsonl").write_bytes(b"")
    assert durations_of([part, broken, damaged, newer, good]).suites["unit"].wall_us == 2_000
    assert not durations_of([part, broken, damaged]).suites


def test_each_suite_has_its_own_newest_run(book):
    """One that was run alone does not hide the others."""
    both = (book.planned(), book.planned("types", "command"))
    all_of_it = book.run(book.end(duration_ns=5 * MS), book.end("types", duration_ns=7 * MS), suites=both)
    alone = whole(book, book.test("a::x"), wall_ms=9)
    found = durations_of([alone, all_of_it], ["unit", "types"]).suites
    assert {name: times.wall_us for name, times in found.items()} == {"types": 7_000, "unit": 9_000}
