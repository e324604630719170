"""Whole builds of small projects: the same pages by every door, and the old site when one fails."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from overt.campaign import load
from overt.model import Exit, Problems
from overt.site.build import build
from overt.site.disk import write
from overt.site.moment import site_date
from overt.site.plugin import gather_site
from overt.system.files import project_files
from overt.system.process import run_process

Project = Callable[..., Path]
Act = Callable[[Path], None]

SUITES = """
[suites.compile]
kind = "command"
command = ["true"]
inputs = ["src/**/*.py"]
[suites.unit]
kind = "import"
files = ["results.xml"]
format = "junit"
inputs = ["src/**/*.py"]
required = false
[claims.compiles]
text = "Everything compiles"
expect = "suites.compile.exit_code == 0"
"""
LIGHT = "site_name: shop\nuse_directory_urls: false\ntheme: {name: mkdocs, highlightjs: false}\nplugins: [overt]\n"
"""A theme that builds quickly, for tests of what is the same in every theme."""

CONFIG = "site_name: shop\nuse_directory_urls: false\ntheme: {name: material, font: false}\nplugins: [search, overt]\n"


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def problems_of(root: Path) -> list[str]:
    with pytest.raises(Problems) as told:
        build(root)
    assert told.value.exit is Exit.REFUTED
    return [str(problem) for problem in told.value.problems]


@pytest.fixture
def shop(project: Project, junit: Callable[..., str], run_suites: Act) -> Path:
    """A project whose one claim holds."""
    text = "---\ntitle: Start\n---\n# Start\n\nIt [compiles](claim:compiles); [1](evidence:suites.unit.passed) test.\n"
    root = project({"docs/start.md": text, "results.xml": junit(("one",)), "mkdocs.yml": LIGHT}, SUITES)
    run_suites(root)
    return root


def test_every_door_gives_the_same_bytes(shop: Path, tmp_path: Path) -> None:
    """`overt build` twice and `mkdocs build --strict` write the same site, byte for byte."""
    (shop / "mkdocs.yml").write_text(CONFIG)
    first = build(shop, output=tmp_path / "first")
    shutil.rmtree(shop / ".overt/cache")
    build(shop, output=tmp_path / "second")
    import sys

    command = [str(Path(sys.executable).with_name("mkdocs")), "build", "--strict", "-d", str(tmp_path / "third")]
    done = run_process(command, cwd=shop, timeout=100)
    assert done.ok, done.output.decode()
    trees = [tree(tmp_path / name) for name in ("first", "second", "third")]
    assert trees[0] == trees[1]
    assert trees[0] == trees[2]
    assert first.inspection.pages == sum(name.endswith(".html") for name in trees[0])


def test_a_claim_that_holds_is_text_with_a_mark(shop: Path) -> None:
    """The link leads to the claim's place, and the number to its evidence."""
    build(shop)
    html = (shop / "site/start.html").read_text()
    assert 'href="validation/claims.html#claim-compiles">compiles</a>' in html
    assert 'href="validation/evidence/unit.html">1</a>' in html
    statements = html.partition("ov-foot")[0]
    assert statements.count('class="ov ov-proved"') == 2
    assert "claim:" not in html


