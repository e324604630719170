"""OV407: the warning filters of the process are changed."""

from __future__ import annotations

from collections.abc import Callable

Look = Callable[..., list[tuple[str, str, str, int]]]


def test_should_not_report_a_warning_that_is_given(look: Look) -> None:
    """Should NOT report a warning that is given."""
    source = """
        import warnings

        def a():
            warnings.warn("old", DeprecationWarning, stacklevel=2)
    """
    assert [row for row in look(source) if row[0] == "OV407"] == []


def test_should_not_report_filters_inside_catch_warnings_in_a_test(look: Look) -> None:
    """Should NOT report filters inside catch_warnings in a test."""
    source = """
        import warnings

        def test_a():
            with warnings.catch_warnings():
                warnings.simplefilter("error")
    """
    assert [row for row in look(source, path="tests/test_a.py") if row[0] == "OV407"] == []


def test_should_not_report_filters_inside_catch_warnings_from_python_3_14_on(look: Look) -> None:
    """Should NOT report filters inside catch_warnings from Python 3.14 on."""
    source = """
        import warnings

        def a():
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
    """
    assert [row for row in look(source, target=(3, 14)) if row[0] == "OV407"] == []


def test_reports_filters_inside_catch_warnings_before_python_3_14_as_a_note(look: Look) -> None:
    """Reports filters inside catch_warnings before Python 3.14 as a note."""
    source = """
        import warnings

        def a():
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
    """
    assert [row for row in look(source, target=(3, 11)) if row[0] == "OV407"] == [
        ("OV407", "note", "warnings.simplefilter", 5),
    ]


def test_reports_filters_changed_for_everybody(look: Look) -> None:
    """Reports filters changed for everybody."""
    source = """
        import warnings
        warnings.filterwarnings("ignore")

        def a():
            warnings.simplefilter("ignore")
            warnings.filters.insert(0, None)
            warnings.filters[:] = []
    """
    assert [row for row in look(source) if row[0] == "OV407"] == [
        ("OV407", "warning", "warnings.filterwarnings", 2),
        ("OV407", "warning", "warnings.simplefilter", 5),
        ("OV407", "warning", "warnings.filters.insert", 6),
        ("OV407", "warning", "warnings.filters", 7),
    ]
