"""What a process shares between everything in it, remembered and compared."""

from __future__ import annotations

import locale
import os
import signal
import sys
import sysconfig
import warnings
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from overt.runtime.figures import shown

_CONTAINERS = (dict, list, set, deque, bytearray)
_MOST_ITEMS = 10_000


def _content(value: Any) -> Any:
    """Return what a container holds, one level deep; None for everything else."""
    if not isinstance(value, _CONTAINERS) or len(value) > _MOST_ITEMS:
        return None
    # Identities are compared, and the objects kept so that no identity is used twice.
    return tuple(value.items()) if isinstance(value, dict) else tuple(value)


def _same(one: Any, other: Any) -> bool:
    if one is other:
        return True
    if not isinstance(one, tuple) or not isinstance(other, tuple) or len(one) != len(other):
        return False
    return all(_same(a, b) for a, b in zip(one, other, strict=True))


class _Module:
    """The globals of one module at one moment."""

    def __init__(self, module: ModuleType) -> None:
        names = vars(module)
        self.values = {
            name: (value, _content(value))
            for name, value in list(names.items())
            if not (name.startswith(("__", "@")) or isinstance(value, ModuleType))
        }

    def changes(self, later: _Module, name: str) -> Iterator[str]:
        for key in sorted(self.values.keys() | later.values.keys()):
            if key not in self.values:
                yield f"{name}.{key} is new: {shown(later.values[key][0])}"
            elif key not in later.values:
                yield f"{name}.{key} is gone"
            else:
                (old, before), (new, after) = self.values[key], later.values[key]
                if old is not new:
                    yield f"{name}.{key} was {shown(old)}, is {shown(new)}"
                elif not _same(before, after):
                    yield f"{name}.{key} holds other things: {shown(new)}"


def _handlers() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number in signal.valid_signals():
        try:
            found[signal.Signals(number).name] = signal.getsignal(number)
        except ValueError:  # a real-time signal without a name
            continue
    return found


def _folder() -> str:
    try:
        return str(Path.cwd())
    except FileNotFoundError:
        return "a folder that is gone"


def _compared(what: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted(before.keys() | after.keys()):
        if before.get(key) != after.get(key):
            yield f"{what} {key} was {shown(before.get(key))}, is {shown(after.get(key))}"


class Guard:
    """Remembers the state that a process shares and tells what has changed since.

    Args:
        root: Folder whose modules are looked at; those of installed packages are not.
    """

    def __init__(self, root: Path) -> None:
        self._root = str(root.resolve()) + os.sep
        self._foreign = tuple({sysconfig.get_path(name) + os.sep for name in ("stdlib", "platstdlib", "purelib")})
        self._modules = {name: _Module(module) for name, module in self._ours()}
        self._watched: dict[str, tuple[ModuleType, _Module]] = {}
        self._allowed: set[str] = set()
        self._before = self._process()

    def _ours(self) -> Iterator[tuple[str, ModuleType]]:
        for name, module in list(sys.modules.items()):
            path = getattr(module, "__file__", None)
            if isinstance(path, str) and path.startswith(self._root) and not path.startswith(self._foreign):
                yield name, module

    def watch(self, *modules: ModuleType) -> None:
        """Look at further modules too, from now on."""
        for module in modules:
            self._watched[module.__name__] = (module, _Module(module))

    def allow(self, *names: str) -> None:
        """Let changes of these pass: `package.module.NAME`, or what else stands first in a message."""
        self._allowed.update(names)

    @staticmethod
    def _process() -> dict[str, dict[str, Any]]:
        return {
            "environment variable": dict(os.environ),
            "process": {
                "working folder": _folder(),
                "locale": locale.setlocale(locale.LC_ALL, None),
                "warnings filters": list(warnings.filters),
                "sys.path": list(sys.path),
            },
            "signal handler of": _handlers(),
        }

    def changes(self) -> list[str]:
        """Return what has changed, one sentence each."""
        found: list[str] = []
        now = {name: _Module(module) for name, module in self._ours() if name in self._modules}
        for name, before in self._modules.items():
            if name in now:
                found += before.changes(now[name], name)
        for name, (module, before) in self._watched.items():
            found += before.changes(_Module(module), name)
        after = self._process()
        for what, values in self._before.items():
            found += _compared(what, values, after[what])
        return [change for change in found if change.split(" ", 1)[0] not in self._allowed and not self._passes(change)]

    def _passes(self, change: str) -> bool:
        # pytest writes the running test's name there itself.
        return change.startswith("environment variable PYTEST_CURRENT_TEST ")
