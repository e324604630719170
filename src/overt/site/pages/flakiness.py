"""Flaky tests and what is in quarantine, for the page of trends and for the report."""

from __future__ import annotations

from collections.abc import Sequence

from overt.evidence.flaky import RATE, Flaky, Searched, find_flaky
from overt.evidence.quarantine import Held
from overt.evidence.words import percent
from overt.model import State
from overt.site.inputs import SiteInputs
from overt.site.marks import state_mark
from overt.site.markup import Markup, code, fill, join, link, paragraphs, table
from overt.site.pages.lines import strip
from overt.site.paths import REPORT, TRENDS, relative
from overt.system.units import count

_ROWS = 12
_FLAKY = 8
"""Flaky tests that are named on a page; what is more is counted."""

_NAMED = 3


def section(inputs: SiteInputs) -> Markup:
    """Return what the report says of both: in short what is flaky, and loudly what counts for nothing, for now.

    Args:
        inputs: What the site is made from.
    """
    return paragraphs(_excused(inputs), quarantine(inputs.quarantine.entries), _in_short(inputs))


def _excused(inputs: SiteInputs) -> Markup:
    """Return how many failures of the latest runs are excused, before anything else is said about them."""
    held = {(view.name, one.test) for view in inputs.suites for one in view.summary.quarantined}
    if not held:
        return Markup("")
    said = "failed and does not count, for now" if len(held) == 1 else "failed and do not count, for now"
    mark = state_mark(State.OPEN, word="excused")
    return fill("{} **{} {}.** See *In quarantine* below.", mark, count(len(held), "test"), said)


def _in_short(inputs: SiteInputs) -> Markup:
    searched = find_flaky(inputs.history)
    every = [one for suite in searched for one in suite.flaky]
    if not every:
        return Markup("")
    named = join((code(one.test) for one in every[:_NAMED]), ", ")
    rest = f" and {len(every) - _NAMED} more" if len(every) > _NAMED else ""
    sure = sum(one.certain for one in every)
    # One run is no trend, and has no page of its own; but it may have tried a test again.
    several = len(inputs.history.seals) > 1
    where = link("trends", relative(REPORT, TRENDS)) if several else code("overt evidence flaky")
    return paragraphs(
        Markup("## Flaky tests"),
        fill("{}, {} of them certainly: {}{}.", count(len(every), "test"), sure, named, rest),
        fill("Rates, intervals and what shows it: {}.", where),
    )


def flaky(searched: Sequence[Searched]) -> Markup:
    """Return which tests pass and fail by chance, and how likely one would have been missed.

    Args:
        searched: What looking at each suite came to.
    """
    if not searched:
        return Markup("")
    every = [one for suite in searched for one in suite.flaky]
    rows = [_flaky_row(one) for one in every[:_FLAKY]]
    heads = ("Flaky", "Test, and what shows it", "Outcomes", "Fails")
    more = fill("{} more: `overt evidence flaky` names them.", count(len(every) - _FLAKY, "test"))
    return paragraphs(
        Markup("## Flaky tests"),
        table(heads, rows, align="lllr") if rows else Markup("None was found."),
        more if len(every) > _FLAKY else Markup(""),
        _chances(searched),
    )


def _flaky_row(one: Flaky) -> tuple[object, ...]:
    state, word = (State.REFUTED, "certain") if one.certain else (State.INCONCLUSIVE, "probable")
    label = f"{one.failures} of {one.attempts} attempts failed, the last {one.since} runs ago"
    rate = fill("**{}**<br><small>{} to {}</small>", percent(one.rate), percent(one.low), percent(one.high))
    name = fill("{}<br><small>{}: {}</small>", code(one.test), one.suite, one.reason)
    return state_mark(state, word=word), name, strip(one.outcomes, label=label), rate


def _chances(searched: Sequence[Searched]) -> Markup:
    """Return how likely a flaky test of each suite would have been missed."""
    rows = [
        (code(one.suite), f"{one.runs:,}", f"{one.set_aside:,}", f"{one.mended:,}", percent(one.missing))
        for one in searched[:_ROWS]
    ]
    heads = ("Suite", "Runs looked at", "Set aside", "Broke and were mended", "Chance of missing one")
    return paragraphs(
        table(heads, rows, align="lrrrr"),
        fill(
            "The chance is that of missing a test that fails {} of the time. A run in which much failed at once is "
            "set aside. A test that fails in one stretch and then no more counts as broken and mended.",
            percent(RATE),
        ),
    )


def quarantine(entries: Sequence[Held]) -> Markup:
    """Return what is in quarantine: why, who mends it, and until when; empty when nothing is.

    Args:
        entries: As they are declared.
    """
    if not entries:
        return Markup("")
    rows = [
        (
            state_mark(State.REFUTED, word="over") if one.over else state_mark(State.OPEN, word="excused"),
            fill("{}<br><small>{}</small>", code(one.test), one.where),
            fill("{}{}", one.reason, f" ({one.issue})" if one.issue else ""),
            one.owner,
            one.until,
        )
        for one in entries
    ]
    return paragraphs(
        Markup("## In quarantine"),
        table(("State", "Test", "Why", "Owner", "Until"), rows, align="llllr"),
        Markup("They run, are recorded, and never count as passed. After its last day an entry refutes its suite."),
    )
