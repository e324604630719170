"""Two implementations called side by side: the caller gets the answer of one, and learns nothing of the other.

The words are those of experiments: the *control* is the implementation that was chosen, and whose answer counts; the
*candidate* is the other one, called only to compare.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar, copy_context
from typing import TYPE_CHECKING, Any

from overt.runtime.budget import Budget
from overt.runtime.observation import ATOMS, Compared, Observation, Side, is_single_use, same, same_error
from overt.runtime.samplers import own_random
from overt.runtime.telemetry import Telemetry
from overt.runtime.verdicts import Predicate, Question, Uncopied, Verdicts

if TYPE_CHECKING:
    from overt.runtime.compare_later import Later

BESIDE: ContextVar[bool] = ContextVar("overt_compare_beside", default=False)
"""Whether this is the call of a candidate: nothing is compared inside it."""


class Comparison(Verdicts):
    """Calls the candidate after the control, compares both, and keeps what differs.

    What the candidate does cannot reach the caller: its exceptions are observed, it gets copies of the arguments and
    of the context variables, and the time for it is bounded. What it does elsewhere is done twice: compare only what
    may be done twice.

    Args:
        name: Its name, for evidence; the name of the flag when there is one.
        share: Share of the calls that is compared, 0 to 1.
        compare: Tells whether a new and a legacy value say the same; equality by default.
        compare_errors: The same of two exceptions; class and text by default.
        ignore: Predicates on the new and the legacy observation; a difference that one holds of is expected.
        clean: Makes of a value what may be shown of it.
        when: Tells by the arguments of a call whether it may be compared at all.
        pure: Whether neither implementation changes its arguments, and nobody changes what it returns: then nothing
            is copied.
        copy: Makes own arguments for the candidate; deep copies by default.
        budget: Seconds of every second that candidates may take, and as many at once; what would come then is skipped.
            None for no limit.
        background: Whether the candidate runs in a helper thread, or a task, after the caller has gone on.
        timeout: Seconds after which the candidate of an async call is cancelled.
        publish: Called with every `Compared`.
        raise_on_mismatch: Whether a difference is raised as `Mismatched`: for tests.
        keep: How many differences are kept as text: the first ones.
        telemetry: Where differences are announced as `("overt", "compare", "mismatch")`.
        random: Returns a number from 0 up to 1.

    Raises:
        ValueError: A share that is none, a budget of nothing, or mismatches to raise after the caller has gone.

    Example:
        >>> comparison = Comparison("cart")
        >>> comparison.call(lambda n: n * 2, lambda n: n + 1, (7,), chosen="legacy")
        8
        >>> comparison.stats().differed, comparison.mismatches[0].new
        (1, 'returned 14')
    """

    def __init__(
        self,
        name: str,
        *,
        share: float = 1.0,
        compare: Callable[[Any, Any], object] = same,
        compare_errors: Callable[[BaseException, BaseException], object] = same_error,
        ignore: Iterable[Predicate] | Predicate = (),
        clean: Callable[[Any], Any] | None = None,
        when: Callable[..., object] | None = None,
        pure: bool = False,
        copy: Callable[[Any], Any] | None = None,
        budget: float | None = 0.25,
        background: bool = False,
        timeout: float = 1.0,
        publish: Callable[[Compared], object] | None = None,
        raise_on_mismatch: bool = False,
        keep: int = 20,
        telemetry: Telemetry | None = None,
        random: Callable[[], float] | None = None,
    ) -> None:
        if background and raise_on_mismatch:
            raise ValueError("a mismatch cannot be raised to a caller who has gone on; leave background out")
        if not 0 <= share <= 1:
            raise ValueError(f"a share is from 0 to 1, not {share}")
        super().__init__(
            name,
            compare=compare,
            compare_errors=compare_errors,
            ignore=ignore,
            clean=clean,
            publish=publish,
            raise_on_mismatch=raise_on_mismatch,
            keep=keep,
            telemetry=telemetry,
        )
        self.share, self.timeout, self.random = share, timeout, random or own_random()
        self._when, self._copy, self._budget = when, None if pure else copy or _deep_copy, Budget(budget)
        self.later: Later | None = None
        if background:
            from overt.runtime.compare_later import Later

            self.later = Later(self)

    def sampled(self) -> bool:
        """Tell of one call whether it is compared."""
        return self.random() < self.share

    def call(
        self,
        new: Callable[..., Any],
        legacy: Callable[..., Any],
        args: tuple[Any, ...] = (),
        named: Mapping[str, Any] | None = None,
        *,
        chosen: Side,
        form: Callable[[Any], Any] | None = None,
        excuse: Predicate | None = None,
    ) -> Any:
        """Call the control and return what it gives, or let through what it raises; then call the candidate.

        Args:
            new: The new implementation.
            legacy: The legacy one.
            args: Positional arguments.
            named: Named arguments.
            chosen: Which of them is the control.
            form: Makes of a value what is compared of it.
            excuse: Tells of two observations that differ whether that is expected of this call.

        Raises:
            Mismatched: They differ, and that was to be raised.
        """
        control, candidate = (new, legacy) if chosen == "new" else (legacy, new)
        named = named or {}
        asked = self.ask(args, named, chosen, form, excuse)
        if asked is None:
            return control(*args, **named)
        begin = time.perf_counter_ns()
        try:
            value = control(*args, **named)
        except Exception as error:
            self._follow(candidate, asked, Observation(None, error, time.perf_counter_ns() - begin))
            raise
        self._follow(candidate, asked, Observation(value, None, time.perf_counter_ns() - begin))
        return value

    def ask(
        self,
        args: tuple[Any, ...],
        named: Mapping[str, Any],
        chosen: Side,
        form: Callable[[Any], Any] | None = None,
        excuse: Predicate | None = None,
    ) -> Question | None:
        """Return what the candidate is to be asked; None when it is not to be called."""
        begin = time.perf_counter_ns()
        if BESIDE.get() or not self._budget.allows(begin):
            self.count("skipped")
            return None
        try:
            if self._when is not None and not self._when(*args, **named):
                self.count("skipped")
                return None
            if self._copy is not None and not (ATOMS.issuperset(map(type, args)) and not named):
                args, named = self._copy((args, dict(named)))
                self.spend(begin)
        except Exception as error:  # noqa: BLE001  # a predicate or a copy that fails must not stop the call
            self.fail(chosen, f"the arguments cannot be had twice: {type(error).__name__}: {error}")
            return None
        return Question(args, named, chosen, copy_context(), form, excuse)

    def _follow(self, candidate: Callable[..., Any], asked: Question, control: Observation) -> None:
        if self.later is None:
            self.settle(asked, control, self.observe(candidate, asked))
        else:
            control = self.still(control)
            self.later.put(lambda: self.settle(asked, control, self.observe(candidate, asked)))

    def observe(self, candidate: Callable[..., Any], asked: Question) -> Observation:
        """Call the candidate and return what it did, whatever that is; only an interrupt of the user comes through."""
        begin = time.perf_counter_ns()
        value, error = None, None
        try:
            value = asked.context.run(_beside, candidate, asked.args, asked.named)
        except KeyboardInterrupt:
            raise
        except BaseException as raised:  # noqa: BLE001  # also SystemExit: it was not the caller's
            error = raised
        now = time.perf_counter_ns()
        self._budget.spend(now - begin, now)
        return Observation(value, error, now - begin)

    def still(self, control: Observation) -> Observation:
        """Return an observation that its caller can no longer change."""
        if self._copy is None or control.error is not None or is_single_use(control.value):
            return control
        try:
            return control._replace(value=self._copy(control.value))
        except Exception as error:  # noqa: BLE001  # then it is compared to nothing, and told as failed
            return Observation(Uncopied(error), None, control.duration_ns)

    def spend(self, begin: int) -> None:
        """Take from the budget what was used since a moment, in nanoseconds of `time.perf_counter_ns`."""
        now = time.perf_counter_ns()
        self._budget.spend(now - begin, now)

    def close(self) -> None:
        """Let what waits in the background end, and its thread."""
        if self.later is not None:
            self.later.close()


def _beside(candidate: Callable[..., Any], args: tuple[Any, ...], named: Mapping[str, Any]) -> Any:
    token = BESIDE.set(True)
    try:
        return candidate(*args, **named)
    finally:
        BESIDE.reset(token)


def _deep_copy(value: Any) -> Any:
    from copy import deepcopy

    return deepcopy(value)
