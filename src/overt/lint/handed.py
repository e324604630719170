"""Thread-local classes that are handed on: `make(threading.local)`, `return local`, `field(default_factory=local)`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from overt.lint.frames import chain
from overt.lint.names import THREAD_LOCALS
from overt.model.tuples import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_NAMES = (ast.Name, ast.Attribute)
_MODULES = frozenset(name.rpartition(".")[0] for name in THREAD_LOCALS)
_ASKING = frozenset({"isinstance", "issubclass", "cast", "NewType", "TypeVar"})
"""Calls that only speak of a class."""


class Handed(NamedTuple):
    """One place where a thread-local class stands as a value.

    Args:
        name: Dotted name of the class.
        scope: Dotted name inside the module of the function or class it stands in.
        node: The place.
    """

    name: str
    scope: str
    node: ast.expr


def handed_on(tree: ast.Module) -> Iterator[Handed]:
    """Yield every place of a module where a thread-local class is given to somebody else to call.

    Calling it, deriving from it, asking for it and naming it in an annotation are no such places.
    """
    names = _imported(tree)
    stack: list[tuple[Any, str, frozenset[str]]] = [(tree, "", frozenset())]
    while stack:
        node, scope, hidden = stack.pop()
        found = chain(node) if isinstance(node, _NAMES) else None
        if found is not None:
            dotted = ".".join((names.get(found[0], ""), *found[1]))
            if dotted in THREAD_LOCALS and found[0] not in hidden:
                yield Handed(dotted, scope, node)
            continue
        if isinstance(node, _FUNCTIONS):
            given = node.args
            stack += [(each, scope, hidden) for each in (*given.defaults, *given.kw_defaults) if each is not None]
            own = frozenset(each.arg for each in (*given.posonlyargs, *given.args, *given.kwonlyargs))
            body = [node.body] if isinstance(node, ast.Lambda) else [*node.body, *node.decorator_list]
            stack += [(each, _inside(scope, node), hidden | own) for each in body]
        elif isinstance(node, ast.ClassDef):
            stack += [(each, _inside(scope, node), hidden) for each in (*node.body, *node.decorator_list)]
        else:
            stack += [(each, scope, hidden) for each in _values(node)]


def _inside(scope: str, node: Any) -> str:
    return f"{scope}.{getattr(node, 'name', '<lambda>')}".lstrip(".")


def _imported(tree: ast.Module) -> dict[str, str]:
    """Return what the names of all imports of a file stand for, as far as they lead to a thread-local class."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update((each.asname or each.name, each.name) for each in node.names if each.name in _MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module in _MODULES:
            names.update((each.asname or each.name, f"{node.module}.{each.name}") for each in node.names)
    return names


def _values(node: Any) -> list[Any]:
    """Return the parts of a node whose value goes somewhere."""
    if isinstance(node, ast.Call):
        called = chain(node.func)
        if called is not None and (called[0], *called[1])[-1] in _ASKING:
            return []
        inner = [] if isinstance(node.func, _NAMES) else [node.func]
        return [*inner, *node.args, *(each.value for each in node.keywords)]
    if isinstance(node, ast.Assign):
        # A plain other name for the class is followed where it is called.
        named = isinstance(node.targets[0], ast.Name) and isinstance(node.value, _NAMES)
        return [] if named else [node.value]
    if isinstance(node, ast.AnnAssign):
        return [node.value] if node.value is not None else []
    if isinstance(node, ast.Subscript):
        return [] if isinstance(node.value, _NAMES) else [node.value]
    if isinstance(node, (ast.Compare, ast.Delete)):
        return []
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
        return node.orelse
    return list(ast.iter_child_nodes(node))
