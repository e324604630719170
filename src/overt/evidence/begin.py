"""The one way to begin a run of a project."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from overt.evidence.host import read_host
from overt.evidence.ledger import STORE
from overt.evidence.manifest import Plan
from overt.evidence.redact import Redactor
from overt.evidence.subject import read_subject
from overt.evidence.writer import RunWriter
from overt.system.clock import Clock


def begin_run(
    root: Path,
    project: str,
    plan: Plan,
    *,
    environment: Mapping[str, str],
    clock: Clock,
    secrets: Mapping[str, str] | None = None,
) -> RunWriter:
    """Begin a run in the ledger of a project; its plan is on disk when this returns.

    Args:
        root: Folder of the project.
        project: Its name.
        plan: What is going to be measured.
        environment: The user's, which tells whether this is a service or a person's machine.
        clock: Where the time comes from.
        secrets: Variables whose values are kept out of the ledger when they look secret; the environment when None.
    """
    return RunWriter.start(
        root / STORE,
        plan=plan,
        subject=read_subject(root, project, environment),
        host=read_host(environment),
        clock=clock,
        redactor=Redactor(environment if secrets is None else secrets, root),
    )
