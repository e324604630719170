"""Where a project's importable packages are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from overt.campaign.tables import read_ini, read_toml, table, texts

NOT_PACKAGES = frozenset(
    {"test", "tests", "testing", "doc", "docs", "example", "examples", "sample", "samples", "demo", "demos", "bench"}
    | {"benchmark", "benchmarks", "script", "scripts", "tool", "tools", "ci", "build", "dist", "site", "validation"}
    | {"integration", "fixtures", "src", "lib", "vendor", "requirements", "packaging", "typing-examples", "fuzz"}
    | {"typing_tests", "dev", "etc", "release", "notebooks", "tasks", "node_modules", "contrib", "static", "templates"}
)
"""Top-level folders that are not what a project ships, unless its configuration says so."""

NOT_MODULES = frozenset({"setup", "conftest", "noxfile", "tasks", "fabfile", "manage", "wsgi", "asgi", "conf", "build"})
PROJECT_FILES = ("pyproject.toml", "setup.py", "setup.cfg")


@dataclass(frozen=True, slots=True)
class Layout:
    """Packages and the project folders they belong to, relative to the root, POSIX."""

    packages: tuple[str, ...]
    projects: tuple[str, ...]


class _Tree:
    """Questions about a list of files, answered from sets."""

    def __init__(self, files: Sequence[str]) -> None:
        self.python = [name for name in files if name.endswith((".py", ".pyi", ".so", ".pyx"))]
        self.names = frozenset(files)
        self.folders = frozenset(
            "/".join(parts[:depth])
            for parts in (name.split("/") for name in self.python)
            for depth in range(1, len(parts))
        )

    def package(self, folder: str) -> bool:
        return f"{folder}/__init__.py" in self.names or f"{folder}/__init__.pyi" in self.names

    def module(self, path: str) -> str:
        """Return the package folder or module file that an import path stands for; empty when there is none."""
        if path in self.folders:
            return path
        return f"{path}.py" if f"{path}.py" in self.names else path if path in self.names else ""

    def children(self, folder: str) -> list[str]:
        prefix = f"{folder}/" if folder else ""
        return sorted(name for name in self.folders if name.startswith(prefix) and "/" not in name[len(prefix) :])

    def modules(self, folder: str) -> list[str]:
        prefix = f"{folder}/" if folder else ""
        inside = (name for name in self.python if name.startswith(prefix) and name.endswith(".py"))
        return sorted(name for name in inside if "/" not in name[len(prefix) :])


def join(folder: str, path: str) -> str:
    """Return a path inside a folder, normalised, both relative and POSIX; the root is the empty text."""
    parts = [part for part in f"{folder}/{path}".split("/") if part not in {"", "."}]
    return "/".join(parts)


def _declared_toml(document: dict[str, Any]) -> Iterator[str]:
    for target in ("wheel", ""):
        hatch = table(document, f"tool.hatch.build{'.targets.' + target if target else ''}")
        yield from (*texts(hatch.get("packages")), *texts(hatch.get("only-include")))
    setuptools = table(document, "tool.setuptools")
    folders = table(setuptools, "package-dir")
    base = str(folders.get("", ""))
    for name in texts(setuptools.get("packages")):
        top = name.split(".")[0]
        yield str(folders.get(top, join(base, top)))
    yield from (join(base, name) for name in texts(setuptools.get("py-modules")))
    for entry in table(document, "tool.poetry").get("packages") or ():
        if isinstance(entry, dict) and isinstance(entry.get("include"), str):
            yield join(str(entry.get("from", "")), entry["include"].split("*")[0].rstrip("/"))
    flit = table(document, "tool.flit.module").get("name") or table(document, "tool.flit.metadata").get("module")
    backend = table(document, "tool.uv.build-backend")
    for name in (*texts(flit), *texts(backend.get("module-name"))):
        yield from (join(base, name.split(".")[0]) for base in (str(backend.get("module-root", "src")), "src", ""))
    pdm = table(document, "tool.pdm.build")
    yield from (join("", name.split("*")[0]) for name in texts(pdm.get("includes")))


def _declared_ini(sections: dict[str, dict[str, str]]) -> Iterator[str]:
    options = sections.get("options", {})
    rows = (line.partition("=") for line in options.get("package_dir", "").splitlines())
    base = next((where.strip() for name, _, where in rows if not name.strip() and where.strip()), "")
    for name in options.get("packages", "").split():
        if not name.startswith("find"):
            yield join(base, name.split(".")[0])
    yield from (join(base, name) for name in options.get("py_modules", "").split())


def _looked_for(tree: _Tree, folder: str, name: str) -> Iterator[str]:
    source = next((base for base in (join(folder, "src"), join(folder, "lib")) if base in tree.folders), None)
    if source is not None:
        inside = tree.children(source)
        regular = [path for path in inside if tree.package(path)]
        yield from regular or inside
        if not regular:
            yield from tree.modules(source)
        return
    candidates = [path for path in tree.children(folder) if path.rpartition("/")[2].lower() not in NOT_PACKAGES]
    regular = [path for path in candidates if tree.package(path) and path.rpartition("/")[2].isidentifier()]
    wanted = re.sub(r"[-_.]+", "_", name).lower()
    same = [path for path in candidates if path.rpartition("/")[2].lower() == wanted]
    if regular or same:
        yield from same if same and not regular else regular
        return
    modules = [path for path in tree.modules(folder) if Path(path).stem not in NOT_MODULES]
    own = [path for path in modules if Path(path).stem.lower() == wanted]
    yield from own or (path for path in modules if not Path(path).stem.startswith(("test_", "_")))


def _project_folders(files: Sequence[str]) -> list[str]:
    found = {name.rpartition("/")[0] for name in files if name.rpartition("/")[2] in PROJECT_FILES}
    shipped = {path for path in found if not NOT_PACKAGES.difference({"src", "lib"}).intersection(path.split("/"))}
    return sorted(path for path in shipped if path.count("/") < 3)


def _packages_of(root: Path, tree: _Tree, folder: str) -> list[str]:
    document = read_toml(root / folder / "pyproject.toml")
    declared = [*_declared_toml(document), *_declared_ini(read_ini(root / folder / "setup.cfg"))]
    found = [path for path in (tree.module(join(folder, name)) for name in declared) if path]
    if not found:
        name = table(document, "project").get("name") or table(document, "tool.poetry").get("name") or ""
        found = list(_looked_for(tree, folder, str(name)))
    return [path for path in found if path not in {join(folder, "src"), folder}]


def find_layout(root: Path, files: Sequence[str]) -> Layout:
    """Find the packages of a project or, in a monorepo, of its projects.

    What a build configuration declares (hatchling, setuptools, poetry, flit, uv, pdm) comes first; otherwise the
    `src` layout, folders with an `__init__.py`, a namespace folder named like the project, and single modules, in
    this order.

    Args:
        root: Folder of the project.
        files: Its files, relative to the root, POSIX.
    """
    tree, projects = _Tree(files), _project_folders(files)
    inner = [folder for folder in projects if folder]
    found: list[str] = []
    for folder in inner:
        found += _packages_of(root, tree, folder)
    claimed = {folder.split("/")[0] for folder in inner}
    if "" in projects or not inner:
        found += [path for path in _packages_of(root, tree, "") if path.split("/")[0] not in claimed or path in found]
    return Layout(tuple(sorted(dict.fromkeys(found))), tuple(projects))
