"""What runs in the background of a rehearsal: started before it, ended after it, watched meanwhile."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Sequence

from overt.runbook.execute import argv_of, fault_of
from overt.runbook.place import Place, service_mark
from overt.runbook.records import Block
from overt.system.process import Completed, run_process
from overt.system.strays import MARK, end_marked

_POLL_SECONDS = 0.02
_MOMENT_SECONDS = 1.0


class Service:
    """A program in the background.

    Args:
        block: What to run; `ready` is the text that it prints when it can be used.
        place: Where.
        environment: The whole environment of the steps.
    """

    def __init__(self, block: Block, place: Place, environment: dict[str, str]) -> None:
        self.block, self._mark = block, f"{service_mark(place.mark)}.{block.id}"
        self._heard = bytearray()
        self._cancel = threading.Event()
        self._done: list[Completed] = []
        marked = {**environment, MARK: self._mark}

        def serve() -> None:
            self._done.append(
                run_process(
                    argv_of(block, environment),
                    cwd=place.project,
                    env=marked,
                    cancel=self._cancel,
                    on_output=self._heard.extend,
                )
            )

        self._thread = threading.Thread(target=serve, daemon=True)
        self._thread.start()

    def await_ready(self) -> str:
        """Wait until it prints that it is ready; return why it is not, empty when it is."""
        deadline = time.monotonic() + self.block.seconds
        wanted = self.block.ready.encode()
        while wanted not in self._heard:
            if not self._thread.is_alive():
                return self.ended() or "ended before it was ready"
            if time.monotonic() > deadline:
                return f"did not print {self.block.ready!r} within {self.block.seconds:g} s"
            time.sleep(_POLL_SECONDS)
        return ""

    def ended(self) -> str:
        """Return how it ended by itself; empty while it runs, and when it was ended from here."""
        if not self._done or self._done[0].cancelled:
            return ""
        return fault_of(self._done[0], self.block.seconds) or "ended by itself"

    def end(self) -> str:
        """End it; return how it had ended by itself before, empty when it had not."""
        self._cancel.set()
        self._thread.join(_MOMENT_SECONDS)
        end_marked(self._mark)  # what left its group may hold its output open
        self._thread.join()
        return self.ended()


@contextlib.contextmanager
def running(blocks: Sequence[Block], place: Place, environment: dict[str, str]) -> Iterator[list[Service]]:
    """Have services run for the length of a block, each begun when the one before it is ready.

    Args:
        blocks: The services, in the order of the text.
        place: Where they run.
        environment: The whole environment of the steps.

    Yields:
        Those that were started; the last of them may not have become ready.
    """
    started: list[Service] = []
    try:
        for block in blocks:
            started.append(Service(block, place, environment))
            if started[-1].await_ready():
                break
        yield started
    finally:
        for service in reversed(started):
            service.end()
        end_marked(service_mark(place.mark))
