"""A suite's summary together with the records that facts are drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, TypeVar

from overt.evidence.fact_records import Fact, Value
from overt.evidence.records import AnyRecord, Record
from overt.evidence.summary import SuiteSummary
from overt.model import State

_R = TypeVar("_R", bound=Record)


@dataclass(frozen=True, slots=True)
class Measured:
    """What one suite left.

    Args:
        summary: What it came to.
        records: What it observed.
    """

    summary: SuiteSummary
    records: tuple[AnyRecord, ...] = ()
    _by_type: Mapping[type, list[Any]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Facts ask for types again and again, and there may be very many records.
        sorted_out: dict[type, list[Any]] = {}
        for sort, some in groupby(self.records, key=type):
            sorted_out.setdefault(sort, []).extend(some)
        object.__setattr__(self, "_by_type", sorted_out)

    def of(self, sort: type[_R]) -> list[_R]:
        """Return its records of one type."""
        return list(self._by_type.get(sort, ()))

    def fact(self, name: str, value: Value, unit: str, ids: tuple[str, ...] = ()) -> Fact:
        """Return a fact that rests on this suite; without a run there is no value.

        Args:
            name: Dotted name.
            value: What was measured.
            unit: What it is measured in.
            ids: Records it rests on; the suite's own evidence when empty.
        """
        summary = self.summary
        if not summary.run:
            return Fact(name, None, unit, State.UNCHECKED, f"{summary.name}: {summary.verdict.reason}")
        evidence = tuple(f"{summary.run}/{one}" for one in ids) or summary.verdict.evidence
        reason = "" if summary.measured is State.PROVED else f"{summary.name}: {summary.verdict.reason}"
        return Fact(name, value, unit, summary.measured, reason, evidence)
