"""Tasks of mix: those of Elixir, of the packages that `mix.exs` asks for, and of the project."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from overt.audit.project import Project
from overt.audit.references.elixir_index import ElixirIndex
from overt.audit.references.elixir_words import OF_MIX
from overt.audit.references.paths import near_path, resolve_path
from overt.audit.references.record import Mention, Ref, near, proved, refuted, unchecked

_INSTALLED = ("phx.new", "igniter.new", "nerves.new", "scenic.new", "ash.new", "livebook.install")
"""Tasks of archives that are installed beside a project."""

_OF_PACKAGES = {
    "credo": "credo",
    "dialyzer": "dialyxir",
    "docs": "ex_doc",
    "hex.publish": "",
    "coveralls": "excoveralls",
    "sobelow": "sobelow",
    "doctor": "doctor",
    "test.watch": "mix_test_watch",
    "test.interactive": "mix_test_interactive",
    "ecto": "ecto",
    "phx": "phoenix",
    "gettext": "gettext",
    "deps.audit": "mix_audit",
    "inch": "inch_ex",
    "inch_ex": "inch_ex",
    "git_ops": "git_ops",
    "tailwind": "tailwind",
    "esbuild": "esbuild",
    "benchmark": "",
    "muzak": "muzak",
    "boundary": "boundary",
    "styler": "styler",
    "version": "versioce",
    "sentry": "sentry",
    "nerves": "nerves",
    "firmware": "nerves",
}
"""Tasks, or their first words, and the package that brings them."""

_NAME = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*")
_OPTION = re.compile(r"--[a-z][\w-]*")
_FILE = re.compile(r"[\w./@+*-]+\.exs?(?::\d+(?::\d+)*)?")
_MADE = re.compile(r"\.?v?env\d*/|\.[\w-]+/|node_modules/|target/|_build/|dist/")
"""Folders that tools make in every checkout: virtual environments, caches, what was built."""
_SWITCH = re.compile(r"\b([a-z]\w*):\s*(?::\w+|\[)")


class MixResolver:
    """Follows the tasks that commands name.

    Args:
        project: The repository.
        index: What its Elixir files define.
    """

    def __init__(self, project: Project, index: ElixirIndex) -> None:
        self._project, self._index = project, index

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self._index.tasks) | self._index.mix_aliases | OF_MIX

    def resolve(self, rest: Sequence[str], mention: Mention) -> list[Ref]:
        """Return what becomes of a command that begins with `mix`.

        Args:
            rest: Its words behind `mix`.
            mention: Where it is written.
        """
        if not self._index.there or not any(path.endswith("mix.exs") for path in self._index.files):
            return []
        if rest[:1] == ["do"]:
            return [ref for part in _parts(rest[1:]) for ref in self.resolve(part, mention)]
        if not rest or not _NAME.fullmatch(rest[0]):
            return []
        if mention.origin == "code" and len(rest) > 1 and rest[1].isalpha() and rest[0] not in self._known:
            return []
        told = self._task(rest[0], rest[1:], mention)
        return [ref for ref in (told, *self._paths(rest, mention)) if ref is not None]

    def _task(self, task: str, rest: Sequence[str], mention: Mention) -> Ref | None:
        index = self._index
        if index.missing:
            return unchecked("task", mention, index.missing)
        if task in index.tasks:
            return self._options(task, rest, mention)
        if task in index.mix_aliases:
            return proved("task", mention, f"mix.exs has the alias {task}")
        if task in OF_MIX:
            return proved("task", mention, f"mix {task} comes with Elixir")
        if task in _INSTALLED:
            return unchecked("task", mention, f"mix {task} comes with an archive, which is not of the project")
        package = _OF_PACKAGES.get(task) or _OF_PACKAGES.get(task.split(".")[0])
        if package:
            return self._of_package(task, package, mention)
        head = task.split(".")[0]
        if any(dep == head or dep.startswith(f"{head}_") or head.startswith(dep) for dep in index.deps):
            return unchecked("task", mention, f"mix {task} may come with a package that mix.exs asks for")
        return refuted("task", mention, f"there is no mix task {task}", near(task, self._known))

    def _of_package(self, task: str, package: str, mention: Mention) -> Ref:
        fits = [dep for dep in self._index.deps if dep == package or dep.startswith(f"{package}_")]
        if fits:
            return proved("task", mention, f"mix {task} comes with {fits[0]}, which mix.exs asks for")
        if self._index.deps and package not in {"ecto", "phoenix", "gettext"}:
            return refuted("task", mention, f"mix {task} comes with {package}, which mix.exs does not ask for")
        return unchecked("task", mention, f"mix {task} comes with {package}, which another package may bring")

    def _options(self, task: str, rest: Sequence[str], mention: Mention) -> Ref:
        source = self._index.text(self._index.tasks[task].path)
        known = {f"--{name.replace('_', '-')}" for name in _SWITCH.findall(source)} | set(_OPTION.findall(source))
        if "OptionParser" in source and ("strict:" in source or "switches:" in source):
            for word in rest:
                option = word.partition("=")[0]
                if option == "--":
                    break
                if _OPTION.fullmatch(option) and option not in known and f"--{option[5:]}" not in known:
                    return refuted("option", mention, f"mix {task} has no option {option}", near(option, known))
        return proved("task", mention, f"{self._index.tasks[task].name} is there")

    def _paths(self, rest: Sequence[str], mention: Mention) -> list[Ref]:
        if rest[0] not in {"test", "run", "format", "credo", "test.watch", "compile", "eval"}:
            return []
        found = []
        for word in rest[1:]:
            if _FILE.fullmatch(word) and "/" in word:
                bare = re.sub(r"(?::\d+)+$", "", word)
                told = script(bare, mention, self._project)
                found += [told] if told is not None else []
        return found


def script(path: str, mention: Mention, project: Project) -> Ref | None:
    """Return what becomes of a file that a command runs."""
    place = Mention(path, mention.location, "shell", mention.told, mention.elsewhere, mention.around)
    found = resolve_path(place, project)
    if found is not None or path.startswith(("/", "~", "..")) or "*" in path:
        return found
    if project.is_distribution:
        return unchecked("path", place, f"there is no {path}; a source distribution leaves folders out")
    folder = path.removeprefix("./").rpartition("/")[0]
    if _MADE.match(path.removeprefix("./")):
        return unchecked("path", place, f"there is no {path}; such a folder is made, and in no repository")
    hint = near_path(path.removeprefix("./"), project)
    return refuted("path", place, f"there is no {path}, nor a folder {folder}", hint) if folder else None


def _parts(words: Sequence[str]) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for word in words:
        if word in {"+", ","}:
            found.append([])
            continue
        found[-1].append(word.rstrip(","))
        if word.endswith(","):
            found.append([])
    return found
