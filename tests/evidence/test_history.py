"""The history: drawn from sealed runs, only ever added to, mergeable, and told where it is damaged."""

from __future__ import annotations

import fcntl
import shutil
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.evidence import history_file
from overt.evidence.history import Entry, Names, read_line, write_line
from overt.evidence.history_file import HISTORY, merge_history, parse_history, read_history, remember, whole_history
from overt.evidence.history_make import make_entries
from overt.evidence.history_names import names_digest, pack, resolve, restrict, tell, unpack
from overt.evidence.history_prune import choose, remove
from overt.evidence.ledger import open_ledger
from overt.evidence.records import ExerciseChecked, Measure, Sample
from overt.model import OvertError, Severity
from overt.system.process import run_process


def _file(book) -> Path:
    return book.root / HISTORY


def test_a_run_becomes_one_line_for_each_suite(book):
    """With what is needed when its folder is gone: seal, commit, outcome, figures."""
    suites = (book.planned(), book.planned("lint", "lint"))
    run = book.run(
        book.test(), book.test("b", "failed"), book.end(), book.scan(files=3), book.finding(standing="ratcheted"),
        book.finding(line=9, severity=Severity.NOTE), book.end("lint"), suites=suites,
    )  # fmt: skip
    assert remember(book.root, [run]).added == 2
    shutil.rmtree(run.folder)
    unit, lint = sorted(read_history(book.root).entries, key=lambda entry: entry.suite, reverse=True)
    assert (unit.seal, unit.commit, unit.outcome) == (run.manifest.seal, "c0ffee", "refuted")
    assert unit.counts == {"total": 2, "passed": 1, "failed": 1}
    assert unit.tests == {"b": "f"}
    assert (lint.outcome, lint.standings) == ("proved", {"ratcheted": 1, "note": 1})


def test_only_tests_that_failed_are_named_with_all_their_attempts(book):
    """What passed at once, was skipped or failed as expected costs nothing but its name in the set."""
    run = book.run(
        book.test("ok"), book.test("late", "failed"), book.test("late", attempt=2), book.test("bad", "error"),
        book.test("out", "skipped"), book.test("known", "xfailed"), book.end(),
    )  # fmt: skip
    (entry,) = make_entries(run).entries
    assert entry.tests == {"bad": "e", "late": "fp"}
    remember(book.root, [run])
    history = read_history(book.root)
    assert resolve(history.entries[0].names, history.sets) == {"ok", "late", "bad", "known"}


def test_a_run_is_remembered_once(book):
    """However often it is added, and by whomever."""
    run = book.run(book.test(), book.end())
    assert [remember(book.root, [run]).added for _ in range(3)] == [1, 0, 0]
    data = _file(book).read_bytes()
    assert whole_history(book.root, [run]) == read_history(book.root)
    assert _file(book).read_bytes() == data


def test_looking_at_the_whole_history_writes_nothing(book):
    """Runs that nobody has added yet are there all the same."""
    run = book.run(book.test(), book.end())
    history = whole_history(book.root, [run])
    assert [entry.run for entry in history.entries] == [run.name]
    assert not _file(book).exists()


def test_what_cannot_be_relied_on_is_not_remembered(book):
    """A damaged run, one that was never closed and a part of a run are passed over, and it is said why."""
    damaged = book.run(book.test(), book.end())
    (damaged.folder / "records/1-of-1.jsonl").write_bytes(b"")
    part = book.run(book.test(), book.end(), shard="1/2")
    book.start()
    runs = open_ledger(book.root).runs
    told = remember(book.root, runs)
    assert told.added == 0
    said = " ".join(map(str, told.passed_over))
    assert f"{damaged.name} is damaged" in said
    assert f"{part.name} is a part of a run; shard 2" in said
    assert "was never closed" in said
    assert read_history(book.root).entries == ()


