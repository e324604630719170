"""Several processes come to what one comes to, and none of them is left behind.

Run by `test_workers.py` in a process of its own: one with threads, as the workers of pytest-xdist are, is not copied.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from overt.lint import check, many
from overt.lint.cache import Cache
from overt.lint.many import Read
from overt.lint.results import Examined
from overt.lint.settings import PlainSettings
from overt.lint.workers import share

SIZES = {f"{number}.py": number + 1 for number in range(40)}
BAD = "_rows = []\n\n\ndef add(row):\n    _rows.append(row)\n"


def tell(name: str) -> Read:
    """Return which process worked at a name."""
    return Examined(lines=os.getpid()), name


def children() -> bool:
    """Tell whether this process has any child that has not been waited for."""
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return False
    return True


def test_each_name_is_worked_at_once_in_shares_of_about_the_same_size() -> None:
    """Three processes, this one among them, and all of them gone afterwards."""
    found = share(SIZES, tell, 3)
    loads: dict[int, int] = {}
    for name, (result, stamp) in found.items():
        assert stamp == name
        loads[result.lines] = loads.get(result.lines, 0) + SIZES[name]
    assert (sorted(found), len(loads), os.getpid() in loads) == (sorted(SIZES), 3, True)
    assert max(loads.values()) - min(loads.values()) <= max(SIZES.values())
    assert not children()


def test_without_further_processes_this_one_does_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system may have none to give; what nobody worked at is missing and still to be done."""

    def none() -> int:
        raise BlockingIOError("no more processes")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fork", none)
        found = share(SIZES, tell, 2)
    assert {result.lines for result, _ in found.values()} == {os.getpid()}
    assert 0 < len(found) < len(SIZES)


def test_a_process_with_threads_is_not_copied() -> None:
    """A lock that another thread holds would be held in the copy for ever."""
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        found = share(SIZES, tell, 3)
    finally:
        done.set()
        thread.join()
    assert {result.lines for result, _ in found.values()} == {os.getpid()}
    assert len(found) == len(SIZES)


def test_what_a_process_that_ended_early_had_is_missing() -> None:
    """Half of an answer is none."""
    here = os.getpid()

    def work(name: str) -> Read:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return tell(name)

    found = share(SIZES, work, 2)
    assert {result.lines for result, _ in found.values()} == {here}
    assert 0 < len(found) < len(SIZES)
    assert not children()


def test_no_process_is_left_when_the_work_here_is_cut_short() -> None:
    """Whatever ends it."""
    here = os.getpid()

    def work(name: str) -> Read:
        if os.getpid() != here:
            signal.pause()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        share(SIZES, work, 3)
    assert not children()


def test_ctrl_c_ends_all_processes() -> None:
    """A signal to the first of them is enough."""
    program = """
import os, signal, sys
from overt.lint.workers import share

def work(name):
    os.write(1, b"%d\\n" % os.getpid())
    signal.pause()

try:
    share({"a": 1, "b": 1, "c": 1}, work, 3)
except KeyboardInterrupt:
    sys.exit(7)
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, start_new_session=True) as started:
        assert started.stdout is not None
        processes = {int(started.stdout.readline()) for _ in range(3)}
        assert started.pid in processes
        os.kill(started.pid, signal.SIGINT)
        assert started.wait(30) == 7
        assert started.stdout.read() == b""
    for process in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


@pytest.mark.parametrize("cached", [False, True])
def test_a_check_by_several_processes_says_the_same_in_the_same_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cached: bool
) -> None:
    """Findings, unreadable files, lines, and what is kept of them."""
    names = [f"m{number}.py" for number in range(30)]
    for number, name in enumerate(names):
        (tmp_path / name).write_text("def f(:\n" if number % 7 == 3 else BAD + "# more\n" * number, "utf-8")
    monkeypatch.setattr(many, "APART", 1)
    found = []
    for workers in (1, 3):
        cache = Cache(tmp_path / f"kept{workers}.json", "k") if cached else None
        found.append(check(tmp_path, names, PlainSettings(), cache=cache, workers=workers, today="2026-01-01"))
    assert found[0] == found[1]
    assert (len(found[0].findings), len(found[0].unreadable)) == (26, 4)
    if cached:
        assert (tmp_path / "kept1.json").read_bytes() == (tmp_path / "kept3.json").read_bytes()


def test_little_work_is_not_shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of this process costs more than it saves."""
    (tmp_path / "a.py").write_text(BAD, "utf-8")
    monkeypatch.setattr("overt.lint.workers.share", lambda *_given: pytest.fail("shared"))
    assert len(check(tmp_path, ["a.py"], PlainSettings(), workers=2).findings) == 1
