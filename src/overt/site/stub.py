"""A module as a reader without a browser wants it: signatures and docstrings, without what they do."""

from __future__ import annotations

import ast

_Defined = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def stub(source: bytes) -> str:
    r"""Return the public part of a module as Python text.

    Args:
        source: The file.

    Returns:
        Docstrings, signatures and annotated names; empty when the file cannot be parsed.

    Example:
        >>> print(stub(b"def add(a: int, b: int = 1) -> int:\n    return a + b\ndef _no(): ..."))
        def add(a: int, b: int=1) -> int:
            ...
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return ""
    tree.body = _public(tree.body)
    return ast.unparse(tree)


def _public(body: list[ast.stmt]) -> list[ast.stmt]:
    return [_without_body(one) for one in body if _documentation(one) or _name(one)]


def _documentation(one: ast.stmt) -> bool:
    return isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant) and isinstance(one.value.value, str)


def _name(one: ast.stmt) -> str:
    """Name of something public, empty for anything else; `__init__` is how a class is made."""
    name = ""
    if isinstance(one, _Defined):
        name = one.name
    elif isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
        name = one.target.id
    elif isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name):
        name = one.targets[0].id if one.targets[0].id.isupper() else ""
    return name if not name.startswith("_") or name == "__init__" else ""


def _without_body(one: ast.stmt) -> ast.stmt:
    if isinstance(one, ast.ClassDef):
        one.body = _public(one.body) or [ast.Expr(ast.Constant(...))]
    elif isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
        told = [line for line in one.body[:1] if _documentation(line)]
        one.body = [*told, ast.Expr(ast.Constant(...))]
    return one
