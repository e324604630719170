"""A learner at a terminal, in a fresh folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from .learner import Learner
from .terminal import Terminal

Open = Callable[..., Learner]


@pytest.fixture
def open_terminal(tmp_path: Path) -> Iterator[Open]:
    """Open a terminal for a learner; `columns` and variables as asked for. Another one is another window."""
    folder = tmp_path / "learner"
    folder.mkdir()
    with ExitStack() as windows:

        def opened(*, columns: int = 80, **variables: str) -> Learner:
            environment = {
                "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
                "HOME": str(tmp_path),
                "LANG": "C.UTF-8",
                "TERM": "xterm-256color",
                **variables,
            }
            return Learner(folder, windows.enter_context(Terminal(folder, environment, columns=columns)))

        yield opened
