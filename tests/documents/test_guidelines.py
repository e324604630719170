"""The pairs of files that the guidelines show are what the guidelines say of them."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import random
import re
import runpy
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAIRS = sorted(path.parent for path in (ROOT / "examples/guidelines").rglob("pair.toml"))
NAMES = [str(pair.relative_to(ROOT / "examples/guidelines")).removesuffix("/tests") for pair in PAIRS]


def load(path: Path) -> ModuleType:
    """Import a file anew, as if nobody had imported it yet."""
    spec = importlib.util.spec_from_file_location(f"{path.parent.name}_{path.stem}".replace("-", "_"), path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextlib.contextmanager
def process_restored() -> Iterator[None]:
    """Put back what files of before change for the whole process."""
    environment, folder, state = dict(os.environ), Path.cwd(), random.getstate()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(folder)
        random.setstate(state)


def hold(pair: Path, which: str, check: str) -> None:
    """Run one check of a pair against its file of before or after."""
    checks = load(pair / "checks.py")
    with process_restored():
        module = load(pair / f"{which}.py")
        try:
            getattr(checks, check)(module)
        finally:
            getattr(checks, "tidy", lambda _module: None)(module)


def test_there_are_pairs() -> None:
    """The pairs were found at all."""
    assert len(PAIRS) >= 10


@pytest.mark.parametrize("pair", PAIRS, ids=NAMES)
@pytest.mark.parametrize("which", ["before", "after"])
def test_alone_both_do_what_they_should(pair: Path, which: str) -> None:
    """Before is no straw man: one after the other, it works as well as after."""
    hold(pair, which, "alone")


@pytest.mark.parametrize("pair", PAIRS, ids=NAMES)
def test_together_after_does_what_it_should(pair: Path) -> None:
    """What takes the place of hidden state works when two of them meet."""
    hold(pair, "after", "together")


@pytest.mark.parametrize("pair", PAIRS, ids=NAMES)
def test_together_before_fails(pair: Path) -> None:
    """The same check fails with hidden state, by its own assertion and not by something that broke."""
    with pytest.raises(AssertionError):
        hold(pair, "before", "together")


@pytest.fixture(scope="module")
def found() -> dict[str, list[str]]:
    """What the linter finds in all files of all pairs: codes by path."""
    command = [sys.executable, "-m", "overt", "check", "examples/guidelines", "--json", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    report: dict[str, Any] = json.loads(done.stdout)
    assert report["files"] == 3 * len(PAIRS) + 1  # before, after and checks; pages.py
    codes: dict[str, list[str]] = {}
    for finding in report["findings"]:
        codes.setdefault(finding["path"], []).append(finding["rule"])
    return codes


def test_the_linter_finds_the_declared_rule_before_and_nothing_after(found: dict[str, list[str]]) -> None:
    """Each file of before breaks the rule that its page names, once; nothing else breaks any."""
    declared = {
        str((pair / "before.py").relative_to(ROOT)): tomllib.loads((pair / "pair.toml").read_text("utf-8"))["rules"]
        for pair in PAIRS
    }
    assert found == declared


@pytest.fixture(scope="module")
def maker() -> dict[str, Any]:
    """What makes the pages."""
    return runpy.run_path(str(ROOT / "examples/guidelines/pages.py"))


def test_the_pages_show_the_files(maker: dict[str, Any]) -> None:
    """A page and what it is made from cannot drift apart: `python examples/guidelines/pages.py` makes it anew."""
    made = maker["pages"]()
    shown = {path: (ROOT / "docs" / path).read_text("utf-8") for path in made}
    assert shown == made
    assert set(made) == {str(path.relative_to(ROOT / "docs")) for path in (ROOT / "docs").glob("*/guidelines/*.*")}


def test_the_picture_of_the_decision_has_its_text(maker: dict[str, Any]) -> None:
    """Who does not see the picture reads the same questions, in the same order, with the same answers."""
    text = (ROOT / "docs/explanation/guidelines.md").read_text("utf-8")
    listed = re.findall(r"^\d\. (.+?\?) It is \*\*(.+?)\*\*", text, re.MULTILINE)
    assert listed == list(maker["QUESTIONS"])
    assert re.findall(r"^\| (an? [^|]+?) \|", text, re.MULTILINE) == [form for _, form in maker["QUESTIONS"]]


def test_each_exercise_that_a_pair_names_is_one() -> None:
    """Whoever wants to practise finds the exercise by its title."""
    track = ROOT / "src/overt/training/track"
    titles = {tomllib.loads(card.read_text("utf-8"))["title"] for card in track.glob("*/exercise.toml")}
    named = [tomllib.loads((pair / "pair.toml").read_text("utf-8")).get("exercise") for pair in PAIRS]
    assert len(list(filter(None, named))) >= 10
    assert set(filter(None, named)) <= titles
