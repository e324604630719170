"""References over a small real project: what is proved, refuted, or not surely a reference."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest

from overt.audit.project import MAX_BYTES, Project
from overt.audit.references.anchors import anchors
from overt.audit.references.find import References
from overt.audit.references.ignores import read_ignores
from overt.audit.references.mentions import is_history
from overt.audit.references.names import walk
from overt.audit.references.record import Ref
from overt.campaign.loading import load
from overt.markdown import scan
from overt.model import State
from overt.system.files import project_files

FILES = {
    "pyproject.toml": '[project]\nname = "shop"\n[project.scripts]\n'
    'shop = "shop.cli:main"\ngone = "shop.nothing:main"\n',
    "overt.toml": '[suites.unit]\nkind = "pytest"\n\n[flags.fast-cart]\nowner = "a"\npurpose = "b"\n'
    'created = "2026-01-01"\nuntil = "2027-01-01"\n',
    "Makefile": "test: lint\n\tpytest\nlint:\n\truff check\n",
    ".gitignore": "dist/\nsite\n",
    ".ci/run": "",
    "scripts/release.py": "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('--dry-run')\n",
    "src/shop/__init__.py": "from shop.cart import Cart\n__version__ = '1'\n",
    "src/shop/__main__.py": "from shop.cli import main\nmain()\n",
    "src/shop/cart.py": dedent("""\
        from collections import UserDict
        from dataclasses import dataclass
        EVENTS = "shop.cart.changed"
        class Cart:
            '''A cart.'''
            def __init__(self):
                self.rows = []
            def total(self):
                return sum(self.rows)
        class Loose(UserDict):
            pass
        @dataclass
        class Row(Cart):
            name: str
        """),
    "src/shop/lazy.py": "def __getattr__(name):\n    if name == 'made':\n        return 1\n"
    "    raise AttributeError(name)\n",
    "src/shop/cli.py": dedent("""\
        import argparse
        def main():
            parser = argparse.ArgumentParser()
            verbs = parser.add_subparsers()
            add = verbs.add_parser("add")
            add.add_argument("--count", "-c")
        """),
    "docs/guide.md": "# Guide\n\n## Set up\n\n## Set up\n\n<a id='deep'></a>\n",
    "docs/index.md": "",
    "docs/img.png": "",
    "README.md": "# Shop\n",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small project on disk."""
    top = tmp_path_factory.mktemp("shop")
    for name, text in FILES.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(text)
    return top


@pytest.fixture(scope="module")
def project(root: Path) -> Project:
    """The project as the audit sees it."""
    files = project_files(root)
    return Project(root, files, campaign=load(root, files=files).campaign, generated=("docs/validation/report.md",))


def refs(project: Project, text: str, path: str = "docs/page.md") -> list[Ref]:
    """Return the references of a text."""
    document = scan(text)
    return References(project, {path: document}).of(document, path)


def states(project: Project, text: str, path: str = "docs/page.md") -> list[tuple[str, str]]:
    """Return sort and state of each reference of a text."""
    return [(ref.sort, ref.verdict.state.value) for ref in refs(project, text, path)]


