"""Cobertura XML, the format in which coverage tools of most languages agree."""

from __future__ import annotations

import re
from pathlib import Path

from overt.evidence.importers.imported import Imported, reading, shown_path
from overt.evidence.importers.xml import Handlers, parse_xml
from overt.evidence.records import Measure
from overt.model import Exit, Location, OvertError, Problem

_CONDITIONS = re.compile(r"\((\d{1,9})/(\d{1,9})\)")


def read_coverage(path: Path, *, suite: str, root: Path) -> Imported:
    """Read a Cobertura XML file.

    Coverage is counted from the lines that the file lists, not taken from the rates in its header.

    Args:
        path: The file.
        suite: Suite that it belongs to.
        root: Folder of the project.

    Returns:
        The measures `coverage.lines` and, when the file lists branches, `coverage.branches`, in parts per million,
        with the counts they come from.
    """
    name = shown_path(path, root)

    def read() -> Imported:
        document = _Document(name)
        parse_xml(path, name, Handlers(document.start, document.end, lambda _: None))
        lines = [hits for file in document.lines.values() for hits in file.values()]
        if not lines:
            message = "lists no line, so nothing was measured"
            return Imported((), (Problem(message, Location(name), "was the code run under coverage?"),))
        hit = sum(hits > 0 for hits in lines)
        records = _measures(suite, "lines", hit, len(lines))
        branches = [pair for file in document.branches.values() for pair in file.values()]
        total = sum(pair[1] for pair in branches)
        if total:
            records += _measures(suite, "branches", sum(pair[0] for pair in branches), total)
        return Imported(tuple(records))

    return reading(path, root, read)


def _measures(suite: str, what: str, hit: int, total: int) -> list[Measure]:
    values = (
        (f"coverage.{what}", hit * 1_000_000 // total, "ppm"),
        (f"coverage.{what}_hit", hit, "count"),
        (f"coverage.{what}_total", total, "count"),
    )
    return [
        Measure(
            id=f"measure:{suite}:{name}", suite=suite, name=name, value=value, unit="ppm" if unit == "ppm" else "count"
        )
        for name, value, unit in values
    ]


class _Document:
    """Collects lines and branches by file: nested classes list the same file more than once."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._file = ""
        self._depth = 0
        self.lines: dict[str, dict[int, int]] = {}
        self.branches: dict[str, dict[int, tuple[int, int]]] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth == 1 and tag != "coverage":
            message = f"is not Cobertura XML: its root element is {tag[:80]!r}, not coverage"
            raise OvertError(message, where=Location(self._name, 1), exit=Exit.UNCHECKED)
        if tag == "class":
            self._file = attributes.get("filename", attributes.get("name", ""))
        elif tag == "line":
            self._line(attributes)

    def end(self, tag: str) -> None:
        self._depth -= 1
        if tag == "class":
            self._file = ""

    def _line(self, attributes: dict[str, str]) -> None:
        try:
            number, hits = int(attributes["number"]), int(attributes["hits"])
        except (KeyError, ValueError):
            raise OvertError(
                f"has a line of {self._file or 'no file'} without number or hits",
                where=Location(self._name),
                exit=Exit.UNCHECKED,
            ) from None
        lines = self.lines.setdefault(self._file, {})
        lines[number] = max(lines.get(number, 0), hits)
        found = _CONDITIONS.search(attributes.get("condition-coverage", ""))
        if found:
            branches = self.branches.setdefault(self._file, {})
            before = branches.get(number, (0, 0))
            branches[number] = max(before, (int(found[1]), int(found[2])))
