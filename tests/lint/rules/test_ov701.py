"""OV701: a test sleeps to wait for something."""

from __future__ import annotations

from collections.abc import Callable

Look = Callable[..., list[tuple[str, str, str, int]]]


def test_should_not_report_a_sleep_outside_of_tests(look: Look) -> None:
    """Should NOT report a sleep outside of tests."""
    source = """
        import time

        def wait():
            time.sleep(1)
    """
    assert [row for row in look(source) if row[0] == "OV701"] == []


def test_should_not_report_slow_work_that_a_test_only_simulates(look: Look) -> None:
    """Should NOT report slow work that a test only simulates."""
    source = """
        import time

        def slow():
            time.sleep(1)

        def test_a(run):
            def work():
                time.sleep(1)
            run(work)
    """
    assert [row for row in look(source, path="tests/test_a.py") if row[0] == "OV701"] == []


def test_should_not_report_a_sleep_method_of_something_else(look: Look) -> None:
    """Should NOT report a sleep method of something else."""
    source = """
        def test_a(clock):
            clock.sleep(3)
    """
    assert [row for row in look(source, path="tests/test_a.py") if row[0] == "OV701"] == []


def test_reports_a_sleep_in_a_test(look: Look) -> None:
    """Reports a sleep in a test."""
    source = """
        import asyncio
        import time
        from time import sleep

        def test_a(worker):
            time.sleep(1)

        async def test_b(worker):
            await asyncio.sleep(1)

        class TestC:
            def setUp(self):
                sleep(1)
    """
    assert [row for row in look(source, path="tests/test_a.py") if row[0] == "OV701"] == [
        ("OV701", "warning", "time.sleep", 6),
        ("OV701", "warning", "asyncio.sleep", 9),
        ("OV701", "warning", "time.sleep", 13),
    ]


def test_reports_polling_in_a_loop_as_a_note(look: Look) -> None:
    """Reports polling in a loop as a note."""
    source = """
        import time

        def test_a(worker):
            while not worker.done:
                time.sleep(0.1)
    """
    assert [row for row in look(source, path="tests/test_a.py") if row[0] == "OV701"] == [
        ("OV701", "note", "time.sleep", 5),
    ]
