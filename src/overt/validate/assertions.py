"""Tests that hold no assertion, found by reading them; and those that outlasted their limit, as they tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from overt.evidence.records import AnyRecord, TestCase, Warned
from overt.validate.asserting import Reader

LIMIT = "overt.limit"
"""Name of the test property that tells which limit a test outlasted, in nanoseconds."""


def passed_limit(properties: Iterable[tuple[str, str]]) -> int:
    """Return the time limit that a test outlasted, nanoseconds; 0 when it tells of none.

    Example:
        >>> passed_limit([("overt.limit", "1000000000")])
        1000000000
    """
    return next((int(text) for name, text in properties if name == LIMIT and text.isdecimal()), 0)


class Looked:
    """Follows the tests of a suite and warns of those that look at nothing.

    Args:
        root: Folder of the project.
    """

    def __init__(self, root: Path) -> None:
        self._reader = Reader(root)
        self._passed: dict[tuple[str, int, str], str] = {}

    def take(self, records: Iterable[AnyRecord]) -> Iterator[AnyRecord]:
        """Hand records on, and keep where the tests that passed stand."""
        for record in records:
            if isinstance(record, TestCase) and record.outcome == "passed" and record.path.endswith(".py"):
                name = record.name.partition("[")[0]
                self._passed[record.path, record.line, name.rpartition("::")[2]] = name
            yield record

    def warnings(self, suite: str) -> Iterator[Warned]:
        """Yield a warning for each function whose tests passed and that asserts nothing.

        Args:
            suite: Name of the suite.
        """
        for (path, line, function), name in sorted(self._passed.items()):
            if self._reader.asserts(path, line, function) is False:
                yield Warned(
                    id=f"warning:{suite}:no-assertion:{path}:{line}:{function}",
                    suite=suite,
                    about="no-assertion",
                    name=name,
                    path=path,
                    line=line,
                    message=f"{function} looks at nothing that comes of what it does",
                )
