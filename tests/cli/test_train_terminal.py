"""The beginning of the track at a real terminal; `validation/training` goes through all of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType

import pytest

from overt.training.track import load_track

ROOT = Path(__file__).parents[2]


@pytest.fixture
def terminals() -> Iterator[tuple[ModuleType, ModuleType]]:
    """Give the modules of the suite in which somebody types into a terminal."""
    package = ModuleSpec("learner_at_a_terminal", None, is_package=True)
    package.submodule_search_locations = [str(ROOT / "validation/training")]
    sys.modules[package.name] = module_from_spec(package)
    yield import_module(f"{package.name}.terminal"), import_module(f"{package.name}.learner")
    for name in [name for name in sys.modules if name.partition(".")[0] == package.name]:
        del sys.modules[name]


def test_three_exercises_at_a_terminal(tmp_path: Path, terminals: tuple[ModuleType, ModuleType]) -> None:
    """A slip, Ctrl-C in the middle of a check, starting anew, and three exercises with a wrong answer each."""
    terminal, learner = terminals
    variables = {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "HOME": str(tmp_path),
        "TERM": "dumb",
    }
    with terminal.Terminal(tmp_path, variables, columns=40) as window:
        somebody, [first, *more] = learner.Learner(tmp_path, window), load_track().exercises[:3]
        somebody.slip(first)
        somebody.interrupt(first)
        somebody.begin_anew(first)
        for exercise in (first, *more):
            somebody.solve(exercise)
        somebody.expect("list", 0, "3 of 20 passed")
