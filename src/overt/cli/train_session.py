"""What every sub-verb of `overt train` begins with: the track, the learner's folder, the progress."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

from overt.model import OvertError
from overt.training.progress import Progress, read_progress, write_progress
from overt.training.records import Exercise, Quiz, Track
from overt.training.track import OWN, find, load_track
from overt.training.workplace import Workplace, workplace


@dataclass(slots=True)
class Session:
    """A learner at work.

    Args:
        track: The exercises.
        place: The learner's folder.
        progress: How far the learner is.
        as_json: Whether to print JSON.
    """

    track: Track
    place: Workplace
    progress: Progress
    as_json: bool

    def keep(self, progress: Progress) -> None:
        """Write the progress down."""
        self.progress = progress
        write_progress(self.place.folder, progress)

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


def track_folder(options: argparse.Namespace) -> Path:
    """Return the folder of the track: the option's, the project's own, or the one that comes with overt."""
    if options.track is not None:
        return Path(options.track)
    if (options.root / "overt.toml").exists():
        from overt.campaign import load

        path = load(options.root).campaign.training.path
        if path:
            return Path(options.root) / path
    return OWN


def open_session(options: argparse.Namespace) -> Session:
    """Read the track and the progress.

    Args:
        options: The command line.
    """
    place = workplace(options.root, options.folder)
    progress, trouble = read_progress(place.folder)
    if trouble:
        sys.stderr.write(f"overt: {trouble}\n")
    return Session(load_track(track_folder(options)), place, progress, options.json)
