"""Both implementations are called and compared, and the second call cannot hurt the first."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.runtime import Compared, Comparison, Mismatch, Mismatched, Telemetry
from overt.runtime.budget import Budget
from overt.runtime.compare_async import call_async
from overt.testing import assert_no_leaks, capture_telemetry, wait_for, wait_for_async

VARIABLE: ContextVar[str] = ContextVar("variable", default="mine")


def raising(error: BaseException) -> Callable[..., Any]:
    """Return a function that raises."""

    def fail(*_: Any, **__: Any) -> Any:
        raise error

    return fail


def gives(value: Any) -> Callable[..., Any]:
    """Return a function that returns a value, whatever it is called with."""
    return lambda *_, **__: value


def result(call: Callable[[], Any]) -> Any:
    """Return what a call returns or raises."""
    try:
        return call()
    except Exception as error:
        return error


def counted(comparison: Comparison) -> dict[str, int]:
    """Return what was counted, without zeros and sides."""
    return {name: number for name, number in comparison.stats().items() if number and name not in {"new", "legacy"}}


@pytest.mark.parametrize(
    ("new", "legacy", "outcome"),
    [
        (gives(1), gives(1), "agreed"),
        (gives(1), gives(2), "differed"),
        (gives(None), raising(KeyError("a")), "differed"),
        (raising(KeyError("a")), gives(None), "differed"),
        (raising(KeyError("a")), raising(KeyError("a")), "agreed"),
        (raising(KeyError("a")), raising(KeyError("b")), "differed"),
        (raising(KeyError("a")), raising(LookupError("a")), "differed"),
        (gives(float("nan")), gives(float("nan")), "differed"),
    ],
)
@pytest.mark.parametrize("chosen", ["new", "legacy"])
def test_values_and_exceptions_are_compared(new: Any, legacy: Any, outcome: str, chosen: Any) -> None:
    """Whichever is chosen, its answer comes through, and the other one's never does."""
    comparison = Comparison("cart")
    assert result(lambda: comparison.call(new, legacy, chosen=chosen)) is result(new if chosen == "new" else legacy)
    assert counted(comparison) == {outcome: 1}
    assert comparison.stats()[chosen] == 1
    assert len(comparison.mismatches) == (outcome == "differed")


@pytest.mark.parametrize("error", [RuntimeError("no"), SystemExit(3), GeneratorExit(), MemoryError()])
def test_no_exception_of_the_candidate_comes_through(error: BaseException) -> None:
    """Not even one that ends programs; that it was raised is the difference."""
    comparison = Comparison("cart")
    assert comparison.call(raising(error), gives(7), chosen="legacy") == 7
    assert comparison.mismatches[0].new.startswith(f"raised {type(error).__name__}")


def test_an_interrupt_of_the_user_comes_through() -> None:
    """It was meant for the program, wherever it arrived."""
    with pytest.raises(KeyboardInterrupt):
        Comparison("cart").call(raising(KeyboardInterrupt()), gives(7), chosen="legacy")


def test_the_candidate_gets_arguments_and_a_context_of_its_own() -> None:
    """What either does to them is not seen by the other, nor by the caller."""
    items, seen = [1], list[Any]()

    def spoil(given: list[int], *, more: dict[str, int]) -> int:
        seen.append((list(given), dict(more), VARIABLE.get()))
        given.append(2)
        more["b"] = 2
        VARIABLE.set("changed")
        return len(given)

    def keep(given: list[int], *, more: dict[str, int]) -> int:
        seen.append((list(given), dict(more), VARIABLE.get()))
        return 2

    comparison = Comparison("cart")
    comparison.call(spoil, keep, (items,), {"more": {"a": 1}}, chosen="legacy")
    assert (items, VARIABLE.get()) == ([1], "mine")
    comparison.call(spoil, keep, (items,), {"more": {"a": 1}}, chosen="new")
    assert items == [1, 2]
    assert seen == [([1], {"a": 1}, "mine")] * 4
    VARIABLE.set("mine")
    assert counted(comparison) == {"agreed": 2}


