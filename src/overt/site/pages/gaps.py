"""What was not checked: found in every room, each with its reason and what would mend it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from overt.evidence.records import ReviewItem, Scan, TestCase
from overt.model import State
from overt.site.inputs import SiteInputs, SuiteView
from overt.site.pages import controls, flag_states, leaks, speed
from overt.site.paths import (
    CLAIMS,
    CONTROLS,
    DOCUMENTS,
    LEAKS,
    REVIEW,
    RUNBOOKS,
    SPEED,
    TRAINING,
    claim_anchor,
    evidence_page,
)
from overt.system.units import count

OPEN = frozenset({State.UNCHECKED, State.STALE, State.INCONCLUSIVE, State.CONFLICT, State.OPEN})
"""States that decide nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something that no evidence decides.

    Args:
        sort: The heading it stands under.
        state: Why nothing is decided, in one word.
        what: What it is.
        reason: Why, in a sentence without its period.
        remedy: What would mend it; a command in backticks.
        page: Path of the page that tells more; empty when there is none.
        number: How many things it stands for.
    """

    sort: str
    state: State
    what: str
    reason: str
    remedy: str
    page: str = ""
    number: int = 1


def gaps(inputs: SiteInputs) -> list[Gap]:
    """Return everything that was not checked, in the order of the rooms it was found in.

    Args:
        inputs: What the site is made from.
    """
    rooms: tuple[Callable[[SiteInputs], Iterable[Gap]], ...] = (
        _suites,
        _skipped,
        _quarantined,
        _unreadable,
        _claims,
        _measured,
        _gates,
        _documents,
        _rehearsed,
        _waiting,
        _damaged,
    )
    return [gap for room in rooms for gap in room(inputs)]


def _views(inputs: SiteInputs) -> tuple[SuiteView, ...]:
    return (*inputs.suites, *flag_states.ran(inputs))


def _suites(inputs: SiteInputs) -> Iterator[Gap]:
    for view in (*inputs.suites, *inputs.flag_states):
        summary = view.summary
        if summary.verdict.state in OPEN:
            yield Gap(
                sort="Suites",
                state=summary.verdict.state,
                what=summary.title,
                reason=summary.verdict.reason,
                remedy=f"`overt validate --suite {view.name.partition('@')[0]}`",
                page=evidence_page(view.name) if summary.run else "",
            )
        elif summary.counts.missing:
            yield Gap(
                sort="Suites",
                state=State.UNCHECKED,
                what=summary.title,
                reason=f"{summary.counts.missing:,} of {count(summary.counts.planned, 'planned test')} have no result",
                remedy=f"`overt validate --suite {view.name.partition('@')[0]}`",
                page=evidence_page(view.name),
                number=summary.counts.missing,
            )


def _skipped(inputs: SiteInputs) -> Iterator[Gap]:
    for view in _views(inputs):
        skipped = [test.message or "no reason given" for test in view.of(TestCase) if test.outcome == "skipped"]
        for reason, number in sorted(Counter(skipped).items(), key=lambda item: (-item[1], item[0])):
            yield Gap(
                sort="Skipped tests",
                state=State.UNCHECKED,
                what=f"{view.summary.title}: {count(number, 'test')}",
                reason=reason,
                remedy="run them where what they need is there, or take them out",
                page=evidence_page(view.name),
                number=number,
            )


def _quarantined(inputs: SiteInputs) -> Iterator[Gap]:
    for held in inputs.quarantine.entries:
        over = "; that day is past" if held.over else ""
        yield Gap(
            sort="Tests in quarantine",
            state=State.STALE if held.over else State.UNCHECKED,
            what=held.test,
            reason=f"{held.reason}: a failure of it refutes nothing until {held.until}{over}",
            remedy=f"{held.owner} mends it{f', see {held.issue}' if held.issue else ''}",
        )


def _unreadable(inputs: SiteInputs) -> Iterator[Gap]:
    for view in inputs.suites:
        for path in sorted({path for scan in view.of(Scan) for path in scan.unreadable}):
            yield Gap(
                sort="Files that could not be read",
                state=State.UNCHECKED,
                what=path,
                reason=f"{view.summary.title} could not read or parse it",
                remedy="mend it, or leave it out in `overt.toml`",
                page=evidence_page(view.name),
            )


def _claims(inputs: SiteInputs) -> Iterator[Gap]:
    for name, (claim, verdict) in inputs.claims.items():
        if verdict.state in OPEN:
            yield Gap(
                sort="Claims",
                state=verdict.state,
                what=claim.text or name,
                reason=verdict.reason,
                remedy="run the suites that it rests on",
                page=claim_anchor(name) if name else CLAIMS,
            )


def _measured(inputs: SiteInputs) -> Iterator[Gap]:
    for one in speed.found(inputs):
        state = speed.STATES[one.verdict]
        if state in OPEN:
            yield Gap(
                sort="Benchmarks and leak checks",
                state=state,
                what=one.name,
                reason=one.reason or f"the interval of its ratio decides nothing: {speed.interval(one.ratio)}",
                remedy="measure more rounds, on a quieter machine",
                page=SPEED,
            )
    for check in leaks.found(inputs):
        state = leaks.STATES[check.growth.verdict]
        if state in OPEN:
            yield Gap(
                sort="Benchmarks and leak checks",
                state=state,
                what=check.name,
                reason="the interval of its slope decides nothing",
                remedy="measure more points",
                page=LEAKS,
            )


def _gates(inputs: SiteInputs) -> Iterator[Gap]:
    for gate in inputs.rooms.gates:
        state, reason = controls.gate_state(gate, inputs)
        if state in OPEN:
            remedy = f"`overt validate --controls --suite {gate.name.partition('.')[0]}`"
            yield Gap(sort="Gates", state=state, what=gate.name, reason=reason, remedy=remedy, page=CONTROLS)


def _documents(inputs: SiteInputs) -> Iterator[Gap]:
    if inputs.trust is None:
        return
    for one in inputs.trust.documents:
        open_, unbacked = one.tally.unchecked + one.tally.stale, one.tally.unbacked
        said = [f"{open_:,} of what it names could not be decided"] if open_ else []
        said += [f"{count(unbacked, 'assertion')} without evidence"] if unbacked else []
        if said:
            yield Gap(
                sort="Documents",
                state=State.UNCHECKED,
                what=one.path,
                reason=" and ".join(said),
                remedy=f"`overt audit {one.path}`",
                page=DOCUMENTS,
                number=open_ + unbacked,
            )
    for problem in inputs.trust.skipped:
        yield Gap(sort="Documents", state=State.UNCHECKED, what=str(problem), reason="passed over", remedy=problem.hint)


def _rehearsed(inputs: SiteInputs) -> Iterator[Gap]:
    for view in inputs.rooms.runbooks:
        if view.verdict.state in OPEN:
            yield Gap(
                sort="Runbooks and exercises",
                state=view.verdict.state,
                what=view.runbook.title,
                reason=view.verdict.reason,
                remedy=f"`overt rehearse {view.runbook.path}`",
                page=RUNBOOKS,
            )
    for lesson in inputs.rooms.lessons:
        if lesson.verdict.state in OPEN:
            yield Gap(
                sort="Runbooks and exercises",
                state=lesson.verdict.state,
                what=lesson.item.title,
                reason=lesson.verdict.reason,
                remedy=f"`overt train dev check {lesson.item.name}`",
                page=TRAINING,
            )


def _waiting(inputs: SiteInputs) -> Iterator[Gap]:
    review = inputs.rooms.review
    newest = review.newest.items if review.newest and review.current else ()
    for item in (*newest, *(item for view in inputs.suites for item in view.of(ReviewItem))):
        state = State(item.state) if item.state in set(State) else State.UNCHECKED
        if state in OPEN:
            yield Gap(
                sort="Review",
                state=state,
                what=item.item,
                reason=item.reason or "nobody has answered it",
                remedy="`overt review`",
                page=REVIEW,
            )


def _damaged(inputs: SiteInputs) -> Iterator[Gap]:
    for problem in (*inputs.damage, *inputs.history.damage):
        yield Gap(
            sort="Evidence that is damaged",
            state=State.CONFLICT,
            what=str(problem.where or "the ledger"),
            reason=problem.message,
            remedy="`overt evidence verify`, then run the suite again",
        )
