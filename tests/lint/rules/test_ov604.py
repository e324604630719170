"""OV604: a thread is started while the module is imported."""

from __future__ import annotations

from collections.abc import Callable

Look = Callable[..., list[tuple[str, str, str, int]]]


def test_should_not_report_a_thread_that_a_function_or_the_main_guard_starts(look: Look) -> None:
    """Should NOT report a thread that a function or the main guard starts."""
    source = """
        import threading

        def start(work):
            thread = threading.Thread(target=work)
            thread.start()
            return thread

        if __name__ == "__main__":
            threading.Thread(target=print).start()
    """
    assert [row for row in look(source) if row[0] == "OV604"] == []


def test_should_not_report_a_thread_that_is_made_but_not_started(look: Look) -> None:
    """Should NOT report a thread that is made but not started."""
    source = """
        import threading
        worker = threading.Thread(target=print)
    """
    assert [row for row in look(source) if row[0] == "OV604"] == []


def test_reports_a_thread_started_at_import_kept_or_not(look: Look) -> None:
    """Reports a thread started at import, kept or not."""
    source = """
        import threading
        worker = threading.Thread(target=print)
        worker.start()
        threading.Timer(3, print).start()
    """
    assert [row for row in look(source) if row[0] == "OV604"] == [
        ("OV604", "warning", "threading.Thread.().start", 3),
        ("OV604", "warning", "threading.Timer.().start", 4),
    ]
