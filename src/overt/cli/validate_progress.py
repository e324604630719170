"""How a run is shown while it goes on: live lines on a terminal, plain ones elsewhere."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO

from overt.cli.validate_words import count_words, safe, seconds
from overt.evidence.records import AnyRecord, FindingSeen, TestCase
from overt.model import Severity

if TYPE_CHECKING:
    from rich.live import Live
    from rich.table import Table

    from overt.validate.context import Ending
    from overt.validate.watcher import Watcher


_TOLD = 20
"""Failures of a suite that are told while it runs; its result names how many there are."""


def _finding_word(record: FindingSeen) -> str:
    if record.standing != "new":
        return "known findings"
    return "notes" if record.finding.severity is Severity.NOTE else "new findings"


@dataclass(slots=True)
class Lane:
    """One suite, as far as it has got."""

    state: str = "waiting"
    began: float = 0.0
    spent_ns: int = 0
    current: str = ""
    counts: Counter[str] = field(default_factory=Counter)

    def take(self, record: AnyRecord) -> None:
        """Count a record."""
        if isinstance(record, TestCase):
            self.counts[record.outcome] += 1
        elif isinstance(record, FindingSeen):
            self.counts[_finding_word(record)] += 1

    def elapsed(self) -> str:
        """Return how long it has run or ran, in words; empty before it begins."""
        if self.state == "waiting":
            return ""
        return seconds(self.spent_ns if self.state != "running" else round((time.monotonic() - self.began) * 1e9))


class Lines:
    """Tells what happens in plain lines, for logs and for terminals without rich.

    Args:
        stream: Where to write.
        suites: Names of the suites.
        verbose: Whether each test is told.
    """

    def __init__(self, stream: TextIO, suites: Sequence[str], *, verbose: bool) -> None:
        self._stream, self._verbose = stream, verbose
        self._width = max(map(len, suites), default=0)
        self._lanes = {name: Lane() for name in suites}
        self._lock = threading.Lock()

    def _say(self, suite: str, text: str) -> None:
        self._stream.write(f"  {suite:<{self._width}}  {safe(text, self._stream)}\n")
        self._stream.flush()

    def started(self, suite: str) -> None:
        """Tell that a suite begins."""
        with self._lock:
            self._say(suite, "begins")

    def current(self, suite: str, test: str) -> None:
        """Plain lines do not tell what begins."""

    def seen(self, suite: str, record: AnyRecord) -> None:
        """Tell a test that failed, of very many only the first; with `verbose` every test."""
        with self._lock:
            lane = self._lanes[suite]
            lane.take(record)
            if not isinstance(record, TestCase) or not (self._verbose or record.outcome in {"failed", "error"}):
                return
            bad = lane.counts["failed"] + lane.counts["error"]
            if self._verbose or bad <= _TOLD:
                self._say(suite, f"{record.outcome:<7} {record.name}")
            elif bad == _TOLD + 1:
                self._say(suite, "more tests fail; --verbose tells each")

    def ended(self, suite: str, ending: Ending, duration_ns: int) -> None:
        """Tell that a suite has ended."""
        with self._lock:
            words = [ending.status, count_words(self._lanes[suite].counts), seconds(duration_ns)]
            self._say(suite, ", ".join(filter(None, words)))

    def waiting(self) -> None:
        """Plain lines do not move."""

    def close(self) -> None:
        """There is nothing to take away."""


class Board:
    """One live line for each suite: counts, time, and the test that runs.

    Args:
        live: Where it is drawn.
        suites: Names of the suites.
    """

    def __init__(self, live: Live, suites: Sequence[str]) -> None:
        self._live, self._lanes = live, {name: Lane() for name in suites}
        self._lock = threading.Lock()
        live.start()

    def started(self, suite: str) -> None:
        """Begin the line of a suite."""
        with self._lock:
            lane = self._lanes[suite]
            lane.state, lane.began = "running", time.monotonic()

    def current(self, suite: str, test: str) -> None:
        """Show what it is busy with."""
        with self._lock:
            self._lanes[suite].current = test

    def seen(self, suite: str, record: AnyRecord) -> None:
        """Count a record."""
        with self._lock:
            self._lanes[suite].take(record)

    def ended(self, suite: str, ending: Ending, duration_ns: int) -> None:
        """Show how it ended."""
        with self._lock:
            lane = self._lanes[suite]
            lane.state, lane.spent_ns, lane.current = ending.status, duration_ns, ""

    def waiting(self) -> None:
        """Draw."""
        self._live.update(self._table(), refresh=True)

    def close(self) -> None:
        """Take the live lines away; the report that follows says it all."""
        self._live.stop()

    def _table(self) -> Table:
        from rich.table import Table
        from rich.text import Text

        table = Table.grid(padding=(0, 2))
        for column in ("left", "left", "right", "left"):
            table.add_column(justify=column, no_wrap=True, overflow="ellipsis")
        with self._lock:
            for name, lane in self._lanes.items():
                done = count_words(lane.counts)
                # Text, never markup: names of tests come from elsewhere.
                cells = (f"  {name}", done or lane.state, lane.elapsed(), lane.current)
                table.add_row(*map(Text, cells), style="dim" if lane.state == "waiting" else "")
        return table


def make_watcher(stream: TextIO, suites: Sequence[str], *, colour: bool, verbose: bool) -> Watcher:
    """Return what shows a run: live lines where the stream is a terminal that can, else plain ones.

    Args:
        stream: Where to write.
        suites: Names of the suites.
        colour: Whether live lines may be coloured.
        verbose: Whether each test is told, which needs plain lines.
    """
    if verbose or not stream.isatty() or os.environ.get("TERM") == "dumb":
        return Lines(stream, suites, verbose=verbose)
    try:
        from rich.console import Console
        from rich.live import Live
    except ImportError:
        return Lines(stream, suites, verbose=verbose)
    return Board(Live(console=Console(file=stream, no_color=not colour), auto_refresh=False, transient=True), suites)
