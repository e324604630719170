"""What modules import, read from their files: nothing is imported, nothing runs."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath


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


def _is_for_types(node: ast.AST) -> bool:
    """Whether a statement is `if TYPE_CHECKING:`."""
    test = node.test if isinstance(node, ast.If) else None
    name = test.attr if isinstance(test, ast.Attribute) else test.id if isinstance(test, ast.Name) else ""
    return name == "TYPE_CHECKING"


def _named(node: ast.Import | ast.ImportFrom, name: str, *, package: bool) -> list[str]:
    """Dotted names that an import may mean."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    base = node.module or ""
    if node.level:
        parts = name.split(".")
        kept = parts[: len(parts) - node.level + (1 if package else 0)]
        base = ".".join([*kept, base] if base else kept)
    return [f"{base}.{alias.name}" for alias in node.names]


def import_targets(tree: ast.Module, name: str, *, package: bool) -> Iterator[tuple[str, bool]]:
    """Dotted names that a module may import, and whether only later: in a function, or for types alone."""
    waiting: list[tuple[ast.AST, bool]] = [(tree, False)]
    while waiting:
        node, later = waiting.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((target, later) for target in _named(node, name, package=package))
            continue
        inner = later or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        if _is_for_types(node):
            assert isinstance(node, ast.If)
            waiting += [(child, True) for child in node.body]
            waiting += [(child, inner) for child in node.orelse]
        elif not isinstance(node, ast.expr):
            waiting += [(child, inner) for child in ast.iter_child_nodes(node)]


def longest_known(target: str, known: frozenset[str]) -> str:
    """The longest known module that a dotted name begins with."""
    while target and target not in known:
        target = target.rpartition(".")[0]
    return target


def packaged(sources: Sequence[str], packages: Sequence[str]) -> dict[str, str]:
    """Return the modules of packages: dotted name to file.

    Args:
        sources: Python files, relative to the root, POSIX.
        packages: Package folders, relative to the root, POSIX.
    """
    named = {name: path for path in sorted(sources) for package in packages if (name := module_name(path, package))}
    # A file in a folder that is no package cannot be imported under that name.
    inside = {name for name, path in named.items() if path.endswith("/__init__.py")}
    tops = {name for name in named if "." not in name}
    return {
        name: path
        for name, path in named.items()
        if name.partition(".")[0] not in tops
        or all(".".join(name.split(".")[:end]) in inside for end in range(1, name.count(".") + 1))
    }


def read_imports(sources: Mapping[str, bytes], packages: Sequence[str]) -> dict[str, frozenset[str]]:
    """Return which modules of packages import which of them, at once or later; what cannot be parsed imports nothing.

    Args:
        sources: Python files: path relative to the root, POSIX, to content.
        packages: Package folders, relative to the root, POSIX.

    Example:
        >>> files = {"shop/__init__.py": b"", "shop/a.py": b"from shop import b", "shop/b.py": b""}
        >>> read_imports(files, ["shop"])["shop.a"]
        frozenset({'shop.b'})
    """
    named = packaged(list(sources), packages)
    known = frozenset(named)
    found: dict[str, frozenset[str]] = {}
    for name, path in named.items():
        try:
            tree = ast.parse(sources[path], filename=path)
        except (SyntaxError, ValueError, RecursionError):
            found[name] = frozenset()
            continue
        targets = import_targets(tree, name, package=path.endswith("__init__.py"))
        found[name] = frozenset({longest_known(target, known) for target, _ in targets} - {"", name})
    return found