def test_pure_implementations_get_the_very_arguments() -> None:
    """Nothing is copied when that was declared; arguments that cannot be copied are not compared otherwise."""
    lock = threading.Lock()
    pure, careful = Comparison("pure", pure=True), Comparison("careful")
    for comparison in (pure, careful):
        assert comparison.call(lambda given: given, lambda given: given, (lock,), chosen="new") is lock
    assert (counted(pure), counted(careful)) == ({"agreed": 1}, {"failed": 1})


def test_a_value_that_is_used_up_by_looking_is_left_alone() -> None:
    """The caller gets a whole generator, and the candidate's is closed."""
    closed = []

    def numbers(mark: str) -> Iterator[int]:
        try:
            yield from (1, 2)
        finally:
            closed.append(mark)

    def candidate() -> Iterator[int]:
        made = numbers("candidate")
        next(made)
        return made

    comparison = Comparison("cart")
    assert list(comparison.call(candidate, lambda: numbers("control"), chosen="legacy")) == [1, 2]
    assert closed == ["candidate", "control"]
    assert counted(comparison) == {"failed": 1}


def test_comparators_ignores_and_conditions_are_asked() -> None:
    """They decide what is a difference; one that fails makes the comparison fail, never the call."""
    unordered = Comparison("a", compare=lambda new, legacy: sorted(new) == sorted(legacy))
    unordered.call(gives([2, 1]), gives([1, 2]), chosen="new")
    assert counted(unordered) == {"agreed": 1}
    texts = Comparison("b", compare_errors=lambda new, legacy: type(new) is type(legacy))
    with pytest.raises(ValueError, match="x"):
        texts.call(raising(ValueError("x")), raising(ValueError("y")), chosen="new")
    assert counted(texts) == {"agreed": 1}
    late = Comparison("c", ignore=lambda new, legacy: new.value is None and legacy.value == 7)
    late.call(gives(None), gives(7), chosen="new")
    late.call(gives(None), gives(8), chosen="new")
    assert counted(late) == {"ignored": 1, "differed": 1}
    odd = Comparison("d", when=lambda number: number % 2)
    assert [odd.call(gives(1), gives(1), (number,), chosen="new") for number in (1, 2, 3)] == [1, 1, 1]
    assert counted(odd) == {"agreed": 2, "skipped": 1}
    for broken in (Comparison("e", compare=raising(TypeError("no"))), Comparison("f", when=raising(TypeError("no")))):
        assert broken.call(gives(1), gives(2), chosen="new") == 1
        assert counted(broken) == {"failed": 1}


def test_differences_are_published_announced_and_kept_without_secrets() -> None:
    """As text, cleaned, redacted, short, and only the first ones; who listens and fails does no harm."""
    heard: list[Compared] = []
    telemetry = Telemetry()

    def publish(compared: Compared) -> None:
        heard.append(compared)
        raise RuntimeError

    comparison = Comparison("cart", publish=publish, keep=2, clean=lambda value: value["a"], telemetry=telemetry)
    with capture_telemetry(telemetry) as events:
        for number in range(3):
            comparison.call(
                gives({"a": "password=hunter22"}),
                gives({"a": "x" * 999}),
                (number,),
                {"token": "s3cr3tvalue"},
                chosen="new",
            )
    kept = comparison.mismatches[1]
    assert kept == Mismatch("new", "(1, token='[redacted]')", "returned 'password=[redacted]'", kept.legacy)
    assert kept.legacy.startswith("returned 'xxx")
    assert len(kept.legacy) == 200
    assert len(comparison.mismatches) == 2
    assert [event.metadata["call"] for event in events] == ["(0, token='[redacted]')", kept.call, ""]
    assert {event.name for event in events} == {("overt", "compare", "mismatch")}
    assert [(one.outcome, one.control.value, one.candidate.value) for one in heard] == [
        ("differed", {"a": "password=hunter22"}, {"a": "x" * 999})
    ] * 3


