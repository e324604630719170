"""The run in which the references of documents are recorded."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from overt.audit.audit import Inputs
from overt.audit.report import Report
from overt.evidence.begin import begin_run
from overt.evidence.inputs import measure_inputs
from overt.evidence.manifest import Plan, PlannedSuite
from overt.evidence.records import Reference, SuiteRun
from overt.system.clock import Clock

SUITE = "audit"
"""Name of the suite that audits are recorded under."""


def record_audit(inputs: Inputs, report: Report, *, environment: Mapping[str, str], clock: Clock) -> str:
    """Leave what the documents name in the ledger; it goes stale when a document or the code changes.

    Args:
        inputs: What was audited.
        report: What the audit found.
        environment: The caller's, for what must be kept out of the ledger.
        clock: Where the time comes from.

    Returns:
        Name of the run.
    """
    campaign = inputs.campaign
    patterns = sorted({*inputs.documents, *campaign.project.sources, "overt.toml"})
    suite = PlannedSuite(
        name=SUITE,
        suite_kind=SUITE,
        required=False,
        inputs=measure_inputs(inputs.root, inputs.files, patterns),
        at_least=1,
    )
    start_ns = clock.now_ns()
    plan = Plan(suites=(suite,))
    with begin_run(inputs.root, campaign.project.name, plan, environment=environment, clock=clock) as writer:
        for number, reference in zip(count(1), report.references, strict=False):
            writer.add(
                Reference(
                    id=f"reference:{SUITE}:{reference.location}:{number}",
                    suite=SUITE,
                    path=reference.location.path,
                    line=reference.location.line,
                    text=reference.text,
                    sort=reference.sort,
                    state=reference.verdict.state.value,
                    reason=reference.verdict.reason,
                )
            )
        unread = "; ".join(map(str, report.skipped))
        writer.add(
            SuiteRun(
                id=f"suite:{SUITE}",
                suite=SUITE,
                status="unable" if unread else "completed",
                reason=unread,
                start_ns=start_ns,
                duration_ns=max(clock.now_ns() - start_ns, 0),
            )
        )
    return writer.run
