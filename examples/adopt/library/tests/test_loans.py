"""Loans end, and cost something afterwards."""

from datetime import date

from library.loans import due, fee


def test_a_loan_ends_after_four_weeks() -> None:
    """From the first to the 29th."""
    assert due(date(2026, 6, 1)) == date(2026, 6, 29)


def test_each_day_late_costs_ten_cents() -> None:
    """Three days late, and not late at all."""
    assert [fee(date(2026, 6, 1), date(2026, 7, day)) for day in (2, 1)] == [30, 20]
    assert fee(date(2026, 6, 1), date(2026, 6, 10)) == 0
