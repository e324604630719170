"""What a run says about itself before it starts and after it ends."""

from __future__ import annotations

from typing import Literal

import msgspec

FORMAT = 2
"""Version of the ledger's format; a reader refuses a newer one and knows the older ones."""


class Inputs(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a suite was measured on.

    Args:
        patterns: Globs relative to the repository root; `!` takes away.
        files: How many files they matched.
        sha256: Digest over names and bytes of those files.
    """

    patterns: tuple[str, ...]
    files: int
    sha256: str


class PlannedSuite(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A suite that is going to run.

    Args:
        name: Its name.
        suite_kind: `pytest`, `command`, `lint`, `hidden-state`, `import`, `rehearsal`, `training`, `audit`, `review`.
        required: Whether a claim about the whole run needs it.
        timeout_ns: Time limit, nanoseconds; 0 for none.
        at_least: Fewest tests it must run.
        at_most: Most new findings it may have.
        inputs: What it is measured on.
        settings_sha256: Digest of its settings in the campaign, so that a changed suite is stale.
        max_age_ns: Age at which its evidence goes stale, nanoseconds; 0 for never.
        flags: State of the feature flags that it is run in; empty when its tests choose.
    """

    name: str
    suite_kind: str
    inputs: Inputs
    required: bool = True
    timeout_ns: int = 0
    at_least: int = 0
    at_most: int = 0
    settings_sha256: str = ""
    max_age_ns: int = 0
    flags: str = ""


class Plan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is going to run; hashed before anything does.

    Args:
        suites: The suites.
        shard: The part of them that this run is, as `2/3`.
        split_sha256: Digest of what the work was dealt out by; parts that were dealt out differently make no whole.
    """

    suites: tuple[PlannedSuite, ...]
    shard: str = "1/1"
    split_sha256: str = ""


class Subject(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was measured: project, commit, tree, and how the work tree differed from it."""

    project: str
    commit: str = ""
    tree: str = ""
    branch: str = ""
    dirty: bool = False
    diff_sha256: str = ""


class Host(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where it was measured; an allow-list, never the whole environment."""

    system: str
    machine: str
    python: str
    implementation: str
    cores: int
    memory_bytes: int = 0
    ci: bool = False
    packages_sha256: str = ""
    overt: str = ""


class SealedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of the ledger, sealed: digest and size of its uncompressed bytes."""

    sha256: str
    bytes: int
    records: int = 0


class Manifest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The head of a run.

    Args:
        format: Version of the format.
        run: Name of the run; also its folder.
        state: `running` until it is closed; a killed run stays `running` and says so wherever it is shown.
        created_ns: Start, nanoseconds since 1970 UTC.
        closed_ns: End; 0 while running.
        plan_sha256: Digest of the planned suites, written before anything ran; the shards of one run share it.
        files: Every file of the run but this one; one that is not listed is an error.
        merkle_root: Root of the hash tree over all record files, once closed: over their blocks of 16,384 bytes; in
            format 1 over their lines.
        merged_from: Runs that were merged into this one.
        seal: Digest of this manifest in canonical form without the seal.
    """

    format: int
    run: str
    state: Literal["running", "closed", "interrupted"]
    created_ns: int
    subject: Subject
    host: Host
    plan: Plan
    plan_sha256: str
    closed_ns: int = 0
    files: dict[str, SealedFile] = {}
    merkle_root: str = ""
    merged_from: tuple[str, ...] = ()
    seal: str = ""
