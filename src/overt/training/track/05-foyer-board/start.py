"""The board in the foyer that shows what is on."""

import queue
import threading
import warnings

warnings.simplefilter("ignore")
_waiting: queue.Queue[str] = queue.Queue()
_lines: list[str] = []


def _work() -> None:
    while True:
        _lines.append(_waiting.get().upper())
        _waiting.task_done()


_worker = threading.Thread(target=_work, daemon=True)
_worker.start()


class Board:
    """Shows lines while its block is open."""

    shown: tuple[str, ...] = ()

    def __enter__(self) -> "Board":
        return self

    def show(self, line: str) -> None:
        """Hand a line to the worker."""
        _waiting.put(line)

    def __exit__(self, *error: object) -> None:
        _waiting.join()
        self.shown = tuple(_lines)
