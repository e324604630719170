"""OV202: a container of the module is changed from a function."""

from __future__ import annotations

from collections.abc import Callable

Look = Callable[..., list[tuple[str, str, str, int]]]


def test_should_not_report_a_second_time_what_the_function_that_fills_it_also_rebinds_that_is_ov201(look: Look) -> None:
    """Should NOT report a second time what the function that fills it also rebinds: that is OV201."""
    source = """
        _table = None

        def table():
            global _table
            if _table is None:
                _table = {}
                _table["a"] = 1
            return _table
    """
    assert [row for row in look(source) if row[0] == "OV202"] == []


def test_should_not_report_a_container_that_is_only_declared_and_read(look: Look) -> None:
    """Should NOT report a container that is only declared and read."""
    source = """
        ROWS = {"a": 1}

        def read(key):
            return ROWS.get(key), ROWS.copy(), len(ROWS)
    """
    assert [row for row in look(source) if row[0] == "OV202"] == []


def test_should_not_report_a_container_that_the_module_fills_while_it_is_imported(look: Look) -> None:
    """Should NOT report a container that the module fills while it is imported."""
    source = """
        rows = []
        rows.append(1)
        for number in range(3):
            rows.append(number)
    """
    assert [row for row in look(source) if row[0] == "OV202"] == []


def test_should_not_report_a_parameter_a_local_and_a_comprehension_that_hide_the_name(look: Look) -> None:
    """Should NOT report a parameter, a local and a comprehension that hide the name."""
    source = """
        rows = []

        def a(rows):
            rows.append(1)

        def b():
            rows = []
            rows.append(1)

        def c(groups):
            return [rows.append(1) for rows in groups]

        def d():
            for rows in ([], []):
                rows.append(1)

        def e(path):
            with open(path) as rows:
                rows.append(1)

        def f(given):
            match given:
                case [*rows]:
                    rows.append(1)
    """
    assert [row for row in look(source) if row[0] == "OV202"] == []


def test_should_not_report_a_copy_of_the_container(look: Look) -> None:
    """Should NOT report a copy of the container."""
    source = """
        rows = [1]

        def more():
            copied = rows[:]
            copied.append(2)
            other = list(rows)
            other.append(3)
            return copied, other
    """
    assert [row for row in look(source) if row[0] == "OV202"] == []


def test_should_not_report_what_a_private_function_fills_at_import_by_call_or_by_decorator(look: Look) -> None:
    """Should NOT report what a private function fills at import, by call or by decorator."""
    source = """
        _rows = {}

        def _register(name):
            def keep(function):
                _rows[name] = function
                return function
            return keep

        @_register("a")
        def a():
            pass

        def _add(name):
            _rows[name] = name

        _add("b")
    """
    assert [row for row in look(source) if row[0] == "OV202"] == []


def test_should_not_report_what_a_function_outside_all_fills_at_import(look: Look) -> None:
    """Should NOT report what a function outside __all__ fills at import."""
    source = """
        __all__ = ["rows"]
        rows = {}

        def add(name):
            rows[name] = name

        add("b")
    """
    assert [row for row in look(source) if row[0] == "OV202"] == []


def test_should_not_report_what_a_deleted_function_filled(look: Look) -> None:
    """Should NOT report what a deleted function filled."""
    source = """
        rows = {}

        def add(name):
            rows[name] = name

        add("b")
        del add
    """
    assert [row for row in look(source) if row[0] == "OV202"] == []


def test_should_not_report_a_module_level_name_that_is_no_container(look: Look) -> None:
    """Should NOT report a module-level name that is no container."""
    source = """
        rows = make_rows()

        def add(row):
            rows.append(row)
    """
    assert [row for row in look(source) if row[0] == "OV202"] == []


def test_should_not_report_a_stub(look: Look) -> None:
    """Should NOT report a stub."""
    source = """
        rows: list[int] = []

        def add(row: int) -> None:
            rows.append(row)
    """
    assert [row for row in look(source, path="src/example.pyi") if row[0] == "OV202"] == []


def test_reports_all_ways_of_changing_it_as_one_finding(look: Look) -> None:
    """Reports all ways of changing it as one finding."""
    source = """
        from collections import defaultdict
        rows = defaultdict(list)

        def a(key, row):
            rows[key].append(row)

        def b(key):
            rows[key] = []

        class C:
            def c(self):
                rows.update(a=1)
    """
    assert [row for row in look(source) if row[0] == "OV202"] == [
        ("OV202", "warning", "rows", 2),
    ]


