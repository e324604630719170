"""Names of exercises and of their files, which have to be possible on every system."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PureWindowsPath
from typing import Final

from overt.model import OvertError

_FORBIDDEN: Final = frozenset('<>:"|?*\\')
_DEVICES: Final = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{device}{number}" for device in ("com", "lpt") for number in range(1, 10)}
)


def impossible(path: str) -> str:
    r"""Return why a path cannot exist on Windows; empty when it can.

    Args:
        path: Relative, with `/` between its parts.

    Example:
        >>> impossible("wrong/aux.py")
        "'aux.py' is the name of a device on Windows"
        >>> impossible("wrong/10:30.py")
        "'10:30.py' holds ':', which no name on Windows may"
        >>> impossible("wrong/always_one.py")
        ''
    """
    for part in path.split("/"):
        held = next((letter for letter in part if letter in _FORBIDDEN or ord(letter) < 32), "")
        if held:
            return f"{part!r} holds {held!r}, which no name on Windows may"
        if part.partition(".")[0].rstrip().lower() in _DEVICES:
            return f"{part!r} is the name of a device on Windows"
        if part.endswith((".", " ")):
            return f"{part!r} ends with a dot or a blank, which Windows drops"
    return ""


def clashes(paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of paths that differ in small and capital letters only.

    Args:
        paths: The paths.

    Example:
        >>> list(clashes(["wrong/two.py", "wrong/Two.py", "task.md"]))
        [('wrong/Two.py', 'wrong/two.py')]
    """
    seen: dict[str, str] = {}
    for path in sorted(paths):
        other = seen.setdefault(path.casefold(), path)
        if other != path:
            yield other, path


def answer_name(name: str) -> str:
    """Return the file that a learner edits for an exercise.

    Args:
        name: The exercise.

    Raises:
        OvertError: It is no plain name: it would lead out of the learner's folder, or cannot exist on Windows.

    Example:
        >>> answer_name("01-ticket-desk")
        '01_ticket_desk.py'
    """
    plain = PureWindowsPath(name)
    if not name or plain.name != name or plain.drive or name.startswith(".") or impossible(name):
        raise OvertError(f"{name!r} is no name of an exercise", hint="numbers, letters and hyphens: 01-ticket-desk")
    return f"{name.replace('-', '_')}.py"
