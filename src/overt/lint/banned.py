"""Calls and imports that a project forbids itself, found by what a name stands for, not by how it is spelt."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

from overt.lint.results import Banned, Hit

CODE = "OV801"
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

Place = tuple[str, str, int, int]
"""Name that stands there, scope that it stands in, line, column in bytes."""


def concerning(banned: Iterable[Banned], path: str, source: bytes, language: str) -> list[Banned]:
    """Return what is banned in a file at all: of its language, not allowed there, and with its last word in the text.

    Args:
        banned: What the project forbids.
        path: Path of the file.
        source: Its bytes.
        language: `python` or `elixir`.
    """
    return [
        each
        for each in banned
        if each.language == language
        and not any(path.startswith(to) if to.endswith("/") else path == to for to in each.allow)
        and each.pattern.removesuffix(".*").rpartition(".")[2].encode() in source
    ]


def matching(banned: Iterable[Banned], name: str) -> Banned | None:
    """Return what forbids a dotted name: it is the pattern, or lies below it; `shop.*` forbids what lies below only.

    Example:
        >>> rows = [Banned("shop.db.*", "use the gateway")]
        >>> matching(rows, "shop.db.query") is rows[0], matching(rows, "shop.db"), matching(rows, "shop.dbx")
        (True, None, None)
    """
    for each in banned:
        stem = each.pattern.removesuffix(".*")
        if name.startswith(f"{stem}.") or (name == stem and stem == each.pattern):
            return each
    return None


def find_banned(tree: ast.Module, banned: Sequence[Banned]) -> list[Place]:
    """Return every place of a module where something banned is imported or named.

    Args:
        tree: The module.
        banned: What is forbidden in it.
    """
    return [place for place in _Walk().places(tree) if matching(banned, place[0]) is not None]


def as_hits(places: Iterable[Place], banned: Sequence[Banned], columns: object = None) -> list[Hit]:
    """Return one hit for each name and scope.

    Args:
        places: Where something banned stands.
        banned: What is forbidden.
        columns: Turns columns into characters, with a method `of`; None when they are characters already.
    """
    grouped: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for name, scope, line, column in places:
        exact = columns.of(line, column) if columns is not None else column  # type: ignore[attr-defined]
        grouped.setdefault((name, scope), []).append((line, exact))
    hits = []
    for (name, scope), spots in grouped.items():
        found = matching(banned, name)
        assert found is not None
        (line, column), *more = sorted(set(spots))
        related = tuple((at, offset, "again") for at, offset in more)
        hits.append(Hit(CODE, found.severity, told(found, name), line, column, scope, name, 1 + len(more), related))
    return hits


def told(banned: Banned, name: str) -> str:
    """Return the message of a finding: what it is, why not, and what instead."""
    parts = [f"`{name}` is banned here: {banned.message.rstrip('.')}."]
    if banned.instead:
        parts.append(f"Use instead: {banned.instead.rstrip('.')}.")
    return " ".join(parts)


class _Scope:
    """Names that one scope binds: to what was imported, or to something of its own."""

    def __init__(self, name: str, parent: _Scope | None, *, is_class: bool = False) -> None:
        self.name, self.parent, self.is_class = name, parent, is_class
        self.imports: dict[str, str] = {}
        self.own: set[str] = set()

    def inner(self, name: str, *, is_class: bool = False) -> _Scope:
        """Return a scope in this one; what a class binds is not seen by the functions in it."""
        return _Scope(f"{self.name}.{name}".lstrip("."), self, is_class=is_class)

    def meaning(self, name: str) -> str:
        """Return the dotted name that a name stands for; empty when it is something of the file's own."""
        scope: _Scope | None = self
        while scope is not None:
            if scope is self or not scope.is_class:
                if name in scope.own:
                    return ""
                if name in scope.imports:
                    return scope.imports[name]
            scope = scope.parent
        return f"builtins.{name}"


