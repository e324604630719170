"""Command-line tools whose verbs and options can be read from their source."""

from __future__ import annotations

import ast
import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import overt
from overt.audit.project import Project

_OPTION = re.compile(r"""["'](--[a-z][\w-]*)["'/]""")
_ALWAYS = frozenset({"--help", "--version"})
_PARSERS = re.compile(r"add_argument\(|click\.(?:option|command)|@\w+\.(?:command|option)|typer\.")
_VERBS = re.compile(r"add_parser\(|add_subparsers\(|\.group\(|@\w+\.command\(|add_command\(")


@dataclass(frozen=True, slots=True)
class Tool:
    """A command-line tool.

    Args:
        name: How it is called.
        verbs: The options of each of its verbs; empty when it has none that are known.
        options: The options it has in front of verbs, or anywhere.
        sure: Whether what is not listed does surely not exist.
        loose: The words of its source, which may turn out to be verbs or options.
    """

    name: str
    verbs: Mapping[str, frozenset[str]] = field(default_factory=dict)
    options: frozenset[str] = _ALWAYS
    sure: bool = False
    loose: frozenset[str] = frozenset()
    takes_verbs: bool = False


def overt_tool(project: Project) -> Tool:
    """Return overt itself: as the repository has it when that is overt's own, else as it is installed."""
    own = project.packages.get("overt", "")
    folder = project.root / own if own and project.exists(f"{own}/cli/verbs.py") else Path(overt.__file__).parent
    verbs = _declared_verbs(folder / "cli" / "verbs.py")
    shared = _options_in(folder / "cli" / "options.py") | _ALWAYS
    options = {verb: shared | _verb_options(folder / "cli", verb) for verb in verbs}
    return Tool("overt", options, shared, sure=bool(verbs), takes_verbs=True)


def _declared_verbs(path: Path) -> list[str]:
    with contextlib.suppress(OSError, SyntaxError, ValueError):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
                return [
                    key.value for key in node.value.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)
                ]
    return []


def _verb_options(folder: Path, verb: str) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for path in sorted([folder / f"{verb}.py", *folder.glob(f"{verb}_*.py")]):
        found |= _options_in(path)
    return found


def _options_in(path: Path) -> frozenset[str]:
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return frozenset(_OPTION.findall(path.read_text("utf-8")))
    return frozenset()


def project_tool(project: Project, name: str) -> Tool:
    """Return a command that the project installs, or a module that `python -m` runs, as far as its source tells."""
    source = project.source
    return Tool(
        name,
        options=frozenset(_OPTION.findall(source)) | _ALWAYS,
        sure=bool(_PARSERS.search(source)),
        loose=project.words,
        takes_verbs=bool(_VERBS.search(source)),
    )
