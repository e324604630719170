"""What several kinds of pages say in the same words."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from types import MappingProxyType

from overt.evidence.summary import SuiteSummary
from overt.evidence.words import tests_in_words
from overt.model import State, Verdict
from overt.site.inputs import SiteInputs, SuiteView
from overt.site.marks import state_mark
from overt.site.markup import Markup, fill, join, link, paragraphs, safe
from overt.site.paths import EVIDENCE, claim_anchor, evidence_page, relative
from overt.system.units import count, moment

URGENCY = tuple(State)
"""States in the order in which a reader wants to see them: the most urgent first."""


STATUS = MappingProxyType(
    {
        "completed": "ran to its end",
        "timeout": "ended by its time limit",
        "interrupted": "was interrupted",
        "crashed": "crashed",
        "unable": "could not run",
        "not-run": "did not run",
        "running": "did not come to its end",
        "": "never ran",
    }
)
"""How a suite ended, in words."""


def front(title: str, description: str, *, search: bool = True) -> Markup:
    """Return the head of a page: its name and what it is for.

    Args:
        title: Name of the page; escaped for HTML, since themes put it into the page's head and header as it is.
        description: One sentence.
        search: Whether its text belongs in the search index.
    """
    lines = [f"title: {json.dumps(escape(title))}", f"description: {json.dumps(escape(description))}"]
    if not search:
        lines += ["search:", "  exclude: true"]
    return Markup("---\n" + "\n".join(lines) + "\n---")


def sentence(verdict: Verdict) -> str:
    """Return the reason of a verdict as a sentence."""
    reason = verdict.reason.strip()
    first = reason.split(" ", 1)[0]
    # The name of a fact stays as it is written.
    begin = reason[:1] if "." in first or "_" in first else reason[:1].upper()
    return begin + reason[1:] + ("" if not reason or reason[-1] in ".!?" else ".")


def tally(states: Iterable[State]) -> Markup:
    """Return how many of each state, as marks, the most urgent first."""
    counted = Counter(states)
    marks = [state_mark(state, word=f"{counted[state]} {state.value}") for state in URGENCY if counted[state]]
    # With one state there is nothing to tell apart: the sentence above has said it.
    return Markup(f'<p class="ov-tally">{"".join(marks)}</p>') if len(marks) > 1 else Markup("")


def lead(state: State, headline: object, detail: object = "", measured: object = "") -> Markup:
    """Return the first thing a reader sees: the state, what it means, and what that rests on.

    Args:
        state: Sets the mark and the tone.
        headline: One short sentence.
        detail: One more, in smaller print.
        measured: When it was measured, on what, and where the evidence is, see `measured_on`.
    """
    more = fill("<span>{}</span>", detail) if detail else Markup("")
    opening = fill(
        '<div class="ov-lead ov-{}"><div>{}</div><p><strong>{}</strong>{}</p></div>',
        state.value,
        state_mark(state),
        headline,
        more,
    )
    # Links in it are Markdown, which is not read inside of HTML.
    return paragraphs(opening, fill('<span class="ov-measured">{}</span>', measured) if measured else Markup(""))


_NAMED = 3
"""Suites whose evidence is linked by name at the head of a page."""


def measured_on(page: str, views: Iterable[SuiteView]) -> Markup:
    """Return when something was measured, on which commit, and links to the evidence.

    Args:
        page: Path of the page that it stands on.
        views: The suites that it rests on.
    """
    ran = [view for view in views if view.summary.run]
    if not ran:
        return Markup("Nothing of this has been measured yet.")
    newest = max(ran, key=lambda view: view.summary.start_ns).summary
    others = len({(view.summary.commit, view.summary.dirty) for view in ran}) - 1
    more = fill(" and {}", count(others, "earlier state", "earlier states")) if others else Markup("")
    links = [link(view.summary.title, relative(page, evidence_page(view.name))) for view in ran[:_NAMED]]
    if len(ran) > _NAMED:
        links = [link(f"{len(ran)} suites", relative(page, EVIDENCE))]
    on = commit_text(newest.commit, dirty=newest.dirty)
    return fill("Measured {} on {}{}. Evidence: {}.", moment(newest.start_ns), on, more, join(links, ", "))


def short(text: str, limit: int = 140) -> str:
    """Return the beginning of a text, cut between words."""
    return text if len(text) <= limit else f"{text[:limit].rsplit(' ', 1)[0]} …"


def results(summary: SuiteSummary) -> str:
    """Return what a suite counted, in words."""
    counts = summary.counts
    if counts.total:
        return tests_in_words(counts)
    if counts.findings:
        known = counts.findings - counts.new_findings - counts.notes
        notes = "note" if counts.notes == 1 else "notes"
        kinds = ((counts.new_findings, "new"), (known, "known"), (counts.notes, notes))
        return (
            f"{count(counts.findings, 'finding')}: "
            + ", ".join(f"{number:,} {word}" for number, word in kinds if number)
            + (f", at most {summary.at_most:,} allowed" if summary.at_most and counts.new_findings else "")
        )
    if counts.missing:
        return f"0 of {count(counts.planned, 'planned test')} ran"
    if summary.verdict.state is State.PROVED and summary.verdict.reason:
        return summary.verdict.reason
    return STATUS.get(summary.status, summary.status)


def commit_text(commit: str, *, dirty: bool) -> Markup:
    """Return a commit as readers see it."""
    if not commit:
        return Markup("a folder outside version control")
    return fill("commit <code>{}</code>{}", commit[:12], " with uncommitted changes" if dirty else "")


def evidence_links(page: str, evidence: Sequence[str], inputs: SiteInputs) -> Markup:
    """Return links to the evidence pages that hold some records.

    Args:
        page: Path of the page that holds the links.
        evidence: References as `RUN/RECORD-ID`.
        inputs: What the site is made from.
    """
    suites: list[str] = []
    for view in inputs.suites:
        known = {record.id for record in view.records}
        if any(
            view.summary.run == run and record in known for run, _, record in (ref.partition("/") for ref in evidence)
        ):
            suites.append(view.name)
    if not suites:
        return Markup("no record")
    return join((link(name, relative(page, evidence_page(name))) for name in suites), ", ")


def claim_link(page: str, name: str, text: object) -> Markup:
    """Return a link to a claim on the page of claims."""
    return link(text, relative(page, claim_anchor(name)))


def details(summary: object, body: Markup) -> Markup:
    """Return HTML that folds away; the body must be HTML on one line, since Markdown is not read inside."""
    return fill("<details><summary>{}</summary>{}</details>", safe(summary), body)


def method(*texts: object) -> Markup:
    """Return the end of a report page: how what it says was found, and where that ends.

    Args:
        texts: Paragraphs.
    """
    return paragraphs(Markup("## Method and limits"), *texts)
