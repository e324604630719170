"""What stands beside and around the pages of one built site: Markdown, lists, redirects, policy, search."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest

from overt.lint.rules import all_rules
from overt.site.build import build

MKDOCS = """\
site_name: shop
site_url: https://shop.example/docs/
repo_url: https://code.example/shop
edit_uri: edit/main/docs/
site_description: A shop.
use_directory_urls: false
theme: {name: material, font: false, features: [content.action.edit]}
plugins:
  - search
  - overt:
      policy: true
      redirects: {old/begin.md: "start.md#more", gone.md: nowhere.md, other.md: start.md}
"""
DOCUMENTS = {
    "mkdocs.yml": MKDOCS,
    "docs/start.md": "# Start\n\nIt [holds](claim:held), and `sells` *much*. More.\n\n"
    "## More\n\n<script>alert(1)</script>\n",
    "docs/other.md": "---\ndescription: Told by hand.\n---\n\n# Other\n\nText.\n",
}
TOML = """
[suites.unit]
kind = "import"
files = ["results.xml"]
format = "junit"
[claims.held]
text = "It holds"
expect = "suites.unit.total == 2"
"""


@pytest.fixture(scope="module")
def site(
    shared_project: Callable[..., Path], junit: Callable[..., str], run_suites: Callable[[Path], None]
) -> tuple[Path, tuple[str, ...]]:
    """A site with all that can stand around it, and what its build complained about."""
    root = shared_project({**DOCUMENTS, "results.xml": junit(("test_c",), ("test_<b>_a|b",))}, TOML)
    run_suites(root)
    built = build(root, strict=False)
    return root / "site", built.warnings


def text_of(site: tuple[Path, tuple[str, ...]], name: str) -> str:
    return (site[0] / name).read_text("utf-8")


def pages(site: tuple[Path, tuple[str, ...]]) -> list[str]:
    found = [path.relative_to(site[0]).as_posix() for path in site[0].rglob("*.html")]
    return [name for name in found if name not in {"404.html", "old/begin.html"}]


def test_every_page_stands_beside_itself_as_markdown(site: tuple[Path, tuple[str, ...]]) -> None:
    """Each page names its Markdown in its head and at its foot, and there it is, with a heading and no mark of HTML."""
    for name in pages(site):
        beside = Path(name).with_suffix(".md").name
        html, markdown = text_of(site, name), text_of(site, str(Path(name).with_suffix(".md")))
        assert f'<link rel="alternate nofollow" type="text/markdown" href="{beside}">' in html
        assert f'<a href="{beside}" type="text/markdown">Markdown</a>' in html
        assert re.search(r"^# \S", markdown, re.MULTILINE), name
        if not name.startswith("rules/"):
            assert not re.search(
                r"<(?!script>alert|/script>)[a-z/][^>\n]*>", re.sub(r"```.*?```|`[^`]*`", "", markdown)
            ), name


def test_markdown_says_in_words_what_the_page_shows(site: tuple[Path, tuple[str, ...]]) -> None:
    """A statement has its state in words, a module its signatures, a table what others wrote, still harmless."""
    assert "It [holds](validation/claims.md#claim-held) (proved), and `sells` *much*." in text_of(site, "start.md")
    assert "def cents(euros: float) -> int:" in text_of(site, "code/shop/money.md")
    assert "proved" in text_of(site, "validation/claims.md")
    assert "test_<b>_a|b`" in text_of(site, "validation/index.md")


def test_the_list_for_programs_names_every_page_of_the_navigation(site: tuple[Path, tuple[str, ...]]) -> None:
    """Each link of llms.txt leads to a file; own pages come first, what is fetched on demand last."""
    listed = text_of(site, "llms.txt")
    links = re.findall(r"^- \[.+?\]\(([^)]+)\)", listed, re.MULTILINE)
    assert len(links) == len(set(links)) == len(pages(site))
    assert all((site[0] / link).is_file() for link in links)
    assert listed.startswith("# shop\n\n> A shop.\n")
    assert listed.index("(start.md)") < listed.index("## Optional") < listed.index("(rules/OV101.md)")
    assert "- [Start](start.md): It holds, and sells *much*." in listed


def test_every_page_has_a_description_and_its_one_address(site: tuple[Path, tuple[str, ...]]) -> None:
    """A page describes itself by hand, by what it was made for, or by its first sentence."""
    for name in pages(site):
        html = text_of(site, name)
        assert re.search(r'<meta name="description" content="[^"]{5,}">', html), name
        (address,) = re.findall(r'<link rel="canonical" href="https://shop.example/docs/([^"]*)">', html)
        assert name in {address, f"{address}index.html"}
    assert 'content="Told by hand."' in text_of(site, "other.html")
    assert 'content="It holds, and sells *much*."' in text_of(site, "start.html")


def test_every_page_allows_its_own_host_and_the_scripts_of_the_theme(site: tuple[Path, tuple[str, ...]]) -> None:
    """The policy comes before anything that it governs; a script that a document brings is stopped, and told."""
    for name in [*pages(site), "404.html"]:
        html = text_of(site, name)
        (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', html)
        assert html.index("Content-Security-Policy") < min(html.index("<link"), html.index("<script"))
        assert html.index("charset") < 1024
        assert not re.search(r"script-src[^;]*(unsafe|https?:|\*)", policy)
        inside = len(re.findall(r"<script>", html))
        assert policy.count("'sha256-") == inside - (name == "start.html")
        assert not re.search(r"<[a-z][^>]*\son[a-z]+=", html), name
    assert any("start.md: 1 scripts in it are stopped by the policy" in line for line in site[1])


def test_moved_pages_lead_on_without_a_script(site: tuple[Path, tuple[str, ...]]) -> None:
    """A page that moved leads to its place; one that leads nowhere, or that is still there, is told."""
    html = text_of(site, "old/begin.html")
    assert '<meta http-equiv="refresh" content="0; url=../start.html#more">' in html
    assert "<script" not in html
    assert any("redirect of gone.md: there is no page nowhere.md" in line for line in site[1])
    assert any("redirect of other.md: there is a page of that name" in line for line in site[1])
    assert not (site[0] / "gone.html").exists()
    assert "Text." in text_of(site, "other.html")


def test_the_foot_says_when_it_was_verified_and_where_to_edit(site: tuple[Path, tuple[str, ...]]) -> None:
    """A hand-written page leads to its source; a generated one has none. Both say what they were measured on."""
    own, made = text_of(site, "start.html"), text_of(site, "validation/index.html")
    assert '<a href="https://code.example/shop/edit/main/docs/start.md">Edit this page</a>' in own
    assert "Edit this page" not in made
    for html in (own, made):
        assert re.search(r'class="ov-foot".*?Measured \d{4}-\d\d-\d\d', html, re.DOTALL)
        assert 'data-md-component="source"' not in html


def test_an_address_without_a_page_has_a_search_and_ways_on(site: tuple[Path, tuple[str, ...]]) -> None:
    """The page for what is not found holds the search and leads on, from whatever depth it is shown at."""
    html = text_of(site, "404.html")
    assert 'class="md-search__input"' in html
    assert '<label for="__search" class="ov-way">' in html
    assert '<a href="/docs/validation/index.html">Validation report</a>' in html
    assert 'src="/docs/assets/' in html


def test_the_search_holds_every_symbol_and_rule(site: tuple[Path, tuple[str, ...]]) -> None:
    """Each public name of the project and each code of the linter is in the index, at a page that is there."""
    index = json.loads(text_of(site, "search/search_index.json"))["docs"]
    said = unescape("\n".join(f"{one['title']}\n{one['text']}" for one in index))
    for name in ("shop", "shop.money", "cents", *(rule.code for rule in all_rules())):
        assert re.search(rf"\b{re.escape(name)}\b", said), name
    assert all((site[0] / one["location"].partition("#")[0]).exists() for one in index)


def test_what_pages_load_is_listed_with_its_licence(site: tuple[Path, tuple[str, ...]]) -> None:
    """Each script that a page loads stands on the page with its size, and the theme with version and licence."""
    told = text_of(site, "licences.html")
    for name in pages(site):
        for script in re.findall(r'<script src="([^"]+)"', text_of(site, name)):
            assert f"<code>{Path(script).name}</code>" in told
    assert re.search(r"<td>mkdocs-material</td>\s*<td>[\d.]+</td>\s*<td>MIT</td>", told)


def test_no_page_is_large_and_the_largest_script_is_known(site: tuple[Path, tuple[str, ...]]) -> None:
    """Pages other than those of the reference stay below 100 kB of HTML."""
    large = {name: len(text_of(site, name)) for name in pages(site) if not name.startswith("code/")}
    assert max(large.values()) < 100_000, max(large, key=lambda name: large[name])


def test_without_a_word_of_the_project_only_generated_pages_have_a_policy(
    site: tuple[Path, tuple[str, ...]], tmp_path: Path
) -> None:
    """A project that loads things from elsewhere keeps what it has; fonts of another host keep even ours without."""
    root = shutil.copytree(site[0].parent, tmp_path / "shop")
    (root / "mkdocs.yml").write_text(
        "site_name: shop\ntheme: {name: material, font: false}\nplugins: [overt]\nuse_directory_urls: false\n"
    )
    build(root, strict=False)
    assert "Content-Security-Policy" not in (root / "site/start.html").read_text()
    assert "Content-Security-Policy" in (root / "site/validation/index.html").read_text()
