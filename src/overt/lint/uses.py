"""How a module uses what it imports: while it is imported, as a decorator, later, or in some other way."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Any

from overt.lint.expressions import parts
from overt.lint.importtime import CALL, DECORATOR, FACTORY, OTHER
from overt.lint.places import is_main_guard

LATER = "later"
"""A use in a function, or under `if __name__ == "__main__":`."""

_LATE = frozenset({ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.GeneratorExp})


def uses_of(tree: ast.Module) -> tuple[tuple[str, str], ...]:
    """Return each imported name that a module uses, and how; local names that hide it are taken for it.

    Args:
        tree: The module.

    Returns:
        Dotted name with the attributes that follow, as the import spells it, and `call`, `decorator`, `factory` (a
        decorator that is called first), `other` (a value at import) or `later`.

    Example:
        >>> uses_of(ast.parse("from shop import add, table\\nadd('a')\\ndef f(): table.rows"))
        (('shop.add', 'call'), ('shop.table.rows', 'later'))
    """
    seen = _Uses()
    seen.walk(tree)
    return tuple(sorted(seen.told()))


def read_uses(source: bytes, path: str) -> tuple[tuple[str, str], ...]:
    """Return `uses_of` the module in some bytes.

    Raises:
        SyntaxError: They are no module.
    """
    from overt.lint.examine import parse

    return uses_of(parse(source, path))


class _Uses:
    """What a walk over a module has seen: what names stand for is known when it ends."""

    def __init__(self) -> None:
        self._imported: dict[str, set[str]] = {}
        self._used: set[tuple[str, str, str]] = set()
        self._stack: list[Any] = []
        self._later: list[Any] = []
        self._late = False

    def told(self) -> Iterator[tuple[str, str]]:
        """Yield the uses of what is imported."""
        for root, attributes, use in self._used:
            for dotted in self._imported.get(root, ()):
                yield dotted + attributes, use

    def walk(self, tree: ast.Module) -> None:
        """Walk what runs at import, then the rest."""
        self._stack = [*tree.body]
        while self._stack:
            self._visit(self._stack.pop())
        self._late, self._stack = True, self._later
        while self._stack:
            self._visit(self._stack.pop())

    def _visit(self, node: Any) -> None:
        kind = node.__class__
        if kind is ast.Import or kind is ast.ImportFrom:
            self._import(node)
        elif kind in _LATE and not self._late:
            self._divide(node)
        elif kind is ast.ClassDef and not self._late:
            self._decorators(node.decorator_list)
            self._stack += [*node.bases, *node.keywords, *node.body]
        elif kind is ast.If and not self._late and is_main_guard(node.test):
            self._later += node.body
            self._stack += node.orelse
        else:
            self._note(node, OTHER)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        base = "." * node.level + (node.module or "") if isinstance(node, ast.ImportFrom) else ""
        for name in node.names:
            if isinstance(node, ast.ImportFrom):
                bound, dotted = name.name, base + name.name if base.endswith(".") else f"{base}.{name.name}"
            else:
                bound = name.name.partition(".")[0]
                dotted = name.name if name.asname else bound
            self._imported.setdefault(name.asname or bound, set()).add(dotted)

    def _divide(self, node: Any) -> None:
        """Tell what of a function runs where it stands, and what when it is called."""
        if isinstance(node, ast.GeneratorExp):
            self._later.append(node)
            return
        self._stack.append(node.args)
        if isinstance(node, ast.Lambda):
            self._later.append(node.body)
            return
        self._decorators(node.decorator_list)
        self._stack += [node.returns] if node.returns is not None else []
        self._later += node.body

    def _decorators(self, decorators: Iterable[ast.expr]) -> None:
        for decorator in decorators:
            if isinstance(decorator, ast.Call):
                self._note(decorator.func, FACTORY)
                self._stack += [*decorator.args, *decorator.keywords]
            else:
                self._note(decorator, DECORATOR)

    def _note(self, node: Any, use: str) -> None:
        """Take note of a use, or put what stands in a node on the stack."""
        called = node.__class__ is ast.Call
        if called:
            self._stack += [*node.args, *node.keywords]
            node, use = node.func, CALL
        owner: Any = node
        attributes = ""
        while owner.__class__ is ast.Attribute:
            owner, attributes = owner.value, f".{owner.attr}{attributes}"
        if owner.__class__ is ast.Name:
            self._used.add((owner.id, attributes, LATER if self._late else use))
        elif owner is node:
            self._stack += (node,) if called else parts(node)
        else:
            self._stack.append(owner)
