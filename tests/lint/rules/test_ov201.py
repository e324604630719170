"""OV201: a global is rebound from a function."""

from __future__ import annotations

from collections.abc import Callable

Look = Callable[..., list[tuple[str, str, str, int]]]


def test_should_not_report_a_module_that_is_imported_late(look: Look) -> None:
    """Should NOT report a module imported on first use, nor None where it is not installed: it is never another."""
    source = """
        np = None

        def load():
            global np, qt, BOOL
            from ctypes.wintypes import BOOL
            import qtpy as qt
            try:
                import numpy as np
            except ImportError:
                np = None
    """
    assert [row for row in look(source) if row[0] == "OV201"] == []


def test_should_not_report_a_thread_local_that_is_made_anew_that_is_ov101(look: Look) -> None:
    """Should NOT report a thread-local that is made anew: that is OV101."""
    source = """
        import threading
        _here = threading.local()

        def reset():
            global _here
            _here = threading.local()
    """
    assert [row for row in look(source) if row[0] == "OV201"] == []


def test_should_not_report_a_global_that_is_declared_and_only_read(look: Look) -> None:
    """Should NOT report a global that is declared and only read."""
    source = """
        _rows = 1

        def read():
            global _rows
            return _rows
    """
    assert [row for row in look(source) if row[0] == "OV201"] == []


def test_should_not_report_a_local_name_of_the_same_spelling(look: Look) -> None:
    """Should NOT report a local name of the same spelling."""
    source = """
        _rows = 1

        def read():
            _rows = 2
            return _rows
    """
    assert [row for row in look(source) if row[0] == "OV201"] == []


def test_should_not_report_a_rebinding_by_a_private_function_that_only_runs_at_import(look: Look) -> None:
    """Should NOT report a rebinding by a private function that only runs at import."""
    source = """
        _table = None

        def _fill():
            global _table
            _table = {"a": 1}

        _fill()
    """
    assert [row for row in look(source) if row[0] == "OV201"] == []


def test_should_not_report_a_name_that_belongs_to_the_function_around_it(look: Look) -> None:
    """Should NOT report a name that belongs to the function around it."""
    source = """
        def counter():
            count = 0

            def step():
                nonlocal count
                count += 1
                return count

            return step
    """
    assert [row for row in look(source) if row[0] == "OV201"] == []


def test_reports_a_rebinding_once_for_all_its_sites(look: Look) -> None:
    """Reports a rebinding, once for all its sites."""
    source = """
        _client = None

        def client():
            global _client
            if _client is None:
                _client = object()
            return _client

        def reset():
            global _client
            _client = None
    """
    assert [row for row in look(source) if row[0] == "OV201"] == [
        ("OV201", "warning", "_client", 1),
    ]


def test_reports_a_counter_as_an_error(look: Look) -> None:
    """Reports a counter as an error."""
    source = """
        count = 0

        def step():
            global count
            count += 1
    """
    assert [row for row in look(source) if row[0] == "OV201"] == [
        ("OV201", "error", "count", 1),
    ]


def test_reports_a_value_made_from_the_old_one_as_an_error(look: Look) -> None:
    """Reports a value made from the old one as an error."""
    source = """
        rows = ()

        def add(row):
            global rows
            rows = (*rows, row)
    """
    assert [row for row in look(source) if row[0] == "OV201"] == [
        ("OV201", "error", "rows", 1),
    ]


def test_reports_a_name_in_capitals_as_an_error(look: Look) -> None:
    """Reports a name in capitals as an error."""
    source = """
        LIMIT = 3

        def set_limit(value):
            global LIMIT
            LIMIT = value
    """
    assert [row for row in look(source) if row[0] == "OV201"] == [
        ("OV201", "error", "LIMIT", 1),
    ]


def test_reports_a_rebinding_under_a_lock_as_a_note(look: Look) -> None:
    """Reports a rebinding under a lock as a note."""
    source = """
        import threading
        _lock = threading.Lock()
        _client = None

        def set_client(value):
            global _client
            with _lock:
                _client = value
    """
    assert [row for row in look(source) if row[0] == "OV201"] == [
        ("OV201", "note", "_client", 3),
    ]


def test_reports_a_loop_and_a_deletion_of_a_global(look: Look) -> None:
    """Reports a loop and a deletion of a global."""
    source = """
        def load():
            global row, gone
            for row in ():
                pass
            del gone
    """
    assert [row for row in look(source) if row[0] == "OV201"] == [
        ("OV201", "warning", "row", 3),
        ("OV201", "warning", "gone", 5),
    ]


def test_reports_a_public_function_that_only_runs_at_import_as_a_note(look: Look) -> None:
    """Reports a public function that only runs at import, as a note."""
    source = """
        table = None

        def fill():
            global table
            table = {"a": 1}

        fill()
    """
    assert [row for row in look(source) if row[0] == "OV201"] == [
        ("OV201", "note", "table", 1),
    ]


def test_reports_a_private_function_that_a_decorator_may_keep_and_call_later(look: Look) -> None:
    """Reports a private function that a decorator may keep and call later."""
    source = """
        _table = None

        @on_start
        def _fill():
            global _table
            _table = {"a": 1}

        _fill()
    """
    assert [row for row in look(source) if row[0] == "OV201"] == [
        ("OV201", "warning", "_table", 1),
    ]


def test_reports_a_private_function_that_another_function_calls_too(look: Look) -> None:
    """Reports a private function that another function calls too."""
    source = """
        _table = None

        def _fill():
            global _table
            _table = {"a": 1}

        def reset():
            _fill()

        _fill()
    """
    assert [row for row in look(source) if row[0] == "OV201"] == [
        ("OV201", "warning", "_table", 1),
    ]


def test_reports_an_imported_name_that_is_given_another_value(look: Look) -> None:
    """Reports a name that is imported late and then given a value that is no module."""
    source = """
        def load():
            global json
            import json
            json = object()
    """
    assert [row for row in look(source) if row[0] == "OV201"] == [("OV201", "warning", "json", 4)]


def test_reports_what_a_public_function_outside_all_rebinds_as_a_note(look: Look) -> None:
    """Reports a global that only imports rebind in this file, by a function that others can import by name."""
    source = """
        __all__ = ["threaded"]
        threaded = None

        def init(with_threads):
            global threaded
            threaded = with_threads

        init(True)
    """
    assert [row for row in look(source) if row[0] == "OV201"] == [("OV201", "note", "threaded", 2)]
