"""Runbooks carried out, to try them or for real."""

from __future__ import annotations

import msgspec

from overt.evidence.record_base import Record


class Figure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A number that a step told: a whole number in a unit."""

    name: str
    value: int
    unit: str = "count"


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step of a rehearsal, as it went."""

    id: str
    role: str
    ok: bool
    exit_code: int | None = None
    duration_ns: int = 0
    line: int = 0
    message: str = ""
    output_blob: str = ""
    figures: tuple[Figure, ...] = ()


class Rehearsal(Record, frozen=True, kw_only=True, tag="rehearsal"):
    """A runbook carried out and taken back.

    Args:
        runbook: Its id.
        path: Its file, relative to the repository root, POSIX.
        text_sha256: Digest of its text.
        steps: What was done, in order.
        changed: Whether the state after the steps differed from the state before.
        restored: Whether the state after the undos was the state before.
        environment: Name of the declared environment it was rehearsed in; empty for a scratch copy.
        reason: Why it is not proved; empty when it is.
    """

    runbook: str
    path: str
    text_sha256: str
    steps: tuple[Step, ...] = ()
    changed: bool = False
    restored: bool = False
    environment: str = ""
    reason: str = ""
    start_ns: int = 0
    duration_ns: int = 0


class Performed(Record, frozen=True, kw_only=True, tag="performed"):
    """A runbook carried out for real, or taken back, in a declared environment.

    Args:
        runbook: Its id.
        path: Its file, relative to the repository root, POSIX.
        text_sha256: Digest of its text.
        environment: Name of the environment.
        by: Who did it.
        steps: What was done this time, in order.
        finished: Whether it came to its end.
        taken_back: Whether everything that was done was taken back.
        reason: Why it ended before; empty when it did not.
    """

    runbook: str
    path: str
    text_sha256: str
    environment: str
    by: str
    steps: tuple[Step, ...] = ()
    finished: bool = False
    taken_back: bool = False
    reason: str = ""
    start_ns: int = 0
    duration_ns: int = 0
