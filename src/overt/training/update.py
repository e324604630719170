"""What has changed in the track since the learner began, and the learner's folder brought up to date with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

from overt.system.atomic import write_atomic
from overt.training.progress import Known, Progress
from overt.training.records import Exercise, Quiz, Track
from overt.training.workplace import Workplace, digest

Kind = Literal["new", "moved", "removed", "task", "checks", "start", "question"]


class Change(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that is not any more as the learner knew it.

    Args:
        name: The exercise or quiz.
        kind: What changed.
        about: What that means for the learner, one sentence.
        file: Name of the file that was written or moved; empty when none was.
    """

    name: str
    kind: Kind
    about: str
    file: str = ""


def known_of(item: Exercise | Quiz, track: str) -> Known:
    """Return what is remembered of an exercise or quiz, to tell later what changed.

    Args:
        item: The exercise or quiz.
        track: Label of its track.
    """
    if isinstance(item, Quiz):
        return Known(track=track, task=digest(item.snippet + item.card.question + "\n".join(item.card.options)))
    checks = (item.folder / "checks.py").read_text("utf-8")
    return Known(track=track, task=digest(item.task), start=digest(item.start), checks=digest(checks))


def known_track(track: Track) -> dict[str, Known]:
    """Return what is remembered of all of a track."""
    return {item.name: known_of(item, track.labels[item.name]) for item in track.items}


def is_behind(track: Track, progress: Progress) -> bool:
    """Tell whether the track has changed since the learner's folder was last brought up to date."""
    seen = _of_these(track, progress)
    return bool(seen) and seen != known_track(track)


def _of_these(track: Track, progress: Progress) -> dict[str, Known]:
    """Return what is remembered of the tracks at hand; what belongs to another one is none of our business."""
    labels = set(track.labels.values())
    return {name: known for name, known in progress.known.items() if known.track in labels}


def _plain(name: str) -> str:
    return name.partition("-")[2]


def _moves(before: Mapping[str, Known], after: Mapping[str, Known]) -> Iterator[tuple[str, str]]:
    """Yield the names that differ in their number only."""
    gone = {_plain(name): name for name in before if name not in after and _plain(name)}
    for name in after:
        if name not in before and _plain(name) in gone:
            yield gone.pop(_plain(name)), name


def update(track: Track, progress: Progress, place: Workplace) -> tuple[Progress, tuple[Change, ...]]:
    """Bring the learner's folder up to date; nothing that a learner wrote is lost or overwritten.

    A start that was not edited is replaced. Beside one that was, and has not passed, the new start is put.

    Args:
        track: The track as it is now.
        progress: What was done so far, and what of the track is known.
        place: The learner's folder.

    Returns:
        The progress to keep, and what has changed, in the order of the track.
    """
    before, after = _of_these(track, progress), known_track(track)
    known, entries, changes = dict(progress.known), dict(progress.entries), list[Change]()
    for old, new in _moves(before, after) if before else ():
        before[new] = before.pop(old)
        del known[old]
        if old in entries:
            entries[new] = entries.pop(old)
        changes.append(_move(old, new, place))
    for item in track.items:
        if item.name not in before:
            told = Change(name=item.name, kind="new", about=f"new: {item.title}")
            changes += [told] if before else []
        else:
            passed = bool(entries[item.name].passed_ns) if item.name in entries else False
            changes += _differences(item, before[item.name], after[item.name], place, passed=passed)
    for name in before.keys() - after.keys():
        del known[name]
        about = "no part of the track any more; your answer stays where it is"
        changes.append(Change(name=name, kind="removed", about=about))
    kept = msgspec.structs.replace(progress, entries=entries, known=known | after)
    return kept, tuple(sorted(changes, key=lambda change: change.name))


def _move(old: str, new: str, place: Workplace) -> Change:
    source, target = place.file(old), place.file(new)
    if not source.exists():
        return Change(name=new, kind="moved", about=f"was {old}")
    if target.exists():
        return Change(name=new, kind="moved", about=f"was {old}; your answer stays in {source.name}")
    source.rename(target)
    return Change(name=new, kind="moved", about=f"was {old}; your answer came along", file=target.name)


def _differences(item: Exercise | Quiz, old: Known, new: Known, place: Workplace, *, passed: bool) -> Iterator[Change]:
    if isinstance(item, Quiz):
        if old.task != new.task:
            again = "; you had answered it" if passed else ""
            yield Change(name=item.name, kind="question", about=f"the question has changed{again}")
        return
    if old.task != new.task:
        yield Change(name=item.name, kind="task", about="the task has changed; read it again")
    if old.checks != new.checks:
        done = f"; you had passed: overt train check {item.name}" if passed else ""
        yield Change(name=item.name, kind="checks", about=f"the checks have changed{done}")
    if old.start != new.start:
        yield _new_start(item, old, place, passed=passed)


def _new_start(item: Exercise, old: Known, place: Workplace, *, passed: bool) -> Change:
    path = place.answer(item)
    if not path.exists():
        return Change(name=item.name, kind="start", about="the start has changed; you had not begun")
    if digest(path.read_bytes()) == old.start:
        write_atomic(path, item.start.encode())
        about = "the start has changed; you had not edited it, so the new one took its place"
        return Change(name=item.name, kind="start", about=about, file=path.name)
    if passed:
        return Change(name=item.name, kind="start", about="the start has changed; your answer stays as it is")
    beside = place.beside(item, "new-start")
    write_atomic(beside, item.start.encode())
    about = "the start has changed; your edited answer stays, and the new start is beside it"
    return Change(name=item.name, kind="start", about=about, file=beside.name)
