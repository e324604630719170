"""What the ledger holds: observations, one record a line, integers only (nanoseconds, bytes, parts per million)."""

from __future__ import annotations

from typing import Literal

import msgspec

from overt.evidence.record_base import Record as Record
from overt.evidence.record_controls import Control as Control
from overt.evidence.record_controls import Warned as Warned
from overt.evidence.record_rehearsals import Figure as Figure
from overt.evidence.record_rehearsals import Performed as Performed
from overt.evidence.record_rehearsals import Rehearsal as Rehearsal
from overt.evidence.record_rehearsals import Step as Step
from overt.evidence.record_rerun import Rerun as Rerun
from overt.model import Finding

Outcome = Literal["passed", "failed", "error", "skipped", "xfailed", "xpassed"]
SuiteStatus = Literal["completed", "timeout", "interrupted", "crashed", "unable", "not-run"]


class SuiteRun(Record, frozen=True, kw_only=True, tag="suite"):
    """How a suite ended: `completed` says that it ran to its end, not that it is green.

    Args:
        status: `unable` when it could not start (missing program, unreadable file), `not-run` when never reached.
        reason: One sentence; empty when completed.
        start_ns: Nanoseconds since 1970 UTC.
        duration_ns: Wall time, nanoseconds.
    """

    status: SuiteStatus
    reason: str = ""
    start_ns: int = 0
    duration_ns: int = 0


class Collected(Record, frozen=True, kw_only=True, tag="collected"):
    """The tests that a suite was going to run, written before the first one ran.

    Args:
        count: How many.
        sha256: Digest of their sorted names joined by newlines.
        names_blob: Blob that holds the names, one a line.
        whole: How many tests there were before they were dealt out to shards; 0 when they were not.
        whole_sha256: Digest of the names of all of these.
        whole_blob: Blob that holds their names.
    """

    count: int
    sha256: str
    names_blob: str = ""
    whole: int = 0
    whole_sha256: str = ""
    whole_blob: str = ""


class CommandRun(Record, frozen=True, kw_only=True, tag="command"):
    """A program that ran."""

    argv: tuple[str, ...]
    exit_code: int | None = None
    signal: int | None = None
    timed_out: bool = False
    start_ns: int = 0
    duration_ns: int = 0
    cpu_ns: int = 0
    peak_bytes: int = 0
    output_blob: str = ""
    output_bytes: int = 0
    failure: str = ""


