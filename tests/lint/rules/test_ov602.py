"""OV602: a thread is started and nobody keeps it."""

from __future__ import annotations

from collections.abc import Callable

Look = Callable[..., list[tuple[str, str, str, int]]]


def test_should_not_report_a_thread_that_is_joined_kept_or_returned(look: Look) -> None:
    """Should NOT report a thread that is joined, kept or returned."""
    source = """
        import threading

        class Owner:
            def start(self, work):
                self.thread = threading.Thread(target=work)
                self.thread.start()

        def a(work):
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()

        def b(work):
            thread = threading.Thread(target=work)
            thread.start()
            return thread

        def c(work, threads):
            thread = threading.Thread(target=work)
            threads.append(thread)
            thread.start()
    """
    assert [row for row in look(source) if row[0] == "OV602"] == []


def test_reports_a_thread_without_a_name_and_one_whose_name_is_only_started(look: Look) -> None:
    """Reports a thread without a name, and one whose name is only started."""
    source = """
        import threading
        from threading import Timer

        def a(work):
            threading.Thread(target=work).start()

        def b(work):
            Timer(3, work).start()

        def c(work):
            thread = threading.Thread(target=work)
            thread.daemon = True
            thread.start()
    """
    assert [row for row in look(source) if row[0] == "OV602"] == [
        ("OV602", "warning", "threading.Thread.().start", 5),
        ("OV602", "warning", "threading.Timer.().start", 8),
        ("OV602", "warning", "threading.Thread.().start", 13),
    ]
