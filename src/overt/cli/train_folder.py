"""`overt train reset`, `update` and `doctor`: the learner's folder, and the machine it is on."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from types import MappingProxyType
from typing import Final

from overt.cli.train_session import Session
from overt.model import Exit
from overt.training.progress import Progress
from overt.training.runner import Limits, printed
from overt.training.update import Change, update

_BOUND = "this system has no such bound; answers run without it, so mind what you run"
_REMEDIES: Final = MappingProxyType(
    {
        "Python runs isolated": "its interpreter cannot start another one; install overt into a new environment",
        "a loop that never ends is ended": _BOUND,
        "memory is limited": _BOUND,
        "files outside are protected": _BOUND,
    }
)


def reset(session: Session, options: argparse.Namespace) -> int:
    """Begin anew; answers are kept beside the fresh start."""
    chosen = list(session.track.exercises) if options.all else [session.exercise(options.name)]
    told = list[dict[str, str]]()
    for exercise in chosen:
        begun = session.place.answer(exercise).exists()
        kept = session.place.reset(exercise) if begun or not options.all else None
        if begun or not options.all:
            told.append({"name": exercise.name, "kept": str(kept or "")})
    names = None if options.all else frozenset(exercise.name for exercise in chosen)
    session.keep(lambda progress: progress.without(names))
    if session.voice.as_json:
        session.voice.json({"reset": told})
        return Exit.PROVED
    for one in told:
        session.voice.say(f"{one['name']} begins anew" + (f"; your answer is in {one['kept']}" if one["kept"] else ""))
    if options.all:
        session.voice.say("The progress is empty; begin with: overt train")
    return Exit.PROVED


def bring_up_to_date(session: Session, _options: argparse.Namespace) -> int:
    """Bring the learner's folder up to date with the track, and say what changed."""
    first, changes = not session.progress.known, list[Change]()

    def updated(progress: Progress) -> Progress:
        kept, found = update(session.track, progress, session.place)
        changes.extend(found)
        return kept

    session.keep(updated)
    if session.voice.as_json:
        session.voice.json({"changes": changes, "first": first})
        return Exit.PROVED
    for change in changes:
        session.voice.row(f"  {change.name}  ", change.about + (f": {change.file}" if change.file else ""))
    if first:
        session.voice.say(
            "From now on this folder remembers what the track is like; there was nothing to compare with."
        )
    else:
        session.voice.say("Your folder is up to date." if changes else "Nothing has changed since you began.")
    return Exit.PROVED


def doctor(session: Session, _options: argparse.Namespace) -> int:
    """Try whether this machine can run the exercises within their bounds; say what to do where it cannot."""
    loop, mine = printed(b"while True: pass", limits=Limits(seconds=0.5))[1], session.place.folder
    seen = {
        "Python runs isolated": printed(b"print('ok')") == ("ok", ""),
        "a loop that never ends is ended": "never ends" in loop,
        "memory is limited": "memory" in printed(b"x = bytearray(10**10)")[1],
        "files outside are protected": "may not do" in printed(b"open('../outside', 'w')")[1],
        "your folder can be written": _writable(mine),
    }
    if session.voice.as_json:
        session.voice.json({"doctor": seen})
        return Exit.PROVED if all(seen.values()) else Exit.UNCHECKED
    for what, fine in seen.items():
        session.voice.row(f"  {session.voice.paint('ok  ' if fine else 'FAIL', 'good' if fine else 'bad')}  ", what)
        if not fine:
            session.voice.row("        ", _REMEDIES.get(what, f"make {mine} writable, or name another with --folder"))
    return Exit.PROVED if all(seen.values()) else Exit.UNCHECKED


def _writable(folder: Path) -> bool:
    """Tell whether files can be made in a folder, or, where there is none yet, in the nearest one above it."""
    there = next(above for above in (folder, *folder.resolve().parents) if above.exists())
    try:
        with tempfile.TemporaryFile(dir=there):
            return True
    except OSError:
        return False
