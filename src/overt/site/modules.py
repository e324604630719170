"""The project's modules and what they import, read from the files: nothing is imported, nothing runs."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from overt.audit.imports import import_targets, longest_known, packaged
from overt.site.paths import module_page
from overt.site.purpose import summary_of

_PRIVATE = re.compile(r"_|tests$|test_|conftest$")


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the project.

    Args:
        name: Dotted name.
        path: File, relative to the root, POSIX.
        package: Whether it is the `__init__` of a package.
        lines: How many lines it has.
        summary: First sentence of its docstring; empty when it has none.
        holds: Public functions and classes that it defines, in order; else the names that it exports.
        imports: Modules of the project that it imports, dotted, sorted.
        deferred: Those of them that it does not import at once: in functions, or for types alone.
        failure: Why it could not be read; empty when it could.
    """

    name: str
    path: str
    package: bool = False
    lines: int = 0
    summary: str = ""
    holds: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    deferred: tuple[str, ...] = ()
    failure: str = ""

    @property
    def page(self) -> str:
        """Path of its reference page."""
        return module_page(self.name, package=self.package)

    @property
    def public(self) -> bool:
        """Whether no part of its name says that it is private, or a test that lies inside the package."""
        top, *parts = self.name.split(".")
        return not (top.startswith("_") or any(_PRIVATE.match(part) for part in parts))


def _read(path: str, name: str, source: bytes, known: frozenset[str]) -> Module:
    package = path.endswith("__init__.py")
    try:
        tree = ast.parse(source, filename=path)
    except (SyntaxError, ValueError, RecursionError) as error:
        return Module(name, path, package, failure=str(error))
    found = [(longest_known(target, known), later) for target, later in import_targets(tree, name, package=package)]
    imported = {target for target, _ in found} - {"", name}
    at_once = {target for target, later in found if not later}
    return Module(
        name,
        path,
        package,
        lines=source.count(b"\n"),
        summary=summary_of(ast.get_docstring(tree) or ""),
        holds=_defined(tree) or _exported(tree),
        imports=tuple(sorted(imported)),
        deferred=tuple(sorted(imported - at_once)),
    )


def _exported(tree: ast.Module) -> tuple[str, ...]:
    for node in tree.body:
        named = (
            [target.id for target in node.targets if isinstance(target, ast.Name)]
            if isinstance(node, ast.Assign)
            else []
        )
        if named == ["__all__"] and isinstance(node, ast.Assign) and isinstance(node.value, ast.List | ast.Tuple):
            values = [item.value for item in node.value.elts if isinstance(item, ast.Constant)]
            return tuple(name for name in values if isinstance(name, str) and not name.startswith("_"))
    return ()


def _defined(tree: ast.Module) -> tuple[str, ...]:
    names = (node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef))
    return tuple(dict.fromkeys(name for name in names if not name.startswith("_")))


def read_modules(sources: Mapping[str, bytes], packages: Sequence[str]) -> tuple[Module, ...]:
    """Return the modules of packages, sorted by name.

    Args:
        sources: Python files: path relative to the root to content.
        packages: Package folders, relative to the root, POSIX.

    Example:
        >>> cart, root = read_modules({"shop/__init__.py": b"from . import cart", "shop/cart.py": b""}, ["shop"])[::-1]
        >>> root.imports
        ('shop.cart',)
    """
    named = packaged(list(sources), packages)
    known = frozenset(named)
    return tuple(_read(path, name, sources[path], known) for name, path in sorted(named.items()))