TRUE = {
    "`src/shop/cart.py`": "path",
    "`shop/cart.py:3`": "path",
    "`cart.py`": "path",
    "`src/shop/`": "path",
    "`docs/*.md`": "path",
    "see src/shop/cli.py there": "path",
    "[g](guide.md)": "link",
    "[g](../README.md)": "link",
    "[g](guide/)": "link",
    "[g](guide.html)": "link",
    "![i](img.png)": "link",
    "[r](validation/report.md)": "link",
    "[g](guide.md#set-up_1)": "anchor",
    "[g](guide.md#set-up-1)": "anchor",
    "[g](guide.md#deep)": "anchor",
    "[g](../src/shop/cart.py#L3)": "anchor",
    "# Here\n[h](#here)": "anchor",
    "`shop.cart.Cart`": "symbol",
    "`shop.Cart.total()`": "symbol",
    "`shop.cart:Cart`": "symbol",
    "`shop.cart.Cart.rows`": "symbol",
    "`Cart`": "symbol",
    "`Cart.total`": "symbol",
    "`Row.total`": "symbol",
    "`total()`": "symbol",
    "`shop.lazy`": "symbol",
    "```python\nfrom shop.cart import Cart\n```": "symbol",
    "```bash\novert validate --suite unit\n```": "command",
    "`overt audit --strict docs`": "command",
    "`overt explain OV202`": "command",
    "`overt build [--json|--no-strict]`": "command",
    "`python -m shop add --count 3`": "command",
    "`shop add --count=3`": "command",
    "```console\n$ shop add -c 1\noutput\n```": "command",
    "```sh\nuv run python scripts/release.py --dry-run\n```": "command",
    "`make lint`": "target",
    "`OV202`": "rule",
    "the rule OV101 is": "rule",
    "`[suites.unit]`": "key",
    "`overt.toml`:\n\n```toml\n[suites.unit]\ntimeout = 60\n```": "key",
}
FALSE = {
    "`src/shop/basket.py`": ("path", ""),
    "`src/shop/crat.py`": ("path", "cart.py"),
    "`docs/cart.py`": ("path", "src/shop/cart.py"),
    "see src/shop/carts.py there": ("path", "cart.py"),
    "[g](gide.md)": ("link", "docs/guide.md"),
    "[g](cart.py)": ("link", "../src/shop/cart.py"),
    "[g](guide.md#setup)": ("anchor", "set-up"),
    "[g](../src/shop/cart.py#L300)": ("anchor", ""),
    "# Here\n[h](#there)": ("anchor", "here"),
    "`shop.cart.Crat`": ("symbol", "Cart"),
    "`shop.Cart.totals()`": ("symbol", "total"),
    "`Cart.totals`": ("symbol", "total"),
    "`Row.naem`": ("symbol", "name"),
    "`shop.basket`": ("symbol", ""),
    "`shop.lazy.other`": ("symbol", ""),
    "```python\nfrom shop.cart import Basket\n```": ("symbol", ""),
    "```bash\novert valdate\n```": ("command", "validate"),
    "`overt audit --stric`": ("option", "--strict"),
    "`overt validate --suite unti`": ("suite", "unit"),
    "`overt explain OV999`": ("rule", ""),
    "`overt flags enable fast-crat`": ("flag", "fast-cart"),
    "`shop remove 3`": ("command", ""),
    "`shop add --cuont 3`": ("option", "--count"),
    "`gone --help`": ("command", ""),
    "`python -m shop.nothing`": ("command", ""),
    "```sh\npython scripts/relase.py\n```": ("path", "release.py"),
    "```sh\n./scripts/publish.sh\n```": ("path", ""),
    "```sh\npython scripts/release.py --dryrun\n```": ("option", "--dry-run"),
    "```sh\nmake lnit\n```": ("target", "lint"),
    "`OV999`": ("rule", ""),
    "`[suites.unit.timeot]`": ("key", "timeout"),
    "`overt.toml`:\n\n```toml\n[suites.unit]\ntimeot = 60\n```": ("key", "timeout"),
}
NOT_SURE = [
    "`foo/bar.py` and `tests/test_x.py` and `other.py`",
    "`/etc/passwd` `~/x/y.py` `https://a.b/c.py` `<x>/y.py` `${HOME}/a.py` `and/or`",
    "`os.path.join` `requests.get` `thing.total` `shop.toml` `shop.io`",
    "`shop.Class.method` `shop.foo` `shop.your_module`",
    "[a](https://x.y/z.md) [b](mailto:a@b.c) [c](//x.y)",
    "`overt VERB` `overt <verb>` `overt`",
    "```bash\npip install shop\ngit commit -m 'x'\n# overt nothing\n```",
    "```\novert nothing\n```",
    "```python\nimport os\nfrom requests import get\nx = shop\n```",
    "```console\n$ ls\novert nothing is output\n```",
    "`make it so that all is well`",
    "```toml\n[tool.x]\ny = 1\n```",
    "`overt.toml`:\n\n```toml\nloose = 1\n[suites.unit]\ntimeout = 1\n```",
    "the Cart and its total",
]
UNCHECKED = {
    "`src/shop/basket.py` was removed.": ["unchecked"],
    "Create `src/shop/basket.py` with this.": ["unchecked"],
    "`.ci/basket.sh` is run": ["unchecked"],
    "`shop.cart.Crat` is no longer there.": ["unchecked"],
    "`shop.cart.changed` is an event": ["unchecked"],
    "`Loose.keys` and `shop.cart.Loose.whatever`": ["unchecked", "unchecked"],
    "`shop.cart.Cart.rows.append`": ["unchecked"],
    "`shop.lazy.__doc__`": ["unchecked"],
    "`shop.cart.UserDict.data`": ["unchecked"],
    "[a](/site/root.md)": ["unchecked"],
    "[a](../../outside.md)": ["unchecked"],
    "[a]({{page}}.md)": ["unchecked"],
    "[a](img.png#part)": ["unchecked"],
    "[a](validation/report.md#part)": ["unchecked"],
    "--8<-- 'x.md'\n[a](#there)": ["unchecked"],
    "[a](#fn:1)": ["unchecked"],
    "`dist/shop.whl` `docs/site/x.html` `src/dist/x.py`": ["unchecked", "unchecked"],
    "```toml\n[suites.elixir]\n```\n\n```sh\novert validate --suite elixir\n```": ["unchecked"],
}


