"""OV104: the token of a context variable is dropped."""

from __future__ import annotations

from collections.abc import Callable

Look = Callable[..., list[tuple[str, str, str, int]]]


def test_should_not_report_a_token_that_is_kept_or_returned(look: Look) -> None:
    """Should NOT report a token that is kept or returned."""
    source = """
        from contextvars import ContextVar
        user = ContextVar("user")

        def enter(name):
            token = user.set(name)
            return token

        def enter2(name):
            return user.set(name)
    """
    assert [row for row in look(source) if row[0] == "OV104"] == []


def test_should_not_report_the_set_method_of_anything_else(look: Look) -> None:
    """Should NOT report the set method of anything else."""
    source = """
        from threading import Event
        ready = Event()

        def go(holder):
            ready.set()
            holder.set(1)
    """
    assert [row for row in look(source) if row[0] == "OV104"] == []


def test_should_not_report_a_local_name_that_hides_the_variable(look: Look) -> None:
    """Should NOT report a local name that hides the variable."""
    source = """
        from contextvars import ContextVar
        user = ContextVar("user")

        def enter(user):
            user.set("ann")
    """
    assert [row for row in look(source) if row[0] == "OV104"] == []


def test_reports_a_dropped_token(look: Look) -> None:
    """Reports a dropped token."""
    source = """
        from contextvars import ContextVar
        user = ContextVar("user")

        def enter(name):
            user.set(name)
    """
    assert [row for row in look(source) if row[0] == "OV104"] == [
        ("OV104", "warning", "user", 5),
    ]


def test_reports_a_token_dropped_by_an_entry_point_as_a_note(look: Look) -> None:
    """Reports a token dropped by an entry point as a note."""
    source = """
        from contextvars import ContextVar
        user = ContextVar("user")

        def main():
            user.set("root")
    """
    assert [row for row in look(source) if row[0] == "OV104"] == [
        ("OV104", "note", "user", 5),
    ]


def test_reports_a_value_that_a_finally_takes_back_by_hand_as_a_note(look: Look) -> None:
    """Reports a value that is put back without its token as a note: it does not stay set."""
    source = """
        from contextvars import ContextVar

        user = ContextVar("user", default=None)

        def handle(request):
            user.set(request.user)
            try:
                return request.run()
            finally:
                user.set(None)
    """
    assert [row for row in look(source) if row[0] == "OV104"] == [("OV104", "note", "user", 6)]
