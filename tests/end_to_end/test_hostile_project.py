"""A project that tries everything: from its tests through the ledger to pixels, nothing of it runs or leaks."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

TOKEN = "ghp_" + "Z9" * 18
"""A token's shape, put together here so that no file of the repository holds one."""

CONFIG = """
[project]
name = "<img src=x onerror=alert(9)>"

[suites.unit]
kind = "pytest"
title = "Unit <script>alert(8)</script>"

[claims.green]
expect = "tests.failed == 0"
text = "All <script>alert(7)</script> pass"
"""
TESTS = f'''
import sys
import pytest

NAMES = [
    "<script>alert(1)</script>", "\\x1b[31mred\\x1b[0m", "`code` | pipe [x](javascript:alert(2))",
    "{{{{ 7 * 7 }}}}", "::: os", "<!-- open", "</td></tr></table><h1>gone", "claim:green", "\\ud800 lone",
]

@pytest.mark.parametrize("name", NAMES)
def test_names(name):
    print("\\x1b[2Jcleared <script>alert(3)</script>")
    assert name == "never", "<script>alert(4)</script> in a message"

def test_ten_megabytes():
    print("x" * 10_000_000)
    assert False, "after much output"

def test_bytes_that_are_no_text():
    sys.stdout.flush()
    sys.stdout.buffer.write(b"\\xff\\xfe\\x00 bytes")
    sys.stdout.flush()
    assert False

def test_token():
    print("authorising with {TOKEN}")
    assert "{TOKEN}" == ""
'''


def overt(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program in the hostile project."""
    command = [sys.executable, "-m", "overt", *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, env={**os.environ, "PYTHONUTF8": "1"})


@pytest.fixture(scope="module")
def hostile_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, validated and built."""
    root = tmp_path_factory.mktemp("hostile")
    (root / "tests").mkdir()
    (root / "docs").mkdir()
    (root / "tests/test_it.py").write_text(TESTS)
    (root / "overt.toml").write_text(CONFIG)
    (root / "docs/page.md").write_text("# Page\n\n[it holds <b onclick=alert(5)>](claim:green)\n")
    theme = "theme: {name: material, font: false}"
    (root / "mkdocs.yml").write_text(
        f"site_name: hostile\nuse_directory_urls: false\n{theme}\nplugins: [search, overt]\n"
    )
    validated = overt(root, "validate")
    assert validated.returncode == 1, validated.stdout + validated.stderr
    assert "\x1b[2J" not in validated.stdout
    built = overt(root, "build", "--no-strict")
    assert built.returncode == 0, built.stdout + built.stderr
    return root


def test_the_token_is_nowhere(hostile_project: Path) -> None:
    """Neither ledger nor site nor cache holds what must stay secret."""
    places = [file for place in (".overt", "site") for file in (hostile_project / place).rglob("*") if file.is_file()]
    assert len(places) > 10
    assert [file.name for file in places if TOKEN.encode() in file.read_bytes()] == []
    assert any(b"[redacted]" in file.read_bytes() for file in places)


def test_output_is_bounded(hostile_project: Path) -> None:
    """Ten megabytes of output become neither a huge ledger nor a huge page."""
    ledger = sum(file.stat().st_size for file in (hostile_project / ".overt/runs").rglob("*") if file.is_file())
    assert ledger < 3_000_000
    largest = max((hostile_project / "site").rglob("*.html"), key=lambda file: file.stat().st_size)
    assert largest.stat().st_size < 500_000


def test_what_is_stored_is_plain_text(hostile_project: Path) -> None:
    """No terminal code and no undecodable byte reaches the ledger."""
    for file in (hostile_project / ".overt/runs").rglob("*"):
        if file.is_file():
            text = file.read_bytes().decode("utf-8")
            assert "\x1b" not in text
            assert "\\u001b" not in text


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False])
def test_every_page_is_inert_in_a_browser(hostile_project: Path, watch: Callable[..., Any], scripts: bool) -> None:
    """No page runs what a test was called, printed or raised, and none asks another host."""
    watched = watch(scripts=scripts)
    pages = [
        page for page in sorted((hostile_project / "site").rglob("*.html")) if not {"rules", "404.html"} & {*page.parts}
    ]
    assert len(pages) >= 6
    for page in pages:
        watched.page.goto(page.as_uri())
        assert watched.page.locator("h1").count() == 1, page.name
    assert watched.trouble == []


@pytest.mark.browser
def test_hostile_names_are_shown_as_they_are(hostile_project: Path, watch: Callable[..., Any]) -> None:
    """Harmless does not mean hidden: the reader sees the name that was given."""
    watched = watch()
    watched.page.goto((hostile_project / "site/validation/cases.html").as_uri())
    watched.page.get_by_text("<script>alert(1)</script>").first.wait_for()
    assert watched.trouble == []
