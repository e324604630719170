"""The track read from its folders, with everything that is wrong with it told at once."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from overt.model import Location, OvertError, Problem, Problems
from overt.system.files import digest_files
from overt.system.text import did_you_mean
from overt.training.names import clashes, impossible
from overt.training.records import (
    FILES,
    LONGEST_START,
    MOST_HINTS,
    WRONG_ANSWERS,
    Card,
    CheckAbout,
    Exercise,
    Quiz,
    QuizCard,
    Track,
)

OWN = Path(__file__).parent / "track"
"""The track that comes with overt."""
SHIPPED = "overt"
"""What it is called, also where a folder of exercises is expected."""
_PREFIX = "check_"
_C = TypeVar("_C", Card, QuizCard)


class _Folder:
    """One folder of the track, and what is wrong with it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.problems = folder, list[Problem]()

    def wrong(self, name: str, message: str, hint: str = "", line: int = 0) -> None:
        self.problems.append(Problem(message, Location(f"{self.folder.name}/{name}", line), hint))

    def text(self, name: str) -> str:
        try:
            return (self.folder / name).read_text("utf-8")
        except FileNotFoundError:
            self.wrong(name, "is missing")
        except (OSError, UnicodeDecodeError) as error:
            self.wrong(name, f"cannot be read: {error}")
        return ""

    def card(self, name: str, kind: type[_C]) -> _C | None:
        text = self.text(name)
        if text:
            try:
                return msgspec.convert(tomllib.loads(text), kind)
            except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
                self.wrong(name, str(error))
        return None

    def digest(self) -> str:
        """Return the digest of all its files, whose names have to be possible everywhere."""
        paths = (path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file())
        names = [name for name in paths if "__pycache__" not in name]
        for name in names:
            if told := impossible(name) or impossible(self.folder.name):
                self.wrong(name, f"cannot exist everywhere: {told}")
        for one, other in clashes(names):
            self.wrong(other, f"differs from {one} in small and capital letters only, which some systems take for one")
        return digest_files(self.folder, names)


def read_checks(text: str) -> tuple[CheckAbout, ...]:
    """Return the checks that a `checks.py` declares, without running it.

    Args:
        text: Its source.

    Raises:
        SyntaxError: It is no Python.

    Example:
        >>> read_checks("def check_starts_at_one(answer):\\n    'A new desk starts at 1.'")
        (CheckAbout(name='starts_at_one', about='A new desk starts at 1.'),)
    """
    return tuple(
        CheckAbout(node.name.removeprefix(_PREFIX), (ast.get_docstring(node) or "").partition("\n")[0])
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith(_PREFIX)
    )


def _hints(text: str) -> tuple[str, ...]:
    """Return the hints of a page: one under each heading of the second level."""
    return tuple(part.partition("\n")[2].strip() for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:])


def _read_exercise(folder: _Folder) -> Exercise | None:
    texts = {name: folder.text(name) for name in FILES if name != "exercise.toml"}
    card = folder.card("exercise.toml", Card)
    wrong = {path.name: folder.text(f"wrong/{path.name}") for path in sorted(folder.folder.glob("wrong/*.py"))}
    try:
        checks = read_checks(texts["checks.py"])
    except SyntaxError as error:
        folder.wrong("checks.py", f"is no Python: {error.msg}", line=error.lineno or 0)
        checks = ()
    hints = _hints(texts["hints.md"])
    _measure(folder, texts["start.py"], hints, wrong, checks)
    if card is None:
        return None
    _hold_card(folder, card, wrong, checks)
    return Exercise(
        name=folder.folder.name,
        folder=folder.folder,
        card=card,
        task=texts["task.md"],
        start=texts["start.py"],
        solution=texts["solution.py"],
        wrong=wrong,
        checks=checks,
        hints=hints,
        why=texts["why.md"],
        text_sha256=folder.digest(),
    )


def _measure(
    folder: _Folder, start: str, hints: Sequence[str], wrong: dict[str, str], checks: Sequence[CheckAbout]
) -> None:
    if len(start.splitlines()) > LONGEST_START:
        folder.wrong("start.py", f"has {len(start.splitlines())} lines; at most {LONGEST_START}")
    if not 0 < len(hints) <= MOST_HINTS:
        folder.wrong("hints.md", f"has {len(hints)} hints; 1 to {MOST_HINTS}", "one under each `## ` heading")
    if len(wrong) not in WRONG_ANSWERS:
        folder.wrong("wrong", f"has {len(wrong)} answers; {WRONG_ANSWERS[0]} to {WRONG_ANSWERS[-1]}")
    if not checks:
        folder.wrong("checks.py", "has no check", "write functions `check_NAME(answer)`")
    for check in checks:
        if not check.about:
            folder.wrong("checks.py", f"check {check.name!r} does not say what it demands", "give it a docstring")


