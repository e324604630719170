"""What a review needs to know about Python files."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator

from overt.lint.examine import is_test_file
from overt.model import Location
from overt.review.changes import Changes, FileChange

_SUFFIXES = (".py", ".pyi")
_BESIDE = frozenset({"docs", "examples", "benchmarks", "validation", "scripts"})


def is_source(path: str) -> bool:
    """Tell whether a path is that of Python that ships: no test, no page, no script.

    Example:
        >>> is_source("src/shop/cart.py"), is_source("tests/test_cart.py"), is_source("docs/conf.py")
        (True, False, False)
    """
    return path.endswith(_SUFFIXES) and not is_test_file(path) and path.split("/")[0] not in _BESIDE | {"setup.py"}


def is_test(path: str) -> bool:
    """Tell whether a path is that of a Python test."""
    return path.endswith(_SUFFIXES) and is_test_file(path)


def python_files(changes: Changes) -> list[FileChange]:
    """Return the Python files that are there after the change."""
    return [file for file in changes.files if file.exists and file.path.endswith(_SUFFIXES)]


def _without_docstrings(tree: ast.AST) -> ast.AST:
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(tree):
        if isinstance(node, documented) and ast.get_docstring(node, clean=False) is not None:
            del node.body[0]
    return tree


def meaning(source: bytes | None) -> str | None:
    """Return what a file does, apart from comments, docstrings and layout; None when it cannot be parsed.

    Example:
        >>> meaning(b"x = 1  # one") == meaning(b"x=1")
        True
    """
    if source is None:
        return None
    try:
        return ast.dump(_without_docstrings(ast.parse(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def new_lines_with(
    changes: Changes, files: Iterable[FileChange], pattern: re.Pattern[bytes]
) -> tuple[list[Location], bool]:
    """Return the new lines in which a pattern is found, and whether there are files whose new lines are not known.

    Args:
        changes: The difference.
        files: The files to look at.
        pattern: What is looked for.
    """
    found: list[Location] = []
    untold = False
    for file in files:
        new, source = changes.lines.get(file.path), changes.after(file)
        if new is None or source is None:
            untold = True
            continue
        lines = enumerate(source.split(b"\n"), start=1)
        found += [Location(file.path, number) for number, line in lines if number in new and pattern.search(line)]
    return found, untold


def comments(source: bytes) -> Iterator[tuple[int, str]]:
    """Yield the comments of a file, each with its line from 1.

    Raises:
        SyntaxError: It is no Python.
    """
    try:
        for token in tokenize.tokenize(io.BytesIO(source).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string
    except tokenize.TokenError as error:
        raise SyntaxError(str(error)) from error