def test_a_mismatch_can_be_raised_in_tests() -> None:
    """With both answers; not in the background, where nobody could hear it."""
    comparison = Comparison("cart", raise_on_mismatch=True)
    assert comparison.call(gives(1), gives(1), chosen="new") == 1
    with pytest.raises(Mismatched, match=r"cart\(7\): new returned 1, legacy raised KeyError: 'a'"):
        comparison.call(gives(1), raising(KeyError("a")), (7,), chosen="new")
    with pytest.raises(ValueError, match="leave background out"):
        Comparison("cart", raise_on_mismatch=True, background=True)


def test_nothing_is_compared_inside_a_candidate() -> None:
    """Else two functions that compare each other would call each other for ever."""
    inner, outer = Comparison("inner"), Comparison("outer")
    nested = lambda: inner.call(gives(1), gives(1), chosen="new")  # noqa: E731
    outer.call(nested, gives(1), chosen="legacy")
    assert (counted(inner), counted(outer)) == ({"skipped": 1}, {"agreed": 1})
    outer.call(nested, gives(1), chosen="new")
    assert counted(inner) == {"skipped": 1, "agreed": 1}


def test_a_slow_candidate_pauses_the_comparison() -> None:
    """After one that took longer than the budget allows, the next calls are left alone."""
    comparison = Comparison("cart", budget=0.001)
    for _ in range(3):
        comparison.call(lambda: threading.Event().wait(0.02), gives(False), chosen="legacy")
    assert counted(comparison) == {"agreed": 1, "skipped": 2}


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), max_size=50))
def test_a_budget_is_kept(steps: list[tuple[int, int]]) -> None:
    """Over any time, what was spent is at most the share of it, a second's worth more, and the last one thing."""
    budget, now, spent, last = Budget(0.25), 0, 0, 0
    for pause, duration in steps:
        now += pause
        if budget.allows(now):
            now += duration
            budget.spend(duration, now)
            spent, last = spent + duration, duration
    assert spent - last <= 0.25 * now + 0.25e9 + 1
    with pytest.raises(ValueError, match="more than 0"):
        Budget(0.0)


def test_in_the_background_the_caller_does_not_wait() -> None:
    """The candidate runs in a helper thread, on the answer as it was, and the thread ends with the comparison."""
    gate, answer = threading.Event(), [1]
    with assert_no_leaks():
        comparison = Comparison("cart", background=True)
        waiting = lambda: [1] if gate.wait(5) else []  # noqa: E731
        assert comparison.call(waiting, lambda: answer, chosen="legacy") is answer
        answer.append(2)
        gate.set()
        wait_for(lambda: comparison.stats().agreed)
        comparison.close()
        comparison.call(gives(1), gives(1), chosen="new")
    assert counted(comparison) == {"agreed": 1, "skipped": 1}


def test_what_is_too_much_for_the_background_is_skipped_and_counted() -> None:
    """Every call is accounted for."""
    gate = threading.Event()
    comparison = Comparison("cart", background=True, pure=True, budget=None)
    for _ in range(150):
        comparison.call(lambda: gate.wait(5) and 1, gives(1), chosen="legacy")
    gate.set()
    wait_for(lambda: comparison.later and not comparison.later.pending, timeout=5)
    comparison.close()
    assert counted(comparison) == {"agreed": 100, "skipped": 50}


async def after(seconds: float, value: Any) -> Any:
    """Return a value after some time."""
    await asyncio.sleep(seconds)
    if isinstance(value, BaseException):
        raise value
    return value


