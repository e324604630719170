"""JUnit XML, as pytest, Maven, Gradle, Go, Jest, mix and many others write it."""

from __future__ import annotations

from pathlib import Path

from overt.evidence.importers.imported import Imported, Paths, reading, shown_path
from overt.evidence.importers.junit_case import Group, Part, numbered
from overt.evidence.importers.junit_regular import Rows, read_regular
from overt.evidence.importers.xml import DEEPEST, Handlers, TooDeepError, parse_xml
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
        problems: tuple[Problem, ...] = ()
        document = _Document(suite, Paths(root), name)
        if not read_regular(path, document):
            document = _Document(suite, Paths(root), name)
            problems = _read_any(path, name, document)
        document.flush()
        return Imported(tuple(numbered(document.records)), (*problems, *document.problems))

    return reading(path, root, read)


def _read_any(path: Path, name: str, document: _Document) -> tuple[Problem, ...]:
    """Read a file of whatever shape; what is wrong with it."""
    try:
        parse_xml(path, name, Handlers(document.start, document.end, document.text, document.flush, counts=True))
    except OvertError as error:
        return error.problems
    return ()


class _Suite:
    """An open `testsuite` element."""

    def __init__(self, attributes: dict[str, str], suite: str, paths: Paths) -> None:
        self.name = attributes.get("name", "")
        file = attributes.get("file") or attributes.get("filepath") or ""
        self.group = Group(suite, self.name, file, paths)
        self.declared = _whole(attributes.get("tests", ""))
        self.held = 0


class _Document:
    """Collects test cases while the document goes by.

    Elements wait until the reading pauses or their suite begins or ends, and then become records together; there may
    be very many, and what is done for each of them is what an import takes.
    """

    __slots__ = (
        *("_depth", "_inside", "_made", "_name", "_outside", "_part", "_parts", "_paths", "_ready"),
        *("_suite", "_suites", "_waiting", "problems", "records"),
    )

    def __init__(self, suite: str, paths: Paths, name: str) -> None:
        self._suite, self._paths, self._name = suite, paths, name
        self._suites: list[_Suite] = []
        self._outside = self._suite_of({})
        self._waiting: list[dict[str, str]] = []
        self._parts: dict[int, list[Part]] = {}
        self._part: Part | None = None
        self._made: tuple[Rows, Group, list[TestCase]] | None = None
        self._depth = 0  # open elements outside of test cases
        self._inside = 0  # the open test case and the open elements in it
        self._ready = False  # whether a test case may begin here
        self.records: list[TestCase] = []
        self.problems: list[Problem] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "testcase" and self._ready and not self._inside:
            self._inside = 1
            self._waiting.append(attributes)
        else:
            self._start_other(tag.rpartition(":")[2], attributes)

    def end(self, tag: str) -> None:
        if self._inside == 1:
            self._inside = 0
        else:
            self._end_other(tag.rpartition(":")[2])

    def text(self, text: str) -> None:
        part = self._part
        if part is not None and part.size < _TEXT_LIMIT:
            part.chunks.append(text[: _TEXT_LIMIT - part.size])
            part.size += len(text)

    def stretch(self, rows: Rows, begin: int, end: int) -> bool:
        """Take test cases in the place of the element that begins here; False when none may stand there."""
        if not self._ready or self._inside:
            return False
        self.flush()
        self._inside = 1
        suite = self._suites[-1] if self._suites else self._outside
        suite.held += end - begin
        self.records += self._passed(rows, begin, end, suite.group)
        return True

    def _passed(self, rows: Rows, begin: int, end: int, group: Group) -> list[TestCase]:
        """Return the records of some rows; of all of them at once when they share a group, since that takes less."""
        if not rows.together:
            return group.passed({key: column[begin:end] for key, column in rows.columns.items()})
        if self._made is None or self._made[0] is not rows or self._made[1] is not group:
            self._made = rows, group, group.passed(rows.columns)
        return self._made[2][begin:end]

    def flush(self) -> None:
        """Make records of the test cases that have been read; one that is still open waits on."""
        waiting, parts = self._waiting, self._parts
        self._waiting, self._parts = [], {}
        if self._inside and waiting:
            self._waiting = [waiting.pop()]
            if len(waiting) in parts:
                self._parts[0] = parts.pop(len(waiting))
        if waiting:
            suite = self._suites[-1] if self._suites else self._outside
            suite.held += len(waiting)
            self.records += suite.group.records(waiting, parts)

    def _start_other(self, tag: str, attributes: dict[str, str]) -> None:
        if self._depth + self._inside == DEEPEST:
            raise TooDeepError
        if self._inside:
            self._inside += 1
            if tag in _PARTS and self._part is None:
                self._part = Part(tag, attributes)
                self._parts.setdefault(len(self._waiting) - 1, []).append(self._part)
        elif tag == "testcase" and self._ready:
            self._inside = 1
            self._waiting.append(attributes)
        else:
            self._open(tag, attributes)

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._ready = self._depth < DEEPEST
        if self._depth == 1 and tag not in {"testsuites", "testsuite"}:
            message = f"is not JUnit XML: its root element is {tag[:80]!r}, not testsuites or testsuite"
            raise OvertError(message, where=Location(self._name, 1))
        if tag == "testsuite":
            self.flush()
            self._suites.append(self._suite_of(attributes))

    def _end_other(self, tag: str) -> None:
        if self._inside:
            self._inside -= 1
            if self._part is not None and tag == self._part.tag:
                self._part = None
            return
        self._depth -= 1
        self._ready = 0 < self._depth < DEEPEST
        if tag == "testsuite" and self._suites:
            self.flush()
            self._close(self._suites.pop())

    def _suite_of(self, attributes: dict[str, str]) -> _Suite:
        return _Suite(attributes, self._suite, self._paths)

    def _close(self, suite: _Suite) -> None:
        if self._suites:
            self._suites[-1].held += suite.held
        if suite.held < suite.declared:
            message = f"says that {suite.name or 'its suite'} has {suite.declared} tests, but holds {suite.held}"
            self.problems.append(Problem(message, Location(self._name), "it was cut or edited after it was written"))


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
