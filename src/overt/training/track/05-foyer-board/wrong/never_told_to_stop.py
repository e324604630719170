"""Each board has a worker of its own, and nobody ends it."""

import queue
import threading


class Board:
    shown = ()

    def __enter__(self):
        self._waiting, self._lines = queue.Queue(), []
        threading.Thread(target=self._work, daemon=True).start()
        return self

    def _work(self):
        while True:
            self._lines.append(self._waiting.get().upper())
            self._waiting.task_done()

    def show(self, line):
        self._waiting.put(line)

    def __exit__(self, *error):
        self._waiting.join()
        self.shown = tuple(self._lines)
