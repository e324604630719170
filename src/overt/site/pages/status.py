"""The status page: what is proved, refuted, stale and unchecked, and what changed, at a glance."""

from __future__ import annotations

from overt.model import State, Verdict, worst
from overt.site.changes import Changes, compare
from overt.site.inputs import SiteInputs, SuiteView
from overt.site.marks import state_mark
from overt.site.markup import Markup, code, fill, join, link, paragraphs, safe, table
from overt.site.pages.common import URGENCY, claim_link, front, lead, results, sentence, short, subject, tally
from overt.site.paths import CLAIMS, REPORT, evidence_page, relative
from overt.system.units import count, duration

_SHOWN = 5
"""Names of changed tests shown before the rest is only counted."""

_WORDS = {
    State.REFUTED: "is refuted",
    State.CONFLICT: "is contradicted by its own evidence",
    State.STALE: "is stale",
    State.UNCHECKED: "is unchecked",
    State.INCONCLUSIVE: "is not decided",
    State.OPEN: "waits for a person",
}
_MANY = {
    State.REFUTED: "are refuted",
    State.CONFLICT: "are contradicted by their own evidence",
    State.STALE: "are stale",
    State.UNCHECKED: "are unchecked",
    State.INCONCLUSIVE: "are not decided",
    State.OPEN: "wait for a person",
}


_NOT_DECIDED = frozenset({State.STALE, State.UNCHECKED, State.CONFLICT})


def states(inputs: SiteInputs) -> list[State]:
    """Return the states of the claims and the required suites: what the project stands or falls with.

    Of a suite in a state of feature flags only what speaks against it counts: nobody has to run every state each time.
    """
    required = [view.summary.verdict.state for view in inputs.suites if view.summary.required]
    flagged = [view.summary.verdict.state for view in inputs.flag_states if view.summary.required]
    required += [state for state in flagged if state in {State.REFUTED, State.CONFLICT}]
    return [verdict.state for _, verdict in inputs.claims.values()] + required


def headline(inputs: SiteInputs) -> tuple[State, str]:
    """Return the state of the whole and one sentence that says why."""
    every = states(inputs)
    overall = worst(every)
    if not every:
        return overall, "Nothing has been stated or measured yet"
    if overall is State.PROVED:
        return overall, "Everything that is stated here holds"
    bad = sum(state is overall for state in every)
    return overall, f"{bad} of {len(every)} claims and required suites {(_MANY if bad > 1 else _WORDS)[overall]}"


def _claims(inputs: SiteInputs, page: str) -> Markup:
    if not inputs.claims:
        return Markup("")
    ordered = sorted(inputs.claims.items(), key=lambda item: (URGENCY.index(item[1][1].state), item[0]))
    rows = [
        (state_mark(verdict.state), claim_link(page, name, claim.text or name), _what_was_seen(verdict, inputs, page))
        for name, (claim, verdict) in ordered
    ]
    return paragraphs(Markup("## What is claimed"), table(("State", "Claim", "What was seen"), rows))


def _what_was_seen(verdict: Verdict, inputs: SiteInputs, page: str) -> Markup:
    """Return the reason of a claim's verdict; where that is the reason of a suite, the suite, which tells it below."""
    held_back = [
        link(view.summary.title, relative(page, evidence_page(view.name)))
        for view in inputs.suites
        if verdict.state in _NOT_DECIDED and f"{view.name}: {view.summary.verdict.reason}" in verdict.reason
    ]
    return fill("rests on {}", join(held_back, ", ")) if held_back else safe(short(verdict.reason))


def _result(view: SuiteView, told: set[str]) -> Markup:
    """Return what a suite counted and, of one that decides nothing, why; the same reason is told once."""
    summary = view.summary
    if summary.verdict.state not in _NOT_DECIDED:
        return safe(results(summary))
    why = "for the same reason" if summary.verdict.reason in told else short(sentence(summary.verdict))
    told.add(summary.verdict.reason)
    counted = summary.counts.total or summary.counts.findings
    return fill("{}<br><small>{}</small>", results(summary), why) if counted else safe(why)


def _suites(inputs: SiteInputs, page: str) -> Markup:
    if not inputs.suites:
        return Markup("")
    ordered = sorted(inputs.suites, key=lambda view: URGENCY.index(view.summary.verdict.state))
    told: set[str] = set()
    rows = [
        (
            state_mark(view.summary.verdict.state),
            link(view.summary.title, relative(page, evidence_page(view.name))),
            _result(view, told),
            duration(view.summary.duration_ns) if view.summary.run else Markup("&ndash;"),
        )
        for view in ordered
    ]
    return paragraphs(Markup("## What was run"), table(("State", "Suite", "Result", "Time"), rows, align="lllr"))


def _names(names: tuple[str, ...]) -> Markup:
    shown = join((code(name) for name in names[:_SHOWN]), ", ")
    rest = len(names) - _SHOWN
    return fill("{} and {} more", shown, rest) if rest > 0 else shown


def change_lines(changes: Changes) -> list[Markup]:
    """Return what changed, one line each, the bad news first."""
    kinds = (
        (changes.broken, "now fails", "now fail", "test"),
        (changes.found, "is new", "are new", "finding"),
        (changes.mended, "passes again", "pass again", "test"),
        (changes.cleared, "is gone", "are gone", "finding"),
        (changes.gone, "is no longer there", "are no longer there", "test"),
        (changes.added, "was added", "were added", "test"),
    )
    return [
        fill("{} {}: {}", count(len(names), noun), one if len(names) == 1 else many, _names(names))
        for names, one, many, noun in kinds
        if names
    ]


def _changed(inputs: SiteInputs) -> Markup:
    lines: list[Markup] = []
    compared = 0
    for view in inputs.suites:
        if view.before is None:
            continue
        compared += 1
        lines += [
            fill("- **{}**: {}", view.summary.title, line) for line in change_lines(compare(view.before, view.records))
        ]
    if not compared:
        text = Markup("There is no earlier run to compare with.")
    else:
        text = join(lines, "\n") if lines else Markup("Nothing, compared with the run before.")
    return paragraphs(Markup("## What changed"), text) if inputs.suites else Markup("")


def block(inputs: SiteInputs, page: str) -> Markup:
    """Return the status as a part of any page.

    Args:
        inputs: What the site is made from.
        page: Path of the page that it is put on.
    """
    overall, text = headline(inputs)
    more = [link("Validation report", relative(page, REPORT))]
    if inputs.claims:
        more.append(link("claims and their evidence", relative(page, CLAIMS)))
    return paragraphs(
        lead(overall, f"{text}.", subject(inputs.suites)),
        tally(states(inputs)),
        _claims(inputs, page),
        _suites(inputs, page),
        _changed(inputs),
        fill("More: {}.", join(more, ", ")),
    )


def status(inputs: SiteInputs) -> Markup:
    """Return the status page."""
    return paragraphs(
        front(inputs.project, f"What is proved, refuted, stale and unchecked about {inputs.project}."),
        fill("# {}", safe(inputs.project)),
        block(inputs, inputs.home),
    )
