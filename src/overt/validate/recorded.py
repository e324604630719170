"""From the recorder's lines to records of the ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePath

from overt.evidence.ids import case_id
from overt.evidence.records import AnyRecord, Collected, TestCase
from overt.validate.assertions import passed_limit
from overt.validate.context import Context
from overt.validate.journal import Began, Case, Ended, Line, Listed, Session, Whole
from overt.validate.names import Names, Safe, one_line
from overt.validate.properties import asked_flags, read_properties
from overt.validate.shards import shard_id


class Recorded:
    """Follows one pytest session.

    Args:
        context: The suite.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self.session: Session | None = None
        self.end: Ended | None = None
        self.broken_files = self.failing = 0
        self._planned: dict[str, None] = {}
        self._listed, self._total = False, 0
        self._whole: list[str] = []
        self._paths: dict[str, str] = {}
        self._running: dict[str, None] = {}
        self._names, self._safe = Names(), Safe(context.redact)

    def take(self, lines: Iterable[Line]) -> Iterator[AnyRecord]:
        """Yield the records that lines come to.

        Args:
            lines: What the recorder wrote since the last call.
        """
        for line in lines:
            match line:
                case Case():
                    records, wrong = read_properties(self._context.name, line.props)
                    yield self._case(line, wrong)
                    yield from records
                case Began():
                    self._running[line.n] = None
                    self._context.current(one_line(self._safe.name(line.n)))
                case Listed() if not self._listed:
                    yield self._collected(line)
                case Whole():
                    self._whole = line.names
                    self._safe.plan(line.names)
                case Session():
                    self.session = line
                case Ended():
                    self.end = line

    def running(self) -> list[str]:
        """Return the tests that have begun and not ended."""
        return [one_line(self._safe.name(name)) for name in self._running]

    def left(self) -> str:
        """Return how many of the tests that were going to run left no result, as a sentence; empty when none."""
        missing = len(self._planned)
        return f"{missing} of {self._total} tests left no result" if self._listed and missing else ""

    def _collected(self, line: Listed) -> Collected:
        self._listed = True
        names, whole_names = Names(), Names()
        if not self._whole:
            self._safe.plan(line.names)
        self._planned = dict.fromkeys(names.distinct(self._safe.name(name)) for name in line.names)
        self._total = len(self._planned)
        whole = _lines({whole_names.distinct(self._safe.name(name)) for name in self._whole})
        listed = _lines(self._planned)
        return Collected(
            id=shard_id("collected", self._context),
            suite=self._context.name,
            count=self._total,
            sha256=hashlib.sha256(listed).hexdigest(),
            names_blob=self._context.blob(listed),
            whole=len(self._whole),
            whole_sha256=hashlib.sha256(whole).hexdigest() if whole else "",
            whole_blob=self._context.blob(whole) if whole else "",
        )

    def _case(self, line: Case, wrong: Sequence[str]) -> TestCase:
        self._running.pop(line.n, None)
        self.broken_files += line.c and line.o == "error"
        self.failing += line.o in {"failed", "error"}
        name = self._names.distinct(self._safe.name(line.n), line.a)
        self._planned.pop(name, None)
        return TestCase(
            id=case_id(self._context.name, name, line.a),
            suite=self._context.name,
            name=name,
            outcome=line.o,
            attempt=line.a,
            duration_ns=line.d,
            path=self._path(line.p),
            line=line.l,
            message=one_line("; ".join(filter(None, [line.m, *wrong]))),
            detail=line.t,
            output_blob=self._context.blob(line.out.encode("utf-8", "replace")) if line.out else "",
            proves=tuple(line.proves),
            limit_ns=passed_limit(line.props),
            flags=asked_flags(line.props),
        )

    def _path(self, path: str) -> str:
        """Return a path of the session relative to the project's root; as it is when it lies elsewhere."""
        if path not in self._paths:
            root = self.session.root if self.session else "."
            whole = Path(self._context.root, root, path).resolve()
            inside = bool(path) and whole.is_relative_to(self._context.root)
            relative = whole.relative_to(self._context.root) if inside else PurePath(path)
            self._paths[path] = relative.as_posix() if path else ""
        return self._paths[path]


def _lines(names: Iterable[str]) -> bytes:
    """Return names, sorted, one a line."""
    return "\n".join(sorted(names)).encode("utf-8", "replace")
