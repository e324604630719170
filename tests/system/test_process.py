"""Programs run within limits and leave nothing behind."""

import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from overt.system.process import run_process


def python(code: str) -> list[str]:
    """Return a command that runs Python code."""
    return [sys.executable, "-c", code]


def alive(pid: int) -> bool:
    """Tell whether a process is there and not merely waiting to be reaped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_output_status_and_use_are_reported(tmp_path: Path) -> None:
    """Both streams come in order with the exit status and what the program used."""
    done = run_process(
        python("import sys; print('out', flush=True); sys.stderr.write('err'); sys.exit(7)"), cwd=tmp_path
    )
    assert (done.output, done.exit_code, done.signal, done.ok) == (b"out\nerr", 7, None, False)
    assert done.duration_ns > 0
    assert done.peak_bytes > 1_000_000
    assert done.cpu_ns > 0


def test_a_program_that_is_not_there_is_a_failure_not_an_error(tmp_path: Path) -> None:
    """The caller decides what a missing program means."""
    done = run_process(["no-such-program-anywhere"], cwd=tmp_path)
    assert done.exit_code is None
    assert "no-such-program-anywhere" in done.failure
    assert not done.ok


def test_the_time_limit_ends_the_whole_group(tmp_path: Path) -> None:
    """A grandchild that ignores the polite signal dies with its parent."""
    code = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c',"
        " 'import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)'])\n"
        "print(child.pid, flush=True); time.sleep(60)"
    )
    done = run_process(python(code), cwd=tmp_path, timeout=1.0)
    assert done.timed_out
    assert not alive(int(done.output))


def test_what_a_program_leaves_behind_is_ended_and_said(tmp_path: Path) -> None:
    """A program that forks and goes away does not keep the machine busy."""
    done = run_process(["sh", "-c", "sleep 60 & echo $!"], cwd=tmp_path)
    assert done.left_behind
    assert not alive(int(done.output))


def test_huge_output_is_cut_in_the_middle_and_the_cut_is_said(tmp_path: Path) -> None:
    """The first and the last lines survive; memory stays bounded."""
    done = run_process(python("print('first'); print('x' * 3_000_000); print('last')"), cwd=tmp_path, output_limit=1000)
    assert done.output.startswith(b"first\n")
    assert done.output.endswith(b"last\n")
    assert len(done.output) < 1100
    assert done.output_bytes == 3_000_012
    assert b"2999012 bytes left out" in done.output


def test_the_environment_is_the_given_one(tmp_path: Path) -> None:
    """Nothing of ours leaks into a program that was given an environment."""
    done = run_process(["/usr/bin/env"], cwd=tmp_path, env={"ONLY": "this"})
    assert done.output == b"ONLY=this\n"


def test_standard_input_is_given_and_otherwise_empty(tmp_path: Path) -> None:
    """No program waits for a person."""
    assert run_process(["cat"], cwd=tmp_path, stdin=b"words").output == b"words"
    assert run_process(["cat"], cwd=tmp_path, timeout=5).output == b""


def test_output_is_passed_on_while_it_comes(tmp_path: Path) -> None:
    """Progress can be shown before the end."""
    seen: list[bytes] = []
    run_process(["echo", "line"], cwd=tmp_path, on_output=seen.append)
    assert b"".join(seen) == b"line\n"


@pytest.mark.filterwarnings("error")
def test_an_interrupt_ends_the_group_and_goes_on(tmp_path: Path) -> None:
    """Ctrl-C reaches the caller only after the program is gone."""
    started = threading.Event()
    pids: list[int] = []

    def note(chunk: bytes) -> None:
        pids.append(int(chunk))
        started.set()

    def interrupt() -> None:
        started.wait(10)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        run_process(["sh", "-c", "echo $$; exec sleep 60"], cwd=tmp_path, on_output=note)
    assert not alive(pids[0])


def test_another_thread_can_cancel_a_program_and_its_children(tmp_path: Path) -> None:
    """A cancelled program ends with its group at once, and the result says that it was not the time limit."""
    cancel = threading.Event()
    told: list[bytes] = []

    def hear(chunk: bytes) -> None:
        told.append(chunk)
        cancel.set()

    code = "import subprocess, sys; c = subprocess.Popen(['sleep', '300']); print(c.pid, flush=True); c.wait()"
    done = run_process(python(code), cwd=tmp_path, timeout=60, on_output=hear, cancel=cancel)
    assert (done.cancelled, done.timed_out, done.ok) == (True, False, False)
    assert not alive(int(b"".join(told)))


def test_a_program_that_ends_by_itself_was_not_cancelled(tmp_path: Path) -> None:
    """An event that nobody sets changes nothing, with and without a time limit."""
    for limit in (None, 60.0):
        done = run_process(python("print(1)"), cwd=tmp_path, timeout=limit, cancel=threading.Event())
        assert (done.ok, done.cancelled, done.output) == (True, False, b"1\n")
    hung = run_process(python("import time; time.sleep(60)"), cwd=tmp_path, timeout=0.3, cancel=threading.Event())
    assert (hung.timed_out, hung.cancelled) == (True, False)


def test_errors_can_go_to_a_file_of_their_own(tmp_path: Path) -> None:
    """What a program says beside its output does not get into the output."""
    with (tmp_path / "errors").open("wb") as errors:
        done = run_process(python("import sys; print('out'); sys.stderr.write('err')"), cwd=tmp_path, errors=errors)
    assert (done.output, (tmp_path / "errors").read_bytes()) == (b"out\n", b"err")
