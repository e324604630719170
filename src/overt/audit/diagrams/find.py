"""The diagrams of a project: sources of `diagrams` in their folder, and flow charts of Mermaid in documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from overt.audit.claims import JudgedClaims
from overt.audit.diagrams.check import DiagramSeen, check_diagram
from overt.audit.diagrams.code import Code, read_code
from overt.audit.diagrams.mermaid import read_flowchart
from overt.audit.diagrams.record import Diagram
from overt.audit.diagrams.source import read_source
from overt.audit.facts import FactsLike
from overt.markdown import Document
from overt.system.files import select

SOURCES = ("docs/architecture/**/*.py", "docs/diagrams/**/*.py")
"""Where sources of diagrams are looked for."""

_MOST_BYTES = 1_000_000


def diagram_sources(files: Sequence[str]) -> list[str]:
    """Return the files that may hold diagrams.

    Example:
        >>> diagram_sources(["docs/architecture/system.py", "docs/index.md", "src/a.py"])
        ['docs/architecture/system.py']
    """
    return select(files, SOURCES)


class Diagrams:
    """Reads diagrams; the code is only looked at when there is one.

    Args:
        root: Folder of the project.
        files: Its files, relative to the root, POSIX.
        packages: Importable package folders, relative to the root, POSIX.
        claims: Every declared claim with its verdict.
        facts: What was measured.
    """

    def __init__(
        self, root: Path, files: Sequence[str], packages: Sequence[str], claims: JudgedClaims, facts: FactsLike
    ) -> None:
        self._root, self._files, self._packages = root, files, packages
        self._claims, self._facts = claims, facts

    @cached_property
    def _code(self) -> Code:
        return read_code(self._root, self._files, self._packages)

    def of_sources(self, paths: Iterable[str]) -> list[DiagramSeen]:
        """Return the diagrams of sources; a file that cannot be read has none."""
        found = []
        for path in paths:
            try:
                whole = self._root / path
                text = whole.read_text("utf-8") if whole.stat().st_size <= _MOST_BYTES else ""
            except (OSError, ValueError):
                continue
            found += [self._checked(diagram) for diagram in read_source(text, path)]
        return found

    def of_documents(self, documents: Mapping[str, Document]) -> list[DiagramSeen]:
        """Return the flow charts of documents."""
        charts = [
            read_flowchart(fence.code(), path, fence.line + 1)
            for path, document in documents.items()
            for fence in document.fences
            if fence.info.split(" ")[0].strip("{} .").lower() == "mermaid"
        ]
        return [self._checked(chart) for chart in charts if chart is not None]

    def _checked(self, diagram: Diagram) -> DiagramSeen:
        return check_diagram(diagram, self._code, self._claims, self._facts)
