"""A new exercise to begin from: complete and proved, but for its texts, which are still to be written."""

from __future__ import annotations

import re
from pathlib import Path
from types import MappingProxyType
from typing import Final

from overt.model import OvertError
from overt.system.atomic import write_atomic
from overt.training.names import impossible

UNWRITTEN: Final = "To write:"
"""What marks a text that the author has yet to write."""
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_FILES: Final = MappingProxyType(
    {
        "task.md": f"# {UNWRITTEN} a title\n\n{UNWRITTEN} who needs what, what goes wrong, what an answer must do.\n",
        "start.py": (
            '"""A counter of visitors."""\n\n_seen: list[str] = []\n\n\nclass Counter:\n'
            '    """Counts visitors."""\n\n    def count(self, name: str) -> int:\n'
            '        """Note a visitor and return how many there were."""\n'
            "        _seen.append(name)\n        return len(_seen)\n"
        ),
        "solution.py": (
            '"""A counter of visitors."""\n\n\nclass Counter:\n    """Counts visitors."""\n\n'
            "    def __init__(self) -> None:\n        self._seen = 0\n\n    def count(self, name: str) -> int:\n"
            '        """Note a visitor and return how many there were."""\n'
            "        self._seen += 1\n        return self._seen\n"
        ),
        "wrong/list_of_the_class.py": (
            '"""The list moved into the class, where all counters still share it."""\n\n\nclass Counter:\n'
            "    seen = []\n\n    def count(self, name):\n        self.seen.append(name)\n"
            "        return len(self.seen)\n"
        ),
        "wrong/always_one.py": (
            '"""Nothing is shared, and nothing is counted."""\n\n\nclass Counter:\n'
            "    def count(self, name):\n        return 1\n"
        ),
        "checks.py": (
            '"""What an answer must do."""\n\nfrom overt.training.probes import repeat\n\n\n'
            'def check_it_counts(answer):\n    """Two visitors are counted 1, 2."""\n'
            "    counter = answer.load().Counter()\n"
            '    told = [counter.count("Ana"), counter.count("Bo")]\n'
            '    assert told == [1, 2], f"two visitors are counted {told}"\n\n\n'
            'def check_a_new_counter_starts_at_one(answer):\n    """A new counter begins with 1."""\n'
            '    module = answer.load()\n    repeat(lambda: module.Counter().count("Ana"))\n'
        ),
        "hints.md": f"# Hints\n\n## A nudge\n\n{UNWRITTEN} a question.\n\n## Nearly there\n\n{UNWRITTEN} the way.\n",
        "why.md": f"# Why\n\n{UNWRITTEN} what it was about.\n",
        "exercise.toml": (
            f'title = "{UNWRITTEN} a title"\nteaches = []\nneeds = []\nrules = ["OV202"]\n'
            'fails = ["a_new_counter_starts_at_one"]\n\n[wrong]\n'
            '"list_of_the_class.py" = "a_new_counter_starts_at_one"\n"always_one.py" = "it_counts"\n'
        ),
    }
)


_QUIZ: Final = MappingProxyType(
    {
        "snippet.py": "_seen = []\n\n\ndef count(name):\n    _seen.append(name)\n    return len(_seen)\n\n\n"
        'count("Ana")\nprint(count("Bo"))\n',
        "quiz.toml": (
            f'title = "{UNWRITTEN} a title"\nquestion = "What is printed?"\nask = "output"\n'
            'options = ["1", "2", "Ana"]\nneeds = []\n'
        ),
        "why.md": f"# Why\n\n{UNWRITTEN} why the right option is right.\n",
    }
)


def new_exercise(track: Path, name: str, *, after: int = 0, quiz: bool = False) -> Path:
    """Write an exercise that passes its check except for what is still to be written.

    Args:
        track: Folder of the track; made when missing.
        name: Small letters, digits and hyphens; its number is the next one.
        after: The number is larger than this.
        quiz: Whether it is a quiz.

    Returns:
        The folder of the exercise.

    Raises:
        OvertError: The name cannot be used, or is taken.
    """
    if not _NAME.fullmatch(name) or impossible(name):
        raise OvertError(f"{name!r} is no name for an exercise", hint="small letters, digits and hyphens: tea-room")
    numbered = [path.name.partition("-") for path in sorted(track.glob("[0-9]*-*")) if path.is_dir()]
    taken = [f"{number}-{rest}" for number, _, rest in numbered if rest == name]
    if taken:
        raise OvertError(f"there is an exercise {taken[0]!r}", hint="choose another name")
    following = max((int(number) for number, _, _ in numbered if number.isdigit()), default=0)
    folder = track / f"{max(following, after) + 1:02}-{name}"
    for path, text in (_QUIZ if quiz else _FILES).items():
        write_atomic(folder / path, text.encode())
    return folder
