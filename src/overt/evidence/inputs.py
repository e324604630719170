"""What a suite is measured on, and the digest of how it is measured."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from overt.campaign.records import HiddenState, Suite
from overt.evidence.canonical import encode, sha256
from overt.evidence.manifest import Inputs
from overt.system.files import digest_files, select


def measure_inputs(root: Path, files: Sequence[str], patterns: Sequence[str]) -> Inputs:
    """Return how many files match and the digest over their names and bytes.

    Args:
        root: Folder of the project.
        files: The project's files, relative to the root, POSIX.
        patterns: Globs; those that begin with `!` take away.
    """
    chosen = select(files, patterns)
    return Inputs(patterns=tuple(patterns), files=len(chosen), sha256=digest_files(root, chosen))


def settings_digest(suite: Suite, hidden_state: HiddenState | None = None) -> str:
    """Return the digest of the settings that decide what a suite measures.

    Title, time limit, `required`, `at-least`, `at-most` and `max-age-days` are left out: they are applied anew each
    time evidence is judged, so changing them asks for no new run.

    Args:
        suite: The suite.
        hidden_state: The linter's settings; they count for suites of kind `hidden-state` only.
    """
    settings: list[object] = [
        suite.kind,
        suite.args,
        suite.command,
        suite.format,
        suite.files,
        suite.paths,
        suite.env,
        suite.inputs,
    ]
    if suite.kind == "hidden-state":
        settings.append(hidden_state or HiddenState())
    return sha256(encode(settings))
