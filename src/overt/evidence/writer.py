"""A run being written: plan first, observations as they come, sealed at the end."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from io import FileIO
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import msgspec

from overt.evidence.canonical import encode, encode_lines, plan_digest, seal, sha256
from overt.evidence.layout import BLOBS, MANIFEST, RECORDS, check_run_name, shard_file
from overt.evidence.manifest import FORMAT, Host, Manifest, Plan, Subject
from overt.evidence.records import AnyRecord
from overt.evidence.redact import Redactor
from overt.evidence.scrub import BLOB_LIMIT, cut_bytes, scrub, scrub_all
from overt.evidence.sealing import close_run
from overt.model import OvertError
from overt.system.atomic import write_atomic
from overt.system.clock import Clock

_T = TypeVar("_T")

_LEFT_NS = 3_600_000_000_000
"""Age of a half-made folder, nanoseconds, from which on nobody makes it any more."""

_AT_ONCE = 4_096
"""Records that reach the operating system together when very many are known at once."""


def batched(items: Iterable[_T], size: int) -> Iterator[tuple[_T, ...]]:
    """Yield tuples of so many items, the last one shorter; `itertools.batched` of Python 3.12."""
    iterator = iter(items)
    while some := tuple(islice(iterator, size)):
        yield some


class RunWriter:
    """Writes one run; safe to use from several threads. Made by `RunWriter.start`.

    Args:
        folder: Folder of the run; it exists.
        manifest: What is on disk already.
        clock: Where the time comes from.
        redactor: Takes secrets out of everything before it is written.
    """

    def __init__(self, folder: Path, manifest: Manifest, *, clock: Clock, redactor: Redactor) -> None:
        self.folder = folder
        self.run = manifest.run
        self._manifest, self._clock, self._redactor = manifest, clock, redactor
        self._lock = threading.Lock()
        (folder / BLOBS).mkdir(exist_ok=True)
        (folder / RECORDS).mkdir(exist_ok=True)
        self._path = folder / shard_file(manifest.plan.shard)
        self._stream = self._path.open("ab", buffering=0)
        self._blobs: dict[str, int] = {}
        self._names: list[str] = []
        self._closed: Manifest | None = None

    @classmethod
    def start(
        cls,
        store: Path,
        *,
        plan: Plan,
        subject: Subject,
        host: Host,
        clock: Clock,
        redactor: Redactor,
        run: str | None = None,
    ) -> Self:
        """Begin a run; its manifest with the hashed plan is on disk when this returns.

        Args:
            store: Folder of all runs.
            plan: What is going to run.
            subject: What is measured.
            host: Where.
            clock: Where the time comes from.
            redactor: Takes secrets out.
            run: Name of the run; made of the time when not given.

        Raises:
            OvertError: The name is taken or cannot be a folder's name.
        """
        now = clock.now_ns()
        if run is not None:
            check_run_name(run)
        manifest = Manifest(
            format=FORMAT,
            run=run or moment_name(now),
            state="running",
            created_ns=now,
            subject=subject,
            host=host,
            plan=plan,
            plan_sha256=plan_digest(plan),
        )
        _remove_leftovers(store, now)
        manifest = _put(store, manifest, may_rename=run is None)
        return cls(store / manifest.run, manifest, clock=clock, redactor=redactor)

    def add(self, record: AnyRecord) -> None:
        """Write a record; it has reached the operating system when this returns.

        Args:
            record: What was observed.

        Raises:
            OvertError: The run is closed.
            OSError: The disk is full; nothing of the record stays behind.
        """
        self._write([scrub(record, self._redactor)])

    def add_all(self, records: Iterable[AnyRecord]) -> list[AnyRecord]:
        """Write records that are known at once: in less time, many of them in one step.

        Args:
            records: What was observed.

        Returns:
            The records as they were written: plain, redacted, within their limits.

        Raises:
            OvertError: The run is closed.
            OSError: The disk is full; of the last step nothing stays behind.
        """
        written: list[AnyRecord] = []
        for some in batched(records, _AT_ONCE):
            scrubbed = scrub_all(some, self._redactor)
            self._write(scrubbed)
            written += scrubbed
        return written

    def _write(self, records: Sequence[AnyRecord]) -> None:
        lines = encode_lines(records)
        with self._lock:
            self._check_open()
            _append(self._stream, lines)
            self._names += [record.id for record in records]

    def redact(self, text: str) -> str:
        """Return text without secrets, as it would be written."""
        return self._redactor.text(text)

    def blob(self, data: bytes) -> str:
        """Keep the text of an output or a trace beside the records.

        Args:
            data: Its bytes; made plain, redacted as a whole, and of a long one only beginning and end kept.

        Returns:
            Its name: the digest of what was written, 64 hexadecimal digits; empty when there is nothing to keep.
        """
        if not data:
            return ""
        kept = cut_bytes(self._redactor.data(data), BLOB_LIMIT)
        name = sha256(kept)
        with self._lock:
            self._check_open()
            if name not in self._blobs:
                write_atomic(self.folder / BLOBS / name, kept, durable=False)
                self._blobs[name] = len(kept)
        return name

    def close(self, *, interrupted: bool = False) -> Manifest:
        """Sort and seal the run; closing twice changes nothing.

        Args:
            interrupted: Whether it ended before its plan did.
        """
        with self._lock:
            if self._closed is None:
                self._closed = close_run(self.folder, self._end(interrupted=interrupted), self._blobs, self._names)
            return self._closed

    def _end(self, *, interrupted: bool) -> Manifest:
        """Return the head of the run as it is at its end, but for the list of files."""
        self._stream.close()
        return msgspec.structs.replace(
            self._manifest,
            state="interrupted" if interrupted else "closed",
            closed_ns=max(self._clock.now_ns(), self._manifest.created_ns),
        )

    def _check_open(self) -> None:
        if self._stream.closed:
            raise OvertError(f"the run {self.run} is closed", hint="start a new run")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(interrupted=kind is not None)


def _append(stream: FileIO, line: bytes) -> None:
    """Write a whole line or nothing of it, even when the disk fills up half-way."""
    start, written = stream.tell(), 0
    try:
        while written < len(line):
            written += stream.write(line[written:]) or 0
    except OSError:
        stream.truncate(start)
        stream.seek(start)
        raise


def moment_name(now_ns: int) -> str:
    """Return the name of a run: the moment it began, to the microsecond."""
    moment = datetime.fromtimestamp(now_ns // 1_000_000_000, UTC).strftime("%Y%m%dT%H%M%S")
    return f"{moment}.{now_ns // 1_000 % 1_000_000:06d}Z"


def _remove_leftovers(store: Path, now_ns: int) -> None:
    """Remove folders of runs that never came into being: a full disk or a kill left them half-made."""
    for stray in store.glob(".*.tmp"):
        with suppress(OSError):
            if now_ns - stray.stat().st_mtime_ns > _LEFT_NS:
                shutil.rmtree(stray)


def _put(store: Path, manifest: Manifest, *, may_rename: bool) -> Manifest:
    """Put a folder with its manifest in place in one step; a number is added when two runs share a moment."""
    stem, number = manifest.run, 1
    while True:
        fresh = store / f".{manifest.run}.{os.getpid()}.tmp"
        try:
            write_atomic(fresh / MANIFEST, encode(seal(manifest)))
        except OSError:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        try:
            fresh.rename(store / manifest.run)
        except OSError as error:
            shutil.rmtree(fresh, ignore_errors=True)
            if not (store / manifest.run).exists():
                raise
            if not may_rename:
                message, hint = f"there is a run named {stem!r} already", "choose another name or delete it"
                raise OvertError(message, hint=hint) from error
            number += 1
            manifest = msgspec.structs.replace(manifest, run=f"{stem}-{number}")
        else:
            return manifest
