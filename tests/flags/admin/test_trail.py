"""The audit trail."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from overt.flags import StoreError
from overt.flags.admin.trail import Trail


def test_lines_are_whole_and_in_ascii(tmp_path: Path) -> None:
    """Many at once do not mix; codes for terminals, breaks and turned text do nothing to whoever reads it."""
    trail = Trail(tmp_path / "deep" / "audit.jsonl", clock=lambda: 0.0)
    nasty = 'x\n{"event": "login"}\x1b[31m\u202e' + "y" * 2000
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: trail.write("login", by=f"{number} {nasty}", proved=True), range(200)))
    raw = trail.path.read_bytes()
    lines = [json.loads(line) for line in raw.splitlines()]
    assert sorted(int(line["by"].split()[0]) for line in lines) == list(range(200))
    assert raw.isascii()
    assert b"\x1b" not in raw
    assert b"202e" not in raw
    assert max(len(line["by"]) for line in lines) <= 501
    assert stat.S_IMODE(trail.path.stat().st_mode) == 0o600


def test_what_stands_there_stays(tmp_path: Path) -> None:
    """A line is only ever added, and a file that was moved away is begun anew."""
    path = tmp_path / "audit.jsonl"
    path.write_text("before\n")
    trail = Trail(path, clock=lambda: 0.0)
    trail.write("login")
    assert path.read_text().startswith("before\n{")
    path.rename(tmp_path / "yesterday")
    trail.write("login")
    assert len(path.read_text().splitlines()) == 1


def test_a_trail_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """As an error, and as a problem until it can be written again; a link leads nowhere else."""
    path = tmp_path / "audit.jsonl"
    (tmp_path / "elsewhere").write_text("")
    path.symlink_to(tmp_path / "elsewhere")
    trail = Trail(path, clock=lambda: 0.0)
    with pytest.raises(StoreError, match="cannot be written"):
        trail.write("login")
    assert "cannot be written" in trail.problem
    assert (tmp_path / "elsewhere").read_text() == ""
    path.unlink()
    trail.write("login")
    assert trail.problem == ""
