"""What building a site costs, against plain mkdocs on the same pages.

Run it with `python validation/benchmarks/site_build.py`; `--own` builds the site of this project instead. The generated
project has 300 written pages and 100 modules. The other side is mkdocs alone, with the same theme, the same features,
search and mkdocstrings, on the pages that `overt build --to-disk` writes, in a folder of their own: so both have the
same pages and as many of them in their navigation, each project holds its own pages alone, and only one of them has to
read evidence, judge statements, audit the documents, render, write every page as Markdown, and inspect.

`cold` starts without any cache, `warm` when nothing has changed, `edited` after a line was added to one page. Sides run
in turns, each in a process of its own; figures are processor seconds of that process and its children, with the start
of the interpreter, as the operating system counts them. A figure is the median of the rounds; a ratio the median of the
ratios of each round. On a machine with other work processor seconds grow, too: then only the ratios mean something.

What was tried. It helped: HTML, frames and search entries of pages kept by the digest of all they depend on; leaving a
site alone when the digest of everything is that of the last build; answers about the source kept until a file of it
changes; asking for the modules inside a package by name. What is left of an edited page: the audit of all documents.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from overt.system.process import run_process

LIMITS = {"cold": 1.15, "warm": 0.5}
"""The most that overt may take of the time of plain mkdocs."""

_PAGES, _MODULES = 300, 100
_FEATURES = "[navigation.indexes, navigation.prune, navigation.tabs, navigation.top, toc.follow, content.code.copy]"
_THEME = f"use_directory_urls: false\ntheme: {{name: material, font: false, features: {_FEATURES}}}\n"
_EXTENSIONS = "markdown_extensions: [admonition, attr_list, tables, pymdownx.highlight, pymdownx.superfences]\n"
_OURS = f"site_name: scale\n{_THEME}plugins: [search, overt]\n{_EXTENSIONS}"
_PLAIN = (
    f"site_name: scale\n{_THEME}docs_dir: pages\nextra_css: [overt/overt.css]\nextra_javascript: [overt/overt.js]\n"
    f"plugins:\n  - search\n  - mkdocstrings: {{handlers: {{python: {{paths: [src]}}}}}}\n{_EXTENSIONS}"
)
_TIMEOUT = 1800.0
_PROGRAM = "import sys; from overt.cli.main import main; sys.exit(main(sys.argv[1:]))"


def _page(number: int) -> str:
    parts = [f"# Page {number}\n\nWhat part {number} is for, and see [the next](page-{(number + 1) % _PAGES:03}.md).\n"]
    parts += [
        f"## Part {part}\n\nSome `code`, *words* and a table.\n\n| a | b |\n| - | - |\n| 1 | {part} |\n\n"
        f"```python\ntotal = {number} + {part}\n```\n"
        for part in range(6)
    ]
    return "\n".join(parts)


def _module(number: int) -> str:
    functions = [
        f'def price_{part}(euros: float, parts: int = {part}) -> int:\n    """Return a price in cents.\n\n'
        f'    Args:\n        euros: The price.\n        parts: How many.\n    """\n    return int(euros * parts)\n'
        for part in range(8)
    ]
    return f'"""Module {number} of the shop."""\n\n\n' + "\n\n".join(functions)