def test_benchmarks_and_measures_are_kept_in_short(book):
    """The ratio with its interval in parts per million; coverage and leaks as measured."""
    samples = [
        Sample(id=f"s:{pair}:{role}", suite="unit", benchmark="add", side=role, role=role, pair=pair, order=1,
               wall_ns=1000 * (2 if role == "candidate" else 1))
        for pair in range(1, 9) for role in ("baseline", "candidate")
    ]  # fmt: skip
    measures = [
        Measure(id=f"m:{name}", suite="unit", name=name, value=7, unit="ppm") for name in ("coverage.lines", "odd")
    ]
    run = book.run(*samples, *measures, book.test(), book.end())
    (entry,) = make_entries(run).entries
    assert entry.measures == {"coverage.lines": 7}
    assert entry.benchmarks["add"].verdict == "slower"
    assert entry.benchmarks["add"].ratio == entry.benchmarks["add"].low == 2_000_000


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda line: line[:-20], "is not a line of a history"),
        (lambda line: line.replace(b"c0ffee", b"c0ffef"), "was edited"),
        (lambda line: line.replace(b'"version":1', b'"version":2'), "is of version 2"),
        (lambda line: b"\xff\xfe", "is not a line of a history"),
        (lambda line: b"[]", "is not a line of a history"),
    ],
)
def test_a_damaged_line_is_named_and_passed_over(book, harm, words):
    """With its number; the others count."""
    runs = [book.run(book.test(), book.end()) for _ in range(3)]
    remember(book.root, runs)
    lines = _file(book).read_bytes().split(b"\n")
    at = next(n for n, line in enumerate(lines) if runs[1].name.encode() in line)
    lines[at] = harm(lines[at])
    _file(book).write_bytes(b"\n".join(lines))
    history = read_history(book.root)
    assert [entry.run for entry in history.entries] == [runs[0].name, runs[2].name]
    assert [str(problem.where) for problem in history.damage] == [f"{HISTORY}:{at + 1}"]
    assert words in history.damage[0].message


def test_a_line_that_a_kill_cut_off_harms_no_later_one(book):
    """What comes after stands on a line of its own."""
    first, second = (book.run(book.test(), book.end()) for _ in range(2))
    remember(book.root, [first])
    with _file(book).open("ab") as stream:
        stream.write(b'{"branch":"ma')
    remember(book.root, [second])
    history = read_history(book.root)
    assert [entry.run for entry in history.entries] == [first.name, second.name]
    assert len(history.damage) == 1


def test_histories_of_two_machines_merge_to_the_same(book, tmp_path):
    """In either order, also twice."""
    runs = [book.run(book.test(f"t{number}"), book.test("shared"), book.end()) for number in range(4)]
    left, right = tmp_path / "left", tmp_path / "right"
    remember(left, runs[:3])
    remember(right, runs[1:])
    copy = tmp_path / "copy.jsonl"
    shutil.copy(left / HISTORY, copy)
    assert merge_history(left, [right / HISTORY]).added == 1
    assert merge_history(right, [copy]).added == 1
    assert merge_history(right, [copy]).added == 0
    one, other = read_history(left), read_history(right)
    assert one.entries == other.entries
    for entry in one.entries:
        assert resolve(entry.names, one.sets) == resolve(entry.names, other.sets)


def test_merging_leaves_out_what_is_damaged_and_names_it(book, tmp_path):
    """Of a file that somebody else sent."""
    remember(tmp_path / "other", [book.run(book.test(), book.end())])
    path = tmp_path / "other" / HISTORY
    path.write_bytes(path.read_bytes() + b"{}\n")
    told = merge_history(book.root, [path])
    assert told.added == 1
    assert [str(problem.where) for problem in told.passed_over] == ["history.jsonl:3"]
    with pytest.raises(OvertError, match="no such file"):
        merge_history(book.root, [tmp_path / "none"])


