"""What tests tell about themselves through their properties: measurements that belong into the ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Literal

import msgspec

from overt.evidence.importers.comparison import Compared, comparison_record
from overt.evidence.records import AnyRecord, ComparisonSeen, Measure, Sample, Series
from overt.testing.comparisons import COMPARISON
from overt.testing.flag_states import PROPERTY as FLAGS
from overt.testing.growth import IN_BYTES, Sort
from overt.testing.leaking import LEAKS
from overt.testing.measures import MEASURE
from overt.testing.paired import PROPERTY
from overt.validate.names import one_line

_MOST = 1000
"""Rounds that are kept of one benchmark, and points of one curve."""

_Role = Literal["baseline", "candidate", "control"]
_ROLES: tuple[_Role, ...] = ("baseline", "candidate", "control")


class _Benchmark(msgspec.Struct, frozen=True):
    """What `compare_speed` tells."""

    name: str
    sides: tuple[str, str]
    operations: int
    band_ppm: int
    rounds: list[tuple[int, int, int, int, int, int]]


class _Leaks(msgspec.Struct, frozen=True):
    """What `measure_leaks` tells."""

    name: str
    tolerance: int
    curves: list[tuple[Sort, int, list[int], list[int]]]
    suspects: tuple[str, ...] = ()


class _Measure(msgspec.Struct, frozen=True):
    """What `record_measure` tells."""

    name: str
    value: int
    unit: Literal["count", "ns", "bytes", "ppm"] = "count"


def read_properties(suite: str, properties: Iterable[tuple[str, str]]) -> tuple[list[AnyRecord], list[str]]:
    """Return the records that properties of a test come to, and what cannot be read.

    Args:
        suite: The suite that the test belongs to.
        properties: Names and values.
    """
    records: list[AnyRecord] = []
    wrong = []
    for name, text in properties:
        try:
            if name == PROPERTY:
                records += _samples(suite, msgspec.json.decode(text, type=_Benchmark))
            elif name == LEAKS:
                records += _series(suite, msgspec.json.decode(text, type=_Leaks))
            elif name == COMPARISON:
                records.append(_comparison(suite, text))
            elif name == MEASURE:
                records.append(_measure(suite, msgspec.json.decode(text, type=_Measure)))
        except msgspec.MsgspecError as error:
            wrong.append(f"the property {name} cannot be read: {error}")
    return records, wrong


def asked_flags(properties: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return the names of the feature flags that a test says it has asked.

    Args:
        properties: Names and values; a value holds the names with spaces between them.

    Example:
        >>> asked_flags([("overt.flags", "new-cart new-search"), ("overt.flags", "new-cart"), ("overt.other", "x")])
        ('new-cart', 'new-search')
    """
    told = (one_line(word) for name, text in properties if name == FLAGS for word in text.split())
    return tuple(sorted({word for word in told if word}))


def _measure(suite: str, told: _Measure) -> Measure:
    return Measure(id=f"measure:{suite}:{told.name}", suite=suite, name=told.name, value=told.value, unit=told.unit)


def _series(suite: str, told: _Leaks) -> Iterable[Series]:
    for place, (sort, number, x, y) in enumerate(told.curves):
        yield Series(
            id=f"series:{suite}:{told.name}:{sort}:{number}",
            suite=suite,
            name=told.name,
            curve=sort,
            round=number,
            unit="bytes" if sort in IN_BYTES else "count",
            x=tuple(x[:_MOST]),
            y=tuple(y[:_MOST]),
            tolerance=told.tolerance,
            suspects=told.suspects if not place else (),
        )


def _comparison(suite: str, text: str) -> ComparisonSeen:
    told = msgspec.json.decode(text, type=Compared)
    # Of two attempts at a test both count, so what was counted belongs to the id.
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    return comparison_record(told, suite=suite, id=f"comparison:{suite}:{told.name}:{told.test}:{digest}")


def _samples(suite: str, told: _Benchmark) -> Iterable[Sample]:
    names = (*told.sides, told.sides[0])
    for pair, spent in enumerate(told.rounds[:_MOST], 1):
        for place, role in enumerate(_ROLES):
            yield Sample(
                id=f"sample:{suite}:{told.name}:{pair}:{role}",
                suite=suite,
                benchmark=told.name,
                side=names[place],
                role=role,
                pair=pair,
                # Every second round goes the other way round.
                order=place + 1 if pair % 2 else 3 - place,
                wall_ns=spent[2 * place],
                cpu_ns=spent[2 * place + 1],
                operations=told.operations,
                band_ppm=told.band_ppm,
            )