def test_reports_adding_and_removing_in_one_function_as_an_error(look: Look) -> None:
    """Reports adding and removing in one function as an error."""
    source = """
        rows = []

        def swap(row):
            rows.append(row)
            return rows.pop(0)
    """
    assert [row for row in look(source) if row[0] == "OV202"] == [
        ("OV202", "error", "rows", 1),
    ]


def test_reports_a_value_made_from_the_old_one_as_an_error(look: Look) -> None:
    """Reports a value made from the old one as an error."""
    source = """
        counts = {}

        def count(key):
            counts[key] = counts.get(key, 0) + 1

        hits = {}

        def hit(key):
            hits[key] += 1
    """
    assert [row for row in look(source) if row[0] == "OV202"] == [
        ("OV202", "error", "counts", 1),
        ("OV202", "error", "hits", 6),
    ]


def test_reports_the_whole_content_replaced_as_an_error(look: Look) -> None:
    """Reports the whole content replaced as an error."""
    source = """
        rows = []

        def replace(new):
            rows[:] = new
    """
    assert [row for row in look(source) if row[0] == "OV202"] == [
        ("OV202", "error", "rows", 1),
    ]


def test_reports_a_name_in_capitals_as_an_error(look: Look) -> None:
    """Reports a name in capitals as an error."""
    source = """
        ROWS = set()

        def add(row):
            ROWS.add(row)
    """
    assert [row for row in look(source) if row[0] == "OV202"] == [
        ("OV202", "error", "ROWS", 1),
    ]


def test_reports_every_site_under_a_lock_as_a_note_one_without_as_a_warning(look: Look) -> None:
    """Reports every site under a lock as a note, one without as a warning."""
    source = """
        import threading
        _lock = threading.Lock()
        held = []
        half = []

        def add(row):
            with _lock:
                held.append(row)
                half.append(row)

        def more(row):
            _lock.acquire()
            held.append(row)

        def bare(row):
            half.append(row)
    """
    assert [row for row in look(source) if row[0] == "OV202"] == [
        ("OV202", "note", "held", 3),
        ("OV202", "warning", "half", 4),
    ]


def test_reports_a_weak_container_as_a_note(look: Look) -> None:
    """Reports a weak container as a note."""
    source = """
        import weakref
        rows = weakref.WeakValueDictionary()

        def add(key, row):
            rows[key] = row
    """
    assert [row for row in look(source) if row[0] == "OV202"] == [
        ("OV202", "note", "rows", 2),
    ]


def test_reports_an_annotated_a_conditional_and_a_computed_container(look: Look) -> None:
    """Reports an annotated, a conditional and a computed container."""
    source = """
        import os
        a: dict[str, int] = {}
        b = [] if os.name == "nt" else [1]
        c = [None] * 3
        d = e = {}

        def change():
            a["x"] = 1
            b.append(1)
            c[0] = 1
            e.clear()
    """
    assert [row for row in look(source) if row[0] == "OV202"] == [
        ("OV202", "warning", "a", 2),
        ("OV202", "warning", "b", 3),
        ("OV202", "warning", "c", 4),
        ("OV202", "warning", "e", 5),
    ]


def test_reports_a_change_through_an_alias(look: Look) -> None:
    """Reports a change through an alias."""
    source = """
        _rows = []
        alias = _rows

        def a():
            rows = _rows
            rows.append(1)

        def b():
            alias.append(1)
    """
    assert [row for row in look(source) if row[0] == "OV202"] == [
        ("OV202", "warning", "_rows", 1),
    ]


def test_reports_a_change_by_a_function_that_takes_the_container(look: Look) -> None:
    """Reports a change by a function that takes the container."""
    source = """
        from heapq import heappush
        import bisect
        queue = []

        def a(row):
            heappush(queue, row)

        def b(row):
            bisect.insort(queue, row)
    """
    assert [row for row in look(source) if row[0] == "OV202"] == [
        ("OV202", "warning", "queue", 3),
    ]


def test_reports_a_change_in_a_lambda_in_a_nested_function_and_after_global(look: Look) -> None:
    """Reports a change in a lambda, in a nested function and after global."""
    source = """
        rows = []
        add = lambda row: rows.append(row)

        def outer():
            def inner(row):
                rows.append(row)
            return inner

        def other():
            global rows
            rows.append(1)
    """
    assert [row for row in look(source) if row[0] == "OV202"] == [
        ("OV202", "warning", "rows", 1),
    ]


