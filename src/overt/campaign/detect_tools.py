"""Linters, documentation, CI services and other languages of a project."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from overt.campaign.mkdocs_config import read_mkdocs
from overt.campaign.tables import read_ini, read_toml, table

_LINTER_FILES = {
    "ruff": ("ruff.toml", ".ruff.toml"),
    "mypy": ("mypy.ini", ".mypy.ini"),
    "pyright": ("pyrightconfig.json",),
    "flake8": (".flake8",),
    "pylint": (".pylintrc", "pylintrc", ".pylintrc.toml", "pylintrc.toml"),
    "bandit": (".bandit", "bandit.yaml"),
    "credo": (".credo.exs",),
    "eslint": (".eslintrc", ".eslintrc.json", ".eslintrc.js", "eslint.config.js", "eslint.config.mjs"),
}
_LINTER_TABLES = ("ruff", "mypy", "pyright", "basedpyright", "pylint", "bandit", "ty", "flake8", "black")
_LINTER_SECTIONS = ("flake8", "mypy", "pylint", "pycodestyle")
_LANGUAGES = {"package.json": "JavaScript", "mix.exs": "Elixir", "Cargo.toml": "Rust", "go.mod": "Go"} | {
    "pom.xml": "Java",
    "build.gradle": "Java",
    "build.gradle.kts": "Kotlin",
    "Gemfile": "Ruby",
}
_CI = {".gitlab-ci.yml": "gitlab", "azure-pipelines.yml": "azure", ".circleci/config.yml": "circleci"} | {
    "Jenkinsfile": "jenkins",
    ".travis.yml": "travis",
    "bitbucket-pipelines.yml": "bitbucket",
    ".woodpecker.yml": "woodpecker",
}


@dataclass(frozen=True, slots=True)
class Docs:
    """The documentation of a project.

    Args:
        kind: What builds it; `markdown` for pages that nothing builds yet, `none` when there are none.
        folder: Its folder, relative to the root; empty when there is none.
        config: File that configures it; may be empty.
    """

    kind: Literal["mkdocs", "sphinx", "markdown", "none"]
    folder: str = ""
    config: str = ""


def find_linters(root: Path, files: Sequence[str]) -> dict[str, str]:
    """Return each configured linter and the file, relative to the root, that configures it."""
    present = frozenset(files)
    found = {tool: name for tool, names in _LINTER_FILES.items() for name in names if name in present}
    tools = table(read_toml(root / "pyproject.toml"), "tool")
    found |= {tool: "pyproject.toml" for tool in _LINTER_TABLES if tool in tools and tool not in found}
    for name in ("setup.cfg", "tox.ini"):
        sections = read_ini(root / name)
        found |= {tool: name for tool in _LINTER_SECTIONS if tool in sections and tool not in found}
    return dict(sorted(found.items()))


def _first(files: Sequence[str], *names: str) -> str:
    present = frozenset(files)
    return next((name for name in names if name in present), "")


def find_docs(root: Path, files: Sequence[str]) -> Docs:
    """Return what kind of documentation a project has."""
    config = _first(files, "mkdocs.yml", "mkdocs.yaml")
    if config:
        return Docs("mkdocs", posixpath.normpath(read_mkdocs(root / config).docs_dir), config)
    for folder in ("docs", "doc"):
        inside = [name for name in files if name.startswith(f"{folder}/")]
        conf = _first(files, f"{folder}/conf.py", f"{folder}/source/conf.py", f"{folder}/src/conf.py")
        if conf or any(name.endswith(".rst") for name in inside):
            return Docs("sphinx", folder, conf)
        if any(name.endswith(".md") for name in inside):
            return Docs("markdown", folder)
    return Docs("none")


def find_ci(files: Sequence[str]) -> dict[str, str]:
    """Return each CI service and the file or folder that configures it."""
    found = {service: name for name, service in _CI.items() if name in frozenset(files)}
    if any(name.startswith(".github/workflows/") and name.endswith((".yml", ".yaml")) for name in files):
        found["github"] = ".github/workflows"
    return dict(sorted(found.items()))


def find_languages(files: Sequence[str]) -> dict[str, str]:
    """Return each language other than Python that a project file at the root or one folder below shows."""
    found: dict[str, str] = {}
    for name in sorted((name for name in files if name.count("/") < 2), key=lambda name: (name.count("/"), name)):
        language = _LANGUAGES.get(name.rpartition("/")[2])
        if language and language not in found:
            found[language] = name
    return dict(sorted(found.items()))
