"""What is being measured."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from overt.evidence.manifest import Subject
from overt.system.git import git_state

_BRANCHES = (
    *("GITHUB_HEAD_REF", "GITHUB_REF_NAME", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_COMMIT_REF_NAME"),
    *("BUILDKITE_BRANCH", "CIRCLE_BRANCH", "BITBUCKET_BRANCH", "BRANCH_NAME"),
)
"""Variables in which CI services tell the branch, since they check out a commit without one."""


def read_subject(root: Path, project_name: str, environment: Mapping[str, str] | None = None) -> Subject:
    """Return project, commit and dirtiness of the work tree that a folder is in.

    Args:
        root: Folder of the project.
        project_name: Its name; the folder's name when empty.
        environment: Where a CI service tells the branch of a commit that is checked out without one.
    """
    state = git_state(root)
    told = next((environment[name] for name in _BRANCHES if environment.get(name)), "") if environment else ""
    return Subject(
        project=project_name or root.resolve().name,
        commit=state.commit,
        tree=state.tree,
        branch=state.branch or (told if state.commit else ""),
        dirty=state.dirty,
        diff_sha256=state.diff_sha256,
    )
