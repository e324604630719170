"""Which functions run only while their module is imported, and which only from its entry point."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Any

from overt.lint.expressions import parts
from overt.lint.statements import is_entry_function, is_main_guard

CALL, DECORATOR, FACTORY, OTHER = "call", "decorator", "factory", "other"

STRICT, LOOSE, NEVER = "strict", "loose", ""
_FUNCTIONS = frozenset({ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda})
_ENTRY = "<entry>"
"""Stands for the code under `if __name__ == "__main__":`."""
_ANYBODY = "<anybody>"
"""Stands for code that may run at any time: methods, lambdas, functions inside functions, names that are passed on."""


class ImportTime:
    """Answers for one module; the module is read only when the first question comes.

    Args:
        tree: The module.
        deleted: Names that the module deletes at its own level.
    """

    def __init__(self, tree: ast.Module, deleted: Iterable[str]) -> None:
        self._tree, self._deleted = tree, frozenset(deleted)
        self._read_already = False
        self._uses: dict[str, set[str]] = {}
        self._callers: dict[str, set[str]] = {}
        self._bodies: list[tuple[str, ast.AST]] = []
        self._public: frozenset[str] | None = None
        self._has_entry = False

    def sense(self, name: str, depth: int) -> str:
        """Tell in which sense a function of the module runs only at import.

        Args:
            name: The function, directly below the module.
            depth: How many functions inside it the place in question is in.

        Returns:
            `strict`: every use is an import-time call and nobody else can reach it; `loose`: every use in this
            file is, but other modules can reach it; empty: it may run later.
        """
        self._read()
        wanted = {CALL, DECORATOR, FACTORY} if depth == 0 else {FACTORY} if depth == 1 else set()
        uses = self._uses.get(name, set())
        if not wanted or not uses <= wanted or not (uses or self._is_hidden(name)):
            return NEVER
        self._read_bodies()
        return NEVER if depth and self._callers.get(name) else self._sense(name, wanted, frozenset())

    def _sense(self, name: str, wanted: set[str], asked: frozenset[str]) -> str:
        uses, callers = self._uses.get(name, set()), self._callers.get(name, set())
        if not uses <= wanted or (not uses and not callers and name not in self._deleted):
            return NEVER
        found = STRICT if self._is_hidden(name) else LOOSE
        for caller in callers - asked - {name}:
            # What is called only by functions that run at import runs at import itself.
            inherited = NEVER if caller in {_ENTRY, _ANYBODY} else self._sense(caller, wanted, asked | {name})
            if inherited == NEVER:
                return NEVER
            found = LOOSE if LOOSE in {found, inherited} else STRICT
        return found

    def is_entry(self, name: str) -> bool:
        """Tell whether a private function of the module is called by the entry point of a program, and nobody else.

        Args:
            name: The function, directly below the module.
        """
        if is_entry_function(name):
            return True
        self._read()
        if not self._has_entry or self._uses.get(name) or not self._is_hidden(name):
            return False
        self._read_bodies()
        return self._is_entry(name, frozenset())

    def _is_entry(self, name: str, asked: frozenset[str]) -> bool:
        if is_entry_function(name) or name == _ENTRY:
            return True
        callers = self._callers.get(name, set())
        if not callers or self._uses.get(name) or not self._is_hidden(name):
            return False
        return all(self._is_entry(caller, asked | {name}) for caller in callers - asked - {name})

    def _is_hidden(self, name: str) -> bool:
        if name.startswith("_") or name in self._deleted:
            return True
        return self._public is not None and name not in self._public

    def _read(self) -> None:
        if self._read_already:
            return
        self._read_already = True
        for statement in self._tree.body:
            if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
                self._read_all(statement)
        self._read_import()
        self._has_entry = any(owner == _ENTRY or is_entry_function(owner) for owner, _ in self._bodies)

    def _read_bodies(self) -> None:
        """Read what functions do with names; most questions are answered without it."""
        while self._bodies:
            self._read_body(*self._bodies.pop())

    def _note(self, name: str, use: str) -> None:
        self._uses.setdefault(name, set()).add(use)

    def _read_import(self) -> None:
        """Read what runs at import."""
        stack: list[tuple[ast.AST, bool]] = [(node, False) for node in self._tree.body]
        while stack:
            node, in_class = stack.pop()
            more: list[ast.AST] = []
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self._function(node, more, in_class=in_class)
            elif isinstance(node, ast.Lambda):
                self._bodies.append((_ANYBODY, node))
            elif isinstance(node, ast.ClassDef):
                self._decorated(node.decorator_list, more)
                stack += [(child, True) for child in (*node.bases, *node.keywords, *node.body)]
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                self._note(node.func.id, CALL)
                more += [*node.args, *node.keywords]
            elif isinstance(node, ast.Name):
                if isinstance(node.ctx, ast.Load):
                    self._note(node.id, OTHER)
            elif isinstance(node, ast.If) and is_main_guard(node.test):
                self._bodies += [(_ENTRY, statement) for statement in node.body]
                more += node.orelse
            else:
                more += parts(node)
            stack += [(child, in_class) for child in more]

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, stack: list[ast.AST], *, in_class: bool) -> None:
        if node.decorator_list:
            # A decorator may keep the function and call it whenever it likes.
            self._note(node.name, OTHER)
        self._decorated(node.decorator_list, stack)
        stack.append(node.args)
        self._bodies += [(_ANYBODY if in_class else node.name, statement) for statement in node.body]

    def _read_body(self, owner: str, body: ast.AST) -> None:
        """Read the body of a function: what it calls by name, and what it does otherwise with a name."""
        inner: list[Any] = []
        self._read_part(owner, [body], inner)
        self._read_part(_ANYBODY, inner, inner)

    def _read_part(self, who: str, stack: list[Any], inner: list[Any]) -> None:
        callers = self._callers
        while stack:
            node = stack.pop()
            kind = node.__class__
            if kind is ast.Name:
                if node.ctx.__class__ is ast.Load:
                    callers.setdefault(node.id, set()).add(_ANYBODY)
            elif kind is ast.Call and node.func.__class__ is ast.Name:
                callers.setdefault(node.func.id, set()).add(who)
                stack += [each for each in node.args if each.__class__ is not ast.Constant]
                stack += [each.value for each in node.keywords if each.value.__class__ is not ast.Constant]
            elif kind in _FUNCTIONS and stack is not inner:
                inner += parts(node)
            else:
                stack += parts(node)

    def _decorated(self, decorators: Iterable[ast.expr], stack: list[ast.AST]) -> None:
        for decorator in decorators:
            if isinstance(decorator, ast.Name):
                self._note(decorator.id, DECORATOR)
            elif isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Name):
                self._note(decorator.func.id, FACTORY)
                stack += [*decorator.args, *decorator.keywords]
            else:
                stack.append(decorator)

    def _read_all(self, statement: ast.Assign | ast.AnnAssign | ast.AugAssign) -> None:
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        if not any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            return
        value = statement.value
        if isinstance(value, (ast.List, ast.Tuple)):
            names = {
                item.value for item in value.elts if isinstance(item, ast.Constant) and isinstance(item.value, str)
            }
            self._public = (self._public or frozenset()) | names
