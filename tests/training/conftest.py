"""A small track of one exercise, drawn as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

FILES: Mapping[str, str] = {
    "task.md": "# Doors\n\nCount the doors.\n",
    "start.py": "opened = []\n\n\ndef open_door():\n    opened.append(1)\n    return len(opened)\n",
    "solution.py": "def open_door():\n    return 1\n",
    "wrong/two.py": "def open_door():\n    return 2\n",
    "wrong/text.py": "def open_door():\n    return '1'\n",
    "checks.py": (
        "def check_it_is_one(answer):\n    '''The first door is 1.'''\n    assert answer.load().open_door() == 1\n\n\n"
        "def check_it_stays_one(answer):\n    '''Every door is 1.'''\n    module = answer.load()\n"
        "    module.open_door()\n    assert module.open_door() == 1, 'the second door is not 1'\n"
    ),
    "hints.md": "# Hints\n\n## One\n\nLook.\n\n## Two\n\nLook again.\n",
    "why.md": "# Why\n\nBecause.\n",
    "exercise.toml": (
        "title = 'Doors'\nteaches = ['doors']\nrules = ['OV202']\nfails = ['it_stays_one']\n"
        "[wrong]\n'two.py' = 'it_is_one'\n'text.py' = 'it_is_one'\n"
    ),
}


@pytest.fixture
def make_track(tmp_path: Path) -> Callable[..., Path]:
    """Write the track, with some of its files changed or (None) left out, and return its folder."""

    def make(changes: Mapping[str, str | None] | None = None, folder: str = "01-doors") -> Path:
        for name, text in {**FILES, **(changes or {})}.items():
            if text is not None:
                path = tmp_path / "track" / folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
        return tmp_path / "track"

    return make
