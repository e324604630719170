"""The list of pages for programs that read: `llms.txt`, by https://llmstxt.org."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape

_ON_DEMAND = ("code/", "rules/", "validation/evidence/", "training/")
"""Folders of pages that a reader fetches when they are needed, not to get an overview."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A page of the list.

    Args:
        section: Title of the part of the navigation it belongs to; empty for none.
        title: Its title.
        path: Path of it as Markdown, relative to the site, POSIX.
        description: One sentence; may be empty.
    """

    section: str
    title: str
    path: str
    description: str = ""


def llms_txt(name: str, description: str, pages: Sequence[Listed]) -> str:
    """Return the list.

    Args:
        name: Name of the project.
        description: What it is, one sentence; may be empty.
        pages: In the order of the navigation.

    Example:
        >>> print(llms_txt("shop", "It sells.", [Listed(section="Guide", title="Start", path="start.md")]))
        # shop
        <BLANKLINE>
        > It sells.
        <BLANKLINE>
        ## Guide
        <BLANKLINE>
        - [Start](start.md)
        <BLANKLINE>
    """
    sections: dict[str, list[Listed]] = {}
    for page in pages:
        section = "Optional" if page.path.startswith(_ON_DEMAND) else page.section or "Overview"
        sections.setdefault(section, []).append(page)
    parts = [f"# {_words(name)}", *([f"> {_words(description)}"] if description else [])]
    parts += [_section(title, sections[title]) for title in _last(sections)]
    return "\n\n".join(parts) + "\n"


def _last(sections: Mapping[str, object]) -> list[str]:
    """What may be left out comes last, as the convention has it."""
    return sorted(sections, key=lambda title: title == "Optional")


def _section(title: str, pages: Sequence[Listed]) -> str:
    lines = [f"- [{_words(page.title)}]({page.path}){_told(page)}" for page in pages]
    return "\n".join([f"## {_words(title)}", "", *lines])


def _told(page: Listed) -> str:
    return f": {_words(page.description)}" if page.description else ""


def _words(text: str) -> str:
    """Words on one line; brackets would end the text of a link."""
    plain = " ".join(unescape(text).split())
    return plain.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]").replace("<", "&lt;")