def write_project(root: Path) -> None:
    """Write the generated project.

    Args:
        root: Folder for it.
    """
    files = {
        "overt.toml": '[project]\nname = "scale"\npackages = ["src/scale"]\n',
        "mkdocs.yml": _OURS,
        "src/scale/__init__.py": '"""A package."""\n',
        **{f"src/scale/module_{number:03}.py": _module(number) for number in range(_MODULES)},
        **{f"docs/page-{number:03}.md": _page(number) for number in range(_PAGES)},
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


def _cpu(root: Path, *command: str) -> float:
    """Run a program; return the processor seconds that it and its children took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = run_process([sys.executable, *command], cwd=root, timeout=_TIMEOUT, env=dict(os.environ), output_limit=10**6)
    if not done.ok:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.output.decode('utf-8', 'replace')[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _overt(root: Path, site: Path) -> float:
    return _cpu(root, "-c", _PROGRAM, "build", "--no-strict", "--output", str(site))


def _forget(root: Path, site: Path) -> None:
    shutil.rmtree(root / ".overt/cache", ignore_errors=True)
    shutil.rmtree(site, ignore_errors=True)


def _edit(root: Path, number: int) -> None:
    page = next(iter(sorted((root / "docs").rglob("*.md"))))
    page.write_text(f"{page.read_text('utf-8')}\nLine {number}.\n", encoding="utf-8")


def measure(root: Path, site: Path, rounds: int, plain: Callable[[], float] | None) -> list[dict[str, float]]:
    """Return the processor seconds of each side, one entry a round.

    Args:
        root: The project.
        site: Where to build.
        rounds: How many.
        plain: Builds the other side; None when there is none.
    """
    found = []
    for number in range(rounds):
        one: dict[str, float] = {}
        first = plain is not None and number % 2 == 0
        if first and plain is not None:
            one["plain"] = plain()
        _forget(root, site)
        one["cold"] = _overt(root, site)
        one["warm"] = _overt(root, site)
        _edit(root, number)
        one["edited"] = _overt(root, site)
        if not first and plain is not None:
            one["plain"] = plain()
        found.append(one)
    return found


def _plain(root: Path) -> Callable[[], float]:
    _cpu(root, "-c", _PROGRAM, "build", "--to-disk", "pages")
    other = root.with_name("plain")
    other.mkdir()
    shutil.move(root / "pages", other / "pages")
    shutil.copytree(root / "src", other / "src")
    (other / "mkdocs.yml").write_text(_PLAIN, encoding="utf-8")
    return lambda: _cpu(other, "-m", "mkdocs", "build", "-q", "-d", str(root.with_name("plain-site")))


def summary(found: list[dict[str, float]]) -> dict[str, Any]:
    """Return medians, and the medians of the ratios to plain mkdocs.

    Args:
        found: Processor seconds of each side, one entry a round.
    """
    seconds = {side: round(statistics.median(one[side] for one in found), 2) for side in found[0]}
    ratios = {
        side: round(statistics.median(one[side] / one["plain"] for one in found), 3)
        for side in ("cold", "warm", "edited")
        if "plain" in found[0]
    }
    held = {side: ratios[side] <= limit for side, limit in LIMITS.items() if side in ratios}
    return {"rounds": len(found), "cpu_seconds": seconds, "ratios": ratios, "limits": LIMITS, "held": held}


def main() -> int:
    """Measure, and print what came out."""
    made = argparse.ArgumentParser(description="What building a site costs, against plain mkdocs.")
    made.add_argument("--rounds", type=int, default=5, help="how often each side runs (default: 5)")
    made.add_argument("--own", type=Path, metavar="DIR", help="build a copy of this project instead")
    made.add_argument("--json", action="store_true", help="print one JSON document")
    options = made.parse_args()
    with tempfile.TemporaryDirectory(prefix="overt-site-build-") as name:
        root, site = Path(name) / "project", Path(name) / "site"
        if options.own:
            left_out = shutil.ignore_patterns(".venv", ".git", "cache", "*.pyc", "site")
            shutil.copytree(options.own, root, symlinks=True, ignore=left_out)
            found = measure(root, site, options.rounds, None)
        else:
            write_project(root)
            found = measure(root, site, options.rounds, _plain(root))
    told = summary(found)
    if options.json:
        sys.stdout.write(json.dumps({**told, "each": found}, indent=2) + "\n")
    else:
        rows = "".join(f"{side:<8}{seconds:8.2f} s\n" for side, seconds in told["cpu_seconds"].items())
        ratios = "".join(f"{side} {ratio:.3f} of plain mkdocs\n" for side, ratio in told["ratios"].items())
        sys.stdout.write(rows + ratios)
    return 0 if all(told["held"].values()) else 1


if __name__ == "__main__":
    sys.exit(main())
