"""OV105: a context variable is made inside a function."""

from __future__ import annotations

from collections.abc import Callable

Look = Callable[..., list[tuple[str, str, str, int]]]


def test_should_not_report_one_for_each_class_that_is_made(look: Look) -> None:
    """Should NOT report one context variable for each class, made while the class is."""
    source = """
        from contextvars import ContextVar

        class Ambient:
            def __init_subclass__(cls):
                cls.current = ContextVar(cls.__name__)
    """
    assert [row for row in look(source) if row[0] == "OV105"] == []


def test_should_not_report_one_made_by_a_module_or_a_class_body(look: Look) -> None:
    """Should NOT report one made by a module or a class body."""
    source = """
        from contextvars import ContextVar
        a = ContextVar("a")

        class Names:
            b = ContextVar("b")
    """
    assert [row for row in look(source) if row[0] == "OV105"] == []


def test_reports_one_made_by_a_function(look: Look) -> None:
    """Reports one made by a function."""
    source = """
        from contextvars import ContextVar

        def make():
            return ContextVar("a")

        class Owner:
            def __init__(self):
                self.current = ContextVar("current")
    """
    assert [row for row in look(source) if row[0] == "OV105"] == [
        ("OV105", "warning", "ContextVar", 4),
        ("OV105", "warning", "self.current", 8),
    ]
