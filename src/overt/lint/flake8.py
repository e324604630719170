"""The rules as a plug-in of flake8, for projects that run it already.

flake8 asks for one file at a time and decides itself what is selected and what `# noqa` silences. What it is told is
what `overt check FILE` fails for: the settings, the allow-list and the ratchet of the nearest `overt.toml` count, and
so do the comments `# overt: allow`. Notes are left out, because flake8 knows no severity. Lines of the ratchet that no
longer hold, and what other files do to this one, are found by `overt check` alone.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from functools import lru_cache, partial
from pathlib import Path

from overt import __version__
from overt.lint.cache import FOLDER, Cache, fingerprint
from overt.lint.engine import check, read_banned
from overt.lint.protocols import LintSettings
from overt.lint.settings import PlainSettings

CONFIGURATION = "overt.toml"


class Plugin:
    """What flake8 makes for each file.

    Args:
        tree: Its syntax tree; flake8 wants to give it, the rules read the lines.
        filename: Its name.
        lines: Its lines.
    """

    name = "overt"
    version = __version__

    def __init__(self, tree: ast.AST, filename: str, lines: list[str]) -> None:
        self._tree, self._lines, self._path = tree, lines, Path(filename)

    def run(self) -> Iterator[tuple[int, int, str, type[Plugin]]]:
        """Yield line, column from 0, text and this class for each finding.

        Raises:
            OvertError: `overt.toml` or the ratchet is wrong.
        """
        root, settings, cache = _project(self._path)
        try:
            path = self._path.resolve().relative_to(root).as_posix()
        except ValueError:
            path = self._path.as_posix()
        if not path.endswith((".py", ".pyi")):
            path += ".py"  # a script without a suffix, or standard input: flake8 knows that it is Python
        sources, project = {path: self._source()}, partial(_files, root) if cache is not None else None
        report = check(root, [path], settings, whole=False, cache=cache, sources=sources, project=project)
        for seen in report.findings:
            finding = seen.finding
            if seen.fails and finding.location.path == path:
                found = finding.message.partition(". ")[0]
                text = f"{finding.rule} {found} (overt explain {finding.rule})"
                yield finding.location.line, max(finding.location.column - 1, 0), text, type(self)

    def _source(self) -> bytes:
        # The lines are text already, so a declaration of their encoding no longer holds; columns stay.
        head = [line.replace("coding", "c0ding") if line.lstrip().startswith("#") else line for line in self._lines[:2]]
        return "".join((*head, *self._lines[2:])).encode("utf-8", "replace")


def _project(path: Path) -> tuple[Path, LintSettings, Cache | None]:
    """Return the folder of the nearest `overt.toml` above a file, its settings and what is kept of its files.

    Without such a file: the working folder, the defaults, and nothing is kept.
    """
    for folder in path.resolve().parents:
        try:
            found = (folder / CONFIGURATION).stat()
        except OSError:
            continue
        return folder, *_loaded(folder, found.st_mtime_ns, found.st_size)
    return Path.cwd(), PlainSettings(), None


@lru_cache(maxsize=1)
def _loaded(root: Path, _changed_ns: int, _size: int) -> tuple[LintSettings, Cache]:
    """Return the settings of a project and its cache; they are read once, not once for each file."""
    from overt.campaign import load

    settings = load(root, files=()).campaign.hidden_state
    key = fingerprint(settings.target_version, read_banned(settings.banned))
    return settings, Cache(root / FOLDER / "flake8.json", key, by_content=bool(os.environ.get("CI")))


@lru_cache(maxsize=1)
def _files(root: Path) -> tuple[str, ...]:
    """Return the files of a project; asked only for a table that the other files may tell more of."""
    from overt.campaign import load
    from overt.campaign.checked import checked_paths
    from overt.system.files import project_files, select

    return tuple(select(project_files(root), checked_paths(load(root).campaign)))
