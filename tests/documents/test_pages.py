"""Hand-written pages: said once, found in the navigation, and clear about what they are for."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from overt.markdown import scan
from overt.markdown.samples import samples
from overt.model import State

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
WRITTEN = [page for page in PAGES if "<!-- Made from" not in page.read_text("utf-8")]
"""Those that people write; a page that is made from declarations repeats their words where they repeat them."""
WALKS = [DOCS / "tutorial/first-day.md", DOCS / "how-to/team-guidelines.md", *sorted(DOCS.glob("how-to/adopt-*.md"))]
"""Pages that lead through a project of `examples`, command by command."""
FENCE = re.compile(r"^(`{3,}|~{3,}).*?^\1`*$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
SHORTEST_REPEATED = 80
LEVELS = 3


def blocks(path: Path) -> list[str]:
    """Return the paragraphs, headings, lists and tables of a page, each on one line; code is left out."""
    text = COMMENT.sub("", FENCE.sub("", FRONT.sub("", path.read_text("utf-8"))))
    return [" ".join(block.split()) for block in re.split(r"\n\s*\n", text) if block.strip()]


def name(path: Path) -> str:
    """Return the path of a page, relative to the documents."""
    return path.relative_to(DOCS).as_posix()


def test_no_paragraph_stands_twice() -> None:
    """What is said in two places is mended in one of them; the other place links to it."""
    seen: defaultdict[str, list[str]] = defaultdict(list)
    for path in [*WRITTEN, ROOT / "README.md"]:
        for block in blocks(path):
            if len(block) >= SHORTEST_REPEATED and not block.startswith(("|", "#")):
                seen[block].append(path.relative_to(ROOT).as_posix())
    assert {block: where for block, where in seen.items() if len(where) > 1} == {}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_page_begins_with_a_heading_and_a_sentence(page: Path) -> None:
    """Whoever lands on a page reads at once what it is for."""
    heading, first = blocks(page)[:2]
    assert re.match(r"# \S", heading)
    assert not re.match(r"[|#>!]|[*-] ", first), f"a sentence before {first[:40]!r}"
    assert re.search(r"[a-z`)\]*][.:;]", first)


@pytest.mark.parametrize("page", WALKS, ids=name)
def test_every_command_of_a_walk_is_run(page: Path) -> None:
    """A page that leads through a project shows no command that the suite of samples does not type in."""
    found = [sample for sample in samples(scan(page.read_text("utf-8")), name(page)) if sample.language == "console"]
    assert len(found) >= 3
    assert [sample.line for sample in found if sample.how != "console" or sample.problem] == []
    assert len({sample.session for sample in found}) == 1
    assert found[0].copies.startswith("examples/")
    assert (ROOT / found[0].copies).is_dir()


class _Loader(yaml.SafeLoader):
    """Reads mkdocs' own tags as nothing."""


_Loader.add_multi_constructor("", lambda *_: None)


def navigation(items: list[Any], depth: int = 1) -> Iterator[tuple[int, str]]:
    """Yield each page of a navigation with the level that it stands on."""
    for item in items:
        [value] = item.values() if isinstance(item, dict) else [item]
        if isinstance(value, list):
            yield from navigation(value, depth + 1)
        else:
            yield depth, value


def test_every_page_is_in_the_navigation_once_and_not_deep() -> None:
    """No page is lost, and none is more than three clicks away."""
    nav = yaml.load((ROOT / "mkdocs.yml").read_text("utf-8"), _Loader)["nav"]
    found = list(navigation(nav))
    paths = [path for _, path in found if path != "index.md"]
    assert sorted(paths) == sorted(map(name, PAGES))
    assert max(depth for depth, _ in found) <= LEVELS


def rows(heading: str) -> list[list[str]]:
    """Return the rows of a table of the glossary, as cells."""
    text = (DOCS / "glossary.md").read_text("utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| ")
    ][2:]


def test_the_glossary_has_every_state() -> None:
    """A reader of a mark finds its word, and what to do about it."""
    assert sorted(row[0] for row in rows("States")) == sorted(State)


def test_the_terms_of_the_glossary_are_sorted_and_used() -> None:
    """A word that nothing else says needs no entry."""
    terms = [row[0] for row in rows("Terms")]
    assert len(terms) >= 30
    assert terms == sorted(terms)
    elsewhere = "\n".join(
        path.read_text("utf-8") for path in [*PAGES, ROOT / "README.md"] if path.name != "glossary.md"
    )
    words = " ".join(elsewhere.lower().split())
    unused = [one for term in terms for one in term.split(", ") if not re.search(rf"\b{re.escape(one)}", words)]
    assert unused == []


def test_the_first_sentence_about_a_state_is_that_of_the_program() -> None:
    """Glossary, architecture page and program say the same of a state."""
    source = (ROOT / "src/overt/model/verdict.py").read_text("utf-8")
    told = dict(re.findall(r'^    [A-Z]+ = "(\w+)"\n    """(.+?)\.?"""', source, re.MULTILINE))
    assert {row[0]: row[1] for row in rows("States")} == {
        state: text[0].lower() + text[1:] for state, text in told.items()
    }


def test_no_page_names_what_is_not_there_or_asserts_what_nothing_backs() -> None:
    """Our own documents hold under our own audit, whatever the ledger of this machine says of the figures."""
    command = [sys.executable, "-m", "overt", "audit", "docs", "examples", "README.md", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    report = json.loads(done.stdout)
    assert len(report["documents"]) > len(PAGES)
    wrong = [one for one in report["references"] if one["state"] == "refuted"]
    assert [f"{one['path']}:{one['line']}: {one['text']}" for one in wrong] == []
    assert [f"{one['path']}:{one['line']}: {one['text']}" for one in report["unbacked"]] == []
