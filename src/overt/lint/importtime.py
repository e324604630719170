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
        self._called: dict[str, set[str]] = {}
        self._spreads: dict[tuple[frozenset[str], bool], tuple[set[str], set[str]]] = {}
        self._others: set[str] | None = None

    def sense(self, name: str, depth: int, *, listed: bool = True) -> str:
        """Tell in which sense a function of the module runs only at import.

        Args:
            name: The function, directly below the module.
            depth: How many functions inside it the place in question is in.
            listed: Whether others are taken to use only the names in `__all__`, when the module has it.

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
        return NEVER if depth and self._callers.get(name) else self._sense(name, frozenset(wanted), listed)

    def _sense(self, name: str, wanted: frozenset[str], listed: bool) -> str:
        later, reachable = self._spread_of(wanted, listed)
        if name in later or self._is_later(name, wanted):
            return NEVER
        return LOOSE if name in reachable or not self._is_hidden(name, listed) else STRICT

    def _spread_of(self, wanted: frozenset[str], listed: bool) -> tuple[set[str], set[str]]:
        """Return the functions that may run later, and those that others can reach: what they call is like them."""
        found = self._spreads.get((wanted, listed))
        if found is None:
            names = {*self._callers, *self._uses, *(who for users in self._callers.values() for who in users)}
            later = self._spread(name for name in names if self._is_later(name, wanted))
            reachable = self._spread(name for name in names if not self._is_hidden(name, listed))
            found = self._spreads[wanted, listed] = (later, reachable)
        return found

    def _is_later(self, name: str, wanted: frozenset[str]) -> bool:
        """Tell whether a function may run later whatever is known of those that call it."""
        uses = self._uses.get(name, set())
        if name in {_ENTRY, _ANYBODY} or not uses <= wanted:
            return True
        return not uses and not self._callers.get(name) and name not in self._deleted

    def _spread(self, first: Iterable[str], *, past_entries: bool = True) -> set[str]:
        """Return some functions and what they call, directly or not."""
        if not self._called:
            for name, users in self._callers.items():
                for who in users:
                    self._called.setdefault(who, set()).add(name)
        found = set(first)
        stack = list(found)
        while stack:
            for name in self._called.get(stack.pop(), ()):
                if name not in found and (past_entries or not _is_entry(name)):
                    found.add(name)
                    stack.append(name)
        return found

    def may_be_import_only(self, name: str) -> bool:
        """Tell whether nothing in the file uses a function of the module but calls and decorators at import."""
        self._read()
        self._read_bodies()
        return self._uses.get(name, set()) <= {CALL, DECORATOR, FACTORY} and not self._callers.get(name, set()) - {name}

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
        if self._others is None:
            names = {*self._callers, *(who for users in self._callers.values() for who in users)}
            first = (each for each in names if not _is_entry(each) and self._is_others(each))
            self._others = self._spread(first, past_entries=False)
        return not self._is_others(name) and name not in self._others

    def _is_others(self, name: str) -> bool:
        """Tell whether a function that is no entry point can be reached without one."""
        return not self._callers.get(name) or bool(self._uses.get(name)) or not self._is_hidden(name)

    def _is_hidden(self, name: str, listed: bool = True) -> bool:
        if name.startswith("_") or name in self._deleted:
            return True
        return listed and self._public is not None and name not in self._public

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
            elif (named := _named_lambda(node)) is not None:
                self._bodies.append((named[0], named[1].body))
                more.append(named[1].args)
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
            elif kind is ast.Call and _passes_options(node, who):
                stack += parts(node)[2:]
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


def _is_entry(name: str) -> bool:
    return name == _ENTRY or is_entry_function(name)


def _named_lambda(node: ast.AST) -> tuple[str, ast.Lambda] | None:
    """Return name and function of `name = lambda ...`, which is a function like any other."""
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Lambda) or len(node.targets) != 1:
        return None
    target = node.targets[0]
    return (target.id, node.value) if isinstance(target, ast.Name) else None


def is_registering(node: ast.AST, *, nested: bool) -> bool:
    """Tell whether a function reads like a decorator that registers: it gives back what it was given, unchanged.

    Args:
        node: The function.
        nested: Whether it is made by another function, as `@register("name")` makes one.
    """
    if not isinstance(node, ast.FunctionDef):
        return False
    given = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
    # A function that keeps and gives back any value is no decorator; one that takes a class or a function is.
    if not given or not (nested or given[-1].lower().endswith(_DECORATED) or given[0].lower().endswith(_DECORATED)):
        return False
    inner = {each.name for each in node.body if isinstance(each, ast.FunctionDef)}
    returned = [each.value for each in _own_statements(node) if isinstance(each, ast.Return)]
    unchanged = [each for each in returned if isinstance(each, ast.Name) and each.id in given]
    others = [each for each in returned if each not in unchanged and not _makes_function(each, inner)]
    return bool(unchanged) and not others


_DECORATED = ("cls", "class", "klass", "func", "fn", "f", "function", "meth", "method", "handler", "callback")


def _passes_options(call: ast.Call, function: str) -> bool:
    """Tell whether a function gives itself back with its options set: `return partial(register, name)`."""
    return bool(call.args) and _is_partial(call) and isinstance(call.args[0], ast.Name) and call.args[0].id == function


def _is_partial(call: ast.Call) -> bool:
    called = call.func
    return (called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")) == "partial"


def _makes_function(value: ast.expr | None, inner: set[str]) -> bool:
    """Tell whether a value is a function made here, as of a decorator that is called with its options first."""
    if isinstance(value, ast.Call):
        return _is_partial(value)
    return isinstance(value, ast.Lambda) or (isinstance(value, ast.Name) and value.id in inner)


def _own_statements(node: ast.FunctionDef) -> Iterable[ast.AST]:
    """Yield the statements of a function, those of functions inside it left out."""
    stack: list[ast.AST] = [*node.body]
    while stack:
        statement = stack.pop()
        yield statement
        if isinstance(statement, ast.stmt) and not isinstance(
            statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        ):
            stack += [
                each for each in ast.iter_child_nodes(statement) if isinstance(each, (ast.stmt, ast.ExceptHandler))
            ]
        elif isinstance(statement, ast.ExceptHandler):
            stack += statement.body
