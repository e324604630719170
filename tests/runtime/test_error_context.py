"""One behaviour for the error context, whatever holds it."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from overt.runtime import error_context
from overt.runtime.context_engine import Engine
from overt.runtime.legacy import error_context as legacy_context
from overt.runtime.operation import OperationContext
from overt.runtime.switched_context import SwitchedContext

ENGINES = {
    "new": error_context.ENGINE,
    "legacy": legacy_context.ENGINE,
    "switched-new": SwitchedContext(lambda: True),
    "switched-legacy": SwitchedContext(lambda: False),
}


@pytest.fixture
def context(implementation: str) -> Iterator[Engine]:
    """Give each implementation, and see that the test leaves it empty."""
    engine = ENGINES[implementation]
    assert engine.get_context() == {}
    yield engine
    assert engine.get_context() == {}


def test_a_block_adds_and_puts_back(context: Engine) -> None:
    """Inner blocks see what outer ones set; keys of the inner win."""
    with context.with_context({"a": 1, "b": 1}) as outer:
        assert outer == {"a": 1, "b": 1}
        with context.with_context({"b": 2}):
            assert context.get_context() == {"a": 1, "b": 2}
        assert context.get_context() == {"a": 1, "b": 1}


def test_a_temporary_block_replaces(context: Engine) -> None:
    """Nothing of the outer context shows inside."""
    with context.with_context({"a": 1}):
        with context.with_temporary_context({"b": 2}):
            assert context.get_context() == {"b": 2}
        assert context.get_context() == {"a": 1}


def test_what_a_block_gives_reads_as_a_mapping(context: Engine) -> None:
    """Entered anew or again; it cannot be written to, and an empty one is false."""
    block = context.with_context({"b": 2})
    with context.with_context({"a": 1}), block as entered, block as again:
        for given in (entered, again):
            assert (dict(given), given["b"], list(given), len(given)) == ({"a": 1, "b": 2}, 2, ["a", "b"], 2)
            assert given == {"b": 2, "a": 1}
            with pytest.raises(TypeError):
                given["a"] = 2
    assert "'a': 1" in repr(entered)
    with context.with_temporary_context() as nothing:
        assert not nothing


def test_an_empty_context_around_stays_when_blocks_end_out_of_order(context: Engine) -> None:
    """What an inner block's token remembers has ended; the empty block around it has not."""
    with context.with_context({"a": 1}), context.with_temporary_context():
        first, second = context.with_context({"first": 1}), context.with_context({"second": 2})
        first.__enter__()
        second.__enter__()
        first.__exit__(None, None, None)
        second.__exit__(None, None, None)
        assert context.get_context() == {}
        context.set_context({"b": 2})
        assert context.get_context() == {"b": 2}
    assert context.get_context() == {}


def test_the_context_is_read_only_and_a_copy(context: Engine) -> None:
    """Neither the mapping given nor the one returned changes it."""
    given_mapping = {"a": 1}
    with context.with_context(given_mapping):
        given_mapping["a"] = 2
        with pytest.raises(TypeError):
            context.get_context()["a"] = 3  # type: ignore[index]
        assert context.get_context() == {"a": 1}


def test_set_and_clear_hold_until_the_block_ends(context: Engine) -> None:
    """What is set inside a block goes with the block; a token puts back what it replaced."""
    with context.with_context({"a": 1}):
        token = context.set_context({"b": 2})
        assert context.get_context() == {"b": 2}
        token.restore()
        assert context.get_context() == {"a": 1}
        context.clear_context()
        assert context.get_context() == {}
        with context.with_context({"c": 3}):
            assert context.get_context() == {"c": 3}
    token = context.set_context({"d": 4})
    assert context.get_context() == {"d": 4}
    token.restore()
    context.set_context({"e": 5})
    context.set_context(None)


@pytest.mark.parametrize("error", [ValueError(), KeyboardInterrupt(), SystemExit(), asyncio.CancelledError()])
def test_whatever_ends_a_block_the_context_is_put_back(context: Engine, error: BaseException) -> None:
    """Ten deep, with every kind of end."""

    def nest(depth: int) -> None:
        with context.with_context({f"level-{depth}": depth}):
            if depth == 10:
                assert len(context.get_context()) == 11
                raise error
            nest(depth + 1)

    with pytest.raises(type(error)):
        nest(0)
    assert context.get_context() == {}


def test_an_exception_that_leaves_a_block_carries_the_innermost_context_once(context: Engine) -> None:
    """As an attribute and as one note, however many blocks it passes."""
    inner = context.with_context({"step": "pay"})
    with pytest.raises(ValueError, match="broken") as caught, context.with_context({"order": 7}), inner:
        raise ValueError("broken")
    assert caught.value.overt_context == {"order": 7, "step": "pay"}  # type: ignore[attr-defined]
    assert caught.value.__notes__ == ["context: order=7, step='pay'"]


