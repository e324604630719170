"""`testcase` elements and the records they amount to."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat

import msgspec

from overt.evidence.ids import Numbering, case_id
from overt.evidence.importers.imported import Paths
from overt.evidence.records import Outcome, TestCase

_OUTCOMES: dict[str, Outcome] = {
    "error": "error",
    "rerunError": "error",
    "flakyError": "error",
    "failure": "failed",
    "rerunFailure": "failed",
    "flakyFailure": "failed",
    "skipped": "skipped",
}
_NOT_RUN = frozenset({"notrun", "skipped", "suppressed", "disabled", "ignored", "pending"})
_TIMES = 10_000
"""Times that are remembered, so that a file of many different ones takes no more memory."""


class Part:
    """A child of a test case with its text.

    Args:
        tag: Its tag.
        attributes: Its attributes.
    """

    __slots__ = ("attributes", "chunks", "size", "tag")

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag, self.attributes = tag, attributes
        self.chunks: list[str] = []
        self.size = 0

    @property
    def text(self) -> str:
        """Its text."""
        return "".join(self.chunks).strip()

    @property
    def message(self) -> str:
        """The message it gives, else the first line of its text."""
        given = self.attributes.get("message", "").strip()
        return (given or self.text).split("\n", 1)[0]


class Group:
    """What the test cases of one `testsuite` element share.

    Args:
        suite: Suite that they belong to.
        name: Name of the element.
        file: Its file.
        paths: Makes paths relative.
    """

    __slots__ = ("_places", "_times", "file", "name", "paths", "suite")

    def __init__(self, suite: str, name: str, file: str, paths: Paths) -> None:
        self.suite, self.name, self.file = suite, name, file
        self.paths = paths
        self._places: dict[str, str] = {}
        self._times: dict[str, int] = {}

    def records(self, elements: Sequence[dict[str, str]], parts: Mapping[int, list[Part]]) -> list[TestCase]:
        """Return the records of test cases in their order: one for each attempt, the deciding one last.

        Args:
            elements: The attributes of each.
            parts: What stands in some of them, by their number in `elements`.
        """
        found: list[TestCase] = []
        add, suite, head = found.append, self.suite, case_id(self.suite, "")
        places, times = ({} if self.file else self._places), self._times
        for number, attributes in enumerate(elements):
            if number in parts or "status" in attributes or "result" in attributes:
                found += Case(attributes, parts.get(number, [])).records(self)
                continue
            # A test that passed, and of which nothing else is said: nearly all there are.
            name = self.case_name(attributes)
            path = None if "file" in attributes else places.get(attributes.get("classname", ""))
            time = times.get(attributes.get("time", ""))
            add(
                TestCase(
                    id=head + name,
                    suite=suite,
                    name=name,
                    outcome="passed",
                    duration_ns=self.time(attributes.get("time", "")) if time is None else time,
                    path=self.place(attributes) if path is None else path,
                    line=self.line(attributes) if "line" in attributes else 0,
                )
            )
        return found

    def passed(self, columns: Mapping[str, Sequence[str]]) -> list[TestCase]:
        """Return the records of test cases that passed: what `records` makes of them, column by column.

        Args:
            columns: The values of each attribute that they have.
        """
        names = columns["name"]
        owners = columns.get("classname") or [""] * len(names)
        shown = [
            f"{owner}::{name}"
            if owner and not name.startswith(owner)
            else self.case_name({"name": name, "classname": owner})
            for name, owner in zip(names, owners, strict=True)
        ]
        texts = columns.get("time", ())
        known = {text: self.time(text) for text in set(texts)}
        times = map(known.__getitem__, texts) if texts else repeat(0)
        lines = [self.line({"line": text}) for text in columns["line"]] if "line" in columns else repeat(0)
        rows = zip(shown, times, self._places_of(columns, owners), lines, strict=False)
        head, suite = case_id(self.suite, ""), self.suite
        return [
            TestCase(id=head + name, suite=suite, name=name, outcome="passed", duration_ns=time, path=path, line=line)
            for name, time, path, line in rows
        ]

    def _places_of(self, columns: Mapping[str, Sequence[str]], owners: Sequence[str]) -> Iterable[str]:
        if "file" in columns:
            pairs = zip(columns["file"], owners, strict=True)
            return [self.place({"file": file, "classname": owner}) for file, owner in pairs]
        places = {owner: self.place({"classname": owner}) for owner in set(owners)}
        return [places[owner] for owner in owners]

    def case_name(self, attributes: dict[str, str]) -> str:
        """Return the name of a test case: with its class, or with the group when it has none."""
        name, owner = attributes.get("name", ""), attributes.get("classname") or self.name
        if not owner or name.startswith(owner):
            return name or owner or "(no name)"
        return f"{owner}::{name}"

    def place(self, attributes: dict[str, str]) -> str:
        """Return the file of a test case, relative to the root; empty when it is not known."""
        given = attributes.get("file") or self.file
        if given:
            return self.paths.relative(given)
        classname = attributes.get("classname", "")
        known = self._places.get(classname)
        if known is None:
            known = _python_file(classname, self.paths) or self.paths.existing(self.name)
            self._places[classname] = known
        return known

    def line(self, attributes: dict[str, str]) -> int:
        """Return the line of a test case, from 1; 0 when it is not known."""
        text = attributes.get("line", "")
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
        # pytest counts lines from 0 here, the others from 1.
        return number + 1 if text and self.name == "pytest" else number

    def time(self, text: str) -> int:
        """Return a time in nanoseconds; most are short and written with three digits, so that they recur."""
        known = self._times.get(text)
        if known is None:
            known = _nanoseconds(text)
            if len(self._times) < _TIMES:
                self._times[text] = known
        return known


def numbered(records: list[TestCase]) -> list[TestCase]:
    """Return records with ids by which test cases of the same name are told apart.

    Args:
        records: What `Group` returned, in the order of the file.
    """
    if len({record.id for record in records}) == len(records):
        return records
    numbering, found, unique = Numbering(), list[TestCase](), ""
    for record in records:
        if record.attempt == 1:
            unique = numbering.unique(record.name)
        found.append(msgspec.structs.replace(record, id=case_id(record.suite, unique, record.attempt)))
    return found


class Case:
    """A test case of which more is said than that it passed.

    Args:
        attributes: Attributes of the element.
        parts: What stands in it.
    """

    __slots__ = ("attributes", "parts")

    def __init__(self, attributes: dict[str, str], parts: list[Part]) -> None:
        self.attributes, self.parts = attributes, parts

    def records(self, group: Group) -> Iterable[TestCase]:
        """Yield one record for each attempt, the deciding one last.

        Args:
            group: Where it stands.
        """
        name = group.case_name(self.attributes)
        path, line = group.place(self.attributes), group.line(self.attributes)
        attempts = self._attempts() if self.parts else [(self._outcome(None), None)]
        for number, (outcome, part) in enumerate(attempts, 1):
            yield TestCase(
                id=case_id(group.suite, name, number),
                suite=group.suite,
                name=name,
                outcome=outcome,
                attempt=number,
                duration_ns=group.time(self.attributes.get("time", "")) if number == len(attempts) else 0,
                path=path,
                line=line,
                message=part.message if part else "",
                detail=self._detail(outcome, part),
            )

    def _attempts(self) -> list[tuple[Outcome, Part | None]]:
        """Return outcome and part of each attempt: flaky ones came before the pass, reruns after the failure."""
        flaky = [part for part in self.parts if part.tag.startswith("flaky")]
        reruns = [part for part in self.parts if part.tag.startswith("rerun")]
        main = [part for part in self.parts if part.tag in {"failure", "error", "skipped"}]
        decisive = min(main, key=lambda part: ("error", "failure", "skipped").index(part.tag), default=None)
        tried = [(_OUTCOMES[part.tag], part) for part in flaky]
        ended = (self._outcome(decisive), decisive)
        return [*tried, ended, *((_OUTCOMES[part.tag], part) for part in reruns)]

    def _outcome(self, part: Part | None) -> Outcome:
        if part is not None:
            kind = part.attributes.get("type", "")
            return "xfailed" if part.tag == "skipped" and kind == "pytest.xfail" else _OUTCOMES[part.tag]
        attributes = self.attributes
        if "status" not in attributes and "result" not in attributes:
            return "passed"
        said = {attributes.get("status", "").lower(), attributes.get("result", "").lower()}
        if said & {"failed", "failure"}:
            return "failed"
        if "error" in said:
            return "error"
        return "skipped" if said & _NOT_RUN else "passed"

    def _detail(self, outcome: Outcome, part: Part | None) -> str:
        if outcome not in {"failed", "error"} or part is None:
            return ""
        outputs = [f"--- {other.tag} ---\n{other.text}" for other in self.parts if other.tag.startswith("system-")]
        return "\n".join([part.text, *(text for text in outputs if not text.endswith("---\n"))])


def _python_file(classname: str, paths: Paths) -> str:
    """Return the file of a dotted class name such as `tests.test_cart.TestTotal`, when there is one."""
    parts = classname.split(".")
    for length in range(len(parts), 0, -1):
        found = paths.existing("/".join(parts[:length]) + ".py")
        if found:
            return found
    return ""


def _nanoseconds(text: str) -> int:
    try:
        seconds = float(text.replace(",", ""))
    except ValueError:
        return 0
    return round(seconds * 1e9) if math.isfinite(seconds) and 0 < seconds < 1e9 else 0
