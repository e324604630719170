"""Several parts of one run joined into one, keeping what contradicts."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from overt.evidence.canonical import encode, encode_line, sha256
from overt.evidence.judging import judge_parts
from overt.evidence.layout import BLOBS, MANIFEST, shard_file, shown
from overt.evidence.manifest import FORMAT, Manifest, Subject
from overt.evidence.reader import Run, open_run
from overt.evidence.records import AnyRecord, Collected, CommandRun, Scan, SuiteRun
from overt.evidence.sealing import sort_lines, write_sealed
from overt.evidence.shards import WHOLE, join_shards, missing_shards
from overt.evidence.writer import moment_name
from overt.model import Exit, Location, OvertError, Problem, Problems
from overt.system.atomic import write_atomic


@dataclass(frozen=True, slots=True)
class Merged:
    """What merging came to.

    Args:
        run: The merged run.
        conflicts: Records of one name that differ; all of them are kept.
        missing: Numbers of the shards that are not there.
    """

    run: Run
    conflicts: tuple[Problem, ...]
    missing: tuple[int, ...]


def merge_runs(runs: Sequence[Run], store: Path) -> Merged:
    """Join the shards of a run into a new run; merging the same ones again gives the same run.

    Records that are equal collapse; records of one name that differ are all kept and named as conflicts.

    Args:
        runs: The parts; at least one.
        store: Folder of all runs, where the new one is put.

    Raises:
        Problems: They measured different things, planned different things, are damaged, or were never closed.
    """
    _refuse_unfit(runs)
    distinct: dict[bytes, None] = {}
    for run in runs:
        distinct.update(dict.fromkeys(encode_line(_of_shard(record, run.manifest))[:-1] for record in run.records))
    lines = sort_lines(list(distinct))
    manifest = _head(runs, lines)
    merged = _write(runs, manifest, lines, store)
    return Merged(merged, tuple(_conflicts(merged)), missing_shards(manifest.plan.shard))


def _refuse_unfit(runs: Sequence[Run]) -> None:
    if not runs:
        raise OvertError("there is nothing to merge", hint="name two runs or more")
    first = runs[0].manifest
    problems: list[Problem] = []
    exit_with = Exit.UNCHECKED
    for run in runs:
        where = Location(shown(run.folder, MANIFEST))
        problems += run.damage
        if run.manifest.state == "running":
            problems.append(Problem("was never closed, so it cannot be told whether it is whole", where))
    if len({run.manifest.seal for run in runs}) > 1:
        whole = [run for run in runs if run.manifest.plan.shard == WHOLE and not run.manifest.merged_from]
        for run in whole:
            where = Location(shown(run.folder, MANIFEST))
            problems.append(Problem("is a whole run, not a part of one", where, "name the parts only"))
            exit_with = Exit.USAGE
    for run in runs[1:]:
        where = Location(shown(run.folder, MANIFEST))
        if _what(run.manifest.subject) != _what(first.subject):
            message = f"measured {_named(run.manifest.subject)}, not {_named(first.subject)} as {runs[0].name} did"
            problems.append(Problem(message, where, "merge runs of one commit"))
            exit_with = Exit.USAGE
        elif _dealt_by(run) != _dealt_by(runs[0]) and None not in {_dealt_by(run), _dealt_by(runs[0])}:
            hint = "run every part with the same `--durations` file, or commit one as validation/durations.json"
            message = f"was dealt out by other durations than {runs[0].name}, so tests may have run twice or not at all"
            problems.append(Problem(message, where, hint))
            exit_with = Exit.USAGE
        elif run.manifest.plan_sha256 != first.plan_sha256:
            hint = "only the shards of one plan are merged; runs of different suites can lie side by side in the ledger"
            problems.append(Problem(f"had another plan than {runs[0].name}", where, hint))
            exit_with = Exit.USAGE
    if problems:
        raise Problems(problems, exit=exit_with)


def _dealt_by(run: Run) -> str | None:
    """Return the digest of what a part was dealt out by; None for a run that was not split."""
    plan = run.manifest.plan
    return None if plan.shard == WHOLE and not run.manifest.merged_from else plan.split_sha256


def _what(subject: Subject) -> Subject:
    """Return the subject without the branch: machines of a CI service check out the same commit in different ways."""
    return msgspec.structs.replace(subject, branch="")


def _named(subject: Subject) -> str:
    return f"{subject.project} at {subject.commit[:12] or 'no commit'}{' with changes' if subject.dirty else ''}"


def _of_shard(record: AnyRecord, manifest: Manifest) -> AnyRecord:
    """Return a record that each shard has one of under a name of its own."""
    shard = manifest.plan.shard
    if manifest.merged_from or shard == WHOLE or not isinstance(record, (SuiteRun, Collected, CommandRun, Scan)):
        return record
    tag = shard.replace("/", "-of-")
    return record if record.id.endswith(tag) else msgspec.structs.replace(record, id=f"{record.id}:{tag}")


def _head(runs: Sequence[Run], lines: list[bytes]) -> Manifest:
    heads = [run.manifest for run in runs]
    # What a merged run takes over from its newest part must not depend on the order in which parts were joined.
    newest = max(heads, key=lambda head: (head.created_ns, encode(head.host), encode(head.subject)))
    names = {name for head in heads for name in head.merged_from or (head.run,)}
    shard = join_shards([head.plan.shard for head in heads])
    digest = sha256(b"\n".join([newest.plan_sha256.encode(), shard.encode(), *lines]))
    return msgspec.structs.replace(
        newest,
        format=FORMAT,
        run=f"{moment_name(newest.created_ns)}-merged-{digest[:12]}",
        state="closed" if all(head.state == "closed" for head in heads) else "interrupted",
        closed_ns=max(head.closed_ns for head in heads),
        plan=msgspec.structs.replace(newest.plan, shard=shard),
        merged_from=tuple(sorted(names)),
        files={},
        merkle_root="",
        seal="",
    )


def _write(runs: Sequence[Run], manifest: Manifest, lines: list[bytes], store: Path) -> Run:
    """Write the run beside its place and put it there in one step; when it is there already, leave it."""
    folder = store / manifest.run
    if folder.exists():
        return _existing(folder)
    fresh = store / f".{manifest.run}.{os.getpid()}.tmp"
    try:
        blobs = {name: data for run in runs for name, data in _blobs(run)}
        for name, data in blobs.items():
            write_atomic(fresh / BLOBS / name, data, durable=False)
        sizes = {name: len(data) for name, data in blobs.items()}
        write_sealed(fresh, manifest, {shard_file(manifest.plan.shard): lines}, sizes)
        fresh.rename(folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return open_run(folder)


def _blobs(run: Run) -> list[tuple[str, bytes]]:
    names = [name.removeprefix(f"{BLOBS}/") for name in run.manifest.files if name.startswith(f"{BLOBS}/")]
    return [(name, run.blob(name)) for name in names]


def _existing(folder: Path) -> Run:
    run = open_run(folder)
    if run.damage:
        raise Problems(run.damage, exit=Exit.UNCHECKED)
    return run


def _conflicts(run: Run) -> list[Problem]:
    where = Location(shown(run.folder, shard_file(run.manifest.plan.shard)))
    counted: dict[str, int] = {}
    for record in run.records:
        counted[record.id] = counted.get(record.id, 0) + 1
    found = [Problem(f"{number} records named {name} differ", where) for name, number in counted.items() if number > 1]
    by_suite: dict[str, list[Collected]] = {}
    for record in run.of(Collected):
        by_suite.setdefault(record.suite, []).append(record)
    doubts = ((name, doubt) for name, records in by_suite.items() for doubt in judge_parts(records))
    return found + [Problem(f"suite {name}: {doubt.reason}", where) for name, doubt in doubts]
