"""The pages on disk belong to nobody: other builders make the same pages of them, with the same anchors."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from overt.site.disk import write
from overt.system.process import run_process

CONFIG = """\
site_name: shop
docs_dir: pages
use_directory_urls: false
theme: {name: material, font: false}
plugins: [search]
markdown_extensions: [attr_list, tables]
"""
IDS = re.compile(rb'\sid="([^"]+)"')

Made = dict[str, set[bytes]]


def made_by(builder: str, root: Path) -> Made:
    """Return the pages that a builder makes, each with its anchors."""
    (root / f"{builder}.yml").write_text(CONFIG)
    folder = root / f"by-{builder}"
    command = [sys.executable, "-m", builder, "build", "-q", "-f", f"{builder}.yml", "-d", str(folder)]
    done = run_process(command, cwd=root, timeout=300)
    assert done.ok, done.output.decode()
    pages = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.html")}
    main = {name: data.partition(b"<article")[2] or data for name, data in pages.items()}
    return {name: set(IDS.findall(data)) for name, data in main.items()}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("successor", ["properdocs", "zensical"])
def test_another_builder_makes_the_same_pages(project: Callable[..., Path], successor: str) -> None:
    """No page and no anchor is missing, whoever builds; a builder that cannot be installed is not checked."""
    if find_spec(successor) is None:
        pytest.skip(f"unchecked: {successor} is not installed")
    root = project({"docs/start.md": "# Start\n\n## One part\n\nHello.\n"}, "[site]\nreference = false\n")
    assert write(root, root / "pages") > 10
    ours, theirs = made_by("mkdocs", root), made_by(successor, root)
    assert len(ours) > 10
    assert b"one-part" in ours["start.html"]
    assert ours.keys() == theirs.keys()
    assert {name: ids - theirs[name] for name, ids in ours.items() if ids - theirs[name]} == {}
