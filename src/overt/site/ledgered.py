"""What the ledger says about one thing that is not a suite."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from overt.evidence.facts import Facts
from overt.evidence.ledger import Ledger
from overt.evidence.reader import Run
from overt.evidence.records import AnyRecord
from overt.model import State, Verdict


def verdict_of(name: str, facts: Facts, *, never: str) -> Verdict:
    """Return what a fact that is a flag says, as a verdict.

    Args:
        name: Name of the fact, for example `rehearsals.restore.proved`.
        facts: What was measured.
        never: Reason to give when it was not measured.
    """
    fact = facts.get(name)
    if fact.value is None:
        return Verdict(State.UNCHECKED, never, fact.evidence)
    if fact.state is not State.PROVED:
        return Verdict(fact.state, fact.reason, fact.evidence)
    return Verdict(State.PROVED if fact.value else State.REFUTED, "", fact.evidence)


def recorded(ledger: Ledger, evidence: Sequence[str]) -> Iterator[tuple[Run, AnyRecord]]:
    """Yield the records that references name, each with its run.

    Args:
        ledger: Where they are.
        evidence: References as `RUN/RECORD-ID`.
    """
    runs = {run.name: run for run in ledger.runs}
    for reference in evidence:
        name, _, record_id = reference.partition("/")
        if name in runs:
            yield from ((runs[name], record) for record in runs[name].records if record.id == record_id)
