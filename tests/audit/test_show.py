"""Values as people read them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.audit.show import show


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (836, "count", "836"),
        (9_999, "count", "9999"),
        (12_345, "count", "12,345"),
        (Fraction(1, 3), "ratio", "0.333333"),
        (Fraction(5, 2), "ratio", "2.5"),
        (1_240_000_000, "ns", "1.2 s"),
        (850, "ns", "850 ns"),
        (12_345, "ns", "12.3 µs"),
        (250_000_000, "ns", "250 ms"),
        (125_000_000_000, "ns", "2 min 5 s"),
        (3_720_000_000_000, "ns", "1 h 2 min"),
        (0, "ns", "0 ns"),
        (985_000, "ppm", "98.5 %"),
        (1_000_000, "ppm", "100 %"),
        (0, "ppm", "0 %"),
        (899_600, "ppm", "89.96 %"),
        (12_000_000, "bytes", "12 MB"),
        (512, "bytes", "512 B"),
        (1_500, "bytes", "1.5 kB"),
        (-3, "count", "-3"),
        (True, "flag", "true"),
        (False, "flag", "false"),
        ("passed", "text", "passed"),
        (None, "count", "not measured"),
    ],
)
def test_each_unit_reads_naturally(value: int | Fraction | str | bool | None, unit: str, shown: str) -> None:
    """Few digits, the fitting scale, the unit behind."""
    assert show(value, unit) == shown


@given(st.integers(1, 999_999))
def test_nearly_all_is_never_all(ppm: int) -> None:
    """Only what is whole is shown as 0 % or 100 %, however near it comes."""
    assert show(ppm, "ppm") not in {"0 %", "100 %"}
