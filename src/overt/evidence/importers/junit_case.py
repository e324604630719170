"""One `testcase` element and the records it amounts to."""

from __future__ import annotations

import math
from collections.abc import Iterable

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


class Case:
    """A test case as it is being read.

    Args:
        attributes: Attributes of the element.
    """

    __slots__ = ("attributes", "parts")

    def __init__(self, attributes: dict[str, str]) -> None:
        self.attributes = attributes
        self.parts: list[Part] = []

    def records(
        self, suite: str, group: str, group_file: str, paths: Paths, numbering: Numbering
    ) -> Iterable[TestCase]:
        """Yield one record for each attempt, the deciding one last.

        Args:
            suite: Suite they belong to.
            group: Name of the enclosing `testsuite`.
            group_file: Its file.
            paths: Makes paths relative.
            numbering: Tells cases of the same name apart.
        """
        name = self._name(group)
        path, line = self._place(group, group_file, paths), self._line(group)
        unique = numbering.unique(name)
        attempts = self._attempts() if self.parts else [(self._outcome(None), None)]
        for number, (outcome, part) in enumerate(attempts, 1):
            yield TestCase(
                id=case_id(suite, unique, number),
                suite=suite,
                name=name,
                outcome=outcome,
                attempt=number,
                duration_ns=_nanoseconds(self.attributes.get("time", "")) if number == len(attempts) else 0,
                path=path,
                line=line,
                message=part.message if part else "",
                detail=self._detail(outcome, part),
            )

    def _name(self, group: str) -> str:
        name, owner = self.attributes.get("name", ""), self.attributes.get("classname", "") or group
        if not owner or name.startswith(owner):
            return name or owner or "(no name)"
        return f"{owner}::{name}"

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

    def _place(self, group: str, group_file: str, paths: Paths) -> str:
        given = self.attributes.get("file") or group_file
        if given:
            return paths.relative(given)
        return _python_file(self.attributes.get("classname", ""), paths) or paths.existing(group)

    def _line(self, group: str) -> int:
        text = self.attributes.get("line", "")
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
        # pytest counts lines from 0 here, the others from 1.
        return number + 1 if text and group == "pytest" else number


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
