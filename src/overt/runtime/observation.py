"""What two implementations did when both were called, and how that is shown."""

from __future__ import annotations

from collections.abc import Mapping
from types import NoneType
from typing import Any, Literal, NamedTuple

Side = Literal["new", "legacy"]
Outcome = Literal["agreed", "differed", "ignored", "failed"]

ATOMS = frozenset({int, str, bytes, float, bool, complex, NoneType})
"""Classes whose instances nobody can change."""

_PLAIN = ATOMS | {list, tuple, dict, set, frozenset}
_LONGEST = 200


class Observation(NamedTuple):
    """What one implementation did.

    Args:
        value: What it returned; None when it raised.
        error: What it raised; None when it returned.
        duration_ns: How long it took, nanoseconds.
    """

    value: Any = None
    error: BaseException | None = None
    duration_ns: int = 0


class Compared(NamedTuple):
    """One call that both implementations answered.

    Args:
        name: Name of the comparison.
        chosen: The implementation whose answer the caller got: the control.
        new: What the new implementation did.
        legacy: What the legacy one did.
        outcome: `agreed`, `differed`, `ignored` (they differ, and that is expected) or `failed` (not comparable).
        reason: Why it failed; empty otherwise.
    """

    name: str
    chosen: Side
    new: Observation
    legacy: Observation
    outcome: Outcome
    reason: str = ""

    @property
    def control(self) -> Observation:
        """What the caller got."""
        return self.new if self.chosen == "new" else self.legacy

    @property
    def candidate(self) -> Observation:
        """What the other one would have given."""
        return self.legacy if self.chosen == "new" else self.new


class Mismatch(NamedTuple):
    """A difference as it is kept: short texts without secrets, no objects.

    Args:
        chosen: The implementation whose answer the caller got.
        call: What it was called with.
        new: What the new implementation did.
        legacy: What the legacy one did.
    """

    chosen: Side
    call: str
    new: str
    legacy: str


class Report(NamedTuple):
    """What a comparison has come to so far, for evidence.

    Args:
        name: Its name.
        counts: Number by figure: `new_calls`, `legacy_calls`, `agreed`, `mismatches`, `ignored`, `failed`, `skipped`.
        mismatches: The first differences.
    """

    name: str
    counts: Mapping[str, int]
    mismatches: tuple[Mismatch, ...] = ()

    def document(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return {"name": self.name, "counts": dict(self.counts), "mismatches": [m._asdict() for m in self.mismatches]}


class Mismatched(AssertionError):
    """Both implementations were called and differ; raised only when that was asked for.

    Args:
        name: Name of the comparison.
        mismatch: How they differ.
    """

    def __init__(self, name: str, mismatch: Mismatch) -> None:
        super().__init__(name, mismatch)
        self.name, self.mismatch = name, mismatch

    def __str__(self) -> str:
        """Return the call and both answers."""
        kept = self.mismatch
        return f"{self.name}{kept.call}: new {kept.new}, legacy {kept.legacy}"


def same(new: Any, legacy: Any) -> bool:
    """Tell whether two values are one object or equal."""
    return new is legacy or bool(new == legacy)


def same_error(new: BaseException, legacy: BaseException) -> bool:
    """Tell whether two exceptions are of one class and say the same."""
    return type(new) is type(legacy) and str(new) == str(legacy)


def is_single_use(value: Any) -> bool:
    """Tell whether looking into a value would use it up: iterators, generators, awaitables."""
    kind = type(value)
    return kind not in _PLAIN and any(hasattr(kind, name) for name in ("__next__", "__anext__", "__await__"))


def said(observation: Observation, clean: Any = None) -> str:
    """Return what an implementation did, in a few words without secrets.

    Args:
        observation: What it did.
        clean: Makes of a value what may be shown of it.

    Example:
        >>> said(Observation({"password": "hunter22"})), said(Observation(error=KeyError("a")))
        ("returned {'password': '[redacted]'}", "raised KeyError: 'a'")
    """
    if observation.error is not None:
        return _short(f"raised {type(observation.error).__name__}: {_plain(str, observation.error)}")
    make = _represented if clean is None else lambda value: _represented(clean(value))
    return _short(f"returned {_plain(make, observation.value)}")


def said_call(args: tuple[Any, ...], named: Mapping[str, Any]) -> str:
    """Return the arguments of a call, in a few words without secrets.

    Example:
        >>> said_call((7,), {"token": "hunter22"})
        "(7, token='[redacted]')"
    """
    parts = [_plain(_represented, value) for value in args]
    parts += [f"{name}={_plain(_represented, value)}" for name, value in named.items()]
    return _short(f"({', '.join(parts)})")


def _represented(value: Any) -> str:
    from reprlib import Repr

    limits = Repr()
    limits.maxstring = limits.maxother = 10 * _LONGEST  # secrets are taken out first: half of one is no less secret
    return limits.repr(value)


def _plain(make: Any, value: Any) -> str:
    try:
        return str(make(value))
    except Exception:  # noqa: BLE001  # any code may stand in a __repr__
        return f"<unprintable {type(value).__name__}>"


def _short(text: str) -> str:
    from overt.system.secret_shapes import masked

    text = masked(text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
