"""The workflows that the documentation hands out are held to what the checklist asks of workflows."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from overt.review.rules.workflow_is_safe import faults

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "review-in-ci.md"
GITHUB, COMMENT, GITLAB = (
    yaml.safe_load(text) for text in re.findall(r"^```yaml\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
)


def test_the_workflows_for_github_have_no_fault() -> None:
    """Pinned, with rights said, nothing of a stranger in a script."""
    assert (faults(GITHUB), faults(COMMENT)) == ([], [])


def test_the_job_that_reads_a_change_cannot_write() -> None:
    """Its token reads, the checkout keeps no credentials, and nothing of the change is run."""
    [job] = GITHUB["jobs"].values()
    assert set(job["permissions"].values()) == {"read"}
    checkout = next(step for step in job["steps"] if "checkout" in step.get("uses", ""))
    assert checkout["with"]["persist-credentials"] is False
    scripts = [step["run"] for step in job["steps"] if "overt review" in step.get("run", "")]
    assert len(scripts) == 2
    assert all("--no-run" in script for script in scripts)


def test_the_job_that_writes_checks_nothing_out() -> None:
    """It has a token, and therefore no code of the change."""
    [job] = COMMENT["jobs"].values()
    assert job["permissions"]["pull-requests"] == "write"
    assert not any("uses" in step for step in job["steps"])
    assert GITLAB["review-comment"]["variables"] == {"GIT_STRATEGY": "none"}
    assert "TOKEN" not in str(GITLAB["review"])
