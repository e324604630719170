"""Guidelines that a team keeps beside its exercises have pages of their own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from overt.campaign import load
from overt.model import Problems
from overt.site.disk import pages_on_disk
from overt.site.guides import read_guides
from overt.site.inputs import Guide
from overt.site.pages.training_guide import guide
from overt.system.files import project_files
from overt.training.track import OWN

TOML = '\n[training]\npath = "training"\n'
MONEY = "# Money\n\n<script>alert(1)</script> Round *once*.\n\n## Round once\n\nWhere a bill is written.\n"

Project = Callable[..., Path]


def guides_of(root: Path) -> tuple[Guide, ...]:
    files = project_files(root)
    return read_guides(root, load(root, files=files).campaign, files)


def test_markdown_beside_the_exercises_is_a_guideline(project: Project) -> None:
    """By file name, titled by its first heading or its name; the README of the folder and what lies deeper is none."""
    files = {
        "training/money.md": MONEY,
        "training/How we count.md": "Count.\n",
        "training/README.md": "# Training\n",
        "training/01-till/task.md": "# Task\n",
        "docs/money.md": "# Other\n",
    }
    assert [(one.path, one.title) for one in guides_of(project(files, toml=TOML))] == [
        ("training/How we count.md", "How we count"),
        ("training/money.md", "Money"),
    ]


def test_without_a_folder_for_training_there_is_none(project: Project) -> None:
    """Files that happen to lie in a folder of that name are the project's own affair."""
    assert guides_of(project({"training/money.md": MONEY})) == ()


def test_what_cannot_be_shown_is_named(project: Project) -> None:
    """Bytes that are no UTF-8, and two files that would have one page, all at once."""
    root = project({"training/a b.md": "# One\n", "training/a-b.md": "# Two\n", "training/c.md": ""}, toml=TOML)
    (root / "training/c.md").write_bytes(b"\xff")
    with pytest.raises(Problems) as told:
        guides_of(root)
    assert [str(one).partition(" (")[0] for one in told.value.problems] == [
        "training/c.md: is not UTF-8",
        "training/a-b.md: has the same page as training/a b.md",
    ]


def test_the_page_shows_what_its_author_wrote_and_does_nothing() -> None:
    """The title once, headings, emphasis, no HTML."""
    page = guide(Guide(path="training/money.md", title="Money", text=MONEY))
    assert page.count("# Money") == 1
    assert "## Round once" in page
    assert "Round *once*." in page
    assert "<script" not in page
    assert "training/money.md" in page


def test_the_site_has_them_under_training(project: Project, tmp_path: Path) -> None:
    """A page each, and a link on the overview."""
    root = project({"training/money.md": MONEY}, toml=TOML)
    shutil.copytree(OWN / "01-ticket-desk", root / "training/01-ticket-desk")
    empty = tmp_path / "empty"
    empty.mkdir()
    contents, _ = pages_on_disk(root, load(root, files=project_files(root)), empty=empty)
    assert "Where a bill is written." in str(contents["training/guide-money.md"])
    assert "[Money](guide-money.md)" in str(contents["training/index.md"])
