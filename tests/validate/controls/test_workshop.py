"""The copy that defects are planted in: whole where it has to be, and put back after each trial."""

from __future__ import annotations

import os

import pytest

from overt.campaign.records import Campaign, Project
from overt.model import Exit, OvertError
from overt.validate.controls import workshop
from overt.validate.controls.workshop import copy_project, planted, search_path

CAMPAIGN = Campaign(project=Project(packages=("src/shop",)))


@pytest.fixture
def shop(tmp_path):
    """Return a project of which some files are under no version control."""
    root = tmp_path / "shop"
    for name in ("src/shop/cart.py", "src/shop/_version.py", "src/shop/__pycache__/cart.pyc", "notes.txt", "big.bin"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    return root


def names(root):
    """Return the files below a folder."""
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def test_the_copy_has_the_projects_files_and_what_is_built_into_its_packages(shop, tmp_path):
    """Not what is ignored elsewhere, and no compiled files of Python; what is gone by now is passed over."""
    (shop / ".mypy_cache").mkdir()
    (shop / ".mypy_cache/cache.db").write_text("known")
    copy_project(shop, ["src/shop/cart.py", "notes.txt", "gone.txt"], CAMPAIGN, tmp_path / "copy")
    wanted = [".mypy_cache/cache.db", "notes.txt", "src/shop/_version.py", "src/shop/cart.py"]
    assert names(tmp_path / "copy") == wanted


def test_a_copied_link_does_not_lead_back(shop, tmp_path):
    """What is planted behind a linked file changes the copy alone."""
    (shop / "link.py").symlink_to(shop / "src/shop/cart.py")
    copy_project(shop, ["link.py"], CAMPAIGN, tmp_path / "copy")
    with planted(tmp_path / "copy", "link.py", "1 +"):
        assert (tmp_path / "copy/link.py").read_text() == "src/shop/cart.py1 +"
        assert (shop / "src/shop/cart.py").read_text() == "src/shop/cart.py"


def test_a_very_large_project_is_not_copied(shop, tmp_path, monkeypatch):
    """It could not be tried, which is told with its size."""
    monkeypatch.setattr(workshop, "LIMIT", 3)
    with pytest.raises(OvertError, match="the project has 9 B") as caught:
        copy_project(shop, ["notes.txt"], CAMPAIGN, tmp_path / "copy")
    assert caught.value.exit is Exit.UNCHECKED


@pytest.mark.parametrize("name", ["notes.txt", "new/made.txt"])
def test_what_was_planted_is_taken_back(shop, name):
    """A file is what it was, or is gone again, also when the trial breaks."""
    before = names(shop)

    def trial():
        with planted(shop, name, " defect"):
            assert (shop / name).read_text().endswith(" defect")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        trial()
    assert names(shop) == before
    assert (shop / "notes.txt").read_text() == "notes.txt"


def test_nothing_is_done_without_a_text(shop):
    """The twin of many a defect is the project as it is."""
    with planted(shop, "new.txt", ""):
        assert not (shop / "new.txt").exists()


def test_packages_of_the_copy_are_found_before_installed_ones(tmp_path):
    """What the user's own search path holds comes after them."""
    found = search_path(CAMPAIGN, tmp_path, {"PYTHONPATH": "lib"})
    assert found.split(os.pathsep) == [str(tmp_path / "src"), "lib"]
    assert search_path(Campaign(), tmp_path, {}) == ""
