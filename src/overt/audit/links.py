"""The links that state something: `[text](claim:NAME)` and `[836](evidence:tests.passed)`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from overt.audit.claims import JudgedClaims
from overt.audit.facts import FactsLike, is_fact_name, near_fact
from overt.audit.figures import agreement, rewritten
from overt.audit.show import show
from overt.markdown import Document, Link, scan
from overt.model import Claim, Location, State, Verdict
from overt.system.text import did_you_mean

SCHEMES = ("claim", "evidence")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place where a document states something through a link.

    Args:
        kind: Whether it names a claim or a fact.
        name: Name of the claim or of the fact.
        text: What the link shows, as written.
        location: Where it stands.
        verdict: Whether it holds here: of a fact, whether the text says what the fact says.
        start: Offset of the link.
        end: Offset after the link.
        text_start: Offset of what it shows.
        text_end: Offset after what it shows.
        hint: What to do when it does not hold.
        shown: Of a fact, its value as people read it; empty when there is none.
        claim: The claim; None when there is none of that name, or for a fact.
        update: What it should show instead; None when it is right or cannot be mended by a number.
    """

    kind: Literal["claim", "evidence"]
    name: str
    text: str
    location: Location
    verdict: Verdict
    start: int
    end: int
    text_start: int
    text_end: int
    hint: str = ""
    shown: str = ""
    claim: Claim | None = None
    update: str | None = None


@dataclass(frozen=True, slots=True)
class Resolved:
    """A document with its stating links replaced.

    Args:
        markdown: The new text; the old one where nothing was to replace.
        occurrences: The links, in order of appearance.
    """

    markdown: str
    occurrences: tuple[Occurrence, ...]


Replace = Callable[[Occurrence], str]
"""Gives the text that takes the place of a whole link."""


def claim_links(document: Document) -> list[Link]:
    """Return the links of a document that name a claim or a fact."""
    return [link for link in document.links if scheme_of(link.target)]


def scheme_of(target: str) -> str:
    """Return `claim` or `evidence` when a target is one, else an empty string.

    Example:
        >>> scheme_of("claim:suite-green"), scheme_of("https://example.org/claim:x")
        ('claim', '')
    """
    scheme, colon, _ = target.partition(":")
    return scheme.lower() if colon and scheme.lower() in SCHEMES else ""


def occurrences(document: Document, path: str, claims: JudgedClaims, facts: FactsLike) -> list[Occurrence]:
    """Judge every stating link of a document.

    Args:
        document: A scanned document.
        path: Its file, relative to the repository root, POSIX.
        claims: Every declared claim with its verdict, as `judge_all` returns them.
        facts: What was measured.
    """
    return [
        _claim(link, path, claims) if scheme_of(link.target) == "claim" else _evidence(link, path, facts)
        for link in claim_links(document)
    ]


def resolve(
    text: str, path: str, claims: JudgedClaims, facts: FactsLike, *, replace: Replace | None = None
) -> Resolved:
    """Judge the stating links of a document and put something else in their place.

    Args:
        text: The document.
        path: Its file, relative to the repository root, POSIX.
        claims: Every declared claim with its verdict, as `judge_all` returns them.
        facts: What was measured.
        replace: Gives what stands in place of each link; without it the text stays as it is.

    Returns:
        The new text, byte for byte the old one outside the links, and the links.
    """
    found = occurrences(scan(text), path, claims, facts) if _may_state(text) else []
    if replace is None:
        return Resolved(text, tuple(found))
    return Resolved(splice(text, [(one.start, one.end, replace(one)) for one in found]), tuple(found))


def _may_state(text: str) -> bool:
    """Tell whether a text may hold a stating link, without reading its Markdown."""
    words = text.lower()
    return any(scheme in words for scheme in SCHEMES)


def updated(text: str, found: Sequence[Occurrence]) -> str:
    """Return a document with every drifted number set right."""
    return splice(text, [(one.text_start, one.text_end, one.update) for one in found if one.update is not None])


def splice(text: str, changes: Sequence[tuple[int, int, str]]) -> str:
    """Return a text with stretches of it replaced; of nested stretches the outermost counts."""
    parts, at = [], 0
    for start, end, new in sorted(changes, key=lambda change: (change[0], -change[1])):
        if start < at:
            continue
        parts += [text[at:start], new]
        at = end
    return "".join([*parts, text[at:]])


def _claim(link: Link, path: str, claims: JudgedClaims) -> Occurrence:
    name = link.target.partition(":")[2].strip()
    known = claims.get(name)
    if known is None:
        hint = did_you_mean(name, claims) or "declare it in overt.toml under [claims]"
        return _occurrence(link, path, "claim", Verdict(State.REFUTED, f"there is no claim {name!r}"), hint=hint)
    claim, verdict = known
    if link.image:
        wrong = Verdict(State.REFUTED, "an image cannot state a claim")
        return _occurrence(link, path, "claim", wrong, hint="take the ! away", claim=claim)
    hint = "" if verdict.holds else f"{claim.location}: expect {claim.expect}"
    return _occurrence(link, path, "claim", verdict, hint=hint, claim=claim)


def _evidence(link: Link, path: str, facts: FactsLike) -> Occurrence:
    name = link.target.partition(":")[2].strip()
    fact = facts.get(name)
    if fact.value is None and not is_fact_name(name, facts):
        verdict = Verdict(State.REFUTED, f"there is no fact {name!r}")
        return _occurrence(link, path, "evidence", verdict, hint=near_fact(name, facts.names()))
    state, shown = State(fact.state), show(fact.value, fact.unit) if fact.value is not None else ""
    if fact.value is None or state not in {State.PROVED, State.STALE}:
        doubt = state if state is not State.PROVED else State.UNCHECKED
        verdict = Verdict(doubt, fact.reason or f"{name} was not measured", fact.evidence)
        return _occurrence(link, path, "evidence", verdict, hint="overt validate measures it", shown=shown)
    said = agreement(link.text, fact)
    if not said.holds:
        verdict = Verdict(State.REFUTED, f"it shows {link.text.strip()!r}, {said.reason}", fact.evidence)
        update = rewritten(link.text, fact) if state is State.PROVED and not link.image else None
        hint = said.hint or ("overt audit --update sets it right" if update is not None else "")
        return _occurrence(link, path, "evidence", verdict, hint=hint, shown=shown, update=update)
    reason = said.reason if state is State.PROVED else f"{said.reason}, but {fact.reason}"
    hint = "" if state is State.PROVED else "overt validate measures it anew"
    return _occurrence(link, path, "evidence", Verdict(state, reason, fact.evidence), hint=hint, shown=shown)


def _occurrence(
    link: Link,
    path: str,
    kind: Literal["claim", "evidence"],
    verdict: Verdict,
    *,
    hint: str = "",
    shown: str = "",
    claim: Claim | None = None,
    update: str | None = None,
) -> Occurrence:
    return Occurrence(
        kind=kind,
        name=link.target.partition(":")[2].strip(),
        text=link.text,
        location=Location(path, link.line, link.column),
        verdict=verdict,
        start=link.start,
        end=link.end,
        text_start=link.text_start,
        text_end=link.text_end,
        hint=hint,
        shown=shown,
        claim=claim,
        update=update,
    )
