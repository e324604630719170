"""Since when a flag is on for everybody is read from its history."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from overt.audit.retirement import on_since
from overt.campaign.records import FlagTable
from overt.flags import Change


def on(day: int, value: Any) -> Change:
    """Return a change on a day of January 2026."""
    return Change(datetime(2026, 1, day, 12, tzinfo=UTC).timestamp(), "ann", "a", None, value, "")


@pytest.mark.parametrize(
    ("default", "history", "since"),
    [
        (False, [], None),
        (True, [], date(2025, 12, 1)),
        (False, [on(2, True)], date(2026, 1, 2)),
        (False, [on(2, 100.0)], date(2026, 1, 2)),
        (False, [on(2, 99.9)], None),
        (False, [on(2, True), on(5, 100.0), on(9, True)], date(2026, 1, 2)),
        (False, [on(2, True), on(5, 50.0), on(9, True)], date(2026, 1, 9)),
        (False, [on(2, True), on(5, None)], None),
        (True, [on(2, False), on(5, None)], date(2026, 1, 5)),
        (True, [on(2, True)], date(2025, 12, 1)),
    ],
)
def test_the_day_is_the_begin_of_the_last_stretch(default: bool, history: list[Change], since: date | None) -> None:
    """What was on before, and off in between, does not count."""
    declared = FlagTable(owner="o", purpose="p", created="2025-12-01", until="2027-01-01", default=default)
    assert on_since(history, declared) == since