def test_enriching_twice_is_once_and_returns_the_same_object(context: Engine) -> None:
    """Also by hand; outside a context there is nothing to attach."""
    bare = ValueError()
    assert context.enrich_error(bare) is bare
    assert not hasattr(bare, "__notes__")
    with context.with_context({"a": 1}):
        error = ValueError()
        assert context.enrich_error(context.enrich_error(error)) is error
    assert len(error.__notes__) == 1


def test_an_exception_that_refuses_everything_survives(context: Engine) -> None:
    """It comes through as it is; a value that cannot be printed does not stop the note."""

    class Closed(Exception):
        def __setattr__(self, name: str, value: object) -> None:
            raise RuntimeError("no attributes")

        def add_note(self, note: str) -> None:
            raise RuntimeError("no notes")

    class Unprintable:
        def __repr__(self) -> str:
            raise RuntimeError("no text")

    with pytest.raises(Closed), context.with_context({"a": 1}):
        raise Closed
    with pytest.raises(ValueError, match="x") as caught, context.with_context({"a": Unprintable()}):
        raise ValueError("x")
    assert caught.value.__notes__ == ["context: a=<unprintable Unprintable>"]


def test_as_a_decorator_each_call_has_a_block_of_its_own(context: Engine) -> None:
    """Plain, recursive, generator, async and async generator functions."""

    @context.with_context({"a": 1})
    def plain(depth: int) -> Any:
        return plain(depth - 1) if depth else dict(context.get_context())

    @context.with_context({"a": 1})
    def generated() -> Iterator[Any]:
        yield dict(context.get_context())

    @context.with_context({"a": 1})
    async def waited() -> Any:
        await asyncio.sleep(0)
        return dict(context.get_context())

    @context.with_context({"a": 1})
    async def streamed() -> Any:
        yield dict(context.get_context())

    async def run() -> list[Any]:
        return [await waited(), *[item async for item in streamed()]]

    assert plain(3) == {"a": 1}
    assert list(generated()) == [{"a": 1}]
    assert asyncio.run(run()) == [{"a": 1}, {"a": 1}]
    assert plain.__name__ == "plain"


def test_a_generator_that_ends_inside_a_younger_block_takes_only_its_own_away(context: Engine) -> None:
    """Blocks that end out of order neither lose nor resurrect a context."""

    def generator() -> Iterator[None]:
        with context.with_context({"generator": 1}):
            yield

    with context.with_context({"outer": 1}):
        running = generator()
        next(running)
        with context.with_context({"inner": 1}):
            running.close()
            assert "inner" in context.get_context()
        assert context.get_context() == {"outer": 1}


def test_a_thread_begins_empty_and_what_it_sets_stays_there(context: Engine) -> None:
    """Nothing is inherited by a plain thread, nothing leaks back."""
    seen: list[Any] = []

    def work() -> None:
        seen.append(dict(context.get_context()))
        context.set_context({"thread": 1})
        seen.append(dict(context.get_context()))

    with context.with_context({"a": 1}):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        assert context.get_context() == {"a": 1}
    assert seen == [{}, {"thread": 1}]


def test_carry_and_spawn_take_the_context_along(context: Engine) -> None:
    """Into threads and executors, also after the block has ended, and nothing stays behind in the worker."""
    seen: list[Any] = []

    def work(word: str = "") -> str:
        seen.append(dict(context.get_context()))
        context.set_context({"worker": 1})
        return word

    with ThreadPoolExecutor(max_workers=1) as pool:
        with context.with_context({"a": 1}):
            carried = context.carry(work)
            thread = context.spawn(work, word="spawned")
            thread.join()
            assert context.get_context() == {"a": 1}
        assert pool.submit(carried, "pool").result() == "pool"
        assert pool.submit(lambda: dict(context.get_context())).result() == {}
    assert seen == [{"a": 1}, {"a": 1}]


def test_a_log_record_made_inside_a_context_carries_it(context: Engine, request: pytest.FixtureRequest) -> None:
    """Through the filter for logging and through the processor for structlog."""
    logger, records = logging.getLogger("overt.tests.context"), []
    handler = logging.Handler()
    handler.emit = records.append  # type: ignore[method-assign]
    handler.addFilter(error_context.ContextFilter(context))
    logger.addHandler(handler)
    request.addfinalizer(lambda: logger.removeHandler(handler))
    with context.with_context({"order": 7}):
        logger.warning("paid")
        with structlog.testing.capture_logs(processors=[context.merge_error_context]) as logs:
            structlog.get_logger().info("paid", order=8)
            structlog.get_logger().info("sent")
    logger.warning("later")
    assert [record.context for record in records] == [{"order": 7}, {}]
    assert [entry["order"] for entry in logs] == [8, 7]


