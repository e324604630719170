"""What an audit found, and how it is summed up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from overt.audit.assertions import Unbacked
from overt.audit.contradictions import Contradiction
from overt.audit.diagrams.check import DiagramSeen
from overt.audit.held import Held
from overt.audit.links import Occurrence
from overt.audit.references.record import Ref
from overt.model import Claim, Exit, Problem, State, Verdict, exit_for


@dataclass(frozen=True, slots=True)
class Page:
    """One document.

    Args:
        path: Its file, relative to the root, POSIX.
        occurrences: Its links to claims and facts.
        references: What it names.
        unbacked: What it asserts without evidence.
        contradictions: Its numbers that something contradicts.
        held: Its samples, and the parts of its diagrams.
    """

    path: str
    occurrences: tuple[Occurrence, ...] = ()
    references: tuple[Ref, ...] = ()
    unbacked: tuple[Unbacked, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    held: tuple[Held, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """Everything an audit found.

    Args:
        pages: The documents, by path.
        claims: Every declared claim with its verdict, whether a document links it or not.
        skipped: Documents that could not be read.
        diagrams: Diagrams, those of documents and those with sources of their own.
        settings: Entries of `overt.toml` that keep the audit quiet and are not heeded.
    """

    pages: tuple[Page, ...]
    claims: tuple[tuple[Claim, Verdict], ...] = ()
    skipped: tuple[Problem, ...] = ()
    diagrams: tuple[DiagramSeen, ...] = ()
    settings: tuple[Ref, ...] = ()

    @property
    def held(self) -> list[Held]:
        """All samples and all parts of diagrams."""
        return [one for page in self.pages for one in page.held]

    @property
    def occurrences(self) -> list[Occurrence]:
        """All links to claims and facts."""
        return [one for page in self.pages for one in page.occurrences]

    @property
    def references(self) -> list[Ref]:
        """All references."""
        return [*(one for page in self.pages for one in page.references), *self.settings]

    @property
    def unbacked(self) -> list[Unbacked]:
        """All assertions without evidence."""
        return [one for page in self.pages for one in page.unbacked]

    @property
    def contradictions(self) -> list[Contradiction]:
        """All numbers that something contradicts."""
        return [one for page in self.pages for one in page.contradictions]

    def counts(self) -> dict[str, dict[str, int]]:
        """Return how many of each kind are in each state; states that did not occur are left out."""
        return {
            "claims": _states(verdict.state for _, verdict in self.claims),
            "links": _states(one.verdict.state for one in self.occurrences),
            "references": _states(one.verdict.state for one in self.references),
            "samples": _states(one.verdict.state for one in self.held if one.sort in {"sample", "fence"}),
            "diagrams": _states(one.verdict.state for one in self.held if one.sort not in {"sample", "fence"}),
            "unbacked": dict(sorted(Counter(one.grade for one in self.unbacked).items())),
            "contradictions": dict(sorted(Counter(one.grade for one in self.contradictions).items())),
        }

    def exit(self, *, strict: bool = False) -> Exit:
        """Return the exit status.

        Refuted or stale claims, links and references fail; claims and links that were not measured, and documents
        that cannot be read, are unchecked, as is an audit of no document at all. A number that the evidence
        contradicts fails, too. A reference that cannot be decided fails nothing.

        Args:
            strict: Whether certain assertions without evidence and certain contradictions among documents fail, too.
        """
        states = [verdict.state for _, verdict in self.claims] + [one.verdict.state for one in self.occurrences]
        states += [one.verdict.state for one in self.references if one.verdict.state is State.REFUTED]
        states += [State.REFUTED for one in self.contradictions if one.against == "evidence"]
        states += [one.verdict.state for one in self.held if one.deciding]
        grades = [*(one.grade for one in self.unbacked), *(one.grade for one in self.contradictions)]
        if strict and "certain" in grades:
            return Exit.REFUTED
        if self.skipped or not self.pages:
            states.append(State.UNCHECKED)
        return exit_for(states, empty=Exit.PROVED)


def _states(states: object) -> dict[str, int]:
    counted = Counter(states)  # type: ignore[call-overload]
    return {state.value: counted[state] for state in State if counted[state]}
