"""The anchors that a document has, in the dialects of GitHub and of Python-Markdown."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from overt.markdown import Document, Heading

_ID = re.compile(r"""<[A-Za-z][^<>]{0,2000}?\s(?:id|name)\s*=\s*["']?([^\s"'<>]+)""")
_ATTRIBUTE = re.compile(r"\{:?[^{}\n]{0,200}?#([\w:.-]+)[^{}\n]{0,200}?\}")
_LINKED = re.compile(r"!?\[([^\[\]]*)\](?:\([^()\s]*\)|\[[^\[\]]*\])?")
_DYNAMIC = re.compile(r"^:::\s|--8<--|\{%|\{\{|^\s*::: ", re.MULTILINE)


def anchors(document: Document) -> frozenset[str]:
    """Return every anchor that one of the dialects gives a document.

    Example:
        >>> from overt.markdown import scan
        >>> sorted(anchors(scan("# How to *start*?\\n## Why\\n## Why")))
        ['how-to-start', 'why', 'why-1', 'why_1']
    """
    found = set(_ID.findall(document.text)) | set(_ATTRIBUTE.findall(document.text))
    found |= {heading.anchor for heading in document.headings if heading.anchor}
    titles = [_plain(heading.text) for heading in document.headings]
    found |= _numbered([github_slug(title) for title in titles], "-")
    found |= _numbered([markdown_slug(title) for title in titles], "_")
    return frozenset(found - {""})


def page_anchor(heading: Heading) -> str:
    """Return the anchor that a heading has on a page of the site: its own, or what is made of its text."""
    return heading.anchor or markdown_slug(heading.text)


def is_dynamic(document: Document) -> bool:
    """Tell whether a document takes in text from elsewhere, whose anchors cannot be known from it."""
    return bool(_DYNAMIC.search(document.text))


def github_slug(title: str) -> str:
    """Return the anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")


def markdown_slug(title: str) -> str:
    """Return the anchor that Python-Markdown gives a heading."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip().lower())


def _plain(heading: str) -> str:
    text = _LINKED.sub(r"\1", heading)
    return re.sub(r"<[^<>]*>|[*`]|(?<!\w)_|_(?!\w)|\\(?=\W)", "", text)


def _numbered(slugs: Iterable[str], mark: str) -> set[str]:
    seen: Counter[str] = Counter()
    found = set()
    for slug in slugs:
        found.add(f"{slug}{mark}{seen[slug]}" if seen[slug] else slug)
        seen[slug] += 1
    return found
