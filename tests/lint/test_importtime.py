"""What runs only at import, only from the entry point, or while a class is made."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Look = Callable[..., list[tuple[str, str, str, int]]]

FILLED = """
    _rows = []

    def _fill(row):
        _rows.append(row)

    {}
"""


@pytest.mark.parametrize(
    "rest",
    [
        "def _both(row):\n        _fill(row)\n\n    _both(1)",
        "def _never(row):\n        _fill(row)\n\n    del _never, _fill",
        "class Table:\n        _fill(1)",
        "for number in range(3):\n        _fill(number)",
    ],
)
def test_should_not_report_what_only_import_reaches(look: Look, rest: str) -> None:
    """Called through another function of the import, deleted unused, in a class body, in a loop."""
    assert look(FILLED.format(rest)) == []


@pytest.mark.parametrize(
    "rest",
    [
        "def _both(row):\n        _fill(row)\n\n    _both(1)\n\n    def later():\n        _both(2)",
        "def _both(row):\n        return lambda: _fill(row)\n\n    _both(1)",
        "def _both(register):\n        register(_fill)\n\n    _both(print)",
        "class Table:\n        def add(self):\n            _fill(1)",
        "_fill(1)\n    if __name__ == '__main__':\n        _fill(2)",
        "_fill(1)\n    again = _fill",
        "@print\n    def _both(row):\n        _fill(row)",
    ],
)
def test_reports_what_may_be_reached_later(look: Look, rest: str) -> None:
    """By another function, a lambda, a name that is passed on, a method, the entry point, an alias, a decorator."""
    assert [(code, symbol) for code, _, symbol, _ in look(FILLED.format(rest))] == [("OV202", "_rows")]


CHANGED = """
    import os

    def {name}():
        os.environ["A"] = "b"

    {rest}
"""


@pytest.mark.parametrize(
    ("name", "rest", "severity"),
    [
        ("_set_up", "if __name__ == '__main__':\n        _set_up()", "note"),
        ("_set_up", "def main():\n        _set_up()", "note"),
        ("_set_up", "def _more():\n        _set_up()\n\n    def pytest_configure(config):\n        _more()", "note"),
        ("_set_up", "def main():\n        _set_up()\n\n    def other():\n        _set_up()", "warning"),
        ("_set_up", "def main():\n        _set_up()\n\n    other = _set_up", "warning"),
        ("_set_up", "def main():\n        return lambda: _set_up()", "warning"),
        ("_set_up", "_set_up()", "warning"),
        ("_set_up", "", "warning"),
        ("set_up", "def main():\n        set_up()", "warning"),
    ],
)
def test_a_private_function_of_the_entry_point_is_the_entry_point(
    look: Look, name: str, rest: str, severity: str
) -> None:
    """Only when nobody else can reach it."""
    assert look(CHANGED.format(name=name, rest=rest)) == [("OV401", severity, "A", 4)]


def test_should_not_report_what_the_own_getattr_of_a_module_makes(look: Look) -> None:
    """An attribute made when it is first asked for."""
    source = """
        Pool = None

        def __getattr__(name):
            global Pool
            if name == "Pool":
                from .pool import Pool as made
                Pool = made
                globals()["Other"] = made
                return Pool
            raise AttributeError(name)
    """
    assert look(source) == []
    assert [code for code, *_ in look(source.replace("__getattr__", "get"))] == ["OV201", "OV205"]


def test_should_not_report_class_attributes_set_by_helpers_of_class_construction(look: Look) -> None:
    """A private method that only the hooks of class construction use is part of them."""
    source = """
        class Base:
            def __init_subclass__(cls):
                cls._prepare()

            @classmethod
            def _prepare(cls):
                cls.table = cls.__name__
    """
    assert look(source) == []
    used = source + "\n            def again(self):\n                self._prepare()\n"
    assert [code for code, *_ in look(used)] == ["OV302"]


def test_should_not_report_wiring_of_own_modules_at_import(look: Look) -> None:
    """A package may put its own modules together; in a function, and in others' modules, it is patching."""
    assert look("from . import base\n\nbase.dialect = 1\n") == []
    assert [code for code, *_ in look("from . import base\n\ndef f():\n    base.dialect = 1\n")] == ["OV204"]
    assert [code for code, *_ in look("import base\n\nbase.dialect = 1\n")] == ["OV204"]


def test_should_not_report_a_module_that_is_loaded_as_import_does_it(look: Look) -> None:
    """`sys.modules[name] = module_from_spec(...)` is how a file is imported by its path."""
    source = """
        import sys
        from importlib.util import module_from_spec

        def load(spec):
            module = module_from_spec(spec)
            sys.modules[spec.name] = module
            return module
    """
    assert look(source) == []
    assert [code for code, *_ in look(source.replace("module_from_spec(spec)", "object()"))] == ["OV408"]


def test_should_not_report_the_defaults_of_a_function_inside_a_function(look: Look) -> None:
    """They are made anew with each call around them."""
    source = """
        def outer():
            def count(seen=[0]):
                seen[0] += 1
            return count
    """
    assert look(source) == []


def test_should_not_report_a_thread_that_is_kept_under_a_second_name(look: Look) -> None:
    """`self._thread = thread = Thread(...)`."""
    source = """
        import threading

        class Worker:
            def start(self):
                self._thread = thread = threading.Thread(target=self.run)
                thread.start()
    """
    assert look(source) == []
    assert [code for code, *_ in look(source.replace("self._thread = thread", "thread"))] == ["OV602"]


def test_should_not_report_the_dict_of_something_that_is_no_module(look: Look) -> None:
    """The `__dict__` of what a call returns is that of an object."""
    assert look("from weakref import ref\n\ndef f(x, k):\n    y = ref(x)()\n    del y.__dict__[k]\n") == []
    assert [code for code, *_ in look("import shop\n\ndef f(k):\n    shop.__dict__[k] = 1\n")] == ["OV205"]


def test_reports_containers_that_an_import_may_replace_and_weak_sets_under_their_other_name(look: Look) -> None:
    """They are containers wherever the import fails."""
    source = """
        _tasks = {}

        def enter(task):
            _tasks[task] = 1

        try:
            from _fast import _tasks
        except ImportError:
            pass
    """
    assert [(code, symbol) for code, _, symbol, _ in look(source)] == [("OV202", "_tasks")]
    weak = "from _weakrefset import WeakSet\n\n_all = WeakSet()\n\ndef add(x):\n    _all.add(x)\n"
    assert [row[:3] for row in look(weak)] == [("OV202", "note", "_all")]
