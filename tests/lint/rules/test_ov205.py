"""OV205: a module's namespace is written through a back door."""

from __future__ import annotations

from collections.abc import Callable

Look = Callable[..., list[tuple[str, str, str, int]]]


def test_should_not_report_a_namespace_that_the_module_writes_while_it_is_imported(look: Look) -> None:
    """Should NOT report a namespace that the module writes while it is imported."""
    source = """
        for name in ("a", "b"):
            globals()[name] = name
        globals().update(c=1)
    """
    assert [row for row in look(source) if row[0] == "OV205"] == []


def test_should_not_report_a_namespace_that_is_only_read(look: Look) -> None:
    """Should NOT report a namespace that is only read."""
    source = """
        def read(name):
            return globals()[name], vars()
    """
    assert [row for row in look(source) if row[0] == "OV205"] == []


def test_reports_globals_written_by_a_function(look: Look) -> None:
    """Reports globals written by a function."""
    source = """
        def define(name, value):
            globals()[name] = value
    """
    assert [row for row in look(source) if row[0] == "OV205"] == [
        ("OV205", "warning", "globals()", 2),
    ]


def test_reports_globals_updated_the_table_of_modules_and_dict(look: Look) -> None:
    """Reports globals updated, the table of modules and __dict__."""
    source = """
        import sys
        import socket

        def a(names):
            globals().update(names)

        def b():
            sys.modules[__name__].ready = True

        def c():
            socket.__dict__["x"] = 1
            vars(socket)["y"] = 1
    """
    assert [row for row in look(source) if row[0] == "OV205"] == [
        ("OV205", "warning", "globals()", 5),
        ("OV205", "warning", "sys.modules.[].ready", 8),
        ("OV205", "warning", "socket.__dict__.[]", 11),
    ]


def test_reports_the_namespace_of_a_module_changed_by_a_method(look: Look) -> None:
    """Reports `vars(module).update(...)` and kin; not the dictionary of an object."""
    source = """
        import json

        def a(names, thing):
            vars(json).update(names)
            json.__dict__.pop("x")
            thing.__dict__.update(names)
    """
    assert [row for row in look(source) if row[0] == "OV205"] == [("OV205", "warning", "json.__dict__.[]", 4)]
