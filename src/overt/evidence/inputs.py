"""What a suite is measured on, and the digest of how it is measured."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from overt.campaign.records import Campaign, HiddenState, Suite
from overt.evidence.canonical import encode, sha256
from overt.evidence.manifest import Inputs, Plan
from overt.evidence.writer import RunWriter
from overt.system.files import digest_files, list_digests, select


def default_inputs(campaign: Campaign) -> tuple[str, ...]:
    """Return what a suite is measured on when it does not say: the sources, else everything but the built site."""
    return campaign.project.sources or ("**", f"!{campaign.site.output}")


def measure_inputs(root: Path, files: Sequence[str], patterns: Sequence[str]) -> Inputs:
    """Return how many files match and the digest over their names and bytes.

    Args:
        root: Folder of the project.
        files: The project's files, relative to the root, POSIX.
        patterns: Globs; those that begin with `!` take away.
    """
    chosen = select(files, patterns)
    return Inputs(patterns=tuple(patterns), files=len(chosen), sha256=digest_files(root, chosen))


def keep_lists(writer: RunWriter, plan: Plan, root: Path, files: Sequence[str]) -> None:
    """Keep the lists of inputs beside a run, so that it can be told later which file changed.

    A list is named by its digest, and that is the digest of the inputs in the plan. One that comes out otherwise, since
    a file changed meanwhile, is not kept; without a list it is only told that something changed.

    Args:
        writer: The run.
        plan: What it is going to run.
        root: Folder of the project.
        files: The project's files, relative to the root, POSIX.
    """
    for inputs in {suite.inputs.sha256: suite.inputs for suite in plan.suites}.values():
        listed = list_digests(root, select(files, inputs.patterns))
        if sha256(listed) == inputs.sha256:
            writer.blob(listed)


def changed_files(root: Path, files: Sequence[str], patterns: Sequence[str], then: bytes) -> tuple[str, ...]:
    """Return the names of what differs from a list of inputs, with `(new)` or `(gone)` behind where that is so.

    Args:
        root: Folder of the project.
        files: The project's files as they are now, relative to the root, POSIX.
        patterns: Globs of the inputs.
        then: The list as it was kept.
    """
    old, new = _by_name(then), _by_name(list_digests(root, select(files, patterns)))
    differing = (name for name in sorted(old.keys() | new.keys()) if old.get(name) != new.get(name))
    return tuple(
        name + ("" if name in old and name in new else " (gone)" if name in old else " (new)") for name in differing
    )


def _by_name(listed: bytes) -> dict[str, str]:
    pairs = (line.partition(" ") for line in listed.decode("utf-8", "replace").split("\n") if line)
    return {name: digest for digest, _, name in pairs}


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
    if suite.kind == "controls":
        settings.append(suite.gates)
    if suite.kind == "hidden-state":
        chosen = hidden_state or HiddenState()
        # What is left at its default is left out: a version of overt with one more setting asks for no new run.
        default = HiddenState()
        names = HiddenState.__struct_fields__
        settings += [(name, getattr(chosen, name)) for name in names if getattr(chosen, name) != getattr(default, name)]
    return sha256(encode(settings))
