"""The board in the foyer that shows what is on."""

import queue
import threading


class Board:
    """Shows lines while its block is open."""

    def __init__(self) -> None:
        self.shown: tuple[str, ...] = ()
        self._waiting: queue.Queue[str | None] = queue.Queue()
        self._lines: list[str] = []
        self._worker = threading.Thread(target=self._work)

    def __enter__(self) -> "Board":
        self._worker.start()
        return self

    def show(self, line: str) -> None:
        """Hand a line to the worker."""
        self._waiting.put(line)

    def __exit__(self, *error: object) -> None:
        self._waiting.put(None)
        self._worker.join()
        self.shown = tuple(self._lines)

    def _work(self) -> None:
        while (line := self._waiting.get()) is not None:
            self._lines.append(line.upper())
