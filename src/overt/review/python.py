"""What a review needs to know about Python files."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator, Sequence

from overt.lint.examine import is_test_file
from overt.model import Location
from overt.review.changes import Changes, FileChange
from overt.system.files import matches

SUFFIXES = (".py", ".pyi")
_BESIDE = frozenset({"docs", "examples", "benchmarks", "validation", "scripts"})
_FOR_TYPES = frozenset({"typing", "typing_extensions", "collections.abc", "types", "__future__", "_typeshed"})
_VERSION = frozenset({"__version__", "__version_info__", "VERSION"})


def is_source(path: str) -> bool:
    """Tell whether a path is that of Python that ships: no test, no page, no script.

    Example:
        >>> is_source("src/shop/cart.py"), is_source("tests/test_cart.py"), is_source("docs/conf.py")
        (True, False, False)
    """
    return path.endswith(SUFFIXES) and not is_test_file(path) and path.split("/")[0] not in _BESIDE | {"setup.py"}


def ships(path: str, packages: Sequence[str]) -> bool:
    """Tell whether a path is that of Python that ships, where the packages of the project are known.

    Args:
        path: The path, relative to the root, POSIX.
        packages: The folders and single modules that ship; any place when empty.

    Example:
        >>> ships("src/shop/cart.py", ["src/shop"]), ships("demo.py", ["src/shop"])
        (True, False)
    """
    return is_source(path) and (not packages or matches(path, packages))


def is_test(path: str) -> bool:
    """Tell whether a path is that of a Python test."""
    return path.endswith(SUFFIXES) and is_test_file(path)


def python_files(changes: Changes) -> list[FileChange]:
    """Return the Python files that are there after the change."""
    return [file for file in changes.files if file.exists and file.path.endswith(SUFFIXES)]


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


class _Behaviour(ast.NodeTransformer):
    """Takes away what only tells: annotations of functions, imports for them, and the version of the package."""

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> ast.AST | None:
        node.names = [name for name in node.names if name.name not in _FOR_TYPES]
        return node if node.names else None

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | None:
        return None if node.module in _FOR_TYPES and not node.level else node

    def visit_If(self, node: ast.If) -> ast.AST | None:
        test = node.test
        name = test.attr if isinstance(test, ast.Attribute) else test.id if isinstance(test, ast.Name) else ""
        return None if name == "TYPE_CHECKING" and not node.orelse else self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:
        names = {target.id for target in node.targets if isinstance(target, ast.Name)}
        told = names and names <= _VERSION and isinstance(node.value, ast.Constant | ast.Tuple)
        return None if told else self.generic_visit(node)


def behaviour(source: bytes | None) -> str | None:
    """Return what a file does when it runs: `meaning` without annotations of functions and the version's number.

    Example:
        >>> behaviour(b"def f(a: int) -> int: return a") == behaviour(b"def f(a): return a")
        True
        >>> behaviour(b"__version__ = '1'") == behaviour(b"__version__ = '2'")
        True
    """
    if source is None:
        return None
    try:
        return ast.dump(_Behaviour().visit(_without_docstrings(ast.parse(source))))
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
