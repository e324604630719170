"""Old and new bound to a flag: the flag chooses at every call, both can be compared, and the old one can catch."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import MethodType, TracebackType
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, Self, TypeVar

from overt.flags.guarded import Parts, announced, calling, is_async
from overt.runtime.compare import Comparison
from overt.runtime.figures import Figures, Tally
from overt.runtime.observation import Report
from overt.runtime.telemetry import Telemetry

if TYPE_CHECKING:
    import os

    from overt.flags.feature_flags import FeatureFlags

P = ParamSpec("P")
R = TypeVar("R")
Errors = type[Exception] | tuple[type[Exception], ...]


class Guard(Generic[P, R]):
    """Two implementations of one function, plain or async, of which a flag chooses at every call.

    Args:
        flags: The flags.
        flag: Name of the flag; on is the new implementation.
        new: The new implementation.
        legacy: The one it is to replace.
        key: Who asks, for a percentage: a key, or a function of the arguments that returns it.
        compare: Share of the calls, 0 to 1, after which the other implementation is called too and both answers are
            compared; only for what may be done twice. Or a `Comparison`, which says more about how.
        fallback: Exceptions of the new implementation after which the legacy one is asked; counted. What the new one
            had changed by then stays changed.
        expected: Exceptions that are answers, and no failures, when health is measured.
        telemetry: Where each call is announced as `("overt", "guard", "call")`, for health; without it none is.

    Raises:
        UnknownFlag: No such flag is declared.
        ValueError: One is async and the other is not, or the share is none.
        TypeError: A fallback is no class of exceptions.

    Example:
        >>> from overt.flags import FeatureFlags, Flag, MemoryStore
        >>> flag = Flag("new-cart", owner="shop", purpose="the new cart", created="2026-11-22", until="2027-06-30")
        >>> with FeatureFlags(MemoryStore(), [flag]) as flags:
        ...     total = Guard(flags, "new-cart", new=sum, legacy=lambda prices: sum(prices) + 1, compare=1.0)
        ...     total([1, 2]), total.comparison.stats().differed
        (4, 1)
    """

    def __init__(
        self,
        flags: FeatureFlags,
        flag: str,
        *,
        new: Callable[P, R],
        legacy: Callable[P, R],
        key: object = None,
        compare: float | Comparison = 0.0,
        fallback: Errors = (),
        expected: Errors = (),
        telemetry: Telemetry | None = None,
    ) -> None:
        flags.switch(flag)  # an unknown one is told now
        self.flag = flag
        self._own = not isinstance(compare, Comparison)
        self.comparison = compare if isinstance(compare, Comparison) else Comparison(flag, share=compare)
        """What is compared, and what came of it."""
        waits = is_async(new)
        if waits != is_async(legacy):
            raise ValueError(f"{flag}: one implementation is async and the other is not")
        self._new, self._legacy, self._fallbacks = Tally(), Tally(), Tally()
        announce: Callable[..., Any] = _itself if telemetry is None else announced(telemetry, flag, _classes(expected))
        parts = Parts(
            choose=flags.enabled,
            flag=flag,
            key=key,
            new=announce(new, "new"),
            legacy=announce(legacy, "legacy"),
            fallback=_classes(fallback),
            comparison=self.comparison,
            count_new=self._new.hit,
            count_legacy=self._legacy.hit,
            count_fallback=self._fallbacks.hit,
        )
        self.call: Callable[P, R] = calling(parts, new, waits=waits)
        """The guarded function: the same as calling the guard, and quicker."""

    def __call__(self, *args: P.args, **named: P.kwargs) -> R:
        """Call the implementation that the flag chooses."""
        return self.call(*args, **named)

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        """Return the guarded function as a method, when it is an attribute of a class."""
        return self if instance is None else MethodType(self.call, instance)

    def stats(self) -> Figures:
        """Return how many calls each implementation answered, and how often the legacy one had to catch."""
        return Figures(new=self._new.value(), legacy=self._legacy.value(), fallbacks=self._fallbacks.value())

    def report(self) -> Report:
        """Return what was counted and kept, for evidence that both branches ran and agree."""
        answered, compared = self.stats(), self.comparison.report()
        counts = {"new_calls": answered.new, "legacy_calls": answered.legacy, "fallbacks": answered.fallbacks}
        return compared._replace(name=self.flag, counts={**compared.counts, **counts})

    def close(self) -> None:
        """End what compares in the background, unless the comparison was given."""
        if self._own:
            self.comparison.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def write_comparisons(path: str | os.PathLike[str], compared: Iterable[Guard[..., Any] | Comparison]) -> None:
    """Write what comparisons have come to into a file that `overt evidence import` and a suite of kind `import` read.

    Args:
        path: The file; replaced in one step.
        compared: Guards and comparisons.

    Raises:
        OSError: It cannot be written.
    """
    import json
    from pathlib import Path

    from overt.system.atomic import write_atomic

    document = {"comparisons": [one.report().document() for one in compared]}
    write_atomic(Path(path), (json.dumps(document, indent=1) + "\n").encode())


def _itself(function: Any, _side: str) -> Any:
    return function


def _classes(given: Errors) -> tuple[type[Exception], ...]:
    classes: tuple[Any, ...] = given if isinstance(given, tuple) else (given,)
    for each in classes:
        if not isinstance(each, type) or not issubclass(each, Exception):
            raise TypeError(f"exceptions are declared by their class, not {each!r}")
    return classes
