"""Who hears of changes of flags, and in what order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from overt.flags.records import Change, StoreError
from overt.runtime.forks import ForkLock
from overt.runtime.telemetry import Telemetry

Watcher = Callable[[Change], object]
StoreWatcher = Callable[[StoreError | None], object]


class Telling:
    """Tells changes to watchers and to telemetry, in order, one thread at a time.

    Args:
        telemetry: Where they are announced.
    """

    def __init__(self, telemetry: Telemetry | None) -> None:
        self._telemetry = telemetry
        self._watchers: tuple[Watcher, ...] = ()
        self._untold: deque[Change] = deque()
        self._telling = ForkLock()
        self._store_watchers: tuple[StoreWatcher, ...] = ()
        self._untold_problems: deque[StoreError | None] = deque(maxlen=16)

    def _tell(self) -> None:
        """Tell changes in order, one thread at a time; a callback may change flags itself."""
        while self._untold and self._telling.acquire(blocking=False):
            try:
                change = self._explained(self._untold.popleft())
                for watcher in self._watchers:
                    self._call(watcher, change, change.flag)
                self._announce("changed", {"count": 1}, change._asdict())
            except IndexError:
                continue
            finally:
                self._telling.release()

    def _explained(self, change: Change) -> Change:
        """Return a change with all that is known of it."""
        return change

    def _tell_problems(self) -> None:
        """Tell when the store stopped being of use, and when it was again."""
        while self._untold_problems:
            problem = self._untold_problems.popleft()
            for watcher in self._store_watchers:
                self._call(watcher, problem, "the store")

    def _call(self, watcher: Callable[[Any], object], argument: object, what: str) -> None:
        try:
            watcher(argument)
        except Exception as error:  # noqa: BLE001  # a watcher must not harm who changes a flag, or other watchers
            self._log("a watcher of flags raised %s on %s", type(error).__name__, what)

    def _announce(self, event: str, measurements: Mapping[str, Any], metadata: Mapping[str, Any]) -> None:
        if self._telemetry is not None:
            self._telemetry.execute(("overt", "flags", event), measurements, metadata)

    @staticmethod
    def _log(message: str, *arguments: object) -> None:
        import logging

        logging.getLogger("overt.flags").warning(message, *arguments)
