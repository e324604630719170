"""What a suite is given to run, and what it gives back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from overt.campaign.records import Campaign, Suite
from overt.evidence.records import AnyRecord, SuiteStatus
from overt.system.clock import Clock


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user asked for beyond the campaign.

    Args:
        suites: Names of the suites to run; all when empty.
        shard: Part of the tests to run, as `2/3`; empty for all of them.
        skip_slow: Whether tests marked `slow` are skipped.
        fail_fast: Whether the first failure ends the run.
        parallel: How many suites run at the same time.
        durations: File of durations that shards are balanced by; the project's own, or the ledger, when empty.
    """

    suites: tuple[str, ...] = ()
    shard: str = ""
    skip_slow: bool = False
    fail_fast: bool = False
    parallel: int = 1
    durations: str = ""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a suite ended.

    Args:
        status: `completed` says that it ran to its end, not that it is green.
        reason: One sentence; empty when completed.
    """

    status: SuiteStatus = "completed"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What a suite needs to run.

    Args:
        root: Folder of the project, absolute.
        name: Name of the suite.
        suite: Its table in the campaign.
        campaign: The whole campaign.
        files: The project's files, relative to the root, POSIX.
        environment: The whole environment of its programs.
        scratch: Folder of its own for what it writes on the way; gone afterwards.
        cancel: Set when the run is to end now.
        clock: Where the time comes from.
        blob: Keeps bytes in the ledger and returns their digest.
        redact: Takes secrets out of a text.
        current: Told which test runs, for whoever watches.
        mark: Begins the mark that its programs carry, so that none of them outlives the run.
        choice: What the user asked for.
        weights: What the tests of a shard are dealt out by, as the recorder takes it.
    """

    root: Path
    name: str
    suite: Suite
    campaign: Campaign
    files: Sequence[str]
    environment: Mapping[str, str]
    scratch: Path
    cancel: threading.Event
    clock: Clock
    blob: Callable[[bytes], str]
    current: Callable[[str], None]
    redact: Callable[[str], str] = str
    mark: str = ""
    choice: Choice = Choice()
    weights: Mapping[str, Any] = field(default_factory=dict)


Observations = Generator[AnyRecord | Sequence[AnyRecord], None, Ending]
"""What a suite yields while it runs, one record or many that are known at once, and how it ended."""


class SuiteRunner(Protocol):
    """Runs suites of one kind."""

    def __call__(self, context: Context, /) -> Observations:
        """Run a suite; each record is yielded as soon as it is known."""


def drive(observations: Observations, add: Callable[[Sequence[AnyRecord]], None]) -> Ending:
    """Hand on the records of a suite as they come and return how it ended."""
    while True:
        try:
            seen = next(observations)
        except StopIteration as end:
            ending: Ending = end.value
            return ending
        add(seen if isinstance(seen, Sequence) else (seen,))
