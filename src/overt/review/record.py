"""The run in which a review is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from overt.evidence.begin import begin_run
from overt.evidence.history_file import remember
from overt.evidence.manifest import Inputs, Plan, PlannedSuite
from overt.evidence.reader import open_run
from overt.evidence.records import ReviewItem, SuiteRun
from overt.review.changes import Changes
from overt.review.checklist import Checklist
from overt.review.escape import one_line
from overt.system.clock import Clock

SUITE = "review"
"""Name of the suite that reviews are recorded under."""


def record_review(
    root: Path, project: str, changes: Changes, checklist: Checklist, *, environment: Mapping[str, str], clock: Clock
) -> str:
    """Leave what applied in the ledger, so that it can be told how often each item refuted something.

    Args:
        root: The project.
        project: Its name.
        changes: The difference that was reviewed.
        checklist: What the review came to.
        environment: The caller's, for what must be kept out of the ledger.
        clock: The time.

    Returns:
        Name of the run.
    """
    inputs = Inputs(patterns=(changes.span.shown,), files=len(changes.files), sha256=changes.sha256)
    suite = PlannedSuite(name=SUITE, suite_kind=SUITE, required=False, inputs=inputs)
    with begin_run(root, project, Plan(suites=(suite,)), environment=environment, clock=clock) as writer:
        for item in checklist.items:
            if item.state is None:
                continue
            state = "unchecked" if item.group == "unchecked" else item.state.value
            writer.add(
                ReviewItem(
                    id=f"review:{SUITE}:{item.id}",
                    suite=SUITE,
                    item=item.id,
                    state=state,
                    reason=one_line(item.reason),
                    base=changes.span.base,
                    head="" if changes.span.dirty else changes.span.head,
                )
            )
        writer.add(SuiteRun(id=f"suite:{SUITE}", suite=SUITE, status="completed", start_ns=clock.now_ns()))
    with suppress(OSError):  # what cannot be added now is added by `overt evidence history`
        remember(root, [open_run(writer.folder)])
    return writer.run
