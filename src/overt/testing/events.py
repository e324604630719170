"""Telemetry seen by a test."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from overt.runtime.telemetry import Name, Telemetry, Values
from overt.testing.waiting import wait_for

Predicate = Callable[..., Any]
Expected = tuple[Name, Predicate | None]


class Event(NamedTuple):
    """An event as it was announced.

    Args:
        name: Its name.
        measurements: Its numbers.
        metadata: What else was said about it.
    """

    name: Name
    measurements: Values
    metadata: Values


@contextmanager
def capture_telemetry(telemetry: Telemetry, prefix: Name = ()) -> Iterator[list[Event]]:
    """Give a list that fills with the events announced inside the block.

    Args:
        telemetry: What to listen to.
        prefix: Only names that begin with it.

    Example:
        >>> telemetry = Telemetry()
        >>> with capture_telemetry(telemetry) as events:
        ...     telemetry.execute(("shop", "sold"), {"n": 1}, {})
        >>> events[0].name
        ('shop', 'sold')
    """
    events: list[Event] = []

    def note(name: Name, measurements: Values, metadata: Values) -> None:
        events.append(Event(name, measurements, metadata))

    handle = telemetry.attach(f"capture-{id(events)}", prefix, note)
    try:
        yield events
    finally:
        handle.detach()


def _accepts(predicate: Predicate | None) -> Callable[[Event], bool]:
    """Return a predicate over an event; the user's may take the event, its two mappings, or all three parts."""
    if predicate is None:
        return lambda _event: True
    takes = len([p for p in inspect.signature(predicate).parameters.values() if p.default is p.empty])
    if takes == 2:
        return lambda event: bool(predicate(event.measurements, event.metadata))
    if takes == 3:
        return lambda event: bool(predicate(event.name, event.measurements, event.metadata))
    return lambda event: bool(predicate(event))


def _matched(events: Sequence[Event], tests: Sequence[tuple[Name, Callable[[Event], bool]]]) -> list[Event | None]:
    """Return for each expectation the first event that nobody before it has taken; None where there is none."""
    left = list(events)
    found: list[Event | None] = []
    for name, accepts in tests:
        match = next((event for event in left if event.name == name and accepts(event)), None)
        if match is not None:
            left.remove(match)
        found.append(match)
    return found


def wait_for_events(
    telemetry: Telemetry | list[Event], expected: Sequence[Expected], timeout: float = 1.0
) -> list[Event]:
    """Wait until each expected event was announced, in any order, and return them in the order asked for.

    Args:
        telemetry: What to listen to from now on, or the list of a `capture_telemetry` that began earlier.
        expected: (name, predicate) each; the predicate takes the event, or measurements and metadata, or name,
            measurements and metadata; None accepts every event of that name. One event answers one expectation.
        timeout: Seconds to wait at most.

    Raises:
        AssertionError: The time is over; it says what is missing and what was seen.
    """
    if isinstance(telemetry, Telemetry):
        with capture_telemetry(telemetry) as events:
            return wait_for_events(events, expected, timeout)
    tests = [(tuple(name), _accepts(predicate)) for name, predicate in expected]

    try:
        wait_for(lambda: None not in _matched(telemetry, tests), timeout)
    except AssertionError:
        missing = [name for (name, _), event in zip(tests, _matched(telemetry, tests), strict=True) if event is None]
        seen = sorted({event.name for event in telemetry}) or "nothing"
        raise AssertionError(f"waited {timeout:g} s for {missing}, saw {seen}") from None
    return [event for event in _matched(telemetry, tests) if event is not None]
