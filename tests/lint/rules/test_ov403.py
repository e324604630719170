"""OV403: the locale or time zone of the process is changed."""

from __future__ import annotations

from collections.abc import Callable

Look = Callable[..., list[tuple[str, str, str, int]]]


def test_should_not_report_a_locale_that_is_only_asked_for(look: Look) -> None:
    """Should NOT report a locale that is only asked for."""
    source = """
        import locale

        def a():
            locale.setlocale(locale.LC_ALL)
            locale.setlocale(locale.LC_ALL, None)
            return locale.getlocale()
    """
    assert [row for row in look(source) if row[0] == "OV403"] == []


def test_reports_each_of_its_calls(look: Look) -> None:
    """Reports each of its calls."""
    source = """
        import locale, time

        def a():
            locale.setlocale(locale.LC_ALL, "C")
            time.tzset()
    """
    assert [row for row in look(source) if row[0] == "OV403"] == [
        ("OV403", "warning", "locale.setlocale", 4),
        ("OV403", "warning", "time.tzset", 5),
    ]