@given(st.lists(st.sampled_from(["enter", "replace", "leave", "set", "clear"]), max_size=30))
def test_any_sequence_of_operations_behaves_like_a_stack(operations: list[str]) -> None:
    """All implementations agree with a plain stack of dictionaries."""
    for engine in ENGINES.values():
        stack: list[dict[str, int]] = [{}]
        blocks: list[Any] = []
        for number, operation in enumerate(operations):
            mapping = {f"k{number % 5}": number}
            if operation in {"enter", "replace"}:
                block = (engine.with_context if operation == "enter" else engine.with_temporary_context)(mapping)
                block.__enter__()
                blocks.append(block)
                stack.append({**stack[-1], **mapping} if operation == "enter" else mapping)
            elif operation == "leave" and blocks:
                blocks.pop().__exit__(None, None, None)
                stack.pop()
            elif operation in {"set", "clear"} and blocks:
                (engine.set_context(mapping) if operation == "set" else engine.clear_context())
                stack[-1] = mapping if operation == "set" else {}
            assert dict(engine.get_context()) == stack[-1]
        while blocks:
            blocks.pop().__exit__(None, None, None)
        assert dict(engine.get_context()) == {}


# -- tasks: only the new implementation keeps them apart ---------------------------------------------------------


@pytest.mark.parametrize("name", ["new", "switched-new"])
def test_tasks_inherit_and_keep_to_themselves(name: str) -> None:
    """A task has its creator's context, also after the creator's block has ended; what it sets stays in it."""
    context = ENGINES[name]

    async def child(gate: asyncio.Event) -> tuple[Any, Any]:
        await gate.wait()
        with context.with_context({"child": 1}):
            inside = dict(context.get_context())
        return inside, dict(context.get_context())

    async def run() -> Any:
        gate = asyncio.Event()
        with context.with_context({"parent": 1}):
            tasks = [asyncio.create_task(child(gate)) for _ in range(3)]
            await asyncio.sleep(0)
        gate.set()
        results = await asyncio.gather(*tasks)
        assert context.get_context() == {}
        return results

    assert asyncio.run(run()) == [({"parent": 1, "child": 1}, {"parent": 1})] * 3


@pytest.mark.parametrize("name", ["new", "switched-new"])
def test_a_cancelled_task_leaves_nothing(name: str) -> None:
    """The exception carries the context; the parent has its own."""
    context = ENGINES[name]

    async def child() -> None:
        with context.with_context({"child": 1}):
            await asyncio.sleep(60)

    async def run() -> None:
        with context.with_context({"parent": 1}):
            task = asyncio.create_task(child())
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert context.get_context() == {"parent": 1}

    asyncio.run(run())


@pytest.mark.parametrize("name", ["new", "switched-new"])
def test_a_generator_closed_in_another_task_does_not_come_to_life_again(name: str) -> None:
    """Its block ends everywhere, although the other task's variable cannot be reached."""
    context = ENGINES[name]

    async def stream() -> Any:
        with context.with_context({"stream": 1}):
            yield 1
            yield 2

    async def run() -> None:
        with context.with_context({"outer": 1}):
            items = stream()
            await anext(items)
            await asyncio.create_task(items.aclose())
            assert context.get_context() == {"outer": 1}
            with context.with_context({"later": 1}):
                assert context.get_context() == {"outer": 1, "later": 1}

    asyncio.run(run())


# -- the switch --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [True, False])
def test_a_flip_inside_a_block_neither_loses_nor_resurrects_a_context(first: bool) -> None:
    """Everything inside an open block stays where the block began; the next one begins where the switch says."""
    chosen = [first]
    context = SwitchedContext(lambda: chosen[0])
    stores = {True: error_context.ENGINE, False: legacy_context.ENGINE}
    with context.with_context({"a": 1}):
        chosen[0] = not first
        assert context.get_context() == {"a": 1}
        with context.with_context({"b": 2}):
            assert stores[first].get_context() == {"a": 1, "b": 2}
            chosen[0] = first
            assert context.get_context() == {"a": 1, "b": 2}
            chosen[0] = not first
        assert context.get_context() == {"a": 1}
        assert stores[not first].get_context() == {}
    assert context.get_context() == {}
    with context.with_context({"c": 3}):
        assert stores[not first].get_context() == {"c": 3}
    assert [dict(store.get_context()) for store in stores.values()] == [{}, {}]


def test_operations_are_values() -> None:
    """A child keeps its correlation and knows its parent; a breadcrumb makes another record."""
    order = OperationContext.new("order", customer=7)
    crumbed = order.add_breadcrumb("accepted", by="ann")
    child = crumbed.child("payment", customer=8)
    assert (len(order.operation_id), len(order.correlation_id), order.parent) == (16, 32, None)
    assert order.breadcrumbs == ()
    assert [(crumb.message, dict(crumb.data)) for crumb in child.breadcrumbs] == [("accepted", {"by": "ann"})]
    assert (child.parent, child.correlation_id, dict(child.metadata)) == (
        crumbed,
        order.correlation_id,
        {"customer": 8},
    )
    assert child.operation_id != order.operation_id
    assert child.start_ns >= order.start_ns
    with pytest.raises(AttributeError):
        order.operation = "other"  # type: ignore[misc]
