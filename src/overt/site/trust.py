"""How far each document can be trusted: what an audit found, counted by document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from overt.audit.contradictions import Contradiction
from overt.audit.diagrams.check import DiagramSeen
from overt.audit.held import Held
from overt.audit.references.record import Ref
from overt.audit.report import Page, Report
from overt.model import Location, Problem, State

WORDS = ("proved", "refuted", "stale", "unbacked", "unchecked")
"""What a statement, a reference, a sample or an arrow of a document can be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many of each.

    Args:
        proved: What holds.
        refuted: What does not, or is contradicted by evidence or another record.
        stale: What held on other files.
        unbacked: What is asserted without evidence.
        unchecked: What could not be decided, or was not measured.
        unmeasured: Of these, statements and samples, which a run of the suites would decide.
    """

    proved: int = 0
    refuted: int = 0
    stale: int = 0
    unbacked: int = 0
    unchecked: int = 0
    unmeasured: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return sum(getattr(self, word) for word in WORDS)

    @property
    def state(self) -> State:
        """What a reader should think of it: a name that cannot be decided speaks against nothing."""
        if self.refuted:
            return State.REFUTED
        if self.stale:
            return State.STALE
        return State.PROVED if self.proved and not (self.unbacked or self.unmeasured) else State.UNCHECKED


@dataclass(frozen=True, slots=True)
class Told:
    """One thing about a document: its word, what it is, where it stands, why, and what would help.

    Args:
        word: One of `WORDS`.
        sort: What it is, for example `claim`, `path`, `sample`, `edge`.
        text: As the document has it.
        where: Where it stands.
        reason: Why it is what it is.
        hint: What would help.
        measurable: Whether a run of the suites decides it.
    """

    word: str
    sort: str
    text: str
    where: Location
    reason: str
    hint: str = ""
    measurable: bool = False


@dataclass(frozen=True, slots=True)
class DocumentTrust:
    """A document.

    Args:
        path: Its file, relative to the root, POSIX.
        page: Path of its page on the site; empty when it is not a page.
        told: Everything about it, in order.
        tally: How many of each.
    """

    path: str
    page: str
    told: tuple[Told, ...]
    tally: Tally


@dataclass(frozen=True, slots=True)
class Trust:
    """All documents.

    Args:
        documents: Each of them, by path.
        diagrams: Diagrams with what is known of their parts.
        skipped: Documents that could not be read.
    """

    documents: tuple[DocumentTrust, ...] = ()
    diagrams: tuple[DiagramSeen, ...] = ()
    skipped: tuple[Problem, ...] = ()

    @property
    def tally(self) -> Tally:
        """How many of each in all documents."""
        return added(document.tally for document in self.documents)

    def of_page(self, page: str) -> DocumentTrust | None:
        """Return the document of a page of the site; None when it has none."""
        return next((document for document in self.documents if document.page == page), None)


def added(tallies: Iterable[Tally]) -> Tally:
    """Return the sum of tallies.

    Example:
        >>> added([Tally(proved=1), Tally(proved=2, stale=1)]).proved
        3
    """
    known = list(tallies)
    return Tally(**{word: sum(getattr(one, word) for one in known) for word in (*WORDS, "unmeasured")})


def trust_of(report: Report, pages: Mapping[str, str]) -> Trust:
    """Return what an audit found, by document.

    Args:
        report: What it found.
        pages: Documents, relative to the root, to the paths of their pages.
    """
    documents = []
    for page in report.pages:
        told = tuple(sorted(_told(page), key=lambda one: one.where))
        counts = {word: sum(one.word == word for one in told) for word in WORDS}
        counts["unmeasured"] = sum(one.word == "unchecked" and one.measurable for one in told)
        documents.append(DocumentTrust(page.path, pages.get(page.path, ""), told, Tally(**counts)))
    return Trust(tuple(documents), report.diagrams, report.skipped)


def _word(state: State) -> str:
    if state in {State.REFUTED, State.CONFLICT}:
        return "refuted"
    return state.value if state in {State.PROVED, State.STALE} else "unchecked"


def _told(page: Page) -> Iterator[Told]:
    for link in page.occurrences:
        verdict = link.verdict
        yield Told(
            _word(verdict.state), link.kind, link.name, link.location, verdict.reason, link.hint, measurable=True
        )
    named: list[Ref | Held] = [*page.references, *page.held]
    for one in named:
        word, measurable = _word(one.verdict.state), one.sort == "sample"
        yield Told(word, one.sort, one.text, one.location, one.verdict.reason, one.hint, measurable)
    for loose in page.unbacked:
        yield Told("unbacked", loose.kind, loose.text, loose.location, f"{loose.grade}: asserted without evidence")
    for number in page.contradictions:
        yield Told(_contradicted(number), "number", number.text, number.location, number.reason, number.hint)


def _contradicted(one: Contradiction) -> str:
    return "refuted" if one.against == "evidence" or one.grade == "certain" else "unchecked"
