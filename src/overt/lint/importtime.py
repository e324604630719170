"""Which functions run only while their module is imported."""

from __future__ import annotations

import ast
from collections.abc import Iterable

CALL, DECORATOR, FACTORY, OTHER = "call", "decorator", "factory", "other"

STRICT, LOOSE, NEVER = "strict", "loose", ""


class ImportTime:
    """Answers for one module; the module is read only when the first question comes.

    Args:
        tree: The module.
        deleted: Names that the module deletes at its own level.
    """

    def __init__(self, tree: ast.Module, deleted: Iterable[str]) -> None:
        self._tree, self._deleted = tree, frozenset(deleted)
        self._uses: dict[str, set[str]] | None = None
        self._later: frozenset[str] | None = None
        self._bodies: list[ast.AST] = []
        self._public: frozenset[str] | None = None

    def sense(self, name: str, depth: int) -> str:
        """Tell in which sense a function of the module runs only at import.

        Args:
            name: The function, directly below the module.
            depth: How many functions inside it the place in question is in.

        Returns:
            `strict`: every use is an import-time call and nobody else can reach it; `loose`: every use in this
            file is, but other modules can reach it; empty: it may run later.
        """
        wanted = {CALL, DECORATOR, FACTORY} if depth == 0 else {FACTORY} if depth == 1 else set()
        uses = self._at_import().get(name, set()) if wanted else set()
        if not uses or not uses <= wanted or name in self._used_later():
            return NEVER
        hidden = name.startswith("_") or name in self._deleted
        if self._public is not None:
            hidden = hidden or name not in self._public
        return STRICT if hidden else LOOSE

    def _at_import(self) -> dict[str, set[str]]:
        """Return how each name is used by code that runs at import."""
        if self._uses is None:
            self._uses = {}
            self._read()
        return self._uses

    def _used_later(self) -> frozenset[str]:
        """Return the names that the bodies of functions read; most questions are answered before this one."""
        if self._later is None:
            found = (node for body in self._bodies for node in ast.walk(body) if isinstance(node, ast.Name))
            self._later = frozenset(node.id for node in found if isinstance(node.ctx, ast.Load))
        return self._later

    def _note(self, name: str, use: str) -> None:
        assert self._uses is not None
        self._uses.setdefault(name, set()).add(use)

    def _read(self) -> None:
        for statement in self._tree.body:
            if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
                self._read_all(statement)
        stack: list[ast.AST] = [self._tree]
        while stack:
            node = stack.pop()
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self._function(node, stack)
            elif isinstance(node, ast.Lambda):
                self._bodies.append(node)
            elif isinstance(node, ast.ClassDef):
                self._decorated(node.decorator_list, stack)
                stack += [*node.bases, *node.keywords, *node.body]
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                self._note(node.func.id, CALL)
                stack += [*node.args, *node.keywords]
            elif isinstance(node, ast.Name):
                if isinstance(node.ctx, ast.Load):
                    self._note(node.id, OTHER)
            else:
                stack += _children(node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, stack: list[ast.AST]) -> None:
        if node.decorator_list:
            # A decorator may keep the function and call it whenever it likes.
            self._note(node.name, OTHER)
        self._decorated(node.decorator_list, stack)
        stack.append(node.args)
        self._bodies.extend(node.body)

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


def _children(node: ast.AST) -> list[ast.AST]:
    found = []
    for field in node._fields:
        value = getattr(node, field, None)
        if isinstance(value, list):
            found += [child for child in value if isinstance(child, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found
