"""The file that holds the history: lines are only ever added to it, each whole or not at all."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from overt.evidence.history import AnyLine, Entry, History, Names, order, read_line, write_line
from overt.evidence.history_make import Made, make_entries, unfit
from overt.evidence.history_names import resolve, tell
from overt.evidence.reader import Run
from overt.model import Exit, Location, OvertError, Problem

HISTORY = ".overt/history.jsonl"
"""Where the history is, relative to the project's root."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What became of adding to a history.

    Args:
        added: Lines of suites that were added.
        passed_over: Why something was not added, each with its place.
    """

    added: int
    passed_over: tuple[Problem, ...] = ()


def parse_history(data: bytes, shown: str) -> History:
    """Return what the bytes of a history say; lines that are damaged are named and passed over.

    Args:
        data: The whole file.
        shown: How the file is named in messages.
    """
    entries: dict[tuple[str, str], Entry] = {}
    sets: dict[str, Names] = {}
    damage: list[Problem] = []
    seen: set[bytes] = set()
    for number, raw in enumerate(data.split(b"\n"), 1):
        if not raw.strip() or raw in seen:
            continue
        seen.add(raw)
        where = Location(shown, number)
        try:
            line = read_line(raw)
        except OvertError as error:
            damage.append(Problem(error.message, where))
            continue
        if isinstance(line, Names):
            sets.setdefault(line.sha256, line)
            continue
        other = entries.setdefault(line.key, line)
        if other != line:
            damage += _contradiction(other, line, where)
            entries[line.key] = max(other, line, key=lambda one: (one.version, one.check))
    return History(order(entries.values()), sets, tuple(damage))


def _contradiction(one: Entry, other: Entry, where: Location) -> list[Problem]:
    if one.version != other.version:
        return []
    message = f"contradicts another line about suite {one.suite} of the run {one.run}"
    return [Problem(message, where, "one of the two was forged, or made by a changed overt")]


def read_history(root: Path) -> History:
    """Return the history of a project; without a file it is empty.

    Args:
        root: Folder of the project.

    Raises:
        OvertError: There is a file and it cannot be read.
    """
    path = root / HISTORY
    if not path.exists():
        return History()
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):  # where nothing may be written, nobody adds to it
            stack.enter_context(_alone(path, shared=True))
        data = _read(path)
    return parse_history(data, HISTORY)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        raise OvertError(message, where=Location(path.name), exit=Exit.UNCHECKED) from error


def whole_history(root: Path, runs: Iterable[Run]) -> History:
    """Return the history of a project with those runs that nobody has added to it yet; nothing is written.

    Args:
        root: Folder of the project.
        runs: Its runs.
    """
    history = read_history(root)
    known = history.seals
    lines = _lines_of(_made(run for run in runs if run.manifest.seal not in known), history)
    entries = [line for line in lines if isinstance(line, Entry)]
    if not entries:
        return history
    sets = {**history.sets, **{line.sha256: line for line in lines if isinstance(line, Names)}}
    return History(order((*history.entries, *entries)), sets, history.damage)


def remember(root: Path, runs: Sequence[Run]) -> Remembered:
    """Add runs to the history of their project; those that it holds already are left alone.

    Two programs may do so at once: one waits for the other.

    Args:
        root: Folder of the project.
        runs: Runs of its ledger.

    Raises:
        OSError: The file cannot be written; it is then as it was.
    """
    passed_over = [Problem(f"the run {run.name} {reason}") for run in runs if (reason := unfit(run))]
    made = _made(runs)

    def lines(data: bytes) -> list[AnyLine]:
        history = parse_history(data, HISTORY)
        known = history.seals
        return _lines_of([one for one in made if one.entries and one.entries[0].seal not in known], history)

    written = _add(root / HISTORY, lines)
    return Remembered(_entries_in(written), tuple(passed_over))


def merge_history(root: Path, files: Sequence[Path]) -> Remembered:
    """Add the lines of other histories to that of a project: the union, in whatever order they come.

    Args:
        root: Folder of the project.
        files: The other histories.

    Raises:
        OvertError: One cannot be read.
        OSError: The file cannot be written; it is then as it was.
    """
    found: list[AnyLine] = []
    damage: list[Problem] = []
    for path in files:
        if not path.is_file():
            hint = f"name a file like {HISTORY}"
            raise OvertError(f"{path}: there is no such file", hint=hint, exit=Exit.USAGE)
        other = parse_history(_read(path), path.name)
        damage += other.damage
        found += [*other.sets.values(), *other.entries]

    def lines(data: bytes) -> list[AnyLine]:
        history = parse_history(data, HISTORY)
        there: set[AnyLine | str] = {one.check for one in (*history.entries, *history.sets.values())}
        return list({line.check: line for line in found if line.check not in there}.values())

    written = _add(root / HISTORY, lines)
    return Remembered(_entries_in(written), tuple(damage))


def _entries_in(lines: Sequence[AnyLine]) -> int:
    return sum(isinstance(line, Entry) for line in lines)


def _made(runs: Iterable[Run]) -> list[Made]:
    return [make_entries(run) for run in sorted(runs, key=lambda run: run.manifest.created_ns) if not unfit(run)]


def _lines_of(made: Sequence[Made], history: History) -> list[AnyLine]:
    """Return the lines that tell about runs, the sets of tests that are new first."""
    sets = dict(history.sets)
    newest = {entry.suite: sets[entry.names] for entry in history.entries if entry.names in sets}
    known: dict[str, Collection[str]] = {}
    lines: list[AnyLine] = []
    for one in made:
        for digest, (suite, names) in one.names.items():
            if digest not in sets:
                base = newest.get(suite)
                line = tell(names, suite, *_base(base, sets, known))
                sets[digest] = line
                lines.append(line)
            newest[suite] = sets[digest]
            known[digest] = names
        lines += one.entries
    return lines


def _base(
    base: Names | None, sets: dict[str, Names], known: dict[str, Collection[str]]
) -> tuple[Names | None, Collection[str]]:
    """Return the set that a new one is told by, with its names; None when they cannot be told."""
    if base is None:
        return None, frozenset()
    try:
        return base, known.get(base.sha256) or resolve(base.sha256, sets)
    except OvertError:
        return None, frozenset()


def _add(path: Path, lines: Callable[[bytes], list[AnyLine]]) -> list[AnyLine]:
    """Add lines to the end of a file while nobody else does; what they are is asked once that is sure."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _alone(path), path.open("ab+", buffering=0) as stream:
        stream.seek(0)
        data = stream.read()
        new = lines(data)
        if new:
            # The half of a line that a killed program left becomes a line of its own, which is named and passed over.
            begin = b"" if not data or data.endswith(b"\n") else b"\n"
            _append(stream, begin + b"".join(map(write_line, new)), len(data))
    return new


@contextlib.contextmanager
def _alone(path: Path, *, shared: bool = False) -> Iterator[None]:
    """Wait until nobody writes to a file; unless it is shared, until nobody reads it either."""
    with path.with_suffix(".lock").open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield


def _append(stream: FileIO, data: bytes, end: int) -> None:
    """Write everything or nothing, even when the disk fills up half-way."""
    written = 0
    try:
        while written < len(data):
            written += stream.write(data[written:]) or 0
        os.fsync(stream.fileno())
    except OSError:
        stream.truncate(end)
        raise