def test_pages_carry_the_date_of_the_evidence(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The map of the site and its archive have no trace of the clock."""
    loaded = load(shop, files=project_files(shop))
    collected = gather_site(shop, shop / "docs", ["start.md"])
    manifest = json.loads(next((shop / ".overt/runs").rglob("manifest.json")).read_text())
    assert collected.loaded == loaded
    assert site_date(collected) == manifest["closed_ns"] // 1_000_000_000
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1500000000")
    build(shop)
    packed = (shop / "site/sitemap.xml.gz").read_bytes()
    assert int.from_bytes(packed[4:8], "little") == 1_500_000_000 // 86_400 * 86_400
    assert gzip.decompress(packed) == (shop / "site/sitemap.xml").read_bytes()


@pytest.mark.parametrize(
    ("change", "state"),
    [
        (("overt.toml", "suites.compile.exit_code == 0", "suites.compile.exit_code == 7"), "refuted"),
        (("src/shop/money.py", "Money", "Coins"), "stale"),
        (("overt.toml", "suites.compile.exit_code == 0", "measures.never == 0"), "unchecked"),
    ],
)
def test_what_does_not_hold_fails_with_its_place(shop: Path, change: tuple[str, str, str], state: str) -> None:
    """A refuted, a stale and an unmeasured claim each fail with file and line, and the old site stays."""
    build(shop)
    before = tree(shop / "site")
    name, old, new = change
    (shop / name).write_text((shop / name).read_text().replace(old, new))
    told = problems_of(shop)
    assert any(line.startswith("overt.toml:") and f"is {state}" in line for line in told), told
    assert any(line.startswith("docs/start.md:6:4: claim:compiles") and f"is {state}" in line for line in told), told
    assert tree(shop / "site") == before
    built = build(shop, strict=False)
    assert built.problems
    assert f"ov-{state}" in (shop / "site/start.html").read_text()


def test_a_drifted_number_and_a_lost_claim_are_told(shop: Path) -> None:
    """Prose that says another number, or names a claim that nobody declared, is refuted with its line."""
    (shop / "docs/start.md").write_text("# Start\n\n[7](evidence:suites.unit.passed) and [x](claim:compilse)\n")
    told = problems_of(shop)
    assert any(line.startswith("docs/start.md:3:1: evidence:suites.unit.passed is refuted") for line in told)
    assert any("did you mean 'compiles'?" in line for line in told)


DOCSTRING = '''\
"""Money.

:param str cents: nobody takes it
:param int | None limit: no field of Sphinx

Usage: pay [--cents=<n>] [cents], see `the book </quickstart#pay>`_ and [clients](/advanced/clients/).
"""


def pay(limit):
    """Pay.

    :param other: a parameter that it does not have
    """
'''


def test_words_of_docstrings_never_stop_the_site(shop: Path, run_suites: Act) -> None:
    """Unknown parameters, brackets that look like links and links of another site are the project's own words."""
    (shop / "mkdocs.yml").write_text(CONFIG)
    (shop / "src/shop/money.py").write_text(DOCSTRING)
    text = (shop / "overt.toml").read_text().replace('inputs = ["src/**/*.py"]', 'inputs = ["docs"]')
    (shop / "overt.toml").write_text(text)
    run_suites(shop)
    built = build(shop)
    assert built.warnings == ()
    assert "nobody takes it" in (shop / "site/code/shop/money.html").read_text()


def test_the_same_words_in_a_document_do_stop_it(shop: Path) -> None:
    """A page that a person wrote has to have links that lead somewhere."""
    (shop / "mkdocs.yml").write_text(CONFIG)
    (shop / "docs/start.md").write_text("# Start\n\n[clients](/advanced/clients/)\n")
    assert any("/advanced/clients/" in line for line in problems_of(shop))


def test_plain_mkdocs_in_strict_mode_refuses_too(shop: Path) -> None:
    """The plugin alone stops `mkdocs build --strict`, and names the line."""
    import sys

    (shop / "docs/start.md").write_text("# Start\n\n[x](claim:nothing)\n")
    mkdocs = str(Path(sys.executable).with_name("mkdocs"))
    strict = run_process([mkdocs, "build", "--strict", "-d", str(shop / "out")], cwd=shop, timeout=100)
    assert strict.exit_code == 1
    assert b"docs/start.md:3:1" in strict.output
    loose = run_process([mkdocs, "build", "-d", str(shop / "out")], cwd=shop, timeout=100)
    assert loose.ok
    assert b"docs/start.md:3:1" in loose.output


def test_a_dead_link_or_anchor_fails(shop: Path) -> None:
    """Checks of links that mkdocs only mentions by default count."""
    (shop / "docs/start.md").write_text("# Start\n\n[a](#nowhere) [b](other.md)\n")
    told = "\n".join(problems_of(shop))
    assert "#nowhere" in told
    assert "other.md" in told


def test_a_project_keeps_what_it_says_about_links(shop: Path) -> None:
    """A key of `validation` that the project sets is left alone."""
    (shop / "mkdocs.yml").write_text(LIGHT + "validation: {anchors: ignore}\n")
    (shop / "docs/start.md").write_text("# Start\n\n[a](#nowhere)\n")
    assert build(shop).warnings == ()


def test_a_project_without_documentation_gets_a_site(project: Project) -> None:
    """No mkdocs.yml, no docs: status, architecture and reference are there all the same."""
    root = project()
    shutil.rmtree(root / "docs")
    built = build(root)
    pages = tree(root / "site")
    assert {"index.html", "validation/claims.html", "code/architecture.html", "code/shop/money.html"} <= pages.keys()
    assert b"Return it in cents" in pages["code/shop/money.html"]
    assert built.inspection.hosts == ()
    assert not (root / "docs").exists()


def test_other_themes_and_navigations_are_kept(shop: Path) -> None:
    """A project with its own theme and navigation keeps both; our pages come after its own."""
    nav = "nav:\n  - Begin: start.md\n  - Proof: validation/index.md\n"
    (shop / "mkdocs.yml").write_text("site_name: shop\ntheme: readthedocs\nplugins: [overt]\n" + nav)
    build(shop)
    html = (shop / "site/start/index.html").read_text()
    assert html.index(">Begin<") < html.index(">Proof<") < html.index(">Claims<")
    assert ">Report<" not in html
    assert 'class="ov ov-proved"' in html


def test_a_page_in_the_way_is_named(shop: Path) -> None:
    """A hand-written page at the place of a generated one is not lost without a word."""
    (shop / "docs/validation").mkdir()
    (shop / "docs/validation/claims.md").write_text("# Mine\n")
    assert any("validation/claims.md" in line for line in problems_of(shop))


def test_the_status_can_stand_in_a_page_of_the_project(shop: Path) -> None:
    """A comment in the project's own first page is replaced, and the status page moves aside."""
    (shop / "docs/index.md").write_text("# Shop\n\n<!-- overt:status -->\n\nBye.\n")
    build(shop)
    html = (shop / "site/index.html").read_text()
    assert "Everything that is stated here holds" in html
    assert html.index("Everything that is stated") < html.index("Bye.")
    assert (shop / "site/status.html").is_file()


def test_a_folder_that_is_no_site_is_not_replaced(shop: Path) -> None:
    """A wrong --output destroys nothing."""
    target = shop / "src"
    with pytest.raises(Exception, match="is not a site and is not replaced"):
        build(shop, output=target)
    assert (target / "shop/money.py").is_file()


def test_nothing_is_left_beside_the_site(shop: Path) -> None:
    """Workshop and old site are gone after a good build and after a bad one."""
    names = {path.name for path in shop.iterdir()}
    build(shop)
    (shop / "docs/start.md").write_text("[x](claim:nothing)\n")
    problems_of(shop)
    assert {path.name for path in shop.iterdir()} == names | {"site"}


def test_a_module_with_side_effects_is_not_imported(shop: Path, tmp_path: Path) -> None:
    """The reference is read from the source: a module that writes a file when imported does not."""
    trace = tmp_path / "trace"
    (shop / "src/shop/loud.py").write_text(f'"""Loud."""\nopen({str(trace)!r}, "w").close()\n')
    (shop / "src/shop/broken.py").write_text("def (\n")
    build(shop, strict=False)
    assert "Loud." in (shop / "site/code/shop/loud.html").read_text()
    assert "could not be read" in (shop / "site/code/shop/broken.html").read_text()
    assert not trace.exists()


def test_pages_on_disk_are_the_same_pages(shop: Path, tmp_path: Path) -> None:
    """Plain Markdown, built by mkdocs without our plugin, has the same pages and no link of ours left."""
    (shop / "mkdocs.yml").write_text(CONFIG)
    target = tmp_path / "pages"
    count = write(shop, target)
    built = build(shop)
    pages = {name for name in tree(target) if name.endswith(".md")}
    assert count == len(pages)
    assert {name.removesuffix(".md") + ".html" for name in pages} | {"404.html"} == {
        name for name in tree(built.output) if name.endswith(".html")
    }
    assert "claim:" not in (target / "start.md").read_text()
    config = CONFIG.replace("[search, overt]", "[search, mkdocstrings: {handlers: {python: {paths: [src]}}}]")
    (shop / "mkdocs.yml").write_text(config.replace("plugins", f"docs_dir: {target}\nplugins"))
    import sys

    mkdocs = str(Path(sys.executable).with_name("mkdocs"))
    done = run_process([mkdocs, "build", "--strict", "-d", str(tmp_path / "other")], cwd=shop, timeout=100)
    assert done.ok, done.output.decode()
    write(shop, target, strict=False)


def test_pages_on_disk_replace_nothing_else(shop: Path) -> None:
    """A folder with something else in it is left alone."""
    with pytest.raises(Exception, match="holds something else"):
        write(shop, shop / "docs")
