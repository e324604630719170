"""A station shows its departures on a board."""

import queue
import threading
from collections.abc import Callable

lines: queue.SimpleQueue = queue.SimpleQueue()


def _show() -> None:
    """Show lines until there is None."""
    while (line := lines.get()) is not None:
        line()


board = threading.Thread(target=_show, name="board", daemon=True)
board.start()


def show(line: Callable[[], object]) -> None:
    """Show a line, later."""
    lines.put(line)
