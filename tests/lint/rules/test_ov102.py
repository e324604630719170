"""OV102: a framework's context local or proxy is made."""

from __future__ import annotations

from collections.abc import Callable

Look = Callable[..., list[tuple[str, str, str, int]]]


def test_should_not_report_a_local_of_another_library(look: Look) -> None:
    """Should NOT report a Local of another library."""
    source = """
        from mylib.local import Local

        here = Local()
    """
    assert [row for row in look(source) if row[0] == "OV102"] == []


def test_reports_a_werkzeug_stack(look: Look) -> None:
    """Reports a werkzeug stack."""
    source = """
        from werkzeug.local import LocalStack
        _stack = LocalStack()
    """
    assert [row for row in look(source) if row[0] == "OV102"] == [
        ("OV102", "warning", "_stack", 2),
    ]


def test_reports_an_asgiref_local_that_is_subclassed(look: Look) -> None:
    """Reports an asgiref local that is subclassed."""
    source = """
        import asgiref.local

        class Here(asgiref.local.Local):
            pass
    """
    assert [row for row in look(source) if row[0] == "OV102"] == [
        ("OV102", "warning", "Here", 3),
    ]
