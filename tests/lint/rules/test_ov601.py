"""OV601: the result of a task is dropped."""

from __future__ import annotations

from collections.abc import Callable

Look = Callable[..., list[tuple[str, str, str, int]]]


def test_should_not_report_a_task_that_is_kept_awaited_returned_or_passed_on(look: Look) -> None:
    """Should NOT report a task that is kept, awaited, returned or passed on."""
    source = """
        import asyncio

        class Owner:
            def start(self, work):
                self.task = asyncio.create_task(work())

        async def a(work, tasks):
            await asyncio.create_task(work())
            tasks.add(asyncio.create_task(work()))
            task = asyncio.create_task(work())
            await task
            return asyncio.ensure_future(work())
    """
    assert [row for row in look(source) if row[0] == "OV601"] == []


def test_should_not_report_a_task_of_a_group(look: Look) -> None:
    """Should NOT report a task of a group."""
    source = """
        import asyncio

        async def a(work):
            async with asyncio.TaskGroup() as group:
                group.create_task(work())
    """
    assert [row for row in look(source) if row[0] == "OV601"] == []


def test_should_not_report_a_create_task_of_something_else(look: Look) -> None:
    """Should NOT report a create_task of something else."""
    source = """
        def a(board):
            board.create_task("wash up")
    """
    assert [row for row in look(source) if row[0] == "OV601"] == []


def test_reports_a_task_that_is_dropped(look: Look) -> None:
    """Reports a task that is dropped."""
    source = """
        import asyncio
        from asyncio import ensure_future

        async def a(work, loop):
            asyncio.create_task(work())
            ensure_future(work())
            mine = asyncio.get_running_loop()
            mine.create_task(work())
            loop.create_task(work())
    """
    assert [row for row in look(source) if row[0] == "OV601"] == [
        ("OV601", "warning", "asyncio.create_task", 5),
        ("OV601", "warning", "asyncio.ensure_future", 6),
        ("OV601", "warning", "asyncio.get_running_loop.().create_task", 8),
    ]


def test_reports_a_task_kept_in_a_name_that_nobody_reads(look: Look) -> None:
    """Reports a task kept in a name that nobody reads."""
    source = """
        import asyncio

        async def a(work):
            task = asyncio.create_task(work())

        async def b(work):
            _ = asyncio.create_task(work())
    """
    assert [row for row in look(source) if row[0] == "OV601"] == [
        ("OV601", "warning", "asyncio.create_task", 4),
        ("OV601", "warning", "asyncio.create_task", 7),
    ]
