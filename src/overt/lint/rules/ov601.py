"""OV601: the result of a task is dropped."""

from __future__ import annotations

from overt.lint.records import Fact, Judgement, Rule, Settings
from overt.lint.weigh import doing, spelled


def judge(fact: Fact, _settings: Settings) -> Judgement:
    """A task that is dropped, or kept in a name that is never read."""
    return Judgement(f"{doing(fact, 'starts')} a task that nobody keeps (`{spelled(fact.symbol)}`)")


RULE = Rule(
    code="OV601",
    title="The result of a task is dropped",
    why=(
        "The event loop holds tasks weakly: a task that nobody keeps may be collected before it is done. Its "
        "exception is reported when it is too late, or never."
    ),
    bad="""\
import asyncio


async def notify(send):
    asyncio.create_task(send())
""",
    good="""\
import asyncio


async def notify(sends):
    async with asyncio.TaskGroup() as group:
        for send in sends:
            group.create_task(send())
""",
    instead="Use `asyncio.TaskGroup`, or keep the task on an object that awaits or cancels it.",
    judge=judge,
    kind="task",
    see=(
        "OV602",
        "OV603",
    ),
)
