"""OV206: an attribute is set on the current thread or task."""

from __future__ import annotations

from collections.abc import Callable

Look = Callable[..., list[tuple[str, str, str, int]]]


def test_should_not_report_the_documented_name_and_daemon_and_attributes_of_other_threads(look: Look) -> None:
    """Should NOT report the documented name and daemon, and attributes of other threads."""
    source = """
        import threading

        def rename(thread):
            threading.current_thread().name = "worker"
            threading.current_thread().daemon = True
            thread.user = "ann"
    """
    assert [row for row in look(source) if row[0] == "OV206"] == []


def test_should_not_report_an_attribute_that_is_read(look: Look) -> None:
    """Should NOT report an attribute that is read."""
    source = """
        import threading

        def user():
            return threading.current_thread().user
    """
    assert [row for row in look(source) if row[0] == "OV206"] == []


def test_reports_an_attribute_set_directly_through_a_name_and_by_setattr(look: Look) -> None:
    """Reports an attribute set directly, through a name and by setattr."""
    source = """
        import threading
        import asyncio

        def a(user):
            threading.current_thread().user = user

        def b(user):
            me = asyncio.current_task()
            me.user = user

        def c(user):
            setattr(threading.current_thread(), "group", user)
    """
    assert [row for row in look(source) if row[0] == "OV206"] == [
        ("OV206", "warning", "threading.current_thread.().user", 5),
        ("OV206", "warning", "asyncio.current_task.().user", 9),
        ("OV206", "warning", "threading.current_thread.().group", 12),
    ]
