"""What the theme leaves undone for those who do not see a page: names for its parts, one word of HTML each."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape

_DIALOG = '<div class="md-search" data-md-component="search" role="dialog">'
_NAV = re.compile(
    r'(<nav class="md-nav" data-md-level="\d+" )aria-labelledby="[^"]*"([^>]*>\s*<label class="md-nav__title"[^>]*>)'
    r"(.*?)(</label>)",
    re.DOTALL,
)
_TAG = re.compile(r"<[^>]*>")
_HEAD = re.compile(r"<tr>\s*(?:<th[^>]*>[^<]*</th>\s*)+</tr>")
_EMPTY = re.compile(r"<th([^>]*)></th>")
_SOURCE = ' class="md-source" data-md-component="source"'


def mend(html: str, *, markdown: str = "") -> str:
    """Return a page of the Material theme with the names that it lacks.

    Args:
        html: The page.
        markdown: Address of the same page as Markdown, relative to it; empty when there is none.
    """
    html = html.replace(_DIALOG, _DIALOG.replace(">", ' aria-label="Search">'), 1)
    # The number of stars of a repository is asked of another host; the link to it stays.
    html = html.replace(_SOURCE, ' class="md-source"')
    seen: Counter[str] = Counter()
    html = _NAV.sub(lambda found: _named(found, seen), html)
    html = _HEAD.sub(_heads, html)
    if markdown:
        # To the theme a link that is nothing but an alternate is another language, whose map of pages it asks for.
        alternate = f'<link rel="alternate nofollow" type="text/markdown" href="{markdown}">'
        html = html.replace("</head>", f"{alternate}</head>", 1)
    return html


def _named(found: re.Match[str], seen: Counter[str]) -> str:
    name = " ".join(unescape(_TAG.sub("", found[3])).split()).replace("&", "&amp;").replace('"', "&quot;")
    seen[name] += 1
    number = f" ({seen[name]})" if seen[name] > 1 else ""
    # A heading of the page may be called like the section it stands in, and has a part of its own in the contents.
    return f'{found[1]}aria-label="Section: {name}{number}"{found[2]}{found[3]}{found[4]}'


def _heads(found: re.Match[str]) -> str:
    """A head of a column without a word is no head; a table whose heads are all empty is hidden by the style."""
    row = found[0]
    named = _TAG.sub("", row).strip()
    return _EMPTY.sub(r"<td\1></td>", row) if named else row
