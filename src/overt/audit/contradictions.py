"""Numbers that contradict other numbers: of the same thing, of a sum, of a share, or of the evidence.

Low false alarms matter more than completeness: two numbers are of the same thing only when the words around them are
the same, and nothing near them speaks of a part, a bound, a change or another time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from overt.audit.contradiction_counts import Counted, counted
from overt.audit.contradiction_sums import Wrong, wrong_shares, wrong_totals
from overt.audit.facts import FactsLike
from overt.audit.references.mentions import is_history
from overt.audit.show import show
from overt.markdown import Document
from overt.model import Location, State

Against = Literal["number", "sum", "share", "evidence"]

_FACTS = {
    ("tests", "passed"): "tests.passed",
    ("tests", "failed"): "tests.failed",
    ("tests", "total"): "tests.total",
}


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A number that something else contradicts.

    Args:
        text: The number with its words.
        location: Where it stands.
        grade: `certain` when it cannot be right, `likely` when the two may speak of different things.
        against: What contradicts it: another number, the sum of its parts, the counts it is a share of, or evidence.
        reason: In words.
        hint: What to do.
    """

    text: str
    location: Location
    grade: Literal["certain", "likely"]
    against: Against
    reason: str
    hint: str


def contradictions(documents: Mapping[str, Document], facts: FactsLike) -> list[Contradiction]:
    """Return the numbers of a set of documents that something contradicts, by place.

    Args:
        documents: Scanned documents by path, POSIX.
        facts: What was measured.

    Example:
        >>> from overt.audit.contradictions import contradictions
        >>> from overt.evidence.facts import Facts
        >>> from overt.markdown import scan
        >>> found = contradictions({"a.md": scan("Of 214 tests 190 passed (95 %).")}, Facts((), {}))
        >>> [one.reason for one in found]
        ['190 of 214 is 88.8 %']
    """
    found: list[Contradiction] = []
    groups: dict[tuple[str, str], list[Counted]] = {}
    for path, document in documents.items():
        if is_history(path):
            continue
        found += [_sum(wrong) for wrong in (*wrong_shares(document, path), *wrong_totals(document, path))]
        for one in counted(document, path):
            measured = _measured(one, facts)
            if measured is not None:
                found.append(measured)
            groups.setdefault((one.subject, one.outcome), []).append(one)
    found += [told for group in groups.values() for told in _differing(group)]
    return sorted(found, key=lambda one: one.location)


def _sum(wrong: Wrong) -> Contradiction:
    hint = "set the number or its parts right"
    return Contradiction(wrong.text, wrong.location, "certain", wrong.against, wrong.reason, hint)


def _differing(group: list[Counted]) -> Iterator[Contradiction]:
    """Yield each number that differs from the first one about the same thing."""
    first = group[0]
    for one in group[1:]:
        if one.value == first.value:
            continue
        certain = one.total and first.total
        yield Contradiction(
            one.text,
            one.location,
            "certain" if certain else "likely",
            "number",
            f"{first.location} says {first.text}",
            "say which is right, or in what the two differ",
        )


def _measured(one: Counted, facts: FactsLike) -> Contradiction | None:
    name = _FACTS.get((one.subject, one.outcome))
    if name is None or not (one.total or one.outcome != "total"):
        return None
    fact = facts.get(name)
    if fact.state is not State.PROVED or not isinstance(fact.value, int) or fact.value == one.value:
        return None
    reason = f"{name} is {show(fact.value, fact.unit)}"
    return Contradiction(one.text, one.location, "certain", "evidence", reason, f"[{fact.value}](evidence:{name})")
