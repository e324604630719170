"""The status page: what is proved, refuted, stale and unchecked, and what changed, at a glance."""

from __future__ import annotations

from collections import Counter

from overt.model import State, Verdict, worst
from overt.site.changes import Changes, compare
from overt.site.inputs import SiteInputs, SuiteView
from overt.site.marks import state_mark
from overt.site.markup import Markup, code, fill, join, link, paragraphs, safe, table
from overt.site.pages.common import URGENCY, claim_link, front, lead, measured_on, results, sentence, short
from overt.site.paths import CLAIMS, NOT_CHECKED, REPORT, evidence_page, relative
from overt.system.units import count, duration

_CHANGES = 8
"""Lines of what changed."""

_SHOWN = 3
"""Names of changed tests shown before the rest is only counted."""

_ROWS = 30
"""Claims on the page itself; the page of claims has all."""

_LINKS = 2
"""Suites that a claim rests on, linked; the rest are counted."""

_SEEN = 110
"""Letters of what was seen of a claim."""

_ALWAYS = (State.PROVED, State.REFUTED, State.STALE, State.UNCHECKED)
"""States that are counted even when there is nothing in them: no reader should have to wonder."""

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
        for name, (claim, verdict) in ordered[:_ROWS]
    ]
    rest = len(ordered) - len(rows)
    more = link(f"and {count(rest, 'more claim')}", relative(page, CLAIMS)) if rest else Markup("")
    return paragraphs(Markup("## What is claimed"), table(("State", "Claim", "What was seen"), rows), more)


def _what_was_seen(verdict: Verdict, inputs: SiteInputs, page: str) -> Markup:
    """Return the reason of a claim's verdict; where that is the reason of a suite, the suite, which tells it below."""
    held_back = [
        link(view.summary.title, relative(page, evidence_page(view.name)))
        for view in inputs.suites
        if verdict.state in _NOT_DECIDED and f"{view.name}: {view.summary.verdict.reason}" in verdict.reason
    ]
    if not held_back:
        return safe(short(verdict.reason, _SEEN))
    rest = f" and {len(held_back) - _LINKS} more" if len(held_back) > _LINKS else ""
    return fill("rests on {}{}", join(held_back[:_LINKS], ", "), rest)


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


_KINDS = (
    ("broken", "now fails", "now fail", "test"),
    ("found", "is new", "are new", "finding"),
    ("mended", "passes again", "pass again", "test"),
    ("cleared", "is gone", "are gone", "finding"),
    ("gone", "is no longer there", "are no longer there", "test"),
    ("added", "was added", "were added", "test"),
)
"""Ways in which something changes, the bad news first: field, what one did, what many did, what it is."""


def _kinds(changes: Changes) -> list[tuple[tuple[str, ...], str, str, str]]:
    return [(getattr(changes, field), one, many, noun) for field, one, many, noun in _KINDS]


def _change(names: tuple[str, ...], one: str, many: str, noun: str) -> Markup:
    return fill("{} {}: {}", count(len(names), noun), one if len(names) == 1 else many, _names(names))


def _changed(inputs: SiteInputs) -> Markup:
    if not inputs.suites:
        return Markup("")
    pairs = [(view.before, view) for view in inputs.suites if view.before is not None]
    if not pairs:
        text = Markup("There is no earlier run to compare with.")
    else:
        changes = [(view.summary.title, _kinds(compare(before, view.records))) for before, view in pairs]
        # The bad news of all suites comes first.
        lines = [
            fill("- {}{}", _change(*kinds[number]), f" ({title})" if len(pairs) > 1 else "")
            for number in range(len(_KINDS))
            for title, kinds in changes
            if kinds[number][0]
        ]
        more = [fill("- and more in {}", count(len(lines) - _CHANGES, "other line"))] if len(lines) > _CHANGES else []
        text = join([*lines[:_CHANGES], *more], "\n") if lines else Markup("Nothing, compared with the run before.")
    return paragraphs(Markup("## What changed since the run before"), text)


def _tiles(every: list[State]) -> Markup:
    """Return how many claims and suites are in each state, to be read in a glance."""
    counted = Counter(every)
    shown = [*_ALWAYS, *(state for state in URGENCY if counted[state] and state not in _ALWAYS)]
    tiles = [
        fill(
            '<div role="listitem" class="ov-{}{}"><strong>{}</strong>{}</div>',
            state.value,
            "" if counted[state] else " ov-none",
            counted[state],
            state_mark(state),
        )
        for state in shown
    ]
    return fill('<div role="list" class="ov-tiles">{}</div>', join(tiles)) if every else Markup("")


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
    more.append(link("what was not checked", relative(page, NOT_CHECKED)))
    return paragraphs(
        lead(overall, f"{text}.", "", measured_on(page, inputs.suites)),
        _tiles(states(inputs)),
        _changed(inputs),
        _claims(inputs, page),
        _suites(inputs, page),
        fill("More: {}.", join(more, ", ")),
    )


def status(inputs: SiteInputs) -> Markup:
    """Return the status page."""
    return paragraphs(
        front(inputs.project, f"What is proved, refuted, stale and unchecked about {inputs.project}."),
        fill("# {}", safe(inputs.project)),
        block(inputs, inputs.home),
    )
