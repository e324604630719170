"""What controls and warnings leave in the ledger."""

from __future__ import annotations

from typing import Literal

from overt.evidence.record_base import Record


class Control(Record, frozen=True, kw_only=True, tag="control"):
    """A check of a gate: something that must alarm, or must not, and whether it did.

    Args:
        gate: The gate: a suite's name, with `.benchmark`, `.leak` or `.recovery` behind it for what it judges beside
            its tests.
        must_alarm: Whether a defect was planted.
        alarmed: Whether the gate said so.
        note: What it said.
        sort: Kind of the gate: that of its suite, or `benchmark`, `leak`, `recovery`.
        planted: What was planted, in words; empty when there is nothing that could be.
        unable: Why the gate could not be tried; empty when it was.
        value: What was measured of it, in `unit`; 0 when nothing was.
        low: Lower end of its interval.
        high: Upper end.
        unit: Unit of the three.
        duration_ns: How long it took, nanoseconds.
    """

    gate: str
    must_alarm: bool
    alarmed: bool
    note: str = ""
    sort: str = ""
    planted: str = ""
    unable: str = ""
    value: int = 0
    low: int = 0
    high: int = 0
    unit: Literal["", "ppm", "bytes"] = ""
    duration_ns: int = 0


class Warned(Record, frozen=True, kw_only=True, tag="warning"):
    """Something about a test that fails nothing and makes it prove less.

    Args:
        about: The sort: `no-assertion`.
        name: Name of the test, as its runner prints it, without its parameters.
        path: File, relative to the repository root, POSIX.
        line: Line in it, from 1.
        message: What was seen.
    """

    about: Literal["no-assertion"]
    name: str
    path: str
    line: int
    message: str
