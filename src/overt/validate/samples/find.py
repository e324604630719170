"""The samples of a project: those of its documents, and the examples in docstrings of its packages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from overt.campaign.documents import ENDINGS, documents_of
from overt.campaign.records import Campaign, Suite
from overt.markdown import scan
from overt.markdown.samples import Sample, digest, samples
from overt.system.files import select

MAX_BYTES = 2_000_000
"""Size above which a file is not read."""

_PROMPT = re.compile(r"^[ \t]*>>> ", re.MULTILINE)


def sample_files(files: Sequence[str], campaign: Campaign, suite: Suite) -> list[str]:
    """Return the files that a suite looks for samples in: those it names, else documents and the packages' sources.

    Args:
        files: The project's files, relative to the root, POSIX.
        campaign: Its campaign.
        suite: The suite.
    """
    readable = [name for name in files if name.lower().endswith((*ENDINGS, ".py"))]
    if suite.paths:
        return select(readable, suite.paths)
    packages = campaign.project.packages
    sources = [name for name in select(readable, packages) if name.endswith(".py")] if packages else []
    return [*documents_of(files, campaign), *sources]


def find(root: Path, names: Sequence[str], packages: Sequence[str]) -> tuple[list[Sample], list[str]]:
    """Return the samples of files, and the names of those that cannot be read.

    Args:
        root: Folder of the project.
        names: The files, relative to the root, POSIX.
        packages: Importable package folders, relative to the root, POSIX.
    """
    found: list[Sample] = []
    unreadable: list[str] = []
    for name in names:
        try:
            path = root / name
            if path.stat().st_size > MAX_BYTES:
                unreadable.append(f"{name}: larger than {MAX_BYTES:,} bytes")
                continue
            text = path.read_bytes().decode("utf-8-sig")
            found += docstring_samples(text, name, packages) if name.endswith(".py") else samples(scan(text), name)
        except (OSError, ValueError, SyntaxError, RecursionError) as error:
            unreadable.append(f"{name}: {error}")
    return found, unreadable


def docstring_samples(text: str, path: str, packages: Sequence[str]) -> Iterator[Sample]:
    """Yield the examples of a module's docstrings; each docstring that has some is one sample.

    Args:
        text: Source of the module.
        path: Its file, relative to the root, POSIX.
        packages: Importable package folders, relative to the root, POSIX.

    Raises:
        SyntaxError: It is no Python.
    """
    if not _PROMPT.search(text):
        return
    module = module_of(path, packages)
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        first = node.body[0] if node.body else None
        value = first.value if isinstance(first, ast.Expr) else None
        if not isinstance(value, ast.Constant) or not isinstance(value.value, str):
            continue
        prompt = _PROMPT.search(value.value)
        if prompt is None:
            continue
        at = value.lineno + value.value.count("\n", 0, prompt.start())
        yield Sample(
            path=path,
            line=at,
            language="python",
            how="session",
            code=value.value,
            first=value.lineno,
            module=module,
            problem="" if module else "its module is in no package of the project",
            sha256=digest("docstring", path, value.value),
        )


def module_of(path: str, packages: Sequence[str]) -> str:
    """Return the dotted name under which a file is imported; empty when it is in no package.

    Example:
        >>> module_of("src/shop/cart/__init__.py", ["src/shop"])
        'shop.cart'
    """
    for package in packages:
        if path == package or path.startswith(f"{package.rstrip('/')}/"):
            inside = PurePosixPath(path).relative_to(PurePosixPath(package).parent).with_suffix("").parts
            parts = inside[:-1] if inside[-1] == "__init__" else inside
            return ".".join(parts) if all(part.isidentifier() for part in parts) else ""
    return ""
