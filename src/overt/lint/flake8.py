"""The rules as a plug-in of flake8, for projects that run it already.

flake8 asks for one file at a time and decides itself what is selected and what `# noqa` silences. The comments
`# overt: allow` count; the allow-list and the ratchet of `overt.toml`, and what one file does to another, are left to
`overt check`.
"""

from __future__ import annotations

import ast
import time
from collections.abc import Iterator

from overt import __version__
from overt.lint.allow import apply_allowances
from overt.lint.engine import as_finding, selected
from overt.lint.examine import examine
from overt.lint.report import NEW, Seen
from overt.lint.results import Settings


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
        self._tree, self._lines = tree, lines
        self._path = filename.replace("\\", "/").removeprefix("./")

    def run(self) -> Iterator[tuple[int, int, str, type[Plugin]]]:
        """Yield line, column from 0, text and this class for each finding."""
        # The lines are text already, so a declaration of their encoding no longer holds; columns stay.
        head = [line.replace("coding", "c0ding") if line.lstrip().startswith("#") else line for line in self._lines[:2]]
        source = "".join((*head, *self._lines[2:])).encode("utf-8", "replace")
        result = examine(source, self._path, Settings())
        codes = selected((), ())
        found = [Seen(as_finding(hit, self._path), places=hit.places) for hit in result.hits if hit.code in codes]
        today = time.strftime("%Y-%m-%d", time.gmtime())
        for seen in apply_allowances(found, {self._path: result}, (), codes=codes, today=today, whole=True):
            if seen.standing == NEW:
                place = seen.finding.location
                yield place.line, max(place.column - 1, 0), f"{seen.finding.rule} {seen.finding.message}", type(self)