def _hold_card(folder: _Folder, card: Card, wrong: dict[str, str], checks: Sequence[CheckAbout]) -> None:
    """Tell what the card names that is not there, and the wrong answers that it does not name."""
    names = [check.name for check in checks]
    for name in (*card.fails, *card.wrong.values()):
        if name not in names:
            folder.wrong("exercise.toml", f"there is no check {name!r}", did_you_mean(name, names))
    for name in card.wrong.keys() ^ wrong.keys():
        told = "is not there" if name in card.wrong else "is not named under [wrong]"
        folder.wrong("exercise.toml", f"wrong answer {name!r} {told}")
    if not card.fails:
        folder.wrong("exercise.toml", "the start fails no check, so there is nothing to do")


def _read_quiz(folder: _Folder) -> Quiz | None:
    snippet, why, card = folder.text("snippet.py"), folder.text("why.md"), folder.card("quiz.toml", QuizCard)
    if card is None:
        return None
    if len(card.options) < 2 or len(set(card.options)) < len(card.options):
        folder.wrong("quiz.toml", "needs two options or more, each different")
    return Quiz(folder.folder.name, folder.folder, card, snippet, why, folder.digest())


def _holds_files(folder: Path) -> bool:
    """Tell whether there is anything but what Python keeps for itself: a folder that was renamed leaves that behind."""
    return any(entry.name != "__pycache__" for entry in folder.iterdir())


def track_label(folder: Path) -> str:
    """Return what a track is called: `overt` when it is the one that comes with overt, else the name of its folder.

    Args:
        folder: Where the track is.

    Example:
        >>> track_label(OWN), track_label(Path("/srv/shop/training"))
        ('overt', 'training')
    """
    return SHIPPED if folder.resolve() == OWN.resolve() else folder.resolve().name


def load_track(folder: Path = OWN) -> Track:
    """Read a track.

    Args:
        folder: Holds one folder for each exercise or quiz, named so that they sort in the order they are taken.

    Raises:
        Problems: Everything that is wrong with it, each with its file.
        OvertError: There is no exercise in it.

    Example:
        >>> load_track().exercises[0].name
        '01-ticket-desk'
    """
    return load_tracks([folder])


def load_tracks(folders: Sequence[Path]) -> Track:
    """Read several tracks as one: what an earlier one teaches, a later one may need.

    Args:
        folders: The folders, in the order they are taken.

    Raises:
        Problems: Everything that is wrong with them, each with its file.
        OvertError: One of them holds no exercise.
    """
    items: list[Exercise | Quiz] = []
    problems: list[Problem] = []
    for folder in folders:
        found, wrong = _read_folder(folder)
        if not found and not wrong:
            raise OvertError(
                f"there is no exercise in {folder}", hint="each exercise is a folder with an exercise.toml"
            )
        items += found
        problems += wrong
    problems += _untaught(items)
    for one, other in clashes([item.name.replace("-", "_") for item in items]):
        problems.append(Problem(f"{one!r} and {other!r} cannot both be there", Location(other)))
    if problems:
        raise Problems(problems)
    labels = {item.name: track_label(item.folder.parent) for item in items}
    return Track(folders[-1], tuple(items), labels)


def _read_folder(folder: Path) -> tuple[list[Exercise | Quiz], list[Problem]]:
    """Return what a track holds, and what is wrong with it."""
    items: list[Exercise | Quiz] = []
    problems: list[Problem] = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_dir() and not path.name.startswith((".", "_")) and _holds_files(path):
            inside = _Folder(path)
            item = _read_quiz(inside) if (path / "quiz.toml").exists() else _read_exercise(inside)
            items += [item] if item else []
            problems += inside.problems
    return items, problems


def _untaught(items: Sequence[Exercise | Quiz]) -> list[Problem]:
    """Tell the concepts that are needed before they are taught."""
    taught: set[str] = set()
    problems = []
    for item in items:
        for concept in item.card.needs:
            if concept not in taught:
                where = Location(f"{item.name}/{'quiz' if isinstance(item, Quiz) else 'exercise'}.toml")
                problems.append(Problem(f"{concept!r} is needed before it is taught", where))
        taught |= set(item.card.teaches) if isinstance(item, Exercise) else set()
    return problems


def find(track: Track, name: str) -> Exercise | Quiz:
    """Return an item by its name, its number or the name without the number.

    Args:
        track: Where to look.
        name: For example `01-ticket-desk`, `1`, `01` or `ticket-desk`.

    Raises:
        OvertError: There is none, or more than one.
    """
    found = []
    for item in track.items:
        number, _, rest = item.name.partition("-")
        if name == item.name:
            return item
        found += [item] if name in {number, number.lstrip("0"), rest} else []
    if len(found) > 1:
        told = " or ".join(item.name for item in found)
        raise OvertError(f"{name!r} may be {told}", hint="write the whole name")
    if found:
        return found[0]
    raise OvertError(f"there is no exercise {name!r}", hint=did_you_mean(name, [item.name for item in track.items]))
