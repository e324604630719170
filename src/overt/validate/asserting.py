"""Whether the code of a test can fail by itself: an assertion, an expected error, a check in a helper that it calls."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from overt.validate.asserting_text import plainly_asserts

_CHECKS = re.compile(
    r"(?:^|_)(?:assert|check|verify|expect|ensure|must|require|should|compare|validate|confirm|fail|raise)"
    r"|^(?:raises|warns|deprecated_call|fail|exit|abort|approx|snapshot|regression|benchmark)$"
    r"|assert|snapshot|regression|benchmark|_guard$|^guard_|(?:^|_)(?:fn|re_?)?match(?:es|_lines|_random_lines)?(?:_|$)",
    re.IGNORECASE,
)
"""Names of what checks something when it is called, or when a test asks for it as a fixture."""

_DECORATORS = frozenset({"given", "example"})
_DEEPEST = 4

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(slots=True)
class _Module:
    """A file: its functions by name, and where the names that it imports come from."""

    path: str
    functions: dict[str, list[Function]] = field(default_factory=dict)
    imported: dict[str, tuple[int, str]] = field(default_factory=dict)


def first_line(function: Function) -> int:
    """Return the line of a function, or of its first decorator."""
    return min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])


def called(node: ast.expr) -> str:
    """Return the last part of a name, `raises` of `pytest.raises`; empty when it is none."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


class Reader:
    """Reads the tests of a project, each file once.

    Args:
        root: Folder of the project.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._modules: dict[str, _Module | None] = {}
        self._texts: dict[str, list[str]] = {}

    def asserts(self, path: str, line: int, name: str) -> bool | None:
        """Tell whether a test checks anything; None when its code cannot be found or read.

        Args:
            path: Its file, relative to the root, POSIX.
            line: Its line, or that of its first decorator, from 1.
            name: Name of its function.
        """
        if plainly_asserts(self._lines(path), line, name):
            return True
        module = self._module(path)
        found = module.functions.get(name, []) if module else []
        function = next((one for one in found if line in {first_line(one), one.lineno}), None)
        if module is None or function is None:
            return None
        return self._checks(function, module, frozenset(), 0)

    def _lines(self, path: str) -> list[str]:
        if path not in self._texts:
            try:
                self._texts[path] = (self._root / path).read_text("utf-8").splitlines()
            except (OSError, ValueError):
                self._texts[path] = []
        return self._texts[path]

    def _checks(self, function: Function, module: _Module, seen: frozenset[tuple[str, int]], depth: int) -> bool:
        """Tell whether a function, or one that it calls, checks something."""
        key = (module.path, function.lineno)
        if key in seen or depth > _DEEPEST:
            return False
        if any(called(_core(decorator)) in _DECORATORS for decorator in function.decorator_list):
            return True
        arguments = {one.arg for one in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)}
        if depth == 0 and any(_CHECKS.search(name) for name in arguments):
            return True
        helpers: set[tuple[str, bool]] = set()
        for node in ast.walk(function):
            if isinstance(node, (ast.Assert, ast.Raise)):
                return True
            if isinstance(node, ast.Call):
                name, own = called(node.func), _on_self(node.func)
                if _CHECKS.search(name):
                    return True
                if own or isinstance(node.func, ast.Name):
                    helpers.add((name, own))
        helpers |= {(name, False) for name in arguments - {"self", "cls"}} if depth == 0 else set()
        beyond = seen | {key}
        return any(self._helper_checks(name, own, module, beyond, depth) for name, own in sorted(helpers))

    def _helper_checks(
        self, name: str, own: bool, module: _Module, seen: frozenset[tuple[str, int]], depth: int
    ) -> bool:
        """Tell whether a function of the tests checks something: of this file, of one beside it, or a fixture."""
        for function in module.functions.get(name, []):
            if self._checks(function, module, seen, depth + 1):
                return True
        if name in module.functions:
            return False
        if own:
            # A method of a base class that stands elsewhere: it may.
            return True
        if name in module.imported:
            level, source = module.imported[name]
            other = self._beside(module.path, level, source)
        else:
            other = next((one for one in self._conftests(module.path) if name in one.functions), None)
        if other is None:
            return False
        return any(self._checks(function, other, seen, depth + 1) for function in other.functions.get(name, []))

    def _beside(self, path: str, level: int, source: str) -> _Module | None:
        """Return the module of helpers that a name was imported from, when it stands among the tests."""
        folder = PurePosixPath(path).parent
        tail = source.replace(".", "/")
        bases = [folder, *folder.parents] if not level else [folder if level == 1 else folder.parents[level - 2]]
        for base in bases:
            for name in (f"{tail}.py", f"{tail}/__init__.py") if tail else ("__init__.py",):
                place = (base / name).as_posix()
                among_tests = base == folder or "test" in place or bool(level)
                if among_tests and (self._root / place).is_file():
                    return self._module(place)
        return None

    def _conftests(self, path: str) -> list[_Module]:
        folders = PurePosixPath(path).parents
        found = (self._module((folder / "conftest.py").as_posix()) for folder in folders)
        return [module for module in found if module is not None]

    def _module(self, path: str) -> _Module | None:
        if path not in self._modules:
            self._modules[path] = self._read(path)
        return self._modules[path]

    def _read(self, path: str) -> _Module | None:
        try:
            tree = ast.parse((self._root / path).read_bytes())
        except (OSError, SyntaxError, ValueError, RecursionError):
            return None
        module = _Module(path)
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                module.functions.setdefault(node.name, []).append(node)
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    module.imported[alias.asname or alias.name] = (node.level, node.module or "")
        return module


def _core(decorator: ast.expr) -> ast.expr:
    return decorator.func if isinstance(decorator, ast.Call) else decorator


def _on_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}
