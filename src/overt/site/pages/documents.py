"""The page of references: what documents name, and whether it exists."""

from __future__ import annotations

from collections import Counter

from overt.evidence.records import Reference
from overt.model import State, worst
from overt.site.inputs import SiteInputs
from overt.site.marks import state_mark
from overt.site.markup import Markup, code, paragraphs, table
from overt.site.pages.common import URGENCY, front, lead, tally
from overt.system.units import count

_ROWS = 200


def state_of(reference: Reference) -> State:
    """Return the state of a reference; a word that is no state is unchecked."""
    return State(reference.state) if reference.state in frozenset(State) else State.UNCHECKED


def documents(inputs: SiteInputs) -> Markup:
    """Return the page of references."""
    references = inputs.rooms.references
    states = [state_of(reference) for reference in references]
    by_sort = Counter((reference.sort, state_of(reference)) for reference in references)
    summary = [
        (sort, *(by_sort[sort, state] or "" for state in (State.PROVED, State.REFUTED, State.UNCHECKED)))
        for sort in sorted({reference.sort for reference in references})
    ]
    doubtful = sorted(
        (reference for reference in references if state_of(reference) is not State.PROVED),
        key=lambda reference: (URGENCY.index(state_of(reference)), reference.path, reference.line),
    )
    rows = [
        (state_mark(state_of(one)), code(one.text), code(f"{one.path}:{one.line}"), one.reason)
        for one in doubtful[:_ROWS]
    ]
    held = sum(state is State.PROVED for state in states)
    return paragraphs(
        front("References in documents", f"What documents of {inputs.project} name, and whether it exists."),
        Markup("# References in documents"),
        lead(
            worst(states),
            f"{held:,} of {count(len(states), 'reference')} exist.",
            "Commands, paths, symbols, options and links that documents name, as the audit last saw them.",
        ),
        tally(states),
        table(("What is named", "Proved", "Refuted", "Unchecked"), summary, align="lrrr"),
        paragraphs(Markup("## Not proved"), table(("State", "Text", "Where", "Reason"), rows)) if rows else Markup(""),
    )
