"""The watched browser of the tests, and a site that holds the whole track that comes with overt."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

import pytest

from overt.site.build import build
from overt.system.clock import SystemClock
from overt.system.files import project_files
from overt.training.check import check_quiz
from overt.training.linting import rule_codes
from overt.training.record import end_run, start_run
from overt.training.track import OWN, load_track

TOML = '[project]\nname = "house"\npackages = ["src/house"]\n\n[training]\npath = "training"\n'


def _shared() -> ModuleType:
    """What the tests of all rooms share."""
    path = Path(__file__).parents[2] / "tests/conftest.py"
    spec = importlib.util.spec_from_file_location("shared_with_tests", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_SHARED = _shared()
browser, watch = _SHARED.browser, _SHARED.watch


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a project whose track is that of overt; the answers to its quizzes were computed."""
    root = tmp_path_factory.mktemp("house")
    shutil.copytree(OWN, root / "training", ignore=shutil.ignore_patterns("__pycache__"))
    (root / "overt.toml").write_text(TOML)
    (root / "src/house").mkdir(parents=True)
    (root / "src/house/__init__.py").write_text('"""A house."""\n')
    track, clock = load_track(root / "training"), SystemClock()
    records = [check_quiz(quiz, codes=rule_codes) for quiz in track.quizzes]
    files = project_files(root)
    writer = start_run(root, "house", "training", files, count=len(records), environment={}, clock=clock)
    for record in records:
        writer.add(record)
    end_run(writer, records, planned=len(records), start_ns=clock.now_ns(), clock=clock)
    build(root)
    return root / "site"