@pytest.mark.parametrize("text", TRUE, ids=str)
def test_what_exists_is_proved(project: Project, text: str) -> None:
    """True references of every sort, and no refutation beside them."""
    found = states(project, text)
    assert (TRUE[text], "proved") in found
    assert {state for _, state in found} == {"proved"}


@pytest.mark.parametrize("text", FALSE, ids=str)
def test_what_does_not_exist_is_refuted(project: Project, text: str) -> None:
    """False references of every sort, with the nearest thing that exists."""
    sort, near = FALSE[text]
    wrong = [ref for ref in refs(project, text) if ref.verdict.state is State.REFUTED]
    assert [ref.sort for ref in wrong] == [sort]
    assert near in wrong[0].hint


@pytest.mark.parametrize("text", NOT_SURE, ids=str)
def test_what_is_not_surely_ours_is_no_reference(project: Project, text: str) -> None:
    """Words, placeholders, other programs and other people's files are left alone."""
    assert [ref for ref in refs(project, text) if ref.verdict.state is not State.PROVED] == []


@pytest.mark.parametrize("text", UNCHECKED, ids=str)
def test_what_cannot_be_told_is_unchecked(project: Project, text: str) -> None:
    """Talk of the past, of the reader's files, of dynamic names and of other places is not refuted, but said."""
    assert [state for _, state in states(project, text)] == UNCHECKED[text]


@pytest.mark.parametrize(
    ("path", "link", "state"),
    [
        ("README.md", "docs/guide.md", "proved"),
        ("CONTRIBUTING.md", "guide.md", "unchecked"),
        ("docs/how-to/add.md", "../guide.md", "proved"),
        ("docs/how-to/add.md", "../../guide/", "proved"),
        ("docs/how-to/add.md", "../../guide.md", "refuted"),
        ("docs/how-to/add.md", "/guide.md", "proved"),
        ("docs/how-to/add.md", "../../../x.md", "unchecked"),
        ("README.md", "docs", "proved"),
        ("docs/index.md", "guide.md?plain=1#guide", "proved"),
        ("docs/index.md", "gu%69de.md", "proved"),
    ],
)
def test_links_are_followed_from_where_they_stand(project: Project, path: str, link: str, state: str) -> None:
    """Relative to the document, to the site's root, or as seen from the built page."""
    assert [found for _, found in states(project, f"[a]({link})", path)] == [state]


def test_a_label_of_sphinx_is_unchecked(tmp_path: Path) -> None:
    """Where Sphinx builds the documents, a bare word may be one of its labels."""
    for name in ("docs/conf.py", "docs/index.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    sphinx = Project(tmp_path, project_files(tmp_path))
    assert [state for _, state in states(sphinx, "[a](my-label) [b](x.md)")] == ["unchecked", "refuted"]


def test_a_changelog_may_name_what_is_gone(project: Project) -> None:
    """Documents that tell of earlier versions refute no names, but their links still have to lead somewhere."""
    text = "`shop.cart.Crat` `src/shop/basket.py` [a](nothing.md)"
    assert [ref.sort for ref in refs(project, text, "CHANGELOG.md") if ref.verdict.state is State.REFUTED] == ["link"]
    assert [is_history(path) for path in ("docs/release-notes.md", "docs/newsletter.md")] == [True, False]


def test_places_of_references_are_exact(project: Project) -> None:
    """Line and column, also in the middle of a fence."""
    text = "# T\n\nsee `src/shop/crat.py`\n\n```bash\ntrue\novert valdate\n```\n"
    assert [(ref.location.line, ref.location.column) for ref in refs(project, text)] == [(3, 5), (7, 1)]


def test_without_griffe_names_are_unchecked(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing extra is said, not passed over."""
    monkeypatch.setitem(sys.modules, "griffe", None)
    (found,) = refs(project, "`shop.cart.Nothing`")
    assert (found.verdict.state, "griffe is not installed" in found.verdict.reason) == (State.UNCHECKED, True)


def test_nothing_of_the_project_is_imported(tmp_path: Path) -> None:
    """A package that would leave a trace when imported leaves none."""
    package = tmp_path / "trap"
    package.mkdir()
    (package / "__init__.py").write_text(
        "from pathlib import Path\nPath(__file__).with_name('sprung').touch()\nx = 1\n"
    )
    trap = Project(tmp_path, project_files(tmp_path))
    assert states(trap, "`trap.x` `trap.other`") == [("symbol", "proved"), ("symbol", "refuted")]
    assert not (package / "sprung").exists()
    assert "trap" not in sys.modules


def test_anchors_of_both_dialects() -> None:
    """Markup, links, code, accents and repetitions in headings."""
    text = "# A *b* `c()`\n## [Link](x.md)\n## Ünï\n## Same\n## Same\n## Given {#mine}\n## snake_case & more\n"
    found = anchors(scan(text))
    assert {"a-b-c", "link", "ünï", "uni", "same", "same-1", "same_1", "mine", "snake_case--more"} <= found
    assert "snake_case-more" in found


def test_keys_are_followed_into_tables() -> None:
    """Names of the user's choosing are free, keys of the program are not."""
    assert walk(["suites", "anything", "at-least"]) is None
    assert walk(["hidden-state", "allow", "until"]) is None
    assert walk(["nothing"]) is not None
    wrong = walk(["hidden-state", "alow"])
    assert wrong is not None
    assert (wrong[0], "allow" in wrong[1]) == ("alow", True)


TODAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("a <!-- overt: ignore until=2026-12-31 -- why --> b\nc", [1]),
        ("<!-- overt: ignore until=2026-12-31 -- why -->\na\nb\n\nc", [1, 2, 3]),
        ("<!-- overt: ignore until=2026-12-31 -- why -->\n\n```sh\na\n\nb\n```\nc", [1, 2, 3, 4, 5, 6, 7]),
        ("a\n\nb\n<!-- overt: ignore-file until=2026-12-31 -- why -->", [1, 2, 3, 4]),
    ],
)
def test_an_ignore_comment_covers_its_place(text: str, covered: list[int]) -> None:
    """Its own line, the next block, the next fence, or the whole file."""
    ignores = read_ignores(scan(text), "a.md", TODAY)
    assert [line for line in range(1, text.count("\n") + 2) if ignores.covers(line)] == covered
    assert ignores.wrong == ()


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("overt: ignore until=2026-12-31", "needs a reason"),
        ("overt: ignore -- why", "needs an end"),
        ("overt: ignore until=soon -- why", "is not a date"),
        ("overt: ignore until=2026-05-31 -- why", "ended on 2026-05-31"),
    ],
)
def test_an_ignore_comment_without_reason_or_end_is_refuted(comment: str, said: str) -> None:
    """It covers nothing and is told."""
    ignores = read_ignores(scan(f"<!-- {comment} -->\na"), "a.md", TODAY)
    assert not ignores.covers(2)
    assert [said in ref.verdict.reason for ref in ignores.wrong] == [True]


