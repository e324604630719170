"""What docstrings of Python name: between double backticks, and in cross-references."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from overt.audit.references.mentions import speaks_of_others
from overt.audit.references.record import Mention
from overt.model import Location

_ROLE = re.compile(
    r":(?:py:)?(?:func|meth|class|exc|mod|attr|data|obj|const):`~?!?(?:[^`<]*<~?)?(?P<role>[\w.]+)(?:\(\))?>?`"
)
_DOUBLE = re.compile(r"(?<!`)``(?P<double>[^`\n]{1,200})``(?!`)")
_CROSS = re.compile(r"\[`?(?P<name>[\w.]+)`?\]\[(?P<target>[\w.]*)\]")
_MOST = 20_000
_GONE = re.compile(
    r"\b(?:removed|renamed|deprecated|no longer|formerly|versionchanged|versionremoved)\b", re.IGNORECASE
)


class Named(NamedTuple):
    """A name in a docstring.

    Args:
        mention: The name and its place.
        scopes: Dotted names in which it may be meant, the nearest first.
        role: Whether it is a cross-reference, which surely means a Python thing.
    """

    mention: Mention
    scopes: tuple[str, ...]
    role: bool


def docstring_names(source: str, module: str, path: str) -> list[Named]:
    """Return the names in the docstrings of a module.

    Args:
        source: Its text.
        module: Its dotted name.
        path: Its file, relative to the root, POSIX.

    Returns:
        In order of appearance; nothing when the text is no Python.

    Example:
        >>> [one.mention.text for one in docstring_names('"See :func:`a.b` and ``c.d``."', "a", "a.py")]
        ['a.b', 'c.d']
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    lines = source.split("\n")
    return list(_of(tree, (module,), lines, path))[:_MOST]


def _of(tree: ast.Module, scopes: tuple[str, ...], lines: Sequence[str], path: str) -> Iterator[Named]:
    waiting: list[tuple[ast.AST, tuple[str, ...]]] = [(tree, scopes)]
    while waiting:
        node, around = waiting.pop()
        body = getattr(node, "body", [])
        first = body[0] if body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
            yield from _names(first, around, lines, path)
        for child in reversed(body):
            if isinstance(child, ast.ClassDef):
                waiting.append((child, (f"{around[0]}.{child.name}", *around)))
            elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                waiting.append((child, around))


def _names(statement: ast.Expr, scopes: tuple[str, ...], lines: Sequence[str], path: str) -> Iterator[Named]:
    # The lines of the file, not the text of the string, so that places are exact.
    for number in range(statement.lineno, (statement.end_lineno or statement.lineno) + 1):
        line = lines[number - 1] if number <= len(lines) else ""
        told = "the line speaks of what is gone" if _GONE.search(line) else ""
        for pattern in (_ROLE, _DOUBLE, _CROSS) if len(line) < 2_000 else ():
            for match in pattern.finditer(line):
                name = match["target"] or match["name"] if pattern is _CROSS else match[1]
                place = Location(path, number, match.start() + 1)
                mention = Mention(name.strip(), place, "code", told, speaks_of_others(line), line)
                yield Named(mention, scopes, role=pattern is not _DOUBLE)
