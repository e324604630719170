"""The page of what the pages of a site are made with and load: versions, licences, sizes, notices."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, metadata
from importlib.resources import files as package_files
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

from overt.site.markup import Markup, code, fill, paragraphs, table
from overt.site.pages.common import front
from overt.system.units import bytes_text

_COMMENT = re.compile(r"/\*[!*](.*?)\*/", re.DOTALL)
_NOTICE = re.compile(r"licen[cs]ed|@licen[cs]e|copyright|\bMPL\b", re.IGNORECASE)
_QUOTED = re.compile(r"`[^`]*`")
_LONGEST = 240
_THEMES = {"material": "mkdocs-material", "mkdocs": "mkdocs", "readthedocs": "mkdocs"}


def licences(config: MkDocsConfig) -> Markup:
    """Return the page.

    Args:
        config: The configuration of mkdocs, for its theme.
    """
    names = dict.fromkeys(("overt", "mkdocs", _THEMES.get(config.theme.name or "", ""), "mkdocstrings-python"))
    theme = [file for folder in config.theme.dirs for file in _assets(Path(folder))]
    own = [Path(str(file)) for file in (package_files("overt.site") / "assets").iterdir()]
    scripts = sorted((file for file in (*theme, *own) if file.suffix == ".js"), key=lambda file: -_size(file))
    loaded = [file for file in scripts if "lunr" not in file.parts]
    return paragraphs(
        front(
            "What pages are made with", "The programs, styles and scripts that pages are made with, and their licences."
        ),
        Markup("# What pages are made with"),
        Markup("Everything that a page loads lies on this site. These programs brought it here:"),
        table(("Program", "Version", "Licence"), filter(None, map(_program, names))),
        Markup("## Scripts"),
        Markup("Of each script its size. The search index, which is data, is left out."),
        table(("Script", "Size"), [(code(file.name), bytes_text(_size(file))) for file in loaded], align="lr"),
        Markup("## Notices"),
        Markup("What the files themselves say about what they hold, each notice once:"),
        table(("File", "Notice"), _notices(theme)),
    )


def _size(file: Path) -> int:
    return file.stat().st_size


def _assets(folder: Path) -> list[Path]:
    """Styles and scripts of a theme."""
    return [path for path in sorted((folder / "assets").rglob("*")) if path.suffix in {".js", ".css"}]


def _program(name: str) -> tuple[object, ...] | None:
    if not name:
        return None
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return None
    return name, told["Version"], told["License-Expression"] or told["License"] or "see its own pages"


def _notices(files: Iterable[Path]) -> list[tuple[object, ...]]:
    seen: dict[str, str] = {}
    for file in files:
        for found in _COMMENT.finditer(file.read_text("utf-8", errors="replace")):
            words = " ".join(found[1].replace("*", " ").split())
            if _NOTICE.search(words):
                # Files of one collection differ in the name of their language alone.
                shown = _QUOTED.sub("…", words if len(words) <= _LONGEST else f"{words[:_LONGEST]} …")
                seen.setdefault(shown, file.name)
    return [(code(name), fill("{}", words)) for words, name in seen.items()]
