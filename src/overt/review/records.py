"""What a review is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from overt.evidence.records import AnyRecord
from overt.model import Location, State
from overt.review.context import Context

Group = Literal["refuted", "open", "proved", "unchecked", "not-applicable"]

_GROUPS: dict[State, Group] = {
    State.REFUTED: "refuted",
    State.CONFLICT: "refuted",
    State.STALE: "refuted",
    State.OPEN: "open",
    State.PROVED: "proved",
    State.UNCHECKED: "unchecked",
    State.INCONCLUSIVE: "unchecked",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a prover says.

    Args:
        state: A state; None when the rule does not apply.
        reason: One sentence: what was seen, with its figures.
        places: Where, the first ones.
        command: What was run to see it, as one would type it.
    """

    state: State | None
    reason: str
    places: tuple[Location, ...] = ()
    command: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a tick rests on.

    Args:
        command: What was run.
        exit_code: How it ended.
        commit: The reviewed commit; `work tree` when it has changes on top.
        inputs_sha256: Digest of the difference that was looked at.
    """

    command: str
    exit_code: int
    commit: str
    inputs_sha256: str


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the checklist.

    Args:
        id: Id of the rule.
        title: What it demands.
        state: A state; None when it does not apply.
        reason: What was seen, or the question for a person.
        places: Where.
        see: Page that says why the item is there.
        proof: What a tick rests on; only proved items have one.
        digest: Of a question, digest of the lines that it is about.
        remedy: Of what does not hold, what to do.
        ticked: Of a question, whether a person has answered it for these very lines.
    """

    id: str
    title: str
    state: State | None
    reason: str
    places: tuple[Location, ...] = ()
    see: str = ""
    proof: Proof | None = None
    digest: str = ""
    remedy: str = ""
    ticked: bool = False

    @property
    def group(self) -> Group:
        """Where it stands in the checklist; a proof is needed to be among the proved."""
        if self.state is None:
            return "not-applicable"
        if self.state is State.PROVED and self.proof is None:
            return "unchecked"
        return _GROUPS[self.state]


@dataclass(frozen=True, slots=True)
class Example:
    """A difference, and what the rule says of it; tests build it and hold the rule to it.

    Args:
        name: What it shows, a few words.
        head: Files after the change; a file that is left out here and named in `base` is deleted.
        state: What the rule says; None when it does not apply.
        base: Files before the change.
        ran: What suites left in the ledger when they ran on the change, by their names.
    """

    name: str
    head: Mapping[str, str]
    state: State | None
    base: Mapping[str, str] = field(default_factory=dict)
    ran: Mapping[str, tuple[AnyRecord, ...]] = field(default_factory=dict)


Prove = Callable[[Context], Outcome]


@dataclass(frozen=True, slots=True)
class ReviewRule:
    """A rule, declared once: checklist item, page and `--explain` are made from it.

    Args:
        id: Stable id, for example `source-has-tests`.
        title: What it demands.
        why: Why it is there.
        prove: Says what a difference amounts to; for a question to a person it gives `open` or does not apply.
        remedy: What to do when it is refuted.
        see: Page of the guideline, relative to the root, with its anchor.
        examples: Differences that tick it, refute it, leave it unchecked or open.
        human: Whether a person answers it.
        own: Whether it is the project's own, out of `overt.toml`.
    """

    id: str
    title: str
    why: str
    prove: Prove
    remedy: str
    see: str
    examples: tuple[Example, ...]
    human: bool = False
    own: bool = False
