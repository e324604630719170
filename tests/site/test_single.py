"""The report as one file: nothing beside it, nothing that runs, the same verdicts."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from overt.cli.build import main
from overt.model import Claim, Exit, OvertError, State, Verdict
from overt.site import single
from overt.site.inputs import SiteInputs
from overt.site.render import render
from overt.site.single import single_file

Make = Callable[..., Any]
MARK = re.compile(r'<span class="ov ov-([a-z]+)">')


def made(case: Make, view: Make, *names: str) -> SiteInputs:
    tests = [case(f"t::{name}", "failed", message=name, detail=name) for name in names]
    claims = {
        "fast": (Claim("fast", "it is fast", "x"), Verdict(State.REFUTED, "it took twice as long")),
        "small": (Claim("small", "it is small", "x"), Verdict(State.INCONCLUSIVE, "the interval decides nothing")),
    }
    suites = (view(*tests, case("t::good")), view(name="style", kind="lint"))
    return SiteInputs(project="<shop>", suites=suites, claims=claims)


def test_it_needs_nothing_and_runs_nothing(case: Make, view: Make, hostile: tuple[str, ...]) -> None:
    """No script, no picture, no style from elsewhere, no address of another host; a policy forbids them all."""
    text = single_file(made(case, view, *hostile)).decode()
    assert "default-src 'none'" in text.split("<title>")[0]
    for sign in ("<script", "<img", "<link", "javascript:", "@import", "url(", "<iframe", "{{", "<!-- not"):
        assert sign not in text, sign
    assert re.findall(r'(?:src|href)="(?!#)[^"]*"', text) == []
    assert "&lt;shop&gt;" in text


def test_each_link_leads_to_a_place_in_the_file(case: Make, view: Make) -> None:
    """Links between pages lead to the pages in the file; what is not in it is no link; no name is there twice."""
    text = single_file(made(case, view, "bad")).decode()
    names = re.findall(r' id="([^"]*)"', text)
    assert len(names) == len(set(names))
    wanted = set(re.findall(r'href="#([^"]*)"', text))
    assert wanted <= set(names)
    assert {"index", "not-checked", "claims", "claims--claim-small", "index--suite-unit"} <= wanted


def test_it_says_what_the_site_says(case: Make, view: Make) -> None:
    """The marks of the report and of what was not checked are those of the pages, in their order."""
    inputs = made(case, view, "bad")
    text, pages = single_file(inputs).decode(), render(inputs)
    for name, path in (("index", "validation/index.md"), ("not-checked", "validation/not-checked.md")):
        part = text.split(f'<section id="{name}">')[1].split("</section>")[0]
        assert MARK.findall(part) == MARK.findall(pages[path].decode())
        assert "<table>" in part


def test_a_large_report_is_cut_and_says_so(case: Make, view: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a long page the first rows and blocks are kept; the last pages give way to the first ones."""
    inputs = made(case, view, *(f"bad{number}" for number in range(300)))
    whole = single_file(inputs)
    monkeypatch.setattr(single, "PAGE_LIMIT", 8_000)
    monkeypatch.setattr(single, "WHOLE_LIMIT", 30_000)
    text = single_file(inputs)
    assert len(text) < len(whole) // 2
    assert b"of this page are left out here" in text
    assert b"of this page are left out here" not in whole
    assert text.count(b"<section") == whole.count(b"<section")
    assert b"Validation report</h1>" in text


def test_a_table_that_is_cut_keeps_whole_rows() -> None:
    """Head and rows stay as they are; a table of which no row fits goes."""
    text = "# Long\n\n| a | b |\n| :-- | :-- |\n" + "".join(f"| {number} | x |\n" for number in range(100))
    kept = single._shortened(text, 200)
    rows = [line for line in kept.splitlines() if line.startswith("|")]
    assert rows[:3] == ["| a | b |", "| :-- | :-- |", "| 0 | x |"]
    assert all(line.endswith("|") for line in rows)
    assert len(kept) < 300
    assert "|" not in single._shortened(text, 30)


def test_the_verb_writes_it_whatever_it_says(
    project: Make, junit: Make, run_suites: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A refuted claim is written down and told by the exit status; `--no-strict` accepts it."""
    toml = """
        [suites.unit]
        kind = "import"
        files = ["results.xml"]
        format = "junit"

        [claims]
        green = { text = "every test passes", expect = "tests.failed == 0" }
    """
    root = project({"results.xml": junit(("good",), ("bad",))}, toml)
    run_suites(root)
    target = tmp_path / "report.html"
    assert main(["-C", str(root), "--single-file", str(target)]) == Exit.REFUTED
    assert "1 statement in it that did not hold" in capsys.readouterr().out
    assert b"every test passes" in target.read_bytes()
    assert str(root).encode() not in target.read_bytes()
    first = target.read_bytes()
    assert main(["-C", str(root), "--single-file", str(target), "--no-strict", "--json"]) == Exit.PROVED
    assert target.read_bytes() == first


def test_one_place_at_a_time(tmp_path: Path) -> None:
    """A file and a folder cannot both be asked for."""
    with pytest.raises(OvertError, match="exclude each other"):
        main(["-C", str(tmp_path), "--single-file", "a.html", "--to-disk", "pages"])


@pytest.mark.browser
def test_it_is_to_be_read_in_a_browser(case: Make, view: Make, watch: Make, tmp_path: Path) -> None:
    """Without scripts, in light and dark, on a telephone: nothing beyond the edge, nothing asked for."""
    path = tmp_path / "report.html"
    path.write_bytes(single_file(made(case, view, "unbreakable" * 9, "bad")))
    grounds = set()
    for scheme in ("light", "dark"):
        seen = watch(scripts=False, scheme=scheme)
        seen.page.set_viewport_size({"width": 390, "height": 800})
        seen.page.goto(path.as_uri())
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390
        grounds.add(seen.page.evaluate("getComputedStyle(document.body).backgroundColor"))
        assert seen.page.locator("#index .ov-refuted").first.is_visible()
        assert seen.trouble == []
    assert len(grounds) == 2
