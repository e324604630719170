"""Which functions run only while their module is imported, and which only from its entry point."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from overt.lint.expressions import parts
from overt.lint.places import is_main_guard
from overt.lint.statements import is_entry_function

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

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
        may_have_entry: Whether the module may have an entry point; False saves reading it to see that it has none.
    """

    def __init__(self, tree: ast.Module, deleted: Iterable[str], *, may_have_entry: bool = True) -> None:
        self._tree, self._deleted, self._may_have_entry = tree, frozenset(deleted), may_have_entry
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
        if depth > 1:
            return NEVER
        self._read()
        wanted = {FACTORY} if depth else {CALL, DECORATOR, FACTORY}
        uses = self._uses.get(name, set())
        if not uses <= wanted or not (uses or self._is_hidden(name)):
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
        if not self._may_have_entry:
            return False
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
        used: set[str] = set()
        while self._bodies:
            self._read_body(*self._bodies.pop(), used)
        for name in used:
            self._callers.setdefault(name, set()).add(_ANYBODY)

    def _note(self, name: str, use: str) -> None:
        self._uses.setdefault(name, set()).add(use)

    def _read_import(self) -> None:
        """Read what runs at import."""
        in_classes: list[Any] = []
        self._read_level([*self._tree.body], in_classes)
        self._read_level(in_classes, in_classes)

    def _read_level(self, stack: list[Any], in_classes: list[Any]) -> None:
        """Read what runs at import outside of classes, or in them; what stands in a class is put aside."""
        while stack:
            node = stack.pop()
            kind = node.__class__
            if kind is ast.Name:
                if node.ctx.__class__ is ast.Load:
                    self._note(node.id, OTHER)
            elif kind is ast.FunctionDef or kind is ast.AsyncFunctionDef:
                self._function(node, stack, in_class=stack is in_classes)
            elif kind is ast.Lambda:
                self._bodies.append((_ANYBODY, node))
            elif kind is ast.Assign and (named := _named_lambda(node)) is not None:
                self._bodies.append((named[0], named[1].body))
                stack.append(named[1].args)
            elif kind is ast.ClassDef:
                self._decorated(node.decorator_list, stack)
                in_classes += (*node.bases, *node.keywords, *node.body)
            elif kind is ast.Call and node.func.__class__ is ast.Name:
                self._note(node.func.id, CALL)
                stack += (*node.args, *node.keywords)
            elif kind is ast.If and is_main_guard(node.test):
                self._bodies += [(_ENTRY, statement) for statement in node.body]
                stack += node.orelse
            else:
                stack += parts(node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, stack: list[ast.AST], *, in_class: bool) -> None:
        if node.decorator_list:
            # A decorator may keep the function and call it whenever it likes.
            self._note(node.name, OTHER)
        self._decorated(node.decorator_list, stack)
        stack.append(node.args)
        self._bodies += [(_ANYBODY if in_class else node.name, statement) for statement in node.body]

    def _read_body(self, owner: str, body: ast.AST, used: set[str]) -> None:
        """Read the body of a function: what it calls by name, and the names that it uses otherwise."""
        inner: list[Any] = []
        self._read_part(owner, [body], inner, used)
        self._read_part(_ANYBODY, inner, inner, used)

    def _read_part(self, who: str, stack: list[Any], inner: list[Any], used: set[str]) -> None:
        callers = self._callers
        while stack:
            node = stack.pop()
            kind = node.__class__
            if kind is ast.Name:
                if node.ctx.__class__ is ast.Load:
                    used.add(node.id)
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
