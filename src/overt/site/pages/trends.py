"""Trends: what is remembered of all runs, as curves with their figures beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import median
from types import MappingProxyType

from overt.campaign.flag_states import state_of
from overt.evidence.flaky import find_flaky
from overt.evidence.history import Entry
from overt.model import State
from overt.site.inputs import SiteInputs
from overt.site.marks import state_mark
from overt.site.markup import Markup, code, fill, join, link, paragraphs, table
from overt.site.pages.common import URGENCY, front, lead, measured_on
from overt.site.pages.flakiness import flaky, quarantine
from overt.site.pages.lines import Curve, large, small
from overt.site.pages.speed import STATES
from overt.site.pages.status import headline
from overt.site.paths import HIDDEN_STATE, REPORT, TRENDS, relative
from overt.system.units import bytes_text, count, duration, moment

_ROWS = 10
"""Rows of one table; what is more is counted, so that the page stays small."""

_RECENT = 10
"""Runs whose median stands for how long a suite takes now."""

_DASH = Markup("&ndash;")
_VERDICTS: Mapping[str, State] = MappingProxyType({**STATES, "flat": State.PROVED, "leaks": State.REFUTED})
"""How verdicts of benchmarks and of checks for leaks are marked."""


def found(inputs: SiteInputs) -> bool:
    """Tell whether there is anything to show: two runs at least."""
    return len(inputs.history.seals) > 1


def trends(inputs: SiteInputs) -> Markup:
    """Return the page of trends."""
    entries, suites = inputs.history.entries, _ordered(inputs)
    state, text = headline(inputs)
    runs, branches = len(inputs.history.seals), {entry.branch for entry in entries if entry.branch}
    on = f" on {count(len(branches), 'branch', 'branches')}" if branches else ""
    return paragraphs(
        front("Trends", f"How tests, findings, speed and flakiness of {inputs.project} went over time.", search=False),
        Markup("# Trends"),
        lead(
            state,
            f"Now: {text[:1].lower()}{text[1:]}.",
            f"{count(runs, 'run')}{on}, from {moment(entries[0].created_ns)} to {moment(entries[-1].created_ns)}.",
            measured_on(TRENDS, inputs.suites),
        ),
        fill(
            "Figures are those of each run as it was; the {} says what holds now.",
            link("report", relative(TRENDS, REPORT)),
        ),
        _damage(inputs),
        _tests(entries, suites),
        _burn_down(entries, suites),
        _performance(suites),
        _leaks(suites),
        _durations(suites),
        flaky(find_flaky(inputs.history)),
        quarantine(inputs.quarantine.entries),
        Markup("## Method and limits"),
        Markup(
            "A curve has a point for each run; with many runs a point stands for several, and the figures beside it "
            "for the first and the last. Runs of all branches stand in one row, by time. Durations are those of "
            "whatever machine it was, and not paired: only the benchmarks say how much slower something got. What is "
            "remembered of a run names the seal of its manifest, and is kept when its folder is deleted."
        ),
    )


def _ordered(inputs: SiteInputs) -> dict[str, list[Entry]]:
    """Return what is remembered by suite: those of the campaign first, in its order."""
    suites = inputs.history.by_suite()
    first = [view.name for view in inputs.suites if view.name in suites]
    return {name: suites[name] for name in dict.fromkeys([*first, *suites])}


def _damage(inputs: SiteInputs) -> Markup:
    lines = [
        fill("- {} {}", state_mark(State.CONFLICT, word="passed over"), one) for one in inputs.history.damage[:_ROWS]
    ]
    return join(lines, "\n")


def carried(entries: Iterable[Entry], figure: Callable[[Entry], int | None]) -> list[int]:
    """Return a figure summed over all suites after each run; a suite that did not run keeps its last one.

    A suite in a state of feature flags is not added: the suite itself has counted those tests.

    Args:
        entries: What is remembered, the oldest first.
        figure: Gives the figure of one suite in one run; None when it says nothing about it.
    """
    known: dict[str, int] = {}
    total, seal, sums = 0, "", list[int]()
    for entry in entries:
        value = figure(entry)
        if value is None or state_of(entry.suite):
            continue
        total += value - known.get(entry.suite, 0)
        known[entry.suite] = value
        if entry.seal == seal:
            sums[-1] = total
        else:
            sums.append(total)
        seal = entry.seal
    return sums


def _ran(entry: Entry) -> int | None:
    return entry.count("total") or None


def _failed(entry: Entry) -> int | None:
    return entry.count("failed") + entry.count("errors") if entry.count("total") else None


def _chart(entries: Sequence[Entry], label: str, *curves: tuple[str, str, list[int]]) -> Markup:
    told = ", ".join(f"{name} {values[0]:,} at first and {values[-1]:,} now" for name, _, values in curves if values)
    return large(
        [Curve(name, tone, values, dashed=place > 0) for place, (name, tone, values) in enumerate(curves)],
        first=moment(entries[0].created_ns)[:10],
        last=moment(entries[-1].created_ns)[:10],
        label=f"{label}: {told}; the table below has the figures.",
    )


def _more(number: int, what: str) -> Markup:
    return fill("{} more in the history.", count(number - _ROWS, what)) if number > _ROWS else Markup("")


def _tests(entries: Sequence[Entry], suites: dict[str, list[Entry]]) -> Markup:
    tested = {name: [one for one in mine if one.count("total")] for name, mine in suites.items()}
    tested = {name: mine for name, mine in tested.items() if mine}
    if not tested:
        return Markup("")
    rows = [_tests_row(name, mine) for name, mine in list(tested.items())[:_ROWS]]
    ran, failed = carried(entries, _ran), carried(entries, _failed)
    return paragraphs(
        Markup("## Tests"),
        _chart(entries, "Tests over time", ("tests", "open", ran), ("failed", "refuted", failed)),
        table(("Now", "Suite", "Tests", "Now", "Failed", "Not proved"), rows, align="lllrrr"),
        _more(len(tested), "suite"),
    )


def _tests_row(name: str, entries: Sequence[Entry]) -> tuple[object, ...]:
    totals = [one.count("total") for one in entries]
    failed = entries[-1].count("failed") + entries[-1].count("errors")
    bad = sum(one.outcome != State.PROVED for one in entries)
    label = f"{name}: {totals[0]:,} tests at first, {totals[-1]:,} now, between {min(totals):,} and {max(totals):,}"
    shown = state_mark(State(entries[-1].outcome)) if entries[-1].outcome in frozenset(State) else _DASH
    return (
        shown,
        code(name),
        small(totals, label=label),
        f"{totals[-1]:,}",
        f"{failed:,}",
        fill("{}<br><small>of {}</small>", f"{bad:,}", count(len(entries), "run")),
    )


def _open(entry: Entry) -> int | None:
    return entry.standings.get("ratcheted", 0) + entry.standings.get("new", 0) if _looked(entry) else None


def _allowed(entry: Entry) -> int | None:
    return entry.standings.get("allowed", 0) if _looked(entry) else None


def _looked(entry: Entry) -> bool:
    return bool(entry.standings) or entry.suite_kind in {"hidden-state", "lint"}


def _burn_down(entries: Sequence[Entry], suites: dict[str, list[Entry]]) -> Markup:
    looked = {name: [one for one in mine if _looked(one)] for name, mine in suites.items()}
    looked = {name: mine for name, mine in looked.items() if mine}
    if not looked:
        return Markup("")
    rows = [_burn_row(name, mine) for name, mine in list(looked.items())[:_ROWS]]
    to_mend, allowed = carried(entries, _open), carried(entries, _allowed)
    return paragraphs(
        Markup("## Findings, held against the baseline"),
        _chart(entries, "Findings over time", ("to mend", "refuted", to_mend), ("allowed", "inconclusive", allowed)),
        table(("Suite", "To mend", "At first", "At most", "Now", "New", "Allowed"), rows, align="llrrrrr"),
        _more(len(looked), "suite"),
        fill(
            "To mend are those in the ratchet and new ones; {} names them.",
            link("Findings", relative(TRENDS, HIDDEN_STATE)),
        ),
    )


def _burn_row(name: str, entries: Sequence[Entry]) -> tuple[object, ...]:
    values, last = [_open(one) or 0 for one in entries], entries[-1].standings
    label = f"{name}: {values[0]:,} findings to mend at first, {max(values):,} at most, {values[-1]:,} now"
    figures = (values[0], max(values), values[-1], last.get("new", 0), last.get("allowed", 0))
    return code(name), small(values, label=label), *(f"{figure:,}" for figure in figures)


def _performance(suites: dict[str, list[Entry]]) -> Markup:
    measured: dict[str, list[Entry]] = {}
    for mine in suites.values():
        for entry in mine:
            for name in entry.benchmarks:
                measured.setdefault(name, []).append(entry)
    urgent = sorted(measured.items(), key=lambda item: (_urgency(item[1][-1].benchmarks[item[0]].verdict), item[0]))
    rows = [_performance_row(name, mine) for name, mine in urgent[:_ROWS]]
    if not rows:
        return Markup("")
    return paragraphs(
        Markup("## Performance"),
        Markup("Ratio of after to before, paired within each run; shaded is its interval. Below 1 is faster."),
        table(("Now", "Benchmark", "Ratio", "Now", "At first"), rows, align="lllrr"),
        _more(len(measured), "benchmark"),
    )


def _urgency(verdict: str) -> int:
    """Return the place of a verdict among what a reader wants to see first."""
    return URGENCY.index(_VERDICTS.get(verdict, State.UNCHECKED))


def _mark(verdict: str) -> Markup:
    """Return the mark of a verdict; words that are not known here are not shown."""
    known = _VERDICTS.get(verdict)
    return state_mark(known, word=verdict) if known else state_mark(State.UNCHECKED)


def _performance_row(name: str, entries: Sequence[Entry]) -> tuple[object, ...]:
    every = [one.benchmarks[name] for one in entries]
    told = [one for one in every if one.ratio]
    shown = _mark(every[-1].verdict)
    if not told:
        return shown, code(name), _DASH, _DASH, _DASH
    first, last = told[0], told[-1]
    curve = small(
        [one.ratio / 1e6 for one in told],
        low=[one.low / 1e6 for one in told],
        high=[one.high / 1e6 for one in told],
        label=f"{name}: ratio {first.ratio / 1e6:.3f} at first, {last.ratio / 1e6:.3f} now",
    )
    now = fill("**{}**<br><small>{} to {}</small>", *(f"{one / 1e6:.3f}" for one in (last.ratio, last.low, last.high)))
    return shown, code(name), curve, now, f"{first.ratio / 1e6:.3f}"


def _leaks(suites: dict[str, list[Entry]]) -> Markup:
    checked: dict[str, list[Entry]] = {}
    for mine in suites.values():
        for entry in mine:
            for name in entry.leaks:
                checked.setdefault(name, []).append(entry)
    rows = []
    urgent = sorted(checked.items(), key=lambda item: (_urgency(item[1][-1].leaks[item[0]].verdict), item[0]))
    for name, mine in urgent[:_ROWS]:
        every = [one.leaks[name] for one in mine]
        last = every[-1]
        label = f"{name}: {every[0].value:,} bytes an iteration at first, {last.value:,} now"
        curve = small([one.value for one in every], label=label)
        shown = _mark(last.verdict)
        interval = fill("<small>{} to {}</small>", _bytes(last.low), _bytes(last.high))
        rows.append((shown, code(name), curve, fill("**{}**<br>{}", _bytes(last.value), interval)))
    if not rows:
        return Markup("")
    heads = ("Now", "Check", "Left by an iteration", "Now")
    return paragraphs(Markup("## Leaks"), table(heads, rows, align="lllr"), _more(len(checked), "check"))


def _bytes(number: int) -> str:
    return bytes_text(number) if number >= 0 else f"-{bytes_text(-number)}"


def _durations(suites: dict[str, list[Entry]]) -> Markup:
    ended = {name: [one.duration_ns for one in mine if one.status == "completed"] for name, mine in suites.items()}
    ended = {name: taken for name, taken in ended.items() if any(taken)}
    rows = [_duration_row(name, taken) for name, taken in list(ended.items())[:_ROWS]]
    if not rows:
        return Markup("")
    return paragraphs(
        Markup("## Durations"),
        table(("Suite", "Time", f"Last {_RECENT} runs", "The runs before", "Change"), rows, align="llrrr"),
        _more(len(ended), "suite"),
        Markup("Medians, not paired: a hint where to look, no proof."),
    )


def _duration_row(name: str, taken: Sequence[int]) -> tuple[object, ...]:
    now = round(median(taken[-_RECENT:]))
    before = round(median(taken[-2 * _RECENT : -_RECENT])) if len(taken) > _RECENT else 0
    label = f"{name}: {duration(taken[0])} at first, {duration(taken[-1])} at last, {duration(max(taken))} at most"
    change = f"{100 * (now / before - 1):+.0f} %" if before else _DASH
    shown = duration(before) if before else _DASH
    return code(name), small(taken, label=label, pick=median), duration(now), shown, change
