"""Claims judged over the facts there are."""

from __future__ import annotations

from collections.abc import Mapping

from overt.audit.evaluate import evaluate
from overt.audit.facts import FactsLike
from overt.audit.values import Value, told, unique
from overt.campaign.expression import ExpressionError, parse
from overt.campaign.loading import Loaded
from overt.model import Claim, OvertError, Problem, Problems, State, Verdict

JudgedClaims = Mapping[str, tuple[Claim, Verdict]]
"""Every declared claim by name, with what the evidence says about it."""

_LONGEST_REASON = 600


def judge(claim: Claim, facts: FactsLike) -> Verdict:
    """Return what the evidence says about a claim.

    Args:
        claim: A declared claim.
        facts: What was measured.

    Returns:
        `proved` or `refuted` with the figures seen; otherwise why it could not be decided.

    Raises:
        OvertError: Its expression cannot be read, or compares what cannot be compared.
    """
    try:
        return verdict_of(evaluate(parse(claim.expect), facts))
    except ExpressionError as error:
        raise OvertError(f"claim {claim.name!r}: {error.message}", where=claim.location, hint=error.hint) from None


def verdict_of(value: Value) -> Verdict:
    """Return a statement's value as a verdict with its reason in words."""
    state = value.state
    if state is State.PROVED and not value.reads:
        return Verdict(State.UNCHECKED, "it names no fact, so there is no evidence that could hold it")
    if state is State.PROVED:
        reason = "; ".join(unique(note.seen for note in value.notes))
    elif state is State.REFUTED:
        reason = "; ".join(unique(note.failure for note in value.notes))
    else:
        seen = unique(note.seen for note in value.notes)
        reason = "; ".join((*told(value.doubts), *([f"last seen: {', '.join(seen)}"] if seen else [])))
    cut = reason if len(reason) <= _LONGEST_REASON else f"{reason[: _LONGEST_REASON - 1]}…"
    return Verdict(state, cut, value.evidence)


def declared_claims(loaded: Loaded) -> dict[str, Claim]:
    """Return the claims of a campaign, each with the place where it is declared."""
    return {
        name: Claim(name, table.expect, table.text, loaded.where("claims", name, "expect"))
        for name, table in loaded.campaign.claims.items()
    }


def judge_all(loaded: Loaded, facts: FactsLike) -> dict[str, tuple[Claim, Verdict]]:
    """Return every declared claim with its verdict, in the order of the file.

    Raises:
        Problems: Expressions that cannot be read or judged, all at once.
    """
    judged: dict[str, tuple[Claim, Verdict]] = {}
    problems: list[Problem] = []
    for name, claim in declared_claims(loaded).items():
        try:
            judged[name] = (claim, judge(claim, facts))
        except OvertError as error:
            problems += error.problems
    if problems:
        raise Problems(problems)
    return judged
