"""Progress is kept in one file that is never half written, never silently lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.model import OvertError
from overt.system.clock import SystemClock
from overt.training.progress import Entry, Progress, attempted, read_progress, write_progress

ENTRIES = st.dictionaries(
    st.text(max_size=8),
    st.builds(Entry, attempts=st.integers(0, 99), hints=st.integers(0, 3), passed_ns=st.integers(0, 2**62)),
    max_size=4,
)


@given(entries=ENTRIES)
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, entries: dict[str, Entry]) -> None:
    """Whatever the exercises are called."""
    folder = tmp_path_factory.mktemp("learner")
    write_progress(folder, Progress(entries=entries))
    assert read_progress(folder) == (Progress(entries=entries), "")


def test_nothing_yet_is_no_trouble(tmp_path: Path) -> None:
    """The first start needs no set-up."""
    assert read_progress(tmp_path / "absent") == (Progress(), "")


@pytest.mark.parametrize("damaged", [b"", b"{", b'{"format": 1, "entries": 3}', b"\xff\xfe", b"[]"])
def test_a_damaged_file_is_moved_aside(tmp_path: Path, damaged: bytes) -> None:
    """It is kept for whoever wants to mend it, and said."""
    for number in (1, 2):
        (tmp_path / "progress.json").write_bytes(damaged)
        progress, told = read_progress(tmp_path)
        assert progress == Progress()
        assert f"progress.damaged-{number}.json" in told
        assert (tmp_path / f"progress.damaged-{number}.json").read_bytes() == damaged


def test_a_newer_format_is_left_alone(tmp_path: Path) -> None:
    """An older overt never overwrites what a newer one wrote."""
    newer = b'{"format": 2, "entries": {}, "more": 1}'
    (tmp_path / "progress.json").write_bytes(newer)
    with pytest.raises(OvertError, match="format 2"):
        read_progress(tmp_path)
    assert (tmp_path / "progress.json").read_bytes() == newer


def test_the_first_pass_counts() -> None:
    """Later attempts change neither when it passed nor that it did."""
    progress = attempted(Progress(), "a", passed=False, clock=SystemClock())
    assert (progress.of("a").attempts, progress.of("a").passed_ns) == (1, 0)
    passed = attempted(progress, "a", passed=True, clock=SystemClock())
    again = attempted(passed, "a", passed=False, clock=SystemClock())
    assert passed.of("a").passed_ns > 0
    assert (again.of("a").attempts, again.of("a").passed_ns) == (3, passed.of("a").passed_ns)


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\r\n"])
def test_what_an_editor_adds_does_no_harm(tmp_path: Path, before: bytes) -> None:
    """A mark in front and other line ends are how some systems save text."""
    write_progress(tmp_path, Progress(entries={"a": Entry(attempts=2)}))
    path = tmp_path / "progress.json"
    path.write_bytes(before + path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_progress(tmp_path) == (Progress(entries={"a": Entry(attempts=2)}), "")
