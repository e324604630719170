"""What the ledger holds of exactly the commit under review."""

from __future__ import annotations

from collections.abc import Iterable

from overt.evidence.records import AnyRecord, CommandRun
from overt.model import Location, State, Verdict
from overt.review.context import Context
from overt.review.records import Outcome
from overt.review.said import counted


def recorded(context: Context, names: Iterable[str]) -> dict[str, Verdict | None]:
    """Return how suites went on the reviewed commit, judged anew; None for one that was not run on it.

    Args:
        context: What is reviewed.
        names: Names of suites.
    """
    from overt.evidence.freshness import planned_in
    from overt.evidence.quarantine import read_quarantine
    from overt.evidence.summary import summarise
    from overt.system.clock import SystemClock

    wanted = list(names)
    quarantine = read_quarantine(context.root, context.campaign, SystemClock().now_ns())
    found: dict[str, Verdict | None] = {}
    for name in wanted:
        planned = ((run, planned_in(run.manifest.plan.suites, name)) for run in context.runs)
        run, plan = next(((run, plan) for run, plan in planned if plan), (None, None))
        suite = context.campaign.suites.get(name)
        known = run is not None and plan is not None
        found[name] = summarise(run, plan, suite=suite, quarantine=quarantine).verdict if known else None  # type: ignore[arg-type]  # known says that both are there
    return found


def hold(context: Context, names: Iterable[str], places: tuple[Location, ...] = ()) -> Outcome:
    """Say whether suites ran on the reviewed commit and hold.

    Args:
        context: What is reviewed.
        names: Names of suites, at least one.
        places: What changed.
    """
    wanted = sorted(names)
    if context.changes.span.dirty:
        return Outcome(State.UNCHECKED, "the work tree has changes that no commit holds; commit, then validate", places)
    found = recorded(context, wanted)
    failed = [f"{name} ({verdict.reason})" for name, verdict in found.items() if verdict and not verdict.holds]
    if failed:
        return Outcome(
            State.REFUTED,
            f"{counted(len(failed), 'suite does', 'suites do')} not hold: {'; '.join(failed[:5])}",
            places,
        )
    absent = [name for name, verdict in found.items() if verdict is None]
    if absent:
        told = f"no evidence of this commit for {', '.join(absent[:5])}; run: {_command(absent)}"
        return Outcome(State.UNCHECKED, told, places)
    told = f"{counted(len(wanted), 'suite')} ran on this commit and held: {', '.join(wanted[:5])}"
    return Outcome(State.PROVED, told, command=_command(wanted))


def _command(suites: list[str]) -> str:
    return " ".join(["overt validate", *(f"--suite {name}" for name in suites[:5])])


def ended(suite: str, exit_code: int) -> tuple[AnyRecord, ...]:
    """Return what a suite of kind `command` leaves in the ledger, for examples.

    Args:
        suite: Its name.
        exit_code: How its program ended.
    """
    return (CommandRun(id=f"command:{suite}", suite=suite, argv=(suite,), exit_code=exit_code),)
