"""Versions side by side: the newest leads, the others say that they are old, and nothing is lost by a build without."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from overt.model import Exit, OvertError
from overt.site.build import build
from overt.site.versions import add, check, order, write_pages

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>x</title>
<meta name="overt-version" content="{}"></head><body><article><h1>x</h1></article>
<script src="overt/overt.js"></script></body></html>"""


def made(folder: Path, name: str, *pages: str) -> None:
    """Put a version there, as a build leaves it."""
    for page in ("index.html", *pages):
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / page).write_text(PAGE.format(name))
    (folder / name / "overt").mkdir()
    (folder / name / "overt/overt.js").write_bytes((files("overt.site") / "assets/overt.js").read_bytes())
    write_pages(folder / name)
    add(folder, name)


def test_releases_come_by_number_and_before_what_is_none() -> None:
    """1.10 is newer than 1.9, and a release is newer than a branch or a candidate."""
    names = ["1.9", "main", "2.0rc1", "1.10", "v0.9"]
    assert sorted(names, key=order, reverse=True)[:3] == ["1.10", "1.9", "v0.9"]


def test_the_list_and_the_first_page_lead_to_the_newest(tmp_path: Path) -> None:
    """Whatever is built last, readers begin at the newest; a version whose folder is gone is off the list."""
    for name in ("1.10", "1.9", "dev"):
        made(tmp_path, name)
    listed = json.loads((tmp_path / "versions.json").read_text())
    assert [one["version"] for one in listed] == ["1.10", "1.9", "dev"]
    assert listed[0]["aliases"] == ["latest"]
    assert "url=1.10/index.html" in (tmp_path / "index.html").read_text()
    (tmp_path / "1.10/index.html").unlink()
    assert add(tmp_path, "dev") == ("1.9", "dev")


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".", "-x", "a b", "<b>"])
def test_a_name_that_is_no_folder_is_refused(tmp_path: Path, name: str) -> None:
    """A version stands in a folder of its own below the others; a build without one keeps off from versions."""
    (tmp_path / "versions.json").write_text("[]")
    with pytest.raises(OvertError) as told:
        check(tmp_path, name)
    assert told.value.exit is Exit.USAGE


def test_versions_are_not_put_into_what_is_something_else(tmp_path: Path) -> None:
    """A folder with other files in it is left alone; an empty or missing one is taken."""
    check(tmp_path, "1.0")
    check(tmp_path / "new", "1.0")
    (tmp_path / "notes.txt").touch()
    with pytest.raises(OvertError, match="something else"):
        check(tmp_path, "1.0")


@pytest.mark.parametrize("text", ["", "{", "{}x", "[1]", '[{"title": "1.0"}]', '[{"version": "../x"}]', "[" * 9999])
def test_a_list_that_is_none_is_not_overwritten(tmp_path: Path, text: str) -> None:
    """What cannot be read, or names what is no folder, is told before anything is built."""
    (tmp_path / "versions.json").write_text(text)
    with pytest.raises(OvertError, match="something else"):
        check(tmp_path, "1.0")


def test_a_build_of_a_version_stands_in_its_folder(project: Callable[..., Path]) -> None:
    """Its pages say which version they are of, and a build without a version does not remove them."""
    config = "site_name: shop\nuse_directory_urls: false\ntheme: {name: mkdocs, highlightjs: false}\nplugins: [overt]\n"
    root = project({"mkdocs.yml": config})
    built = build(root, strict=False, version="1.2")
    assert built.output == (root / "site/1.2").resolve()
    assert '<meta name="overt-version" content="1.2">' in (root / "site/1.2/index.html").read_text()
    assert json.loads((root / "site/versions.json").read_text())[0]["version"] == "1.2"
    assert '"start.html"' in (root / "site/1.2/overt/pages.js").read_text()
    with pytest.raises(OvertError, match="holds versions"):
        build(root, strict=False)
    assert build(root, strict=False, version="1.2").output.is_dir()


@pytest.mark.browser
def test_a_page_of_an_old_version_leads_to_the_same_page_of_the_newest(
    tmp_path: Path, watch: Callable[..., Any]
) -> None:
    """Where there is such a page; else to the first page. The newest version says nothing."""
    made(tmp_path, "1.9", "gone.html")
    made(tmp_path, "1.10")
    seen = watch()
    for page, told, target in (
        ("1.9/index.html", "The same page in version 1.10", "1.10/index.html"),
        ("1.9/gone.html", "Version 1.10, which has no such page", "1.10/index.html"),
    ):
        seen.page.goto((tmp_path / page).as_uri())
        link = seen.page.locator(".ov-banner a")
        link.wait_for()
        assert link.inner_text() == told
        assert link.get_attribute("href") == (tmp_path / target).as_uri()
    seen.page.goto((tmp_path / "index.html").as_uri())
    seen.page.wait_for_url("**/1.10/index.html")
    seen.page.wait_for_load_state("networkidle")
    assert seen.page.locator(".ov-banner").count() == 0
    assert seen.trouble == []
