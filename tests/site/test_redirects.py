"""Pages that moved, as a configuration may name them."""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from overt.site.redirects import write_redirects


def test_what_is_no_text_is_told_and_the_others_are_written(tmp_path: Path) -> None:
    """YAML makes a number or nothing of what an author left out; that is no reason to end with a traceback."""
    config = MkDocsConfig()
    config.site_dir = str(tmp_path)
    files = Files([File("start.md", str(tmp_path), str(tmp_path), use_directory_urls=True)])
    wrong = write_redirects({"old.md": "start.md", "empty.md": None, 404: "start.md"}, config, files)
    assert [line.partition(":")[0] for line in wrong] == ["redirect of 404", "redirect of empty.md"]
    assert 'href="../start/index.html"' in (tmp_path / "old/index.html").read_text()
