"""The project's modules and what they import, read from the files: nothing is imported, nothing runs."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from overt.site.paths import module_page


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the project.

    Args:
        name: Dotted name.
        path: File, relative to the root, POSIX.
        package: Whether it is the `__init__` of a package.
        lines: How many lines it has.
        summary: First line of its docstring; empty when it has none.
        imports: Modules of the project that it imports, dotted, sorted.
        failure: Why it could not be read; empty when it could.
    """

    name: str
    path: str
    package: bool = False
    lines: int = 0
    summary: str = ""
    imports: tuple[str, ...] = ()
    failure: str = ""

    @property
    def page(self) -> str:
        """Path of its reference page."""
        return module_page(self.name, package=self.package)

    @property
    def public(self) -> bool:
        """Whether no part of its name says that it is private."""
        return not any(part.startswith("_") for part in self.name.split("."))


def module_name(path: str, package: str) -> str:
    """Return the dotted name of a file of a package, or an empty string when it belongs elsewhere.

    Args:
        path: File, relative to the root, POSIX.
        package: Package folder or single-file module, relative to the root, POSIX.

    Example:
        >>> module_name("src/shop/cart/__init__.py", "src/shop")
        'shop.cart'
    """
    base = PurePosixPath(package).parent
    inside = path == package or path.startswith(f"{package.rstrip('/')}/")
    if not inside or not path.endswith(".py"):
        return ""
    parts = list(PurePosixPath(path).relative_to(base).with_suffix("").parts)
    if parts[-1] == "__init__":
        parts.pop()
    return ".".join(parts) if parts and all(part.isidentifier() for part in parts) else ""


def _targets(tree: ast.Module, name: str, *, package: bool) -> Iterator[str]:
    """Dotted names that a module may import, the longer before the shorter."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = name.split(".")
                kept = parts[: len(parts) - node.level + (1 if package else 0)]
                base = ".".join([*kept, base] if base else kept)
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _known(target: str, known: frozenset[str]) -> str:
    """The longest known module that a dotted name begins with."""
    while target and target not in known:
        target = target.rpartition(".")[0]
    return target


def _read(path: str, name: str, source: bytes, known: frozenset[str]) -> Module:
    package = path.endswith("__init__.py")
    try:
        tree = ast.parse(source, filename=path)
    except (SyntaxError, ValueError, RecursionError) as error:
        return Module(name, path, package, failure=str(error))
    imported = {_known(target, known) for target in _targets(tree, name, package=package)} - {"", name}
    summary = (ast.get_docstring(tree) or "").split("\n", 1)[0].strip()
    return Module(name, path, package, source.count(b"\n"), summary, tuple(sorted(imported)))


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
    named = {name: path for path in sorted(sources) for package in packages if (name := module_name(path, package))}
    # A file in a folder that is no package cannot be imported under that name.
    packaged = {name for name, path in named.items() if path.endswith("/__init__.py")}
    tops = {name for name in named if "." not in name}
    named = {
        name: path
        for name, path in named.items()
        if name.partition(".")[0] not in tops
        or all(".".join(name.split(".")[:end]) in packaged for end in range(1, name.count(".") + 1))
    }
    known = frozenset(named)
    return tuple(_read(path, name, sources[path], known) for name, path in sorted(named.items()))