class _Walk:
    """One walk over a module."""

    def places(self, tree: ast.Module) -> Iterator[Place]:
        """Yield every import and every name or attribute that stands for something of another module."""
        scope = _Scope("", None)
        _bind(tree.body, scope)
        stack: list[tuple[ast.AST, _Scope]] = [(node, scope) for node in reversed(tree.body)]
        while stack:
            node, scope = stack.pop()
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                yield from _imported(node, scope)
            elif isinstance(node, (ast.Attribute, ast.Name)):
                yield from self._named(node, scope, stack)
            else:
                stack.extend(reversed([*_entered(node, scope)]))

    def _named(self, node: ast.Attribute | ast.Name, scope: _Scope, stack: list[tuple[ast.AST, _Scope]]) -> list[Place]:
        steps: list[str] = []
        inner: ast.expr = node
        while isinstance(inner, ast.Attribute):
            steps.append(inner.attr)
            inner = inner.value
        if not isinstance(inner, ast.Name):
            stack.append((inner, scope))
            return []
        meaning = scope.meaning(inner.id)
        if not meaning or not isinstance(inner.ctx, ast.Load):
            return []
        names = [".".join((meaning, *reversed(steps)))]
        if meaning == f"builtins.{inner.id}":
            names.append(names[0].removeprefix("builtins."))
        return [(name, scope.name, node.lineno, node.col_offset + 1) for name in names]


def _imported(node: ast.Import | ast.ImportFrom, scope: _Scope) -> Iterator[Place]:
    place = (scope.name, node.lineno, node.col_offset + 1)
    if isinstance(node, ast.Import):
        yield from ((alias.name, *place) for alias in node.names)
    elif node.level == 0 and node.module:
        yield from ((node.module if a.name == "*" else f"{node.module}.{a.name}", *place) for a in node.names)


def _entered(node: ast.AST, scope: _Scope) -> list[tuple[ast.AST, _Scope]]:
    """Return the parts of a node with the scope that each is in."""
    if isinstance(node, _FUNCTIONS):
        inner = scope.inner(getattr(node, "name", "<lambda>"))
        inner.own |= {each.arg for each in ast.walk(node.args) if isinstance(each, ast.arg)}
        body: list[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else [*node.body]
        _bind(body, inner)
        outside = [getattr(node, "returns", None), node.args, *getattr(node, "decorator_list", ())]
        return [*((part, scope) for part in outside if part is not None), *((part, inner) for part in body)]
    if isinstance(node, ast.ClassDef):
        inner = scope.inner(node.name, is_class=True)
        _bind(node.body, inner)
        heads = (*node.decorator_list, *node.bases, *node.keywords)
        return [*((part, scope) for part in heads), *((part, inner) for part in node.body)]
    if isinstance(node, _COMPREHENSIONS):
        inner = _Scope(scope.name, scope)
        _bind([generator.target for generator in node.generators], inner)
        return [(part, inner) for part in ast.iter_child_nodes(node)]
    return [(part, scope) for part in ast.iter_child_nodes(node)]


def _bind(body: Iterable[ast.AST], scope: _Scope) -> None:
    """Read what a scope binds, inner scopes left out."""
    foreign: set[str] = set()
    stack = [*body]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Import):
            for name in node.names:
                scope.imports[name.asname or name.name.partition(".")[0]] = (
                    name.name if name.asname else name.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            scope.imports.update({a.asname or a.name: f"{base}.{a.name}" for a in node.names if a.name != "*"})
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            foreign.update(node.names)
        elif isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store):
                scope.own.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            scope.own.add(node.name)
        elif not isinstance(node, (ast.Lambda, *_COMPREHENSIONS)):
            bound = _other_name(node)
            if bound:
                scope.own.add(bound)
            stack.extend(ast.iter_child_nodes(node))
    # A name that is imported and bound otherwise too (a fallback where the import fails) still stands for the import.
    scope.own -= foreign | set(scope.imports)


def _other_name(node: ast.AST) -> str | None:
    """Return the name that an `except ... as` or a pattern binds."""
    if isinstance(node, ast.MatchMapping):
        return node.rest
    return node.name if isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) else None