def test_files_that_are_no_documents_are_not_read(root: Path, tmp_path: Path) -> None:
    """Too large, no text, outside the repository, no regular file."""
    outside = tmp_path / "outside.md"
    outside.write_text("x")
    inner = tmp_path / "in"
    inner.mkdir()
    (inner / "huge.md").write_bytes(b"x" * (MAX_BYTES + 1))
    (inner / "binary.md").write_bytes(b"\xff\xfe")
    (inner / "out.md").symlink_to(outside)
    (inner / "ok.md").write_text("x")
    names = ("huge.md", "binary.md", "out.md", "missing.md", "nul\0.md")
    reader = Project(inner, project_files(inner))
    assert [reader.read(name) for name in names] == [None] * 5
    assert reader.read("ok.md") == "x"


def test_a_distribution_leaves_files_out(tmp_path: Path) -> None:
    """Where a package was unpacked, only a file that is elsewhere under the same name refutes a path."""
    for name in ("PKG-INFO", "docs/a.md", "docs/sub/moved.md", "src/x.py", "src/sub/moved.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    shipped = Project(tmp_path, project_files(tmp_path))
    assert shipped.is_distribution
    text = "[a](b.md) [a](moved.md) `src/y.py` `src/moved.py`\n\n```sh\npython src/tool.py\n```"
    assert [state for _, state in states(shipped, text, "docs/a.md")] == [
        "unchecked",
        "refuted",
        "unchecked",
        "refuted",
        "unchecked",
    ]


def test_sphinx_has_labels_and_descriptions_of_its_own(tmp_path: Path) -> None:
    """Labels count as anchors anywhere, headings of other documents may be meant, described names are not refuted."""
    for name, text in {
        "pyproject.toml": '[project]\nname = "loom"\n',
        "docs/conf.py": "",
        "docs/other.md": "(my-label)=\n# Other part\n",
        "docs/api.rst": ".. class:: Weaver\n",
        "docs/nb.ipynb": "{}",
        "loom/__init__.py": "",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    loom = Project(tmp_path, project_files(tmp_path))
    page = scan("[a](#my-label) [b](#other-part) [c](#nowhere) [d](nb) `loom.Weaver` `loom.Spinner`")
    other = scan("(my-label)=\n# Other part\n")
    found = References(loom, {"docs/a.md": page, "docs/other.md": other}).of(page, "docs/a.md")
    told = [ref.verdict.state.value for ref in found]
    assert told == ["proved", "unchecked", "refuted", "proved", "unchecked", "refuted"]
