"""Items that a project declares itself, in `overt.toml`."""

from __future__ import annotations

import shlex
from pathlib import Path

from overt.campaign.record_review import ReviewRuleTable
from overt.campaign.records import Campaign
from overt.model import Location, OvertError, State
from overt.review.context import Context
from overt.review.records import Outcome, Prove, ReviewRule
from overt.review.rules import IDS, all_rules
from overt.system.files import select
from overt.system.process import run_process
from overt.system.text import did_you_mean

_CANNOT_RUN = frozenset({126, 127})
"""How a shell ends when a program could not be started."""


def _touched(rule: ReviewRuleTable, context: Context) -> tuple[Location, ...]:
    names = dict.fromkeys(name for file in context.changes.files for name in (file.path, file.old_path) if name)
    return tuple(Location(name) for name in select(names, rule.paths))


def _command(rule: ReviewRuleTable, context: Context, places: tuple[Location, ...]) -> Outcome:
    shown = shlex.join(rule.command)
    # What is reviewed cannot name what is run: the side that it set out from must have named the same command.
    former = context.former.review.rules if context.former else ()
    if not any(one.id == rule.id and one.command == rule.command for one in former):
        told = f"the campaign that the change set out from does not name this command: {shown}"
        return Outcome(State.UNCHECKED, told, places)
    if context.may_run == "nothing":
        return Outcome(State.UNCHECKED, f"nothing may be run; by hand: {shown}", places)
    if not context.checked_out:
        return Outcome(State.UNCHECKED, "the reviewed commit does not lie in the folder; check it out", places)
    done = run_process(rule.command, cwd=Path(context.root), env=context.environment, timeout=rule.timeout)
    if done.ok:
        return Outcome(State.PROVED, f"{shown} ended with 0", command=shown)
    if done.exit_code is None or done.exit_code in _CANNOT_RUN or done.timed_out:
        why = "ran out of time" if done.timed_out else done.failure or "was ended from outside"
        return Outcome(State.UNCHECKED, f"{shown} {why}", places)
    last = done.output.decode("utf-8", "replace").strip().splitlines()[-1:]
    return Outcome(State.REFUTED, f"{shown} ended with {done.exit_code}: {' '.join(last)[:300]}", places, shown)


def _prover(rule: ReviewRuleTable) -> Prove:
    def prove(context: Context) -> Outcome:
        places = _touched(rule, context)
        if not places:
            return Outcome(None, f"nothing changed that fits {', '.join(rule.paths)}")
        return _command(rule, context, places) if rule.command else Outcome(State.OPEN, rule.question, places)

    return prove


def _rule(rule: ReviewRuleTable) -> ReviewRule:
    return ReviewRule(
        id=rule.id,
        title=rule.title,
        why=rule.why or "The project asks for it.",
        prove=_prover(rule),
        remedy=f"run it: {shlex.join(rule.command)}" if rule.command else "answer it",
        see=rule.see,
        examples=(),
        human=not rule.command,
        own=True,
    )


def project_rules(campaign: Campaign, former: Campaign | None = None) -> tuple[ReviewRule, ...]:
    """Return the items that a project is held to: those that come with overt, and its own behind them.

    Args:
        campaign: What the project says of itself.
        former: What it said where the change set out from; an item goes only when that, too, did without it.

    Raises:
        OvertError: An item is left out that there is not, or one of its own has a name that is taken.
    """
    left_out = set(campaign.review.leave_out)
    for name in sorted(left_out - set(IDS)):
        raise OvertError(f"review.leave-out: there is no review rule {name!r}", hint=did_you_mean(name, IDS))
    for rule in campaign.review.rules:
        if rule.id in IDS:
            raise OvertError(f"review.rules: {rule.id!r} is an item that comes with overt", hint="give it another id")
    if former is not None:
        left_out &= set(former.review.leave_out)
    kept = tuple(rule for rule in all_rules() if rule.id not in left_out)
    return kept + tuple(_rule(rule) for rule in campaign.review.rules)