def test_two_lines_that_contradict_each_other_are_named(book):
    """Whichever stands first, the same one counts."""
    remember(book.root, [book.run(book.test("a", "failed"), book.end())])
    (entry,) = read_history(book.root).entries
    forged = write_line(msgspec.structs.replace(entry, outcome="proved", check=""))
    data = _file(book).read_bytes()
    after, before = parse_history(data + forged, "f"), parse_history(forged + data, "f")
    assert "contradicts another line about suite unit" in after.damage[0].message
    assert len(after.entries) == 1
    assert after.entries == before.entries


def test_programs_that_add_at_once_lose_nothing_and_double_nothing(book):
    """Each adds every run; in the end each is there once."""
    runs = [book.run(book.test(f"t{number % 3}"), book.end()) for number in range(12)]
    script = (
        "import sys; from pathlib import Path; from overt.evidence.ledger import open_ledger;"
        "from overt.evidence.history_file import remember;"
        "root = Path(sys.argv[1]); runs = open_ledger(root).runs\n"
        "for run in runs if sys.argv[2] == 'f' else runs[::-1]: remember(root, [run])"
    )
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(3) as pool:
        jobs = [
            pool.submit(run_process, [sys.executable, "-c", script, str(book.root), way], cwd=book.root, timeout=110)
            for way in "fbf"
        ]
        assert all(job.result().ok for job in jobs)
    data = _file(book).read_bytes()
    assert not parse_history(data, HISTORY).damage
    assert sorted(entry.run for entry in read_history(book.root).entries) == [run.name for run in runs]
    assert sum(b'"line":"suite"' in line for line in data.split(b"\n")) == len(runs)