def test_async_implementations_are_compared() -> None:
    """Values and exceptions, in a task and a context of the candidate's own."""
    comparison = Comparison("cart")

    async def spoil(value: int) -> int:
        VARIABLE.set("changed")
        await asyncio.sleep(0)
        return value

    async def fail(_: int) -> int:
        raise asyncio.CancelledError

    async def keep(value: int) -> int:
        return value

    async def main() -> None:
        assert await call_async(comparison, spoil, keep, (7,), chosen="legacy") == 7
        assert await call_async(comparison, fail, keep, (7,), chosen="legacy") == 7
        assert VARIABLE.get() == "mine"

    asyncio.run(main())
    assert counted(comparison) == {"agreed": 1, "differed": 1}
    assert comparison.mismatches[0].new == "raised CancelledError: "


def test_nothing_is_compared_inside_an_async_candidate() -> None:
    """Its whole run is beside, not only its beginning."""
    inner, outer = Comparison("inner"), Comparison("outer")

    async def nested() -> Any:
        await asyncio.sleep(0)
        return await call_async(inner, lambda: after(0, 1), lambda: after(0, 1), chosen="new")

    asyncio.run(call_async(outer, nested, lambda: after(0, 1), chosen="legacy"))  # type: ignore[arg-type]
    assert (counted(inner), counted(outer)) == ({"skipped": 1}, {"agreed": 1})


def test_an_async_candidate_is_cancelled_in_time() -> None:
    """After the time limit, and with its caller; nothing goes on behind."""
    comparison, ended = Comparison("cart", timeout=0.02), list[str]()

    async def forever() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("cancelled")

    async def main() -> None:
        assert await call_async(comparison, forever, lambda: after(0, 7), chosen="legacy") == 7
        await asyncio.sleep(0)
        comparison.timeout = 60.0
        caller = asyncio.create_task(call_async(comparison, forever, lambda: after(0, 7), chosen="legacy"))
        await asyncio.sleep(0.01)
        caller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller
        await asyncio.sleep(0)
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(main())
    assert ended == ["cancelled"] * 2
    assert counted(comparison) == {"failed": 1}


def test_async_in_the_background_does_not_delay_the_caller() -> None:
    """The candidate's task goes on by itself, is awaited by nobody, and is counted."""
    comparison = Comparison("cart", background=True)

    async def main() -> None:
        begin = time.monotonic()
        assert await call_async(comparison, lambda: after(0.05, 7), lambda: after(0, 7), chosen="legacy") == 7
        assert time.monotonic() - begin < 0.05
        await wait_for_async(lambda: comparison.stats().agreed)

    asyncio.run(main())
    assert counted(comparison) == {"agreed": 1}


def test_counts_are_exact_under_threads() -> None:
    """Every call of every thread is in one of the figures."""
    comparison = Comparison("cart", pure=True, budget=None)

    def work() -> None:
        for number in range(500):
            comparison.call(gives(number), gives(number + number % 2), chosen="new")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counted(comparison) == {"agreed": 1000, "differed": 1000}


def test_what_cannot_be_shown_does_no_harm() -> None:
    """A value whose text cannot be made, and a clean function that fails."""

    class Odd:
        def __repr__(self) -> str:
            raise RuntimeError

    plain, cleaned = Comparison("a", pure=True), Comparison("b", pure=True, clean=raising(TypeError("no")))
    for comparison in (plain, cleaned):
        assert comparison.call(gives(Odd()), gives(2), (Odd(),), chosen="legacy") == 2
    assert (plain.mismatches[0].call[:8], plain.mismatches[0].new[:13]) == ("(<Odd in", "returned <Odd")
    assert cleaned.mismatches[0].legacy == "returned <unprintable int>"


def test_a_share_outside_its_bounds_is_refused() -> None:
    """A share of a half takes those whose number is below it."""
    with pytest.raises(ValueError, match="0 to 1"):
        Comparison("cart", share=1.5)
    numbers = iter([0.4, 0.6])
    comparison = Comparison("cart", share=0.5, random=lambda: next(numbers))
    assert [comparison.sampled(), comparison.sampled()] == [True, False]