def test_reports_a_public_registering_function_that_the_file_only_uses_at_import_as_a_note(look: Look) -> None:
    """Reports a public registering function that the file only uses at import, as a note."""
    source = """
        rows = {}

        def register(name):
            rows[name] = name

        register("a")
    """
    assert [row for row in look(source) if row[0] == "OV202"] == [
        ("OV202", "note", "rows", 1),
    ]


def test_reports_a_name_of_the_module_that_only_the_class_body_hides(look: Look) -> None:
    """Reports a name of the module that only the class body hides."""
    source = """
        rows = []

        class Basket:
            rows = []

            def add(self, row):
                rows.append(row)
    """
    assert [row for row in look(source) if row[0] == "OV202"] == [
        ("OV202", "warning", "rows", 1),
    ]


def test_reports_a_cache_that_a_private_decorator_fills_later(look: Look) -> None:
    """Reports a cache that a private decorator fills later."""
    source = """
        _cache = {}

        def _memo(function):
            def wrapped(key):
                _cache[key] = function(key)
                return _cache[key]
            return wrapped

        @_memo
        def slow(key):
            return key
    """
    assert [row for row in look(source) if row[0] == "OV202"] == [
        ("OV202", "warning", "_cache", 1),
    ]


def test_should_not_report_what_only_a_function_without_a_name_fills_at_import(look: Look) -> None:
    """Should NOT report a container that a private lambda of the module fills while it is imported."""
    source = """
        flags = {}
        _add = lambda *args: flags.update(args)
        _add(("a", 1))
        _add(("b", 2))
    """
    assert [row for row in look(source) if row[0] == "OV202"] == []


def test_reports_a_lambda_that_others_may_call(look: Look) -> None:
    """Reports a lambda that a function of the module calls later."""
    source = """
        flags = {}
        _add = lambda *args: flags.update(args)

        def later(name):
            _add((name, 1))
    """
    assert [row for row in look(source) if row[0] == "OV202"] == [("OV202", "warning", "flags", 1)]


def test_reports_what_registering_decorators_fill_as_a_note(look: Look) -> None:
    """Reports as a note what a decorator fills that gives its function or class back: decorators run at import."""
    source = """
        import functools

        classes, makers, later = {}, {}, []

        def register(cls):
            classes[cls.__name__] = cls
            return cls

        def maker(name=None, function=None):
            if function is None:
                return functools.partial(maker, name)
            makers[name] = function
            return function

        def named(name):
            def wrap(anything):
                makers[name] = anything
                return anything
            return wrap

        def keep(value):
            later.append(value)
            return value
    """
    assert [row for row in look(source) if row[0] == "OV202"] == [
        ("OV202", "note", "classes", 3),
        ("OV202", "note", "makers", 3),
        ("OV202", "warning", "later", 3),
    ]


def test_reports_a_decorator_that_functions_call_as_any_other_function(look: Look) -> None:
    """Reports a registering decorator as a warning when a function of the file calls it itself."""
    source = """
        classes = {}

        def register(cls):
            classes[cls.__name__] = cls
            return cls

        def make(name):
            return register(type(name, (), {}))
    """
    assert [row for row in look(source) if row[0] == "OV202"] == [("OV202", "warning", "classes", 1)]


def test_reports_what_subclasses_enter_while_they_are_made_as_a_note(look: Look) -> None:
    """Reports as a note what `__init_subclass__` fills, as a warning what `__new__` does."""
    source = """
        kinds, instances = {}, {}

        class Kind:
            def __init_subclass__(cls):
                kinds[cls.__name__] = cls

            def __new__(cls, name):
                instances[name] = super().__new__(cls)
                return instances[name]
    """
    assert [row for row in look(source) if row[0] == "OV202"] == [
        ("OV202", "note", "kinds", 1),
        ("OV202", "warning", "instances", 1),
    ]


def test_reports_what_only_imports_of_the_file_copy_as_a_note(look: Look) -> None:
    """Reports as a note a table that a public function fills from itself, called at import only: nothing races."""
    source = """
        known = {}

        def enter(name, value):
            known[name] = value

        def alias(name, other):
            known[other] = known[name]

        enter("a", 1)
        alias("a", "b")
    """
    assert [row for row in look(source) if row[0] == "OV202"] == [("OV202", "note", "known", 1)]
