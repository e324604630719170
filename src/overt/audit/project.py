"""What there is in a repository for documents to speak of, read but never run."""

from __future__ import annotations

import contextlib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from overt.campaign.records import Campaign

MAX_BYTES = 2_000_000
"""Size above which a file is not read; said, never passed over in silence."""

_MAX_SOURCE = 40_000_000
_SOURCES = (".py", ".pyi", ".toml", ".cfg", ".ini", ".yml", ".yaml", ".json", ".js", ".ts", ".sh", ".ex", ".exs", ".go")
_LABEL = re.compile(r"^\s*\(([\w./:-]+)\)=\s*$|^\s*\.\. _`?([^`\n:]+)`?:\s*$", re.MULTILINE)
_DESCRIBED = re.compile(
    r"^[ \t]*\.\. (?:py:)?"
    r"(?:class|exception|function|method|classmethod|staticmethod|attribute|property|data|module):: ([\w.]+)",
    re.MULTILINE,
)
_ENTRY = re.compile(r"^\s*([\w.-]+)\s*=\s*([\w.]+):([\w.]+)", re.MULTILINE)


class Project:
    """A repository as the audit sees it; what costs time is worked out when first asked for.

    Args:
        root: Its folder.
        files: Its files, relative to the root, POSIX.
        campaign: Its campaign; None when it has none of its own.
        generated: Pages that a build adds, relative to the root, POSIX: links may lead there.
    """

    def __init__(
        self, root: Path, files: Sequence[str], *, campaign: Campaign | None = None, generated: Sequence[str] = ()
    ) -> None:
        self.root, self.files, self.campaign = root, frozenset(files), campaign
        self.generated = frozenset(generated)

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder that holds a file, without a slash at the end."""
        found: set[str] = set()
        for name in self.files | self.generated:
            at = name.rfind("/")
            while at > 0 and name[:at] not in found:
                found.add(name[:at])
                at = name.rfind("/", 0, at)
        return frozenset(found)

    @cached_property
    def by_name(self) -> Mapping[str, tuple[str, ...]]:
        """The paths of files and folders by the last part of their path."""
        found: dict[str, list[str]] = {}
        for path in sorted(self.files | self.generated | self.folders):
            found.setdefault(path.rpartition("/")[2], []).append(path)
        return {name: tuple(paths) for name, paths in found.items()}

    @property
    def is_distribution(self) -> bool:
        """Whether this is what a package index holds, which leaves out files that its documents may speak of."""
        return "PKG-INFO" in self.files

    @cached_property
    def is_sphinx(self) -> bool:
        """Whether Sphinx builds the documents, so that names in links may be labels."""
        return any(path.endswith("/conf.py") for path in self.by_name.get("conf.py", ()))

    @property
    def is_mix(self) -> bool:
        """Whether it is a project of Elixir, whose documents ExDoc builds."""
        return "mix.exs" in self.by_name

    @property
    def labels(self) -> frozenset[str]:
        """The labels that documents for Sphinx set, in Markdown and in reStructuredText."""
        return self._of_sphinx[0]

    @property
    def described(self) -> frozenset[str]:
        """The last parts of the names that documents for Sphinx describe, be they in the code or not."""
        return self._of_sphinx[1]

    @cached_property
    def _of_sphinx(self) -> tuple[frozenset[str], frozenset[str]]:
        labels, described, total = set[str](), set[str](), 0
        for path in sorted(self.files) if self.is_sphinx else ():
            if path.endswith((".md", ".rst", ".txt", ".ipynb")) and total < _MAX_SOURCE:
                text = self.read(path) or ""
                total += len(text)
                labels.update(one or two for one, two in _LABEL.findall(text))
                described.update(name.rpartition(".")[2] for name in _DESCRIBED.findall(text))
        return frozenset(labels), frozenset(described)

    @cached_property
    def by_folder(self) -> Mapping[str, tuple[str, ...]]:
        """The names of files and folders by the folder that they are in."""
        found: dict[str, list[str]] = {}
        for path in sorted(self.files | self.folders):
            folder, _, name = path.rpartition("/")
            found.setdefault(folder, []).append(name)
        return {folder: tuple(names) for folder, names in found.items()}

    def exists(self, path: str) -> bool:
        """Tell whether a file or folder of the repository has this path."""
        bare = path.rstrip("/")
        return bare in self.files or bare in self.folders or bare in self.generated or bare in {"", "."}

    def read(self, path: str) -> str | None:
        """Return the text of a file; None when it is missing, too large, no text or outside the repository."""
        target = self.root / path
        with contextlib.suppress(OSError, ValueError):
            if not target.is_file() or target.stat().st_size > MAX_BYTES:
                return None
            if target.is_symlink() and not target.resolve().is_relative_to(self.root.resolve()):
                return None
            return target.read_bytes().decode("utf-8")
        return None

    def is_readable(self, path: str) -> bool:
        """Tell whether no Python below a path is larger than what is read."""
        below = [
            one for one in self.files if one.endswith((".py", ".pyi")) and (one == path or one.startswith(f"{path}/"))
        ]
        with contextlib.suppress(OSError):
            return all((self.root / one).stat().st_size <= MAX_BYTES for one in below)
        return False

    @cached_property
    def packages(self) -> Mapping[str, str]:
        """The importable top-level packages and modules: name to path."""
        given = self.campaign.project.packages if self.campaign else ()
        found = {path.rpartition("/")[2]: path for path in given if path in self.folders}
        for path in self.files:
            folder, _, name = path.rpartition("/")
            parent, _, package = folder.rpartition("/")
            if name == "__init__.py" and parent in {"", "src", "lib"} and package and package not in _NOT_PACKAGES:
                found.setdefault(package, folder)
        for path in self.files:
            module = path.removeprefix("src/").removesuffix(".py")
            if path.endswith(".py") and self.exists("pyproject.toml") and module in self._declared_modules:
                found.setdefault(module, path)
        return found

    @cached_property
    def _declared_modules(self) -> frozenset[str]:
        name = str(self.metadata.get("project", {}).get("name", ""))
        return frozenset({name, name.replace("-", "_").lower()})

    @cached_property
    def metadata(self) -> Mapping[str, Any]:
        """The content of `pyproject.toml`; empty when there is none that can be read."""
        text = self.read("pyproject.toml")
        if text is not None:
            with contextlib.suppress(tomllib.TOMLDecodeError, RecursionError):
                return tomllib.loads(text)
        return {}

    @cached_property
    def scripts(self) -> Mapping[str, str]:
        """The commands that the project installs, with `module:function` behind each."""
        found: dict[str, str] = {}
        tables = [self.metadata.get("project", {}), self.metadata.get("tool", {}).get("poetry", {})]
        for table in tables:
            scripts = table.get("scripts", {}) if isinstance(table, dict) else {}
            found.update(
                {str(name): str(target) for name, target in scripts.items()} if isinstance(scripts, dict) else {}
            )
        for path in ("setup.cfg", "setup.py"):
            text = self.read(path) or ""
            at = text.find("console_scripts")
            for name, module, function in (
                _ENTRY.findall(text[at : at + 4_000].replace('"', "").replace("'", "")) if at >= 0 else ()
            ):
                found.setdefault(name, f"{module}:{function}")
        return found

    @cached_property
    def source(self) -> str:
        """The text of every source file that is no document, for looking words up."""
        return "\n".join(self._source_texts())

    def _source_texts(self) -> Iterator[str]:
        total = 0
        for path in sorted(self.files):
            if path.endswith(_SOURCES) and not path.endswith(".lock.json") and total < _MAX_SOURCE:
                text = self.read(path) or ""
                total += len(text)
                yield text

    @cached_property
    def words(self) -> frozenset[str]:
        """Every identifier, option and word with hyphens of the sources."""
        return frozenset(re.findall(r"-{0,2}[A-Za-z_][\w-]*", self.source))


_NOT_PACKAGES = frozenset(
    {"tests", "test", "docs", "examples", "scripts", "benchmarks", "tools", "validation", "docs_src"}
)
