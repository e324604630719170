"""From a difference to a checklist."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Literal

from overt.model import Exit, OvertError, State
from overt.review.context import Context
from overt.review.covered import covered_digest
from overt.review.records import Item, Outcome, Proof, ReviewRule

Fails = Literal["open", "unchecked", "refuted", "never"]


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
        return self.exit_when("unchecked")

    def exit_when(self, fails: Fails, tolerated: AbstractSet[str] = frozenset()) -> Exit:
        """Return the exit status when no more than some of the groups are to fail.

        Args:
            fails: `open`: what no person has answered, too; `unchecked`: what could not run; `refuted`: only what does
                not hold; `never`: nothing.
            tolerated: Ids of items that may be refuted all the same.
        """
        groups = {item.group for item in self.items if item.group != "refuted" or item.id not in tolerated}
        if fails == "never":
            return Exit.PROVED
        if "refuted" in groups:
            return Exit.REFUTED
        waiting = any(item.group == "open" and not item.ticked for item in self.items)
        if fails == "refuted":
            return Exit.PROVED
        unproved = groups <= {"not-applicable"} or "unchecked" in groups or (fails == "open" and waiting)
        return Exit.UNCHECKED if unproved else Exit.PROVED


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
    digest = covered_digest(changes, rule.id, outcome) if outcome.state is State.OPEN else ""
    item = Item(rule.id, rule.title, outcome.state, outcome.reason, outcome.places, see, proof, digest)
    return replace(item, remedy=rule.remedy) if item.group == "refuted" else item


def review(context: Context, rules: Sequence[ReviewRule]) -> Checklist:
    """Hold a difference against rules.

    Args:
        context: The difference, and what provers may look at.
        rules: The rules, in the order of the checklist.
    """
    changes = context.changes
    items = tuple(_item(rule, context) for rule in rules) if changes.files else ()
    return Checklist(
        span=changes.span.shown,
        files=len(changes.files),
        added=sum(file.added or 0 for file in changes.files),
        deleted=sum(file.deleted or 0 for file in changes.files),
        items=items,
    )
