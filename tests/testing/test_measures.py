"""Numbers on their way from a test to the ledger."""

from __future__ import annotations

import pytest

from overt.testing.measures import measure_text


def test_a_number_is_told_with_its_unit() -> None:
    """As JSON, which the recorder hands on."""
    assert measure_text("queue.depth-max", 12, "bytes") == '{"name":"queue.depth-max","value":12,"unit":"bytes"}'


@pytest.mark.parametrize(
    ("name", "value", "unit", "said"),
    [
        ("Queue depth", 1, "count", "is no name"),
        ("a..b", 1, "count", "is no name"),
        ("a", 1.5, "count", "the ledger holds integers"),
        ("a", True, "count", "the ledger holds integers"),
        ("a", 1, "ms", "'ms' is no unit: count, ns, bytes, ppm"),
    ],
)
def test_what_the_ledger_cannot_hold_is_refused(name: str, value: int, unit: str, said: str) -> None:
    """In the test that tells it, not later."""
    with pytest.raises(ValueError, match=said):
        measure_text(name, value, unit)
