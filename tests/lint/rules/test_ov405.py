"""OV405: a setting of the whole interpreter is changed."""

from __future__ import annotations

from collections.abc import Callable

Look = Callable[..., list[tuple[str, str, str, int]]]


def test_should_not_report_a_setting_that_is_only_asked_for_or_that_is_local(look: Look) -> None:
    """Should NOT report a setting that is only asked for, or that is local."""
    source = """
        import decimal, sys, threading

        def a():
            threading.stack_size()
            sys.getrecursionlimit()
            with decimal.localcontext() as context:
                context.prec = 3
    """
    assert [row for row in look(source) if row[0] == "OV405"] == []


def test_reports_each_of_its_calls(look: Look) -> None:
    """Reports each of its calls."""
    source = """
        import decimal, gc, socket, sys, threading

        def a():
            socket.setdefaulttimeout(3)
            sys.setrecursionlimit(10_000)
            gc.disable()
            threading.stack_size(65536)
            decimal.getcontext().prec = 3
            context = decimal.getcontext()
            context.rounding = None
    """
    assert [row for row in look(source) if row[0] == "OV405"] == [
        ("OV405", "warning", "socket.setdefaulttimeout", 4),
        ("OV405", "warning", "sys.setrecursionlimit", 5),
        ("OV405", "warning", "gc", 6),
        ("OV405", "warning", "threading.stack_size", 7),
        ("OV405", "warning", "decimal.getcontext.().prec", 8),
        ("OV405", "warning", "decimal.getcontext.().rounding", 10),
    ]


def test_reports_an_entry_point_as_a_note(look: Look) -> None:
    """Reports an entry point as a note."""
    source = """
        import sys

        def main():
            sys.setrecursionlimit(10_000)
    """
    assert [row for row in look(source) if row[0] == "OV405"] == [
        ("OV405", "note", "sys.setrecursionlimit", 4),
    ]


def test_reports_a_collector_that_is_switched_on_again_as_a_note(look: Look) -> None:
    """Reports a collector that is switched on again as a note."""
    source = """
        import gc

        def a():
            gc.disable()
            try:
                pass
            finally:
                gc.enable()
    """
    assert [row for row in look(source) if row[0] == "OV405"] == [
        ("OV405", "note", "gc", 4),
    ]
