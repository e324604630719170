"""OV101: a thread-local is made."""

from __future__ import annotations

from collections.abc import Callable

Look = Callable[..., list[tuple[str, str, str, int]]]


def test_should_not_report_a_thread_local_class_that_is_only_spoken_of(look: Look) -> None:
    """Should NOT report asking for the class, annotations, other names for it, and names that hide it."""
    source = """
        import threading
        from threading import local
        from typing import TYPE_CHECKING, cast

        State = threading.local
        Rows = dict[str, threading.local]

        def use(state: local, other: threading.local | None) -> threading.local:
            kept: threading.local
            if isinstance(state, (local, threading.local)) or type(state) is local:
                return cast(threading.local, state)
            return state

        def make(local):
            return [local, use(local)]

        if TYPE_CHECKING:
            use(local)
    """
    assert [row for row in look(source) if row[0] == "OV101"] == []


def test_should_not_report_a_class_of_ones_own_that_is_called_local(look: Look) -> None:
    """Should NOT report a class of ones own that is called local."""
    source = """
        class local:
            pass

        here = local()
    """
    assert [row for row in look(source) if row[0] == "OV101"] == []


def test_should_not_report_threading_local_that_only_an_annotation_names(look: Look) -> None:
    """Should NOT report threading.local that only an annotation names."""
    source = """
        import threading

        def use(state: threading.local) -> None:
            print(state)
    """
    assert [row for row in look(source) if row[0] == "OV101"] == []


def test_should_not_report_what_only_a_type_checker_imports(look: Look) -> None:
    """Should NOT report what only a type checker imports."""
    source = """
        from typing import TYPE_CHECKING

        if TYPE_CHECKING:
            import threading
            here = threading.local()
    """
    assert [row for row in look(source) if row[0] == "OV101"] == []


def test_reports_one_made_by_its_module_once_with_its_hits(look: Look) -> None:
    """Reports one made by its module, once, with its hits."""
    source = """
        import threading
        _here = threading.local()

        def enter(name):
            _here.name = name
            del _here.other
    """
    assert [row for row in look(source) if row[0] == "OV101"] == [
        ("OV101", "warning", "_here", 2),
    ]


def test_reports_one_imported_under_another_name_inside_a_function(look: Look) -> None:
    """Reports one imported under another name inside a function."""
    source = """
        def make():
            from threading import local as thread_state
            state = thread_state()
            return state
    """
    assert [row for row in look(source) if row[0] == "OV101"] == [
        ("OV101", "warning", "state", 3),
    ]


def test_reports_a_subclass_and_what_is_made_of_it(look: Look) -> None:
    """Reports a subclass, and what is made of it."""
    source = """
        import threading

        class Here(threading.local):
            pass

        here = Here()

        def enter(name):
            here.name = name
    """
    assert [row for row in look(source) if row[0] == "OV101"] == [
        ("OV101", "warning", "Here", 3),
        ("OV101", "warning", "here", 6),
    ]


def test_reports_one_kept_on_an_instance(look: Look) -> None:
    """Reports one kept on an instance."""
    source = """
        import threading as t

        class Pool:
            def __init__(self):
                self._state = t.local()
    """
    assert [row for row in look(source) if row[0] == "OV101"] == [
        ("OV101", "warning", "self._state", 5),
    ]


def test_reports_the_class_where_it_is_handed_on(look: Look) -> None:
    """Reports the class where it is an argument, a result, a default or a factory: thread-locals are made of it."""
    source = """
        import threading
        from collections import defaultdict
        from dataclasses import dataclass, field
        from threading import local as Local

        def make(kind=threading.local):
            return kind()

        state = make(Local)
        by_name = defaultdict(threading.local)

        @dataclass
        class Request:
            state: object = field(default_factory=Local)

        def pick(patched):
            return make(Local)() if patched else threading.local
    """
    assert [row[2:] for row in look(source) if row[0] == "OV101"] == [
        ("threading.local", 6),
        ("threading.local", 14),
        ("threading.local", 17),
    ]


def test_reports_one_reached_by_another_name_a_star_a_fallback_and_a_base(look: Look) -> None:
    """Reports one however its class came by its name."""
    source = """
        try:
            from threading import local
        except ImportError:
            from dummy_threading import local
        import threading as t
        from _threading_local import *

        th = t
        TL = th.local
        a = TL()
        b = local()

        class Base(local):
            pass

        class Below(Base):
            pass

        c = Below()

        def enter(name):
            c.name = name
    """
    assert [row[2:] for row in look(source) if row[0] == "OV101"] == [
        ("a", 10),
        ("b", 11),
        ("Base", 13),
        ("Below", 16),
        ("c", 19),
    ]


def test_reports_a_name_of_a_star_import(look: Look) -> None:
    """Reports a name that only `from threading import *` can have bound; a name of another star is another's."""
    source = """
        from threading import *

        here = local()
    """
    assert [row for row in look(source) if row[0] == "OV101"] == [("OV101", "warning", "here", 3)]
    assert [row for row in look(source.replace("threading", "shop")) if row[0] == "OV101"] == []


def test_reports_a_class_inside_a_class_once(look: Look) -> None:
    """Reports a thread-local class once, wherever it stands."""
    source = """
        import threading

        class Policy:
            class _Local(threading.local):
                loop = None

            def enter(self):
                class Other(threading.local):
                    pass
                return Other()
    """
    assert [row[2:] for row in look(source) if row[0] == "OV101"] == [("_Local", 4), ("Other", 8)]
