"""OV603: a future is dropped."""

from __future__ import annotations

from collections.abc import Callable

Look = Callable[..., list[tuple[str, str, str, int]]]


def test_should_not_report_a_future_that_is_kept_returned_or_asked(look: Look) -> None:
    """Should NOT report a future that is kept, returned or asked."""
    source = """
        from concurrent.futures import ThreadPoolExecutor

        def a(work):
            with ThreadPoolExecutor() as pool:
                future = pool.submit(work)
                return future.result(), [pool.submit(work) for _ in range(3)]
    """
    assert [row for row in look(source) if row[0] == "OV603"] == []


def test_should_not_report_a_submit_of_something_else(look: Look) -> None:
    """Should NOT report a submit of something else."""
    source = """
        def a(form):
            form.submit()
    """
    assert [row for row in look(source) if row[0] == "OV603"] == []


def test_reports_a_future_that_is_dropped(look: Look) -> None:
    """Reports a future that is dropped."""
    source = """
        import asyncio
        from concurrent.futures import ThreadPoolExecutor

        class Owner:
            def __init__(self):
                self._workers = ThreadPoolExecutor()

            def go(self, work):
                self._workers.submit(work)

        def a(work):
            with ThreadPoolExecutor() as pool:
                pool.submit(work)

        def b(executor, work):
            executor.submit(work)

        def c(coroutine, loop):
            asyncio.run_coroutine_threadsafe(coroutine, loop)
    """
    assert [row for row in look(source) if row[0] == "OV603"] == [
        ("OV603", "warning", "concurrent.futures.ThreadPoolExecutor.().submit", 9),
        ("OV603", "warning", "concurrent.futures.ThreadPoolExecutor.().submit", 13),
        ("OV603", "warning", "concurrent.futures.ThreadPoolExecutor.().submit", 16),
        ("OV603", "warning", "asyncio.run_coroutine_threadsafe", 19),
    ]
