"""The page of public names: what the packages export, with the first sentence of what it says of itself."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

PACKAGES = (
    "overt.runtime",
    "overt.flags",
    "overt.testing",
    "overt.model",
    "overt.campaign",
    "overt.lint",
    "overt.runbook",
)
"""Packages whose exports are for others; the rest of the program is for itself."""

_HEAD = """\
# Public names

<!-- Made from `__all__` of the packages by `python -m overt.cli.reference`; edit the docstrings there. -->

What may be imported and stays: a change of it is told in the changelog. The site has a page for each module below
*Code, API reference*, with parameters, returns, errors and examples. Names that are not here may change at any time.
"""


@dataclass(frozen=True, slots=True)
class Name:
    """A name that a package exports.

    Args:
        name: As it is imported.
        home: Dotted name of the module that defines it; of a module, its own.
        kind: `class`, `function`, `module` or `value`.
        summary: First sentence of its docstring; empty when it has none.
    """

    name: str
    home: str
    kind: str
    summary: str


def _file(source: Path, module: str) -> Path | None:
    path = source.joinpath(*module.split("."))
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None)


def _tree(source: Path, module: str) -> ast.Module | None:
    file = _file(source, module)
    return ast.parse(file.read_bytes()) if file else None


def exports(tree: ast.Module) -> list[str]:
    """Return the names in `__all__` of a module, in their order."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(_is(target, "__all__") for target in node.targets):
            return list(ast.literal_eval(node.value))
    return []


def _is(node: ast.expr | None, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _first(docstring: str | None) -> str:
    paragraph = " ".join((docstring or "").split("\n\n")[0].split())
    end = paragraph.find(". ")
    return paragraph if end < 0 else paragraph[: end + 1]


def _imported(tree: ast.Module, name: str) -> str:
    """Return the module that a name is imported from; empty when it is not imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and any((one.asname or one.name) == name for one in node.names):
            return node.module or ""
    return ""


def find(source: Path, module: str, name: str) -> Name:
    """Return a name with where it is defined.

    Args:
        source: Folder that holds the package.
        module: Dotted name of the module that exports it.
        name: As it is imported.
    """
    as_module = _tree(source, f"{module}.{name}")
    if as_module is not None:
        return Name(name, f"{module}.{name}", "module", _first(ast.get_docstring(as_module)))
    tree = _tree(source, module)
    # Of a function with several signatures the last one says what it does.
    for node in reversed(tree.body) if tree else ():
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
            kind = "class" if isinstance(node, ast.ClassDef) else "function"
            return Name(name, module, kind, _first(ast.get_docstring(node)))
    home = _imported(tree, name) if tree else ""
    if home and home != module:
        target = f"{home}.{name}"
        found = _tree(source, target)
        return Name(name, target, "module", _first(ast.get_docstring(found))) if found else find(source, home, name)
    return Name(name, module, "value", _described(tree, name) if tree else "")


def _described(tree: ast.Module, name: str) -> str:
    """What the text below an assignment says."""
    for node, after in zip(tree.body, tree.body[1:], strict=False):
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if _is(target, name) and isinstance(after, ast.Expr):
            value = after.value
            return _first(value.value) if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""
    return ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def public_names(source: Path) -> dict[str, list[Name]]:
    """Return what each package exports.

    Args:
        source: Folder that holds the package `overt`.
    """
    found = {}
    for package in PACKAGES:
        tree = _tree(source, package)
        found[package] = [find(source, package, name) for name in exports(tree)] if tree else []
    return found


def api_page(source: Path) -> str:
    """Return the page of public names in Markdown.

    Args:
        source: Folder that holds the package `overt`.
    """
    parts = [_HEAD]
    for package, names in public_names(source).items():
        rows = "".join(f"| `{one.name}` | {one.kind} | `{one.home}` | {_cell(one.summary)} |\n" for one in names)
        parts.append(f"## `{package}`\n\n| name | kind | defined in | what it is |\n| --- | --- | --- | --- |\n{rows}")
    return "\n".join(parts)
