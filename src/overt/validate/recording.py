"""How the recorder gets into a project's own pytest."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

PLUGIN = ("-p", "overt_recorder", "-p", "overt_limits")
"""The arguments that load the recorder, and what tells it of tests that outlast their limits."""


def recorder_folder() -> Path:
    """Return the folder that holds the recorder, what it imports, and nothing else that Python could import."""
    return Path(str(files("overt.validate") / "recorder"))


def recorder_environment(
    environment: Mapping[str, str],
    journal: Path,
    *,
    shard: str = "",
    skip: str = "",
    weights: Path | None = None,
) -> dict[str, str]:
    """Return an environment in which pytest records to a file.

    Args:
        environment: The environment it would have otherwise.
        journal: File to write; made by the recorder.
        shard: Shard to run, as `2/3`; empty for every test.
        skip: Marker whose tests are skipped; empty for none.
        weights: File that tells what the tests of a shard are dealt out by; every test weighs the same without it.

    Example:
        >>> sorted(recorder_environment({}, Path("/tmp/journal")))
        ['OVERT_RECORD', 'PYTHONPATH']
    """
    search = [str(recorder_folder()), *filter(None, [environment.get("PYTHONPATH", "")])]
    made = {**environment, "PYTHONPATH": os.pathsep.join(search), "OVERT_RECORD": str(journal)}
    if shard:
        made["OVERT_RECORD_SHARD"] = shard
    if shard and weights:
        made["OVERT_RECORD_WEIGHTS"] = str(weights)
    if skip:
        made["OVERT_RECORD_SKIP"] = skip
    return made
