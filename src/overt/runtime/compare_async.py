"""Two async implementations called side by side."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from overt.runtime.compare import BESIDE, Comparison
from overt.runtime.observation import Observation, Side
from overt.runtime.verdicts import Question

AsyncCall = Callable[..., Awaitable[Any]]


async def call_async(
    comparison: Comparison,
    new: AsyncCall,
    legacy: AsyncCall,
    args: tuple[Any, ...] = (),
    named: Mapping[str, Any] | None = None,
    *,
    chosen: Side,
) -> Any:
    """Await the control and return what it gives, or let through what it raises; then await the candidate.

    The candidate runs in a task of its own, which is cancelled when it takes longer than the comparison's `timeout`,
    or when the caller is cancelled.

    Args:
        comparison: How to compare.
        new: The new implementation.
        legacy: The legacy one.
        args: Positional arguments.
        named: Named arguments.
        chosen: Which of them is the control.

    Raises:
        Mismatched: They differ, and that was to be raised.
    """
    control, candidate = (new, legacy) if chosen == "new" else (legacy, new)
    named = named or {}
    asked = comparison.ask(args, named, chosen)
    if asked is None:
        return await control(*args, **named)
    begin = time.perf_counter_ns()
    try:
        value = await control(*args, **named)
    except Exception as error:
        await _follow(comparison, candidate, asked, Observation(None, error, time.perf_counter_ns() - begin))
        raise
    await _follow(comparison, candidate, asked, Observation(value, None, time.perf_counter_ns() - begin))
    return value


async def _follow(comparison: Comparison, candidate: AsyncCall, asked: Question, control: Observation) -> None:
    if comparison.later is None:
        await _settle(comparison, candidate, asked, control)
    else:
        comparison.later.put_task(_settle(comparison, candidate, asked, comparison.still(control)))


async def _settle(comparison: Comparison, candidate: AsyncCall, asked: Question, control: Observation) -> None:
    started = comparison.observe(candidate, asked)
    if started.error is not None:
        comparison.settle(asked, control, started)
        return
    begin = time.perf_counter_ns()
    task = asyncio.get_running_loop().create_task(_observed(started.value), context=asked.context)
    try:
        await asyncio.wait({task}, timeout=comparison.timeout)
    finally:
        task.cancel()
    if comparison.later is None:
        comparison.spend(begin)  # the caller has waited for it
    if task.done() and not task.cancelled():
        comparison.settle(asked, control, task.result()._replace(duration_ns=time.perf_counter_ns() - begin))
    else:
        comparison.fail(asked.chosen, f"the other one had no answer after {comparison.timeout:g} s")


async def _observed(awaitable: Awaitable[Any]) -> Observation:
    token = BESIDE.set(True)
    try:
        return Observation(await awaitable)
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
        return Observation(None, error)  # the candidate's own, of something that it waited for
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001  # also SystemExit: it was not the caller's
        return Observation(None, error)
    finally:
        BESIDE.reset(token)
