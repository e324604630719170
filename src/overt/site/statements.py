"""Links of documents to claims and evidence, turned into text with a mark."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from overt.audit.claims import JudgedClaims
from overt.audit.links import Occurrence, occurrences, resolve
from overt.evidence.facts import Facts
from overt.markdown import scan
from overt.model import Problem
from overt.site.inputs import LinkSeen, SiteInputs
from overt.site.marks import state_mark
from overt.site.markup import Markup, fill, safe
from overt.site.paths import CLAIMS, claim_anchor, evidence_page, relative


def statements(documents: Mapping[str, str], claims: JudgedClaims, facts: Facts) -> list[Occurrence]:
    """Return every link of some documents that states something.

    Args:
        documents: Path relative to the root to text.
        claims: Declared claims with their verdicts.
        facts: What was measured.
    """
    return [
        one
        for path, text in sorted(documents.items())
        if "claim:" in text.lower() or "evidence:" in text.lower()
        for one in occurrences(scan(text), path, claims, facts)
    ]


def seen(one: Occurrence, pages: Mapping[str, str]) -> LinkSeen:
    """Return a statement as the page of claims lists it.

    Args:
        one: The statement.
        pages: Path of a document to the path of its page.
    """
    path = one.location.path
    return LinkSeen(
        path=path,
        line=one.location.line,
        target=f"{one.kind}:{one.name}",
        state=one.verdict.state,
        reason=one.verdict.reason,
        page=pages.get(path, ""),
    )


def problem_of(one: Occurrence) -> Problem:
    """Return a statement that does not hold as a problem with its place."""
    what = f"{one.kind}:{one.name} is {one.verdict.state.value}"
    if one.kind == "claim" and one.claim is not None:
        # The claim has a problem of its own, which says why.
        return Problem(f"{what}, see {one.claim.location}", one.location)
    return Problem(f"{what}: {one.verdict.reason}", one.location, one.hint)


def claim_problems(inputs: SiteInputs) -> list[Problem]:
    """Return the declared claims that do not hold, whether a document states them or not."""
    return [
        Problem(f"claim {name!r} is {verdict.state.value}: {verdict.reason}", claim.location, f"expect {claim.expect}")
        for name, (claim, verdict) in inputs.claims.items()
        if not verdict.holds
    ]


def _suite_of(evidence: tuple[str, ...], inputs: SiteInputs) -> str:
    for reference in evidence:
        run, _, record = reference.partition("/")
        for view in inputs.suites:
            if view.summary.run == run and any(known.id == record for known in view.records):
                return view.name
    return ""


def _target(one: Occurrence, page: str, inputs: SiteInputs) -> str:
    if one.kind == "claim" and one.claim is not None:
        return relative(page, claim_anchor(one.name))
    suite = _suite_of(one.verdict.evidence, inputs) if one.kind == "evidence" else ""
    return relative(page, evidence_page(suite) if suite else CLAIMS)


def _shown(one: Occurrence, page: str, inputs: SiteInputs) -> Markup:
    # The text is the author's own Markdown and stays as it is; only what evidence says about it is added.
    text = Markup(one.text) if one.text.strip() else safe(one.name)
    mark = state_mark(one.verdict.state)
    return fill('<span class="ov-claim">[{}]({}){}</span>', text, Markup(_target(one, page, inputs)), mark)


def mark_statements(text: str, page: str, inputs: SiteInputs) -> str:
    """Return a page with its stating links turned into text with a mark.

    Args:
        text: Its Markdown.
        page: Path relative to the documentation folder, POSIX.
        inputs: What the site is made from.
    """
    if inputs.facts is None:
        return text
    path = str(PurePosixPath(page))
    return resolve(text, path, inputs.claims, inputs.facts, replace=lambda one: _shown(one, page, inputs)).markdown
