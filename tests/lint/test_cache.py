"""Kept results answer only for what has not changed."""

from __future__ import annotations

import os
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
