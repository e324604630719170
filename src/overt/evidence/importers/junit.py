"""JUnit XML, as pytest, Maven, Gradle, Go, Jest, mix and many others write it."""

from __future__ import annotations

from pathlib import Path

from overt.evidence.ids import Numbering
from overt.evidence.importers.imported import Imported, Paths, reading, shown_path
from overt.evidence.importers.junit_case import Case, Part
from overt.evidence.importers.xml import Handlers, parse_xml
from overt.evidence.records import TestCase
from overt.model import Location, OvertError, Problem

_PARTS = frozenset(
    {"failure", "error", "skipped", "rerunFailure", "rerunError", "flakyFailure", "flakyError"}
    | {"system-out", "system-err"}
)
_TEXT_LIMIT = 100_000


def read_junit(path: Path, *, suite: str, root: Path) -> Imported:
    """Read a JUnit XML file.

    Args:
        path: The file.
        suite: Suite that its tests belong to.
        root: Folder of the project; paths are made relative to it.

    Returns:
        One record for each attempt at each test. A file that is truncated, of another format, or holds fewer tests
        than its header says is a problem; what could be read is there all the same.
    """
    name = shown_path(path, root)

    def read() -> Imported:
        document = _Document(suite, Paths(root), name)
        problems: tuple[Problem, ...] = ()
        try:
            parse_xml(path, name, Handlers(document.start, document.end, document.text))
        except OvertError as error:
            problems = error.problems
        return Imported(tuple(document.records), (*problems, *document.problems))

    return reading(path, root, read)


class _Suite:
    """An open `testsuite` element."""

    def __init__(self, attributes: dict[str, str]) -> None:
        self.name = attributes.get("name", "")
        self.file = attributes.get("file") or attributes.get("filepath") or ""
        self.declared = _whole(attributes.get("tests", ""))
        self.held = 0


class _Document:
    """Collects test cases while the document goes by."""

    def __init__(self, suite: str, paths: Paths, name: str) -> None:
        self._suite, self._paths, self._name = suite, paths, name
        self._suites: list[_Suite] = []
        self._case: Case | None = None
        self._part: Part | None = None
        self._numbering = Numbering()
        self._depth = 0
        self.records: list[TestCase] = []
        self.problems: list[Problem] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if ":" in tag:
            tag = tag.rpartition(":")[2]
        self._depth += 1
        if self._depth == 1 and tag not in {"testsuites", "testsuite"}:
            message = f"is not JUnit XML: its root element is {tag[:80]!r}, not testsuites or testsuite"
            raise OvertError(message, where=Location(self._name, 1))
        if self._case is not None:
            if tag in _PARTS and self._part is None:
                self._part = Part(tag, attributes)
                self._case.parts.append(self._part)
        elif tag == "testcase":
            self._case = Case(attributes)
        elif tag == "testsuite":
            self._suites.append(_Suite(attributes))

    def end(self, tag: str) -> None:
        if ":" in tag:
            tag = tag.rpartition(":")[2]
        self._depth -= 1
        if self._case is not None:
            if tag == "testcase":
                self._finish(self._case)
                self._case = self._part = None
            elif self._part is not None and tag == self._part.tag:
                self._part = None
        elif tag == "testsuite" and self._suites:
            self._close(self._suites.pop())

    def text(self, text: str) -> None:
        part = self._part
        if part is not None and part.size < _TEXT_LIMIT:
            part.chunks.append(text[: _TEXT_LIMIT - part.size])
            part.size += len(text)

    def _finish(self, case: Case) -> None:
        suite = self._suites[-1] if self._suites else _Suite({})
        suite.held += 1
        self.records += case.records(self._suite, suite.name, suite.file, self._paths, self._numbering)

    def _close(self, suite: _Suite) -> None:
        if self._suites:
            self._suites[-1].held += suite.held
        if suite.held < suite.declared:
            message = f"says that {suite.name or 'its suite'} has {suite.declared} tests, but holds {suite.held}"
            self.problems.append(Problem(message, Location(self._name), "it was cut or edited after it was written"))


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
