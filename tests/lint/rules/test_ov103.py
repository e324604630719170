"""OV103: a context variable has a mutable default."""

from __future__ import annotations

from collections.abc import Callable

Look = Callable[..., list[tuple[str, str, str, int]]]


def test_should_not_report_an_immutable_default(look: Look) -> None:
    """Should NOT report an immutable default."""
    source = """
        from contextvars import ContextVar
        a = ContextVar("a", default=())
        b = ContextVar("b", default=None)
        c = ContextVar("c")
    """
    assert [row for row in look(source) if row[0] == "OV103"] == []


def test_should_not_report_a_mutable_default_of_something_else(look: Look) -> None:
    """Should NOT report a mutable default of something else."""
    source = """
        from dataclasses import field
        a = field(default=[])
    """
    assert [row for row in look(source) if row[0] == "OV103"] == []


def test_reports_a_list_a_dict_and_a_defaultdict_as_default(look: Look) -> None:
    """Reports a list, a dict and a defaultdict as default."""
    source = """
        import contextvars
        from collections import defaultdict
        a = contextvars.ContextVar("a", default=[])
        b = contextvars.ContextVar("b", default=dict())
        c = contextvars.ContextVar("c", default=defaultdict(list))
    """
    assert [row for row in look(source) if row[0] == "OV103"] == [
        ("OV103", "warning", "a", 3),
        ("OV103", "warning", "b", 4),
        ("OV103", "warning", "c", 5),
    ]
