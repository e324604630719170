"""Kept results answer only for what has not changed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from overt.lint import Report, check
from overt.lint.cache import Cache, fingerprint
from overt.lint.settings import PlainSettings

BAD = "_rows = []  # overt: allow OV101 -- wrong rule\n\n\ndef add(row):\n    _rows.append(row)\n"
GOOD = "_rows = {}  # a comment of just the length that takes the other's place\n" + "x = 1\n" * 40


def run(root: Path, *, key: str = "k", by_content: bool = False) -> tuple[Report, int]:
    """Check a.py with the cache and return how many files it answered for."""
    cache = Cache(root / ".overt/cache/hidden-state.json", key, by_content=by_content)
    return check(root, ["a.py"], PlainSettings(), cache=cache, today="2026-01-01"), cache.hits


@pytest.mark.parametrize("by_content", [False, True])
def test_the_second_time_the_cache_answers_the_same(tmp_path: Path, by_content: bool) -> None:
    """Findings, related places and allowances included."""
    (tmp_path / "a.py").write_text(BAD, "utf-8")
    first, before = run(tmp_path, by_content=by_content)
    second, after = run(tmp_path, by_content=by_content)
    assert (before, after) == (0, 1)
    assert second._replace(cached=0) == first._replace(cached=0)
    assert len(first.findings) == 2


@pytest.mark.parametrize("by_content", [False, True])
def test_a_file_replaced_with_same_size_and_time_is_seen(tmp_path: Path, by_content: bool) -> None:
    """Size and time of modification alone can be forged or fall together."""
    path = tmp_path / "a.py"
    path.write_text(BAD, "utf-8")
    assert run(tmp_path, by_content=by_content)[0].exit == 1
    stat = path.stat()
    path.unlink()
    path.write_text((GOOD * 3)[: len(BAD) - 1] + "\n", "utf-8")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (stat.st_size, stat.st_mtime_ns)
    report, hits = run(tmp_path, by_content=by_content)
    assert (report.findings, hits) == ((), 0)


def test_by_content_a_new_time_alone_changes_nothing(tmp_path: Path) -> None:
    """As on a fresh checkout."""
    (tmp_path / "a.py").write_text(BAD, "utf-8")
    run(tmp_path, by_content=True)
    os.utime(tmp_path / "a.py", ns=(1, 1))
    assert run(tmp_path, by_content=True)[1] == 1


def test_another_key_answers_nothing(tmp_path: Path) -> None:
    """Tool version, Python version and settings are part of it."""
    (tmp_path / "a.py").write_text(BAD, "utf-8")
    run(tmp_path, key="1")
    assert run(tmp_path, key="2")[1] == 0
    assert fingerprint("3.11") != fingerprint("3.14")


def test_another_selection_is_answered_from_the_same_cache(tmp_path: Path) -> None:
    """What is kept is what all rules say; the choice is made afterwards."""
    (tmp_path / "a.py").write_text(BAD, "utf-8")
    run(tmp_path)
    cache = Cache(tmp_path / ".overt/cache/hidden-state.json", "k")
    report = check(tmp_path, ["a.py"], PlainSettings(select=("OV1",)), cache=cache)
    assert (report.findings, cache.hits) == ((), 1)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff", b'{"key": "k", "files": []}', b'{"key": "k", "files": {"a.py": [1]}}', b"[" * 99999],
)
def test_a_broken_cache_is_no_cache(tmp_path: Path, content: bytes) -> None:
    """It is made anew."""
    (tmp_path / "a.py").write_text(BAD, "utf-8")
    path = tmp_path / ".overt/cache/hidden-state.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    report, hits = run(tmp_path)
    assert (len(report.findings), hits) == (2, 0)
    assert run(tmp_path)[1] == 1


def test_a_stored_result_that_does_not_fit_is_examined_anew(tmp_path: Path) -> None:
    """Half of a result is not a result."""
    (tmp_path / "a.py").write_text(BAD, "utf-8")
    run(tmp_path)
    path = tmp_path / ".overt/cache/hidden-state.json"
    path.write_bytes(path.read_bytes().replace(b'"OV202",', b""))
    report, hits = run(tmp_path)
    assert (len(report.findings), hits) == (2, 0)


def test_a_file_that_cannot_be_parsed_is_not_kept(tmp_path: Path) -> None:
    """Its reason is told every time."""
    (tmp_path / "a.py").write_text("def f(:\n", "utf-8")
    run(tmp_path)
    report, hits = run(tmp_path)
    assert (len(report.unreadable), hits) == (1, 0)


def test_a_folder_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    """A read-only checkout is checked all the same."""
    (tmp_path / "a.py").write_text(BAD, "utf-8")
    (tmp_path / ".overt").write_text("in the way", "utf-8")
    assert run(tmp_path)[0].exit == 1


def test_the_folder_keeps_itself_out_of_git(tmp_path: Path) -> None:
    """Nobody commits a cache by accident."""
    (tmp_path / "a.py").write_text(BAD, "utf-8")
    run(tmp_path)
    assert (tmp_path / ".overt/cache/.gitignore").read_text("utf-8") == "*\n"


def test_a_file_that_changes_while_it_is_read_is_not_answered_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is kept belongs to the bytes that were read, not to those that stood there afterwards."""
    from overt.lint import examine

    path, real = tmp_path / "a.py", examine.examine
    path.write_text(GOOD, "utf-8")

    def slow(*given: object) -> object:
        path.write_text(BAD, "utf-8")
        return real(*given)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(examine, "examine", slow)
        assert run(tmp_path)[0].findings == ()
    report, hits = run(tmp_path)
    assert (len(report.findings), hits) == (2, 0)


