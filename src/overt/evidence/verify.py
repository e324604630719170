"""A run held against its own digests, down to the single line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from overt.evidence.canonical import encode_line, merkle_root, tree_leaves
from overt.evidence.layout import BLOBS, MANIFEST, RECORDS, shown
from overt.evidence.reader import Run
from overt.evidence.records import AnyRecord, Collected, CommandRun, Performed, Rehearsal, TestCase
from overt.model import Location, Problem


@dataclass(frozen=True, slots=True)
class Verified:
    """What verifying a run came to.

    Args:
        run: Its name.
        sealed: Whether it was closed, so that there is something to hold it against.
        records: How many records it holds.
        files: How many files its manifest lists.
        damage: What is not as it was written.
        notes: What is worth saying and is no damage.
    """

    run: str
    sealed: bool
    records: int
    files: int
    damage: tuple[Problem, ...]
    notes: tuple[Problem, ...]

    @property
    def intact(self) -> bool:
        """Whether it is sealed and just as it was written."""
        return self.sealed and not self.damage


def verify(run: Run) -> Verified:
    """Return whether a run is what was written: files, seal, hash tree, order, and the blobs that records name."""
    damage = list(run.damage)
    sealed = run.manifest.state != "running"
    if sealed and not damage:
        damage += _tree_damage(run)
        damage += _blob_damage(run)
    return Verified(run.name, sealed, len(run.records), len(run.manifest.files), tuple(damage), run.notes)


def _tree_damage(run: Run) -> Iterable[Problem]:
    where = Location(shown(run.folder, MANIFEST))
    held = {
        name: (run.folder / name).read_bytes() for name in sorted(run.manifest.files) if name.startswith(f"{RECORDS}/")
    }
    leaves = chain.from_iterable(tree_leaves(data, run.manifest.format) for data in held.values())
    if merkle_root(leaves) != run.manifest.merkle_root:
        yield Problem("its hash tree is not that of its records", where)
    lines = chain.from_iterable(data.split(b"\n")[:-1] for data in held.values())
    if any(encode_line(record)[:-1] != line for record, line in zip(run.records, lines, strict=True)):
        yield Problem("its records are not in canonical form", where)
    for name, data in held.items():
        listed, found = run.manifest.files[name].records, data.count(b"\n")
        if listed != found:
            yield Problem(f"lists {listed} records of {name}, which holds {found}", where)


def _blob_damage(run: Run) -> Iterable[Problem]:
    for record in run.records:
        for digest in _blobs_of(record):
            if f"{BLOBS}/{digest}" not in run.manifest.files:
                message = f"record {record.id} names the blob {digest[:12]}…, which the run does not hold"
                yield Problem(message, Location(shown(run.folder, RECORDS)))


def _blobs_of(record: AnyRecord) -> Iterable[str]:
    named: tuple[str, ...] = ()
    match record:
        case CommandRun() | TestCase():
            named = (record.output_blob,)
        case Collected():
            named = (record.names_blob, record.whole_blob)
        case Rehearsal() | Performed():
            named = tuple(step.output_blob for step in record.steps)
    return (digest for digest in named if digest)
