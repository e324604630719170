"""Shares work among processes that are copies of this one, and never leaves one behind."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterator, Mapping

from overt.model.tuples import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from overt.lint.many import Read

Work = Callable[[str], "Read"]


class _Worker(NamedTuple):
    """A process and where its results come from."""

    process: int
    results: int


def share(sizes: Mapping[str, int], work: Work, workers: int) -> dict[str, Read]:
    """Do some work for each name, in this process and in copies of it.

    Args:
        sizes: How much there is to do for each name, bytes.
        work: What is to be done for a name.
        workers: How many processes may work at it, this one included.

    Returns:
        What the work for each name came to. Names are missing when the process that had them could not be made, or
        ended early.
    """
    own, *others = _shares(sizes, workers) if _may_copy() else [list(sizes)]
    started: list[_Worker] = []
    try:
        for names in others:
            _start(names, work, started)
        found = {name: work(name) for name in own}
        for worker in started:
            found.update(_received(worker.results))
        return found
    finally:
        for worker in started:
            _end(worker)


def _shares(sizes: Mapping[str, int], workers: int) -> list[list[str]]:
    """Divide names into shares of about the same size: the largest first, each to who has least."""
    shares: list[list[str]] = [[] for _ in range(max(1, workers))]
    loads = [0] * len(shares)
    for name in sorted(sizes, key=lambda name: (-sizes[name], name)):
        least = loads.index(min(loads))
        shares[least].append(name)
        loads[least] += sizes[name]
    return shares


def _may_copy() -> bool:
    """Tell whether a copy of this process would work: of its threads only the one that asks goes on in a copy."""
    threading = sys.modules.get("threading")
    return hasattr(os, "fork") and (threading is None or threading.active_count() == 1)


def _start(names: list[str], work: Work, started: list[_Worker]) -> None:
    """Make a process that works at some names, unless the system has none to give."""
    with contextlib.suppress(OSError), _uninterrupted():
        results, end = os.pipe()
        try:
            process = os.fork()
        except OSError:
            os.close(results)
            os.close(end)
            raise
        if process == 0:
            _work(names, work, results, end)
        started.append(_Worker(process, results))
        os.close(end)


def _work(names: list[str], work: Work, results: int, end: int) -> None:
    """Work in the copy, and end without anything that the copied process would do at its end."""
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        os.close(results)
        data = pickle.dumps({name: work(name) for name in names}, pickle.HIGHEST_PROTOCOL)
        with os.fdopen(end, "wb") as stream:
            stream.write(data)
    finally:
        os._exit(0)


def _received(results: int) -> dict[str, Read]:
    """Return what a process came to; nothing when it ended before it had told all of it."""
    with os.fdopen(results, "rb", closefd=False) as stream:
        data = stream.read()
    try:
        return dict(pickle.loads(data))  # noqa: S301  # written by a copy of this process
    except (EOFError, pickle.UnpicklingError):
        return {}


def _end(worker: _Worker) -> None:
    """End a process, whether it is done or not, and wait until it is gone."""
    os.close(worker.results)
    with contextlib.suppress(ProcessLookupError):
        os.kill(worker.process, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(worker.process, 0)


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let Ctrl-C wait until the process that is being made is known to whoever has to end it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
