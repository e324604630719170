"""What every sub-verb of `overt train` begins with: the track, the learner's folder, the progress."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from overt.cli.train_say import Voice, voice
from overt.model import OvertError
from overt.training.progress import Progress, change_progress, read_progress
from overt.training.records import Exercise, Quiz, Track
from overt.training.track import OWN, SHIPPED, find, load_tracks
from overt.training.update import is_behind, known_track
from overt.training.workplace import Workplace, workplace


@dataclass(slots=True)
class Session:
    """A learner at work.

    Args:
        track: The exercises.
        place: The learner's folder.
        progress: How far the learner is.
        voice: What answers.
    """

    track: Track
    place: Workplace
    progress: Progress
    voice: Voice

    def keep(self, change: Callable[[Progress], Progress]) -> None:
        """Change the progress and write it down."""

        def changed(progress: Progress) -> Progress:
            wanted = change(progress)
            return wanted if wanted.known else msgspec.structs.replace(wanted, known=known_track(self.track))

        self.progress, trouble = change_progress(self.place.folder, changed)
        if trouble:
            sys.stderr.write(f"overt: {trouble}\n")

    def note(self, name: str, **facts: object) -> None:
        """Change what is kept about one exercise."""

        def noted(progress: Progress) -> Progress:
            return progress.with_entry(name, msgspec.structs.replace(progress.of(name), **facts))

        self.keep(noted)

    def next_exercise(self) -> Exercise | None:
        """Return the first exercise that has not passed yet; None at the end of the track."""
        return next((item for item in self.track.exercises if not self.progress.of(item.name).passed_ns), None)

    def next_item(self) -> Exercise | Quiz | None:
        """Return the first exercise or quiz that has not passed yet; None at the end of the track."""
        return next((item for item in self.track.items if not self.progress.of(item.name).passed_ns), None)

    def exercise(self, name: str | None) -> Exercise:
        """Return the exercise of a name, or the next one.

        Raises:
            OvertError: There is none of that name, it is a quiz, or the track is done.
        """
        if name is None:
            item: Exercise | Quiz | None = self.next_exercise()
            if item is None:
                raise OvertError("every exercise has passed", hint="name one: overt train list shows them")
        else:
            item = find(self.track, name)
        if isinstance(item, Quiz):
            raise OvertError(f"{item.name} is a quiz", hint=f"overt train quiz {item.name}")
        return item


def track_folders(options: argparse.Namespace) -> tuple[Path, ...]:
    """Return the folders of the tracks that a learner takes, in order.

    These are the option's; or the project's own, behind the one that comes with overt when the project says so; or
    that one alone.
    """
    if options.track is not None:
        return (OWN if str(options.track) == SHIPPED else Path(options.track),)
    if (options.root / "overt.toml").exists():
        from overt.campaign import load

        training = load(options.root).campaign.training
        if training.path:
            own = Path(options.root) / training.path
            return (OWN, own) if training.beside else (own,)
    return (OWN,)


def open_session(options: argparse.Namespace) -> Session:
    """Read the track and the progress.

    Args:
        options: The command line.
    """
    place = workplace(options.root, options.folder)
    progress, trouble = read_progress(place.folder)
    if trouble:
        sys.stderr.write(f"overt: {trouble}\n")
    track = load_tracks(track_folders(options))
    if options.verb != "update" and is_behind(track, progress):
        sys.stderr.write(
            "overt: the track has changed since you began; bring your folder up to date: overt train update\n"
        )
    return Session(track, place, progress, voice(as_json=options.json, colour=options.color))
