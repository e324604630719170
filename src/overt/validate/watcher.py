"""Who follows a run while it goes on."""

from __future__ import annotations

from typing import Protocol

from overt.evidence.records import AnyRecord
from overt.validate.context import Ending


class Watcher(Protocol):
    """Is told what happens, from several threads at once; its methods return quickly."""

    def started(self, suite: str) -> None:
        """Hear that a suite begins."""

    def current(self, suite: str, test: str) -> None:
        """Hear what a suite is busy with."""

    def seen(self, suite: str, record: AnyRecord) -> None:
        """Hear of a record that is in the ledger now."""

    def ended(self, suite: str, ending: Ending, duration_ns: int) -> None:
        """Hear that a suite has ended, or why it does not begin."""

    def waiting(self) -> None:
        """Take the chance to draw; called several times a second from the main thread."""

    def close(self) -> None:
        """Leave the terminal as it was."""


class Silent:
    """A watcher that nobody listens to."""

    def started(self, suite: str) -> None:
        """Do nothing."""

    def current(self, suite: str, test: str) -> None:
        """Do nothing."""

    def seen(self, suite: str, record: AnyRecord) -> None:
        """Do nothing."""

    def ended(self, suite: str, ending: Ending, duration_ns: int) -> None:
        """Do nothing."""

    def waiting(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""
