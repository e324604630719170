"""What comes of a comparison: agreed, differed, ignored or failed; counted, kept and told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextvars import Context
from typing import Any, NamedTuple

from overt.runtime.figures import Figures, Tally
from overt.runtime.observation import (
    Compared,
    Mismatch,
    Mismatched,
    Observation,
    Outcome,
    Report,
    Side,
    is_single_use,
    said,
    said_call,
    same,
    same_error,
)
from overt.runtime.telemetry import Telemetry

FIGURES = ("agreed", "differed", "ignored", "failed", "skipped", "new", "legacy")
"""What a comparison counts."""

Predicate = Callable[[Observation, Observation], object]


class Question(NamedTuple):
    """One call that is to be compared.

    Args:
        args: Positional arguments for the candidate.
        named: Named arguments for the candidate.
        chosen: Which implementation is the control.
        context: The context variables as they were before the control was called.
        form: Makes of a value what is compared of it; None for the value itself.
        excuse: Tells of two observations that differ whether that is expected here; None when it never is.
    """

    args: tuple[Any, ...]
    named: Mapping[str, Any]
    chosen: Side
    context: Context
    form: Callable[[Any], Any] | None = None
    excuse: Predicate | None = None


class Verdicts:
    """Weighs what both implementations did; see `Comparison` for what the arguments mean."""

    def __init__(
        self,
        name: str,
        *,
        compare: Callable[[Any, Any], object] = same,
        compare_errors: Callable[[BaseException, BaseException], object] = same_error,
        ignore: Iterable[Predicate] | Predicate = (),
        clean: Callable[[Any], Any] | None = None,
        publish: Callable[[Compared], object] | None = None,
        raise_on_mismatch: bool = False,
        keep: int = 20,
        telemetry: Telemetry | None = None,
    ) -> None:
        self.name = name
        self._compare, self._compare_errors, self._clean = compare, compare_errors, clean
        self._ignore = (ignore,) if callable(ignore) else tuple(ignore)
        self._publish, self._raise, self._keep, self._telemetry = publish, raise_on_mismatch, keep, telemetry
        self._counts = {figure: Tally() for figure in FIGURES}
        self._kept: list[Mismatch] = []

    @property
    def mismatches(self) -> tuple[Mismatch, ...]:
        """The first differences, as text."""
        return tuple(self._kept)

    def stats(self) -> Figures:
        """Return what was counted.

        `agreed`, `differed`, `ignored` and `failed` add up to the calls compared; `skipped` were chosen for it and
        left out; `new` and `legacy` are the compared calls that each implementation answered as the control.
        """
        return Figures({figure: tally.value() for figure, tally in self._counts.items()})

    def report(self) -> Report:
        """Return what was counted and kept, for evidence."""
        seen = self.stats()
        counts = {"new_calls": seen.new, "legacy_calls": seen.legacy, "agreed": seen.agreed}
        counts |= {"mismatches": seen.differed, "ignored": seen.ignored, "failed": seen.failed, "skipped": seen.skipped}
        return Report(self.name, counts, self.mismatches)

    def count(self, figure: str) -> None:
        """Count one."""
        self._counts[figure].hit()

    def settle(self, asked: Question, control: Observation, candidate: Observation) -> None:
        """Compare what both did, count it, and keep and tell a difference.

        Raises:
            Mismatched: They differ, and that was to be raised.
        """
        new, legacy = (control, candidate) if asked.chosen == "new" else (candidate, control)
        try:
            outcome, reason = self._weigh(asked, new, legacy)
        except Exception as error:  # noqa: BLE001  # a comparator that fails says nothing about what it compares
            outcome, reason = "failed", f"comparing failed: {type(error).__name__}: {error}"
        self.count(outcome)
        self.count(asked.chosen)
        if outcome == "differed":
            self._keep_difference(asked, new, legacy)
        elif outcome == "failed":
            self._log("%s could not be compared: %s", self.name, reason)
        if self._publish is not None:
            try:
                self._publish(Compared(self.name, asked.chosen, new, legacy, outcome, reason))
            except Exception as error:  # noqa: BLE001  # who listens must not harm the call
                self._log("publishing a comparison of %s failed: %s", self.name, type(error).__name__)
        if outcome == "differed" and self._raise:
            raise Mismatched(self.name, self._texts(asked, new, legacy))

    def _weigh(self, asked: Question, new: Observation, legacy: Observation) -> tuple[Outcome, str]:
        for side, seen in (("new", new), ("legacy", legacy)):
            if isinstance(seen.value, Uncopied):
                return "failed", f"what {side} returned cannot be copied: {seen.value.error}"
            if seen.error is None and is_single_use(seen.value):
                _let_go(new if asked.chosen == "legacy" else legacy)
                return "failed", f"{side} returned a {type(seen.value).__name__}, which comparing would use up"
        if new.error is not None or legacy.error is not None:
            agreed = new.error is not None and legacy.error is not None
            agreed = agreed and bool(self._compare_errors(new.error, legacy.error))  # type: ignore[arg-type]
        else:
            form = asked.form or _itself
            agreed = bool(self._compare(form(new.value), form(legacy.value)))
        if agreed:
            return "agreed", ""
        excuses = self._ignore if asked.excuse is None else (*self._ignore, asked.excuse)
        return ("ignored" if any(excuse(new, legacy) for excuse in excuses) else "differed"), ""

    def _texts(self, asked: Question, new: Observation, legacy: Observation) -> Mismatch:
        return Mismatch(
            asked.chosen, said_call(asked.args, asked.named), said(new, self._clean), said(legacy, self._clean)
        )

    def _keep_difference(self, asked: Question, new: Observation, legacy: Observation) -> None:
        # A difference beyond the first ones is only counted: what goes wrong in every call must stay cheap.
        kept = len(self._kept) < self._keep
        texts = self._texts(asked, new, legacy) if kept else Mismatch(asked.chosen, "", "", "")
        if kept:
            self._kept.append(texts)
        if self._telemetry is not None:
            told = {"name": self.name, **texts._asdict()}
            self._telemetry.execute(("overt", "compare", "mismatch"), {"count": 1}, told)

    def fail(self, chosen: Side, reason: str) -> None:
        """Count a call that cannot be compared.

        Args:
            chosen: The implementation whose answer the caller got.
            reason: Why.
        """
        self.count("failed")
        self.count(chosen)
        self._log("%s could not be compared: %s", self.name, reason)

    @staticmethod
    def _log(message: str, *arguments: object) -> None:
        import logging

        logging.getLogger("overt.compare").debug(message, *arguments)


class Uncopied:
    """Stands for a value that could not be copied."""

    def __init__(self, error: Exception) -> None:
        self.error = f"{type(error).__name__}: {error}"


def _itself(value: Any) -> Any:
    return value


def _let_go(candidate: Observation) -> None:
    """Close the generator or coroutine that nobody will use."""
    close = getattr(candidate.value, "close", None)
    if is_single_use(candidate.value) and callable(close):
        close()