class SampleText(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The piece of code in a document or docstring that a result is about.

    Args:
        how: What was done with it: `script`, `session`, `console` and `shell` were run, `parse` was parsed, and of
            `none` nothing was done.
        language: What it is written in, as far as it is known.
        text_sha256: Digest of its text, of what it shows, and of what it needs.
    """

    how: Literal["script", "session", "console", "shell", "parse", "none"]
    language: str = ""
    text_sha256: str = ""


class TestCase(Record, frozen=True, kw_only=True, tag="test"):
    """One attempt at one test.

    Args:
        name: Name as its runner prints it, for example `tests/test_cart.py::test_total`.
        outcome: What happened.
        attempt: Counted from 1.
        duration_ns: Wall time of set-up, call and tear-down, nanoseconds.
        path: File, relative to the repository root, POSIX; empty when not known.
        line: Line in it, from 1; 0 when not known.
        message: First line of the failure or the reason of the skip; at most 500 characters.
        detail: Failure text; capped, with the cut said in it.
        output_blob: Blob of what it printed; empty when nothing was kept.
        proves: Names of claims that it says it supports.
        limit_ns: Its own time limit, nanoseconds, when it took longer and passed all the same; else 0.
        flags: Names of the feature flags that it asked, as far as it tells.
        sample: The sample that it is about; None for a test.
    """

    __test__ = False

    name: str
    outcome: Outcome
    attempt: int = 1
    duration_ns: int = 0
    path: str = ""
    line: int = 0
    message: str = ""
    detail: str = ""
    output_blob: str = ""
    proves: tuple[str, ...] = ()
    limit_ns: int = 0
    flags: tuple[str, ...] = ()
    sample: SampleText | None = None


class Scan(Record, frozen=True, kw_only=True, tag="scan"):
    """A tool that looked at files: without it, no findings mean nothing.

    Args:
        tool: Name of the tool.
        version: Its version; empty when it does not tell.
        files: How many files it read; 0 when it does not tell.
        lines: How many lines they have; 0 when it does not tell.
        unreadable: Files it could not read or parse.
        rules: Codes of the rules it applied; empty when it does not tell.
    """

    tool: str
    version: str = ""
    files: int = 0
    lines: int = 0
    unreadable: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


class FindingSeen(Record, frozen=True, kw_only=True, tag="finding"):
    """A finding, and what the project has said about it.

    Args:
        finding: What was found.
        standing: `new`, `ratcheted` (known, may only become fewer) or `allowed` (with a reason).
        reason: Why it is allowed.
    """

    finding: Finding
    standing: Literal["new", "ratcheted", "allowed"] = "new"
    reason: str = ""


class Measure(Record, frozen=True, kw_only=True, tag="measure"):
    """A named number.

    Args:
        name: Dotted name, for example `coverage.lines`.
        value: The number, an integer in `unit`.
        unit: `count`, `ns`, `bytes` or `ppm` (parts per million).
    """

    name: str
    value: int
    unit: Literal["count", "ns", "bytes", "ppm"] = "count"


class Sample(Record, frozen=True, kw_only=True, tag="sample"):
    """What one side of a benchmark took in one round.

    Args:
        benchmark: Name of the benchmark.
        side: Name of the side.
        role: `baseline` is what is compared with, `candidate` is what is judged, `control` is the baseline once more.
        pair: Number of the round, from 1; sides of one round were measured next to one another.
        order: Place in its round, from 1.
        wall_ns: Wall time of all operations, nanoseconds.
        cpu_ns: Processor time of all operations, nanoseconds; 0 when it was not measured.
        operations: How many operations it took that for.
        band_ppm: Difference that counts as none, parts per million.
    """

    benchmark: str
    side: str
    role: Literal["baseline", "candidate", "control"]
    pair: int
    order: int
    wall_ns: int
    cpu_ns: int = 0
    operations: int = 1
    band_ppm: int = 20_000


class Timing(Record, frozen=True, kw_only=True, tag="timing"):
    """A benchmark as another tool measured it, one side alone: a number, and no comparison.

    Args:
        benchmark: Name of the benchmark, as its tool writes it.
        tool: What measured it.
        times_ns: Wall time of all operations of each run, nanoseconds; some of them when there are very many.
        operations: How many operations that is the time of.
        runs: How many runs there were; more than there are times when the tool kept only their median.
    """

    benchmark: str
    tool: str
    times_ns: tuple[int, ...] = ()
    operations: int = 1
    runs: int = 1


class Series(Record, frozen=True, kw_only=True, tag="series"):
    """A curve: numbers over something that goes on.

    Args:
        name: Name of the check, a dotted name.
        curve: What is shown: `blocks`, `native`, `resident`, `traced`, `threads`, `descriptors` or `children`.
        round: Number of the round, from 1; later ones go on where the earlier one ended.
        unit: Unit of `y`: `count` or `bytes`.
        x: Iterations done.
        y: What was held then.
        tolerance: Bytes an iteration that count as none.
        suspects: Where what stays behind was allocated, the largest first; with the first curve of a check only.
    """

    name: str
    curve: str
    round: int = 1
    unit: Literal["count", "bytes"] = "count"
    x: tuple[int, ...] = ()
    y: tuple[int, ...] = ()
    tolerance: int = 16
    suspects: tuple[str, ...] = ()


class Difference(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One call that two implementations answered differently, as text."""

    chosen: str
    call: str = ""
    new: str = ""
    legacy: str = ""


class ComparisonSeen(Record, frozen=True, kw_only=True, tag="comparison"):
    """What came of calling two implementations side by side.

    Args:
        name: Name of the comparison: its flag, when it has one.
        test: Test in which it was; empty when it was none.
        new_calls: Calls that the new implementation answered.
        legacy_calls: Calls that the legacy one answered.
        fallbacks: Calls that the legacy one answered after the new one had failed.
        agreed: Compared calls that both answered alike.
        mismatches: Compared calls that they answered differently.
        ignored: Compared calls whose difference is expected.
        failed: Calls that could not be compared.
        skipped: Calls that were to be compared and were left out, for want of time for example.
        samples: The first differences.
    """

    name: str
    test: str = ""
    new_calls: int = 0
    legacy_calls: int = 0
    fallbacks: int = 0
    agreed: int = 0
    mismatches: int = 0
    ignored: int = 0
    failed: int = 0
    skipped: int = 0
    samples: tuple[Difference, ...] = ()


class ExerciseChecked(Record, frozen=True, kw_only=True, tag="exercise"):
    """An exercise held against its own solution and its wrong answers."""

    exercise: str
    text_sha256: str
    solution_passes: bool
    start_fails: bool
    wrong_rejected: int
    wrong_total: int
    reason: str = ""
    answer: str = ""  # of a quiz: the right option, as it was computed


class ReviewItem(Record, frozen=True, kw_only=True, tag="review"):
    """One item of a review checklist, as a prover left it."""

    item: str
    state: str
    reason: str = ""
    base: str = ""
    head: str = ""


class Reference(Record, frozen=True, kw_only=True, tag="reference"):
    """Something a document names, and whether it exists."""

    path: str
    line: int
    text: str
    sort: str
    state: str
    reason: str = ""


AnyRecord = (
    SuiteRun
    | Collected
    | CommandRun
    | TestCase
    | Scan
    | FindingSeen
    | Measure
    | Sample
    | Series
    | Timing
    | ComparisonSeen
    | Control
    | Warned
    | Rerun
    | Rehearsal
    | Performed
    | ExerciseChecked
    | ReviewItem
    | Reference
)
