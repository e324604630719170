"""Every required suite ran on this very commit and holds."""

from __future__ import annotations

from overt.model import State
from overt.review.records import Context, Example, Outcome, ReviewRule
from overt.system.git import git


def _tree(context: Context) -> str:
    found = git(context.root, "rev-parse", "--verify", "--quiet", f"{context.changes.span.head}^{{tree}}")
    return (found or b"").decode().strip()


def prove(context: Context) -> Outcome:
    """Judge, from the ledger alone, the runs that were made on the reviewed tree."""
    from overt.campaign import load
    from overt.evidence.freshness import planned_in
    from overt.evidence.ledger import open_ledger
    from overt.evidence.quarantine import read_quarantine
    from overt.evidence.summary import summarise
    from overt.system.clock import SystemClock

    if context.changes.span.dirty:
        return Outcome(State.UNCHECKED, "the work tree has changes that no commit holds; commit, then validate")
    campaign = load(context.root).campaign
    required = {name: suite for name, suite in campaign.suites.items() if suite.required}
    if not required:
        return Outcome(State.UNCHECKED, "the campaign requires no suite")
    tree, ledger = _tree(context), open_ledger(context.root)
    quarantine = read_quarantine(context.root, campaign, SystemClock().now_ns())
    absent: list[str] = []
    failed: list[str] = []
    held: list[str] = []
    for name, suite in required.items():
        runs = (run for run in ledger.runs if run.manifest.subject.tree == tree and not run.manifest.subject.dirty)
        run = next((run for run in runs if planned_in(run.manifest.plan.suites, name)), None)
        planned = planned_in(run.manifest.plan.suites, name) if run else None
        if run is None or planned is None:
            absent.append(name)
            continue
        verdict = summarise(run, planned, suite=suite, quarantine=quarantine).verdict
        (held if verdict.holds else failed).append(f"{name} ({verdict.reason})")
    if failed:
        return Outcome(State.REFUTED, f"{len(failed)} suites do not hold: {'; '.join(failed[:5])}")
    if absent:
        told = f"no evidence of this commit for {', '.join(absent[:5])}; run: overt validate"
        return Outcome(State.UNCHECKED, told)
    return Outcome(State.PROVED, f"{len(held)} required suites ran on this commit and hold", command="overt validate")


RULE = ReviewRule(
    id="evidence-is-fresh",
    title="Every required suite ran on this commit and holds",
    why="Results of another commit say nothing about this one.",
    prove=prove,
    remedy="mend what failed, commit, and run `overt validate` on a clean work tree",
    see="docs/explanation/guidelines.md#trust-evidence-of-this-commit-only",
    # What proves and refutes it is a run in the ledger, which a difference alone cannot hold; the tests make runs.
    examples=(Example("nothing was validated", {"a.py": "x = 1\n"}, State.UNCHECKED),),
)
