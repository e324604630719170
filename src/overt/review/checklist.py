"""From a difference to a checklist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from overt.model import Exit, OvertError, State, exit_for
from overt.review.changes import Changes
from overt.review.context import Context, MayRun
from overt.review.records import Item, Outcome, Proof, ReviewRule


@dataclass(frozen=True, slots=True)
class Checklist:
    """What a review came to.

    Args:
        span: What was reviewed, as people write it.
        files: How many files differ.
        added: Lines added, binary files left out.
        deleted: Lines taken away, binary files left out.
        items: One for each rule.
    """

    span: str
    files: int
    added: int
    deleted: int
    items: tuple[Item, ...]

    @property
    def exit(self) -> Exit:
        """The exit status: nothing to review proves nothing, and a question to a person does not fail."""
        states = [State.UNCHECKED if item.group == "unchecked" else item.state for item in self.items if item.state]
        return exit_for(states)


def _outcome(rule: ReviewRule, context: Context) -> Outcome:
    try:
        return rule.prove(context)
    except OvertError as error:
        return Outcome(State.UNCHECKED, f"could not run: {error.message}")


def _item(rule: ReviewRule, context: Context) -> Item:
    outcome, changes = _outcome(rule, context), context.changes
    proof = None
    if outcome.state is State.PROVED and outcome.command:
        commit = "work tree" if changes.span.dirty else changes.span.head
        proof = Proof(outcome.command, 0, commit, changes.sha256)
    # The guideline is linked where the project has the page.
    see = rule.see if changes.under(rule.see.partition("#")[0]) else ""
    return Item(rule.id, rule.title, outcome.state, outcome.reason, outcome.places, see, proof)


def review(
    root: Path,
    changes: Changes,
    rules: Sequence[ReviewRule],
    *,
    may_run: MayRun = "nothing",
    environment: Mapping[str, str] | None = None,
) -> Checklist:
    """Hold a difference against the rules.

    Args:
        root: The project.
        changes: The difference.
        rules: The rules, in the order of the checklist.
        may_run: What provers may run.
        environment: The caller's, for what they run.
    """
    context = Context(root, changes, may_run, environment or {})
    items = tuple(_item(rule, context) for rule in rules) if changes.files else ()
    return Checklist(
        span=changes.span.shown,
        files=len(changes.files),
        added=sum(file.added or 0 for file in changes.files),
        deleted=sum(file.deleted or 0 for file in changes.files),
        items=items,
    )
