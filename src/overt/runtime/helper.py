"""A thread that does one small job again and again, heals when the job fails and ends when told."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any

from overt.runtime.figures import shown
from overt.runtime.forks import ForkLock
from overt.runtime.owners import PROCESS

Job = Callable[[], float | None]

_LONGEST_PAUSE = 5.0


def _serve(
    job: weakref.WeakMethod[Job], bell: SimpleQueue[str], failed: Callable[[BaseException], None], delay: float
) -> None:
    """Run the job until its object is gone or the bell says stop."""
    failures = 0
    pause: float | None = delay
    work: Job | None = None
    while True:
        try:
            if not _goes_on(bell, pause) or (work := job()) is None:
                return
            pause = work()
            failures = 0
        except BaseException as error:  # noqa: BLE001  # also SystemExit, also while it waits: who dies helps nobody
            failures += 1
            pause = min(_LONGEST_PAUSE, 0.01 * 2**failures)
            with suppress(Exception):
                failed(error)
        finally:
            work = None  # while it waits it must not keep its object alive


def _goes_on(bell: SimpleQueue[str], pause: float | None) -> bool:
    """Wait for the bell or the end of a pause; False when the bell says stop."""
    try:
        return bell.get(timeout=pause) != "stop"
    except Empty:
        return True


def _report(name: str) -> Callable[[BaseException], None]:
    def report(error: BaseException) -> None:
        import logging

        # As text: a record that a handler keeps would keep the error, its frames and the job's object.
        logging.getLogger("overt.helper").warning("%s failed and goes on: %s", name, shown(error))

    return report


class Helper:
    """Runs a bound method in a daemon thread of its own, from `ensure()` until `stop()` or until its object is gone.

    The job returns the seconds until it is to run again, or None to sleep until `ring()`. When it raises, it is run
    again after a pause that doubles up to five seconds.

    Args:
        name: Name of the thread.
        job: Bound method; its object is held weakly.
        delay: Seconds before it runs for the first time, unless it is rung for.
    """

    __slots__ = ("_bell", "_delay", "_job", "_lock", "_pid", "_starting", "_stopped", "_thread", "name")

    def __init__(self, name: str, job: Job, *, delay: float = 0.0) -> None:
        self.name, self._stopped, self._delay = name, False, delay
        self._lock = ForkLock()
        self._begin(job)

    def _begin(self, job: Job) -> None:
        bell: SimpleQueue[str] = SimpleQueue()
        self._bell = bell
        # A job whose object is collected ends its thread, also one that sleeps.
        self._job: weakref.WeakMethod[Job] = weakref.WeakMethod(job, lambda _: bell.put("stop"))
        self._thread: threading.Thread | None = None
        self._starting = False
        self._pid = PROCESS.pid

    @property
    def running(self) -> bool:
        """Whether its thread is there, in this process."""
        return self._thread is not None and self._pid == PROCESS.pid and self._thread.is_alive()

    def ensure(self) -> None:
        """Start the thread when it is not running: first use, after a fork, after it was killed."""
        thread = self._thread
        if thread is not None and self._pid == PROCESS.pid and thread.is_alive():
            return
        with self._lock.bare():
            if self._pid != PROCESS.pid and (job := self._job()) is not None:
                self._begin(job)  # the thread, and whatever it held, stayed in the parent
            # Starting makes objects, so a collection may run here, and what it finalises may come here again.
            if self._stopped or self._starting or self.running:
                return
            self._starting = True
            try:
                self._start()
            finally:
                self._starting = False

    def _start(self) -> None:
        arguments: tuple[Any, ...] = (self._job, self._bell, _report(self.name), self._delay)
        thread = threading.Thread(target=_serve, args=arguments, name=self.name, daemon=True)
        with suppress(RuntimeError):  # the interpreter is shutting down
            thread.start()
            self._thread = thread

    def ring(self) -> None:
        """Run the job now; takes no lock, so it may be called from a weak reference's callback."""
        if self._bell.empty():  # else it is about to run, or there is no thread and rings would pile up
            self._bell.put("run")

    def stop(self, timeout: float = 5.0) -> bool:
        """End the thread and wait for it; True when it is gone."""
        with self._lock.bare():  # a thread that is being started is waited for, too
            self._stopped = True
            thread = self._thread
        if thread is None or not self.running:
            return True
        self._bell.put("stop")
        if thread is not threading.current_thread():
            thread.join(timeout)
        return not thread.is_alive()
