"""A build that takes what it can from the former one writes the same site as one that starts with nothing."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

from overt.site.build import build

CONFIG = (
    "site_name: {name}\nuse_directory_urls: false\ntheme: {{name: material, font: false}}\nplugins: [search, overt]\n"
)
NAMED = 'name = "shop"\npackages = ["src/shop"]'
SEED = 20_261_123
CHANGES = 9

Change = Callable[[Path, random.Random], None]


def project(root: Path) -> Path:
    """Write a small project with pages that link to each other and to code."""
    files = {
        "overt.toml": f'[project]\n{NAMED}\n[claims.works]\nexpect = "tests.passed > 0"\n',
        "mkdocs.yml": CONFIG.format(name="shop"),
        "src/shop/__init__.py": '"""A shop."""\n',
        "src/shop/money.py": '"""Money."""\n\n\ndef cents(euros: float) -> int:\n    """Return it in cents."""\n',
        "docs/start.md": "# Start\n\nIt [works](claim:works): [one](page-1.md#two), [cents][shop.money.cents].\n",
        **{f"docs/page-{n}.md": f"# Page {n}\n\nText.\n\n## Two\n\n[next](page-{(n + 1) % 4}.md)\n" for n in range(4)},
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def edit_page(root: Path, dice: random.Random) -> None:
    """Change the text of a page, or its title, on which the navigation of every page depends."""
    page = dice.choice(sorted((root / "docs").glob("page-*.md")))
    text = page.read_text("utf-8")
    page.write_text(
        text.replace("# Page", f"# Renamed {dice.random():.3f} page", 1) if dice.random() < 0.5 else text + "\nMore.\n"
    )


def add_page(root: Path, dice: random.Random) -> None:
    """Add a page."""
    (root / f"docs/new-{dice.randrange(1000)}.md").write_text("# New\n\n[start](start.md)\n", encoding="utf-8")


def remove_page(root: Path, dice: random.Random) -> None:
    """Take a page away to which others may lead."""
    pages = sorted((root / "docs").glob("page-*.md"))
    if len(pages) > 1:
        dice.choice(pages).unlink()


def change_settings(root: Path, dice: random.Random) -> None:
    """Change what every page shows."""
    (root / "mkdocs.yml").write_text(CONFIG.format(name=f"shop {dice.randrange(1000)}"), encoding="utf-8")


def change_source(root: Path, dice: random.Random) -> None:
    """Change code that API pages show, or add a module."""
    name = dice.choice(["money", "more"])
    text = f'"""About {name}."""\n\n\ndef cents(euros: float) -> int:\n    """Return {dice.randrange(99)}."""\n'
    (root / f"src/shop/{name}.py").write_text(text, encoding="utf-8")


def change_evidence(root: Path, dice: random.Random) -> None:
    """Record something, or let the campaign ask for more of it."""
    from overt.cli.main import main

    (root / "results.xml").write_text(
        f'<testsuite name="s" tests="1"><testcase classname="a" name="t{dice.randrange(99)}" time="0.1"/></testsuite>'
    )
    assert main(["evidence", "import", "-C", str(root), str(root / "results.xml"), "--suite", "unit"]) in {0, 1, 3}


ALL: tuple[Change, ...] = (edit_page, add_page, remove_page, change_settings, change_source, change_evidence)


def tree(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_is_taken_from_a_former_build_is_what_would_be_made(tmp_path: Path) -> None:
    """After each of many changes, in an order by chance, both builds agree byte for byte."""
    dice = random.Random(SEED)
    root = project(tmp_path / "shop")
    changes = [*ALL, *(dice.choice(ALL) for _ in range(CHANGES - len(ALL)))]
    dice.shuffle(changes)
    build(root, output=tmp_path / "site", strict=False)
    kept = tmp_path / "kept"
    for number, change in enumerate(changes):
        change(root, dice)
        first = build(root, output=tmp_path / "site", strict=False)
        assert not first.unchanged
        cache = root / ".overt/cache"
        shutil.copytree(cache, kept)
        shutil.rmtree(cache)
        clean = build(root, output=tmp_path / f"clean-{number}", strict=False)
        assert tree(tmp_path / "site") == tree(tmp_path / f"clean-{number}"), change.__name__
        assert (first.problems, first.states, first.warnings) == (clean.problems, clean.states, clean.warnings)
        shutil.rmtree(cache)
        kept.rename(cache)
        assert build(root, output=tmp_path / "site", strict=False).unchanged
