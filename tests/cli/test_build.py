"""`overt build` as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from overt.cli.main import main

CONFIG = "site_name: shop\ntheme: {name: mkdocs, highlightjs: false}\nplugins: [overt]\nuse_directory_urls: false\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A project with one claim that was never measured."""
    root = tmp_path / "shop"
    (root / "docs").mkdir(parents=True)
    (root / "docs/start.md").write_text("# Start\n\nIt [works](claim:works).\n")
    (root / "mkdocs.yml").write_text(CONFIG)
    (root / "overt.toml").write_text(
        '[project]\nname = "shop"\n[suites.it]\nkind = "command"\ncommand = ["true"]\ninputs = ["*.toml"]\n'
        '[claims.works]\nexpect = "suites.it.exit_code == 0"\n'
    )
    return root


def test_an_unmeasured_claim_fails_and_leaves_nothing(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 1, each place named once, no site."""
    assert main(["build", "-C", str(shop)]) == 1
    told = capsys.readouterr().err
    assert told.count("overt.toml:8: claim 'works' is unchecked: ") == 1
    assert told.count("docs/start.md:3:4: claim:works is unchecked, see overt.toml:8\n") == 1
    last = told.splitlines()[-1]
    assert last.startswith("overt: no site was built, and one that was there is as it was; overt build --no-strict ")
    assert not (shop / "site").exists()


def test_a_build_that_nothing_helps_does_not_offer_it(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without strictness there is nothing less strict to try."""
    (shop / "docs/start.md").write_text("# Start\n\n[x](javascript:alert(1))\n")
    assert main(["build", "-C", str(shop), "--no-strict"]) == 1
    told = capsys.readouterr().err
    assert told.splitlines()[-1].startswith("overt: no site was built, and one that was there is as it was [")
    assert "--no-strict" not in told


def test_a_page_that_is_not_utf_8_is_named(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With its line, all such pages at once, and without any talk of an internal error."""
    (shop / "docs/start.md").write_bytes(b"# Start\n\nCaf\xe9\n")
    (shop / "docs/other.md").write_bytes(b"\xff")
    assert main(["build", "-C", str(shop), "--no-strict"]) == 1
    told = capsys.readouterr().err
    assert "docs/start.md:3: is not UTF-8" in told
    assert "docs/other.md:1: is not UTF-8" in told
    assert "internal error" not in told


def test_without_strictness_it_is_said_and_shown(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 0, where the site is, what is not proved, and the mark on the page."""
    assert main(["build", "-C", str(shop), "--no-strict", "--color", "never"]) == 0
    said = capsys.readouterr().out
    assert str(shop / "site") in said
    assert (shop / "site/index.html").as_uri() in said
    assert "2 unchecked" in said
    assert "ov-unchecked" in (shop / "site/start.html").read_text()


def test_validate_first_then_build(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--validate` measures what the claim needs; with --json standard output is one document."""
    assert main(["build", "-C", str(shop), "--validate", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["states"] == {"proved": 2}
    assert (document["problems"], document["unheld"]) == ([], {})
    assert document["pages"] == len(list((shop / "site").rglob("*.html")))
    assert document["hosts"] == []


def test_a_suite_that_fails_keeps_its_exit_status(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The site is built, and the failed suite is not forgotten."""
    (shop / "overt.toml").write_text((shop / "overt.toml").read_text().replace('"true"', '"false"'))
    assert main(["build", "-C", str(shop), "--validate", "--no-strict"]) == 1
    assert "ov-refuted" in (shop / "site/start.html").read_text()
    capsys.readouterr()


def test_pages_to_disk(shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Plain Markdown goes to the folder that is named, and what does not hold stops it."""
    target = tmp_path / "pages"
    assert main(["build", "-C", str(shop), "--to-disk", str(target)]) == 1
    assert not target.exists()
    assert main(["build", "-C", str(shop), "--to-disk", str(target), "--no-strict"]) == 0
    assert str(target) in capsys.readouterr().out
    assert "ov-unchecked" in (target / "start.md").read_text()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--output", "a", "--to-disk", "b"], "exclude each other"),
        (["--outptu", "a"], "unrecognized arguments"),
        (["-C", "/nowhere/at/all"], "is not a folder"),
    ],
)
def test_a_wrong_command_line(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 2 and one sentence."""
    assert main(["build", *arguments]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("broken", ["site_name: [", "theme: nothing-like-it\nsite_name: x\n", "plugins: [no-such]\n"])
def test_a_broken_configuration_is_told(shop: Path, broken: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A mkdocs.yml that cannot be read ends with exit 2 and its name, never a traceback."""
    (shop / "mkdocs.yml").write_text(broken)
    assert main(["build", "-C", str(shop)]) == 2
    told = capsys.readouterr().err
    assert "mkdocs.yml" in told
    assert "Traceback" not in told
