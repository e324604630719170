"""The rules as a plug-in of flake8, for projects that run it already.

flake8 asks for one file at a time and decides itself what is selected and what `# noqa` silences. What it is told is
what `overt check FILE` fails for: the settings, the allow-list and the ratchet of the nearest `overt.toml` count, and
so do the comments `# overt: allow`. Notes are left out, because flake8 knows no severity. Lines of the ratchet that no
longer hold, and what other files do to this one, are found by `overt check` alone.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from overt import __version__
from overt.lint.engine import check
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
        root, settings = _project(self._path)
        try:
            path = self._path.resolve().relative_to(root).as_posix()
        except ValueError:
            path = self._path.as_posix()
        if not path.endswith((".py", ".pyi")):
            path += ".py"  # a script without a suffix, or standard input: flake8 knows that it is Python
        report = check(root, [path], settings, whole=False, sources={path: self._source()})
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


def _project(path: Path) -> tuple[Path, LintSettings]:
    """Return the folder of the nearest `overt.toml` above a file, and its settings; the defaults when there is none."""
    for folder in path.resolve().parents:
        try:
            found = (folder / CONFIGURATION).stat()
        except OSError:
            continue
        return folder, _settings(folder, found.st_mtime_ns, found.st_size)
    return Path.cwd(), PlainSettings()


@lru_cache(maxsize=1)
def _settings(root: Path, _changed_ns: int, _size: int) -> LintSettings:
    """Return the settings of a project; they are read once, not once for each file."""
    from overt.campaign import load

    return load(root, files=()).campaign.hidden_state
