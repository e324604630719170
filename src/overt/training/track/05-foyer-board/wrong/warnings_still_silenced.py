"""The thread has an owner; the warnings of the whole program are still switched off."""

import queue
import threading
import warnings

warnings.simplefilter("ignore")


class Board:
    def __init__(self):
        self.shown, self._waiting, self._lines = (), queue.Queue(), []
        self._worker = threading.Thread(target=self._work)

    def __enter__(self):
        self._worker.start()
        return self

    def show(self, line):
        self._waiting.put(line)

    def __exit__(self, *error):
        self._waiting.put(None)
        self._worker.join()
        self.shown = tuple(self._lines)

    def _work(self):
        while (line := self._waiting.get()) is not None:
            self._lines.append(line.upper())
