"""What is being measured."""

from __future__ import annotations

from pathlib import Path

from overt.evidence.manifest import Subject
from overt.system.git import git_state


def read_subject(root: Path, project_name: str) -> Subject:
    """Return project, commit and dirtiness of the work tree that a folder is in.

    Args:
        root: Folder of the project.
        project_name: Its name; the folder's name when empty.
    """
    state = git_state(root)
    return Subject(
        project=project_name or root.resolve().name,
        commit=state.commit,
        tree=state.tree,
        branch=state.branch,
        dirty=state.dirty,
        diff_sha256=state.diff_sha256,
    )
