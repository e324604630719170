"""OV410: a hook for exit or fork is registered."""

from __future__ import annotations

from collections.abc import Callable

Look = Callable[..., list[tuple[str, str, str, int]]]


def test_should_not_report_a_register_method_of_something_else(look: Look) -> None:
    """Should NOT report a register method of something else."""
    source = """
        def a(registry, hook):
            registry.register(hook)

        @app.register
        def b():
            pass
    """
    assert [row for row in look(source) if row[0] == "OV410"] == []


def test_reports_each_of_its_calls(look: Look) -> None:
    """Reports each of its calls."""
    source = """
        import atexit, os

        @atexit.register
        def close():
            pass

        def a(hook):
            atexit.register(hook)
            os.register_at_fork(before=hook)
    """
    assert [row for row in look(source) if row[0] == "OV410"] == [
        ("OV410", "warning", "atexit.register", 3),
        ("OV410", "warning", "atexit.register", 8),
        ("OV410", "warning", "os.register_at_fork", 9),
    ]


def test_reports_an_entry_point_as_a_note(look: Look) -> None:
    """Reports an entry point as a note."""
    source = """
        import atexit

        def main():
            atexit.register(print)
    """
    assert [row for row in look(source) if row[0] == "OV410"] == [
        ("OV410", "note", "atexit.register", 4),
    ]


def test_reports_a_fork_hook_of_the_import_as_a_note(look: Look) -> None:
    """It is there once for the process; one that a function registers is there once for each call."""
    source = """
        import os

        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=print)

        class Pool:
            def __init__(self):
                os.register_at_fork(after_in_child=self.clear)
    """
    assert [row[1:] for row in look(source) if row[0] == "OV410"] == [
        ("note", "os.register_at_fork", 4),
        ("warning", "os.register_at_fork", 8),
    ]
    source = """
        import atexit

        atexit.register(print)
    """
    assert [row[1] for row in look(source) if row[0] == "OV410"] == ["warning"]
