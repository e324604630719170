"""The validation report as one HTML file: nothing beside it, no script, fit to be sent by mail.

It is made from the pages of the site, by the same functions, so that it says what the site says.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from html import escape
from importlib.resources import files

from markdown import Markdown  # type: ignore[import-untyped]

from overt.site.inputs import SiteInputs
from overt.site.paths import CASES, VALIDATION, slug
from overt.site.render import render
from overt.system.units import bytes_text

PAGE_LIMIT = 150_000
"""Characters of Markdown of one page; of a longer one the first blocks and rows are kept, and the cut is said."""

WHOLE_LIMIT = 700_000
"""Characters of Markdown of all pages, in the order of the navigation."""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)
_ID = re.compile(r'(<[a-z0-9]+ (?:[^<>]* )?)id="([^"]*)"')
_IMAGE = re.compile(r"<img [^>]*>")
_EXPLORER = re.compile(r'<div id="ov-cases".*?</div>', re.DOTALL)
_DARK = re.compile(r'\[data-md-color-scheme="slate"\] (\{[^}]*\})')

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="overt">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<nav aria-label="Pages"><ul>{index}</ul></nav>
<main class="md-typeset">
{body}
</main>
</body>
</html>
"""


def single_file(inputs: SiteInputs) -> bytes:
    """Return the report with the pages that belong to it as one HTML document.

    Args:
        inputs: What the site is made from.
    """
    rendered = render(inputs)
    chosen = [(title, path) for title, path in VALIDATION if path in rendered]
    pages = frozenset(path for _, path in chosen)
    sections, left = [], WHOLE_LIMIT
    for _, path in chosen:
        text = _shortened(_body(rendered[path].decode(), path), min(left, PAGE_LIMIT))
        left = max(0, left - len(text))
        sections.append(f'<section id="{_anchor(path)}">\n{_html(text, path, pages)}\n</section>')
    index = "".join(f'<li><a href="#{_anchor(path)}">{escape(title)}</a></li>' for title, path in chosen)
    whole = _PAGE.format(
        policy=_POLICY,
        title=escape(f"Validation report: {inputs.project}"),
        style=_style(),
        index=index,
        body="\n".join(sections),
    )
    return whole.encode()


def _style() -> str:
    assets = files("overt.site") / "assets"
    shared = (assets / "overt.css").read_text("utf-8")
    dark = _DARK.sub(r"@media (prefers-color-scheme: dark) { :root \1 }", shared)
    return (assets / "single.css").read_text("utf-8") + dark


def _anchor(path: str) -> str:
    return slug(path.removesuffix(".md").removeprefix("validation/").replace("/", "-"))


def _body(text: str, path: str) -> str:
    """Return a page without its head, and without the place of what needs a script."""
    body = text.split("\n---\n", 1)[1] if text.startswith("---\n") else text
    return _EXPLORER.sub("", body) if path == CASES else body


def _shortened(text: str, limit: int) -> str:
    """Return the first blocks of a page, of a table its first rows, with what was left out said."""
    if len(text) <= limit:
        return text
    kept: list[str] = []
    size = 0
    for block in text.split("\n\n"):
        if size + len(block) <= limit:
            kept.append(block)
            size += len(block) + 2
            continue
        rows = list(_rows(block, limit - size))
        kept += ["\n".join(rows)] if len(rows) > 2 else []
        size += sum(map(len, rows))
        break
    cut = bytes_text(max(0, len(text) - size))
    return "\n\n".join([*kept, f"**{cut} of this page are left out here;** the site and the ledger have all of it.\n"])


def _rows(block: str, limit: int) -> Iterator[str]:
    """Yield the first rows of a table; of what is no table nothing."""
    if not block.startswith("|"):
        return
    for row in block.split("\n"):
        limit -= len(row) + 1
        if limit < 0:
            return
        yield row


def _html(text: str, path: str, pages: frozenset[str]) -> str:
    """Return a page as HTML whose links lead to places in this file, and whose names are its own."""
    # Whatever is foreign was escaped when the page was made: no quotation mark of it is left in an attribute.
    made = Markdown(extensions=["tables"], output_format="html").convert(text)
    own = _ID.sub(lambda found: f'{found[1]}id="{_anchor(path)}--{found[2]}"', _IMAGE.sub("", made))
    return _LINK.sub(lambda found: _link(found[1], found[2], path, pages), own)


def _link(target: str, text: str, path: str, pages: frozenset[str]) -> str:
    """Return a link to a place in this file; of one that leads elsewhere only its text."""
    page, _, place = target.partition("#")
    page = posixpath.normpath(posixpath.join(posixpath.dirname(path), page)) if page else path
    if page not in pages:
        return text
    return f'<a href="#{_anchor(page)}{f"--{place}" if place else ""}">{text}</a>'
