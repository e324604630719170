"""What differs between two sites: listed, escaped, linked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from overt.cli.main import main
from overt.model import OvertError, State
from overt.site.against import Listing, as_html, as_markdown, differences, read_listing

CONFIG = "site_name: shop\ntheme: {name: mkdocs, highlightjs: false}\nplugins: [overt]\nuse_directory_urls: false\n"
TOML = (
    '[project]\nname = "shop"\n[suites.it]\nkind = "command"\ncommand = ["test", "-e", "good"]\ninputs = ["good"]\n'
    '[claims.works]\nexpect = "suites.it.exit_code == 0"\n'
)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A project whose one suite holds while a file is there, with its site built."""
    root = tmp_path / "shop"
    (root / "docs").mkdir(parents=True)
    for name, text in {"start": "It [works](claim:works).", "old": "old", "same": "same"}.items():
        (root / f"docs/{name}.md").write_text(f"# {name}\n\n{text}\n")
    (root / "mkdocs.yml").write_text(CONFIG)
    (root / "overt.toml").write_text(TOML)
    (root / "good").write_text("")
    assert main(["build", "-C", str(root), "--validate"]) == 0
    return root


def test_a_refuted_claim_and_changed_pages_are_told(shop: Path, tmp_path: Path, capsys) -> None:
    """Also on a page of the site and as Markdown; what is the same and what only evidence changes is not listed."""
    before = tmp_path / "pages.json"
    before.write_bytes((shop / "site/overt/pages.json").read_bytes())
    listed = json.loads(before.read_bytes())
    assert listed["states"] == {"claim works": "proved", "suite it": "proved"}
    assert set(listed["pages"]) == {"start.html", "old.html", "same.html"}
    assert main(["build", "-C", str(shop), "--against", str(before)]) == 0
    assert "Changes pages: 0 changed, 0 new, 0 gone; states: 0\n" in capsys.readouterr().out
    assert "No page and no state differs." in (shop / "site/overt/changes.html").read_text()
    (shop / "good").unlink()
    (shop / "docs/old.md").rename(shop / "docs/new.md")
    told = tmp_path / "told/changes.md"
    arguments = ["build", "-C", str(shop), "--no-strict", "--against", str(before), "--changes", str(told)]
    assert main(["validate", "-C", str(shop)]) == 1
    capsys.readouterr()
    assert main([*arguments, "--json"]) == 0
    changes = json.loads(capsys.readouterr().out)["changes"]
    assert changes == {
        "changed": ["start.html"],
        "added": ["new.html"],
        "gone": ["old.html"],
        "states": [["claim works", "proved", "refuted"], ["suite it", "proved", "refuted"]],
        "known": True,
    }
    assert "- claim works&#58; proved → refuted\n" in told.read_text()
    page = (shop / "site/overt/changes.html").read_text()
    assert '<a href="../start.html">start.html</a>' in page
    assert "<li>old.html</li>" in page


def test_without_another_site_that_is_said(shop: Path, capsys) -> None:
    """The first build of a project has nothing to compare with, and is no error."""
    assert main(["build", "-C", str(shop), "--against", str(shop / "none.json")]) == 0
    assert "no other site to compare with yet" in capsys.readouterr().out
    assert "no other site" in (shop / "site/overt/changes.html").read_text()


@pytest.mark.parametrize("text", ["", "[]", '{"pages": 1}', '{"pages": {}, "states": {"a": "x"}}', "\udcff"])
def test_what_is_no_list_is_refused(tmp_path: Path, text: str) -> None:
    """With a hint, and no traceback."""
    path = tmp_path / "pages.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(OvertError, match="is no list of pages"):
        read_listing(path)
    path.write_text('{"pages": {}, "states": {}, "format": 2}')
    with pytest.raises(OvertError, match="has the format 2"):
        read_listing(path)


@pytest.mark.parametrize("options", [["--changes", "x.md"], ["--against", "x", "--to-disk", "y"]])
def test_options_that_mean_nothing_together_are_refused(shop: Path, options: list[str], capsys) -> None:
    """Exit 2, nothing is built."""
    assert main(["build", "-C", str(shop), *options]) == 2
    assert "--against" in capsys.readouterr().err


def test_what_was_lost_comes_first() -> None:
    """Then what is bad otherwise, then what was mended."""
    before = Listing(pages={}, states={"a": State.REFUTED, "b": State.STALE, "z": State.PROVED})
    after = Listing(pages={}, states={"a": State.PROVED, "b": State.REFUTED, "z": State.REFUTED})
    assert [name for name, _, _ in differences(before, after).states] == ["z", "b", "a"]


def test_names_of_others_are_shown_as_they_are() -> None:
    """Neither Markdown nor HTML comes of them, and a long list is cut with the rest counted."""
    bad = '"><script>alert(1)</script>`](http://x)@all.html'
    found = differences(Listing(pages={bad + "b": "1"}, states={}), Listing(pages={bad: "1"}, states={}))
    assert "<script" not in as_html(found)
    text = as_markdown(found)
    assert not {"<", "`", "](", "@"} & set(text)
    assert "](" not in text
    many = differences(Listing(pages={}, states={}), Listing(pages={f"{n}.html": "" for n in range(1203)}, states={}))
    assert "- and 1,003 more" in as_markdown(many)
    assert "and 1,003 more" in as_html(many)
