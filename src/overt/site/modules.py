"""The project's modules and what they import, read from the files: nothing is imported, nothing runs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

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


def _targets(tree: ast.Module, name: str, *, package: bool) -> Iterator[tuple[str, bool]]:
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
    found = [(_known(target, known), later) for target, later in _targets(tree, name, package=package)]
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