def test_a_write_that_is_cut_off_leaves_the_cache_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed before the new file takes the place of the old one, and nothing of it is left."""
    (tmp_path / "a.py").write_text(BAD, "utf-8")
    run(tmp_path)
    kept = (tmp_path / ".overt/cache/hidden-state.json").read_bytes()
    (tmp_path / "a.py").write_text(GOOD, "utf-8")

    def killed(*_given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            run(tmp_path)
    assert (tmp_path / ".overt/cache/hidden-state.json").read_bytes() == kept
    assert sorted(each.name for each in (tmp_path / ".overt/cache").iterdir()) == [".gitignore", "hidden-state.json"]
    assert run(tmp_path)[0].findings == ()


@pytest.mark.parametrize("cut", [1, 40, -40, -1])
def test_half_a_cache_is_no_cache(tmp_path: Path, cut: int) -> None:
    """As a full disk or a crash leaves it."""
    (tmp_path / "a.py").write_text(BAD, "utf-8")
    run(tmp_path)
    path = tmp_path / ".overt/cache/hidden-state.json"
    path.write_bytes(path.read_bytes()[:cut])
    report, hits = run(tmp_path)
    assert (len(report.findings), hits) == (2, 0)


def test_runs_at_the_same_time_all_answer_and_leave_a_whole_cache(tmp_path: Path) -> None:
    """Each writes a file of its own and puts it in place in one step."""
    for number in range(20):
        (tmp_path / f"m{number}.py").write_text(BAD, "utf-8")
    argv = [sys.executable, "-P", "-m", "overt", "check", "--json", "."]
    runs = [subprocess.Popen(argv, cwd=tmp_path, stdout=subprocess.PIPE) for _ in range(3)]
    told = [run.communicate(timeout=60)[0] for run in runs]
    assert [run.returncode for run in runs] == [1, 1, 1]
    assert [len(json.loads(each)["findings"]) for each in told] == [40, 40, 40]
    assert len(json.loads((tmp_path / ".overt/cache/hidden-state.json").read_bytes())["files"]) == 20


def test_the_key_tells_tool_python_and_settings_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Results of another tool, Python or configuration are never answered."""
    from overt.lint import cache
    from overt.lint.results import Banned

    keys = {fingerprint(""), fingerprint("3.12"), fingerprint("", [Banned("os.system", "no")])}
    with monkeypatch.context() as patched:
        patched.setattr(cache, "__version__", "0.0.0")
        keys.add(fingerprint(""))
    with monkeypatch.context() as patched:
        patched.setattr(sys, "version", "another")
        keys.add(fingerprint(""))
    assert len(keys) == 5
