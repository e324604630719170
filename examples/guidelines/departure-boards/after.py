"""A station shows its departures on a board."""

import queue
import threading
from collections.abc import Callable
from typing import Self


class Board:
    """Shows lines between the begin and the end of a `with` block."""

    def __init__(self) -> None:
        self._lines: queue.SimpleQueue = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._show, name="board")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.put(None)
        self._thread.join()

    def show(self, line: Callable[[], object]) -> None:
        """Show a line, later; all are shown when the block is left."""
        self._lines.put(line)

    def _show(self) -> None:
        while (line := self._lines.get()) is not None:
            line()
