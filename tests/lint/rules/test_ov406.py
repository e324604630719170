"""OV406: a signal handler is installed."""

from __future__ import annotations

from collections.abc import Callable

Look = Callable[..., list[tuple[str, str, str, int]]]


def test_should_not_report_a_handler_that_is_only_asked_for_and_a_signal_that_is_sent(look: Look) -> None:
    """Should NOT report a handler that is only asked for, and a signal that is sent."""
    source = """
        import os, signal

        def a(bus):
            signal.getsignal(signal.SIGTERM)
            os.kill(1, signal.SIGTERM)
            bus.signal("x", print)
    """
    assert [row for row in look(source) if row[0] == "OV406"] == []


def test_reports_each_of_its_calls(look: Look) -> None:
    """Reports each of its calls."""
    source = """
        import asyncio, signal

        def a(handler):
            signal.signal(signal.SIGTERM, handler)
            asyncio.get_running_loop().add_signal_handler(1, handler)
            loop = asyncio.new_event_loop()
            loop.add_signal_handler(1, handler)
    """
    assert [row for row in look(source) if row[0] == "OV406"] == [
        ("OV406", "warning", "signal.signal", 4),
        ("OV406", "warning", "asyncio.get_running_loop().add_signal_handler", 5),
        ("OV406", "warning", "asyncio.new_event_loop().add_signal_handler", 7),
    ]


def test_reports_an_entry_point_as_a_note(look: Look) -> None:
    """Reports an entry point as a note."""
    source = """
        import signal

        if __name__ == "__main__":
            signal.signal(signal.SIGTERM, print)
    """
    assert [row for row in look(source) if row[0] == "OV406"] == [
        ("OV406", "note", "signal.signal", 4),
    ]