@pytest.mark.parametrize("shared", [False, True])
def test_while_one_adds_nobody_else_does(tmp_path, shared):
    """Readers keep writers out, and each other not."""

    def taken(how: int) -> bool:
        with (tmp_path / "history.lock").open("ab") as other:
            try:
                fcntl.flock(other, how | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    seen: list[tuple[bool, bool]] = []

    def look(_: bytes = b"") -> list[Entry]:
        seen.append((taken(fcntl.LOCK_EX), taken(fcntl.LOCK_SH)))
        return []

    if shared:
        with history_file._alone(tmp_path / "history.jsonl", shared=True):
            look()
    else:
        history_file._add(tmp_path / "history.jsonl", look)
    assert seen == [(True, not shared)]
    assert not taken(fcntl.LOCK_EX)


def test_a_full_disk_leaves_the_file_as_it_was(book, monkeypatch):
    """Nothing of the line stays behind."""
    first, second = (book.run(book.test(), book.end()) for _ in range(2))
    remember(book.root, [first])
    data = _file(book).read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("overt.evidence.history_file.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        remember(book.root, [second])
    assert _file(book).read_bytes() == data


def test_a_set_of_tests_is_told_by_what_changed(book):
    """One test more costs one name, not all of them."""
    many = [f"tests/test_long_name_of_a_module.py::test_{number}" for number in range(500)]
    whole = tell(many, "unit", None, ())
    more = tell([*many, "new"], "unit", whole, many)
    less = tell(many[1:], "unit", more, [*many, "new"])
    assert (more.added, more.gone, less.gone) == (("new",), (), ("new", many[0]))
    sets = {line.sha256: line for line in (whole, more, less)}
    assert resolve(less.sha256, sets) == frozenset(many[1:])
    assert restrict(sets, {"new", many[0]})[more.sha256] == {"new", many[0]}
    assert restrict(sets, {"new", many[0]})[less.sha256] == frozenset()


@given(st.lists(st.sets(st.sampled_from([f"t{number}" for number in range(12)]), min_size=1), min_size=1, max_size=80))
def test_any_chain_of_sets_resolves_to_what_was_told(chain):
    """Also beyond the depth at which a set is told whole again; restricted, to the same names."""
    sets: dict[str, Names] = {}
    base, known = None, frozenset[str]()
    for names in chain:
        digest = names_digest(names)
        if digest not in sets:
            sets[digest] = tell(names, "unit", base, known)
        base, known = sets[digest], frozenset(names)
    some = {"t0", "t5"}
    restricted = restrict(sets, some)
    for names in chain:
        assert resolve(names_digest(names), sets) == names
        assert restricted[names_digest(names)] == names & some


def test_a_set_whose_base_is_lost_is_not_guessed():
    """Neither resolved nor restricted."""
    whole = tell(["a", "b", "c"], "unit", None, ())
    more = tell(["a", "b", "c", "d"], "unit", whole, ["a", "b", "c"])
    with pytest.raises(OvertError, match="is not known"):
        resolve(more.sha256, {more.sha256: more})
    assert restrict({more.sha256: more}, {"a"}) == {}
    swapped = msgspec.structs.replace(more, added=("e",))
    with pytest.raises(OvertError, match="not what its digest says"):
        resolve(more.sha256, {whole.sha256: whole, more.sha256: swapped})


@pytest.mark.parametrize("text", ["!", "AAAA", pack(["a"])[:-8], pack({"a": 1})])
def test_compressed_text_that_is_damaged_is_an_error(text):
    """Never a guess."""
    with pytest.raises(OvertError, match="compressed text"):
        unpack(text, list[str])


def test_very_many_failures_are_kept_compressed(book):
    """A broken import fails every test, and its line stays short."""
    run = book.run(*(book.test(f"tests/test_a.py::test_{number}", "failed") for number in range(300)), book.end())
    (entry,) = make_entries(run).entries
    assert entry.tests == {}
    assert len(unpack(entry.packed, dict[str, str])) == 300
    assert len(write_line(entry)) < 3_000


@given(st.builds(Entry, version=st.just(1), run=st.text(), seal=st.text(), suite=st.text(), branch=st.text(),
                 commit=st.text(), counts=st.dictionaries(st.text(), st.integers(0, 9)),
                 tests=st.dictionaries(st.text(), st.text("pfe", min_size=1, max_size=50))))  # fmt: skip
def test_any_line_is_read_as_it_was_written(entry):
    """Also with names that look like a check."""
    line = read_line(write_line(entry)[:-1])
    assert msgspec.structs.replace(line, check="") == entry


@pytest.mark.parametrize(
    "forged", [{"tests": {"a": ""}}, {"tests": {"a": "q"}}, {"created_ns": -1}, {"counts": {"total": 10**40}}]
)
def test_a_line_that_makes_no_sense_is_passed_over(forged):
    """Although its check holds: whoever can write the file can also write a line that fits."""
    entry = Entry(version=1, run="r", seal="s", suite="unit", **forged)
    history = parse_history(write_line(entry), "f")
    assert history.entries == ()
    assert "is not a line of a history" in history.damage[0].message


def test_a_folder_may_go_when_nothing_rests_on_its_run(book):
    """The newest of each suite stays, and so does what was checked in no later run."""
    odd = book.run(book.scan(), book.end("lint"), suites=(book.planned("lint", "lint"),))
    done = ExerciseChecked(
        id="exercise:a", suite="train", exercise="a", text_sha256="", solution_passes=True, start_fails=True,
        wrong_rejected=0, wrong_total=0,
    )  # fmt: skip
    trained = book.run(done, book.end("train"), suites=(book.planned("train", "training"),))
    other = msgspec.structs.replace(done, id="exercise:b")
    book.run(other, book.end("train"), suites=(book.planned("train", "training"),))
    old, kept, new = (book.run(book.test(), book.end()) for _ in range(3))
    runs = open_ledger(book.root).runs
    remember(book.root, [run for run in runs if run.name != kept.name])
    chosen = choose(runs, read_history(book.root), keep=1)
    assert [run.name for run in chosen.removable] == [old.name]
    reasons = {run.name: reason for run, reason in chosen.needed}
    assert "does not remember" in reasons[kept.name]
    assert "newest run of lint" in reasons[odd.name]
    assert "exercise:a" in reasons[trained.name]
    assert new.name not in reasons
    remove(chosen.removable[0])
    assert not old.folder.exists()
    assert old.name in {entry.run for entry in read_history(book.root).entries}
