"""Whether an answer has changed what checks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import FunctionType, ModuleType


def _parts(module: ModuleType) -> Iterator[tuple[str, tuple[object, ...]]]:
    """Yield what can be called in a module, by name: itself, and what a function does."""
    for name, value in list(vars(module).items()):
        if callable(value) or isinstance(value, ModuleType):
            yield f"{module.__name__}.{name}", _identity(value)
        if isinstance(value, type) and value.__module__ == module.__name__:
            for inner, part in list(vars(value).items()):
                if callable(part):
                    yield f"{module.__name__}.{name}.{inner}", _identity(part)


def _identity(value: object) -> tuple[object, ...]:
    if isinstance(value, FunctionType):
        return value, value.__code__, value.__defaults__, value.__kwdefaults__
    return (value,)


def seal(*modules: ModuleType) -> Callable[[], str]:
    """Remember what can be called in some modules; return what tells whether it still is the same.

    What the modules have in addition later is no change.

    Args:
        modules: The modules.

    Returns:
        Gives the name of the first thing that was replaced or removed; empty when there is none.

    Example:
        >>> import types
        >>> tool = types.ModuleType("tool")
        >>> tool.cut = lambda: 1
        >>> broken = seal(tool)
        >>> broken()
        ''
        >>> tool.cut = lambda: 2
        >>> broken()
        'tool.cut'
    """
    before = {name: parts for module in modules for name, parts in _parts(module)}
    # Held here: what looks must not itself be what was replaced.
    look, total, same = _parts, dict, _same

    def broken() -> str:
        after = total(entry for module in modules for entry in look(module))
        return next((name for name, parts in before.items() if not same(parts, after.get(name, ()))), "")

    return broken


def _same(before: tuple[object, ...], after: tuple[object, ...]) -> bool:
    return len(before) == len(after) and all(one is other for one, other in zip(before, after, strict=True))
