"""The foot of a page: the commit it was measured on, when that was, and what became of what the page says."""

from __future__ import annotations

from html import escape
from pathlib import PurePosixPath
from urllib.parse import quote

from mkdocs.structure.pages import Page

from overt.model import State
from overt.site.badge import badge_path
from overt.site.inputs import SiteInputs
from overt.site.marks import state_mark
from overt.site.markup import Markup, fill, join, link
from overt.site.pages.common import commit_text
from overt.site.paths import DOCUMENTS, document_anchor, relative
from overt.site.trust import WORDS, DocumentTrust
from overt.system.units import moment

_TONES = {"unbacked": State.INCONCLUSIVE}


def footer(page: str, inputs: SiteInputs) -> Markup:
    """Return the foot of a page, to be put behind its text.

    Args:
        page: Path of the page, relative to the documentation folder, POSIX.
        inputs: What the site is made from.
    """
    document = inputs.trust.of_page(page) if inputs.trust else None
    said = [fill("<span>{}</span>", _measured(inputs))]
    if document is not None:
        said += [*_counts(document), _what_they_are(page, document)]
    # One paragraph of text within text: links in it are Markdown, so that the builder follows them.
    return fill('\n\n<span class="ov-foot">{}</span>\n', join(said, " "))


def more(page: Page) -> str:
    """Return what else stands at the foot of a page of the site: the way to its source, and its text as Markdown.

    Args:
        page: The page, as mkdocs knows it.
    """
    markdown = quote(PurePosixPath(page.file.dest_uri).with_suffix(".md").name)
    links = [f'<a href="{markdown}" type="text/markdown">Markdown</a>']
    if page.edit_url:
        links.append(f'<a href="{escape(page.edit_url)}">Edit this page</a>')
    # Raw HTML: to mkdocs the path of a Markdown file means the page that is made of it.
    return f'\n\n<span class="ov-foot ov-ways">{" ".join(links)}</span>\n'


def _measured(inputs: SiteInputs) -> Markup:
    ran = [view.summary for view in inputs.suites if view.summary.run]
    if not ran:
        return Markup("Nothing was measured yet.")
    newest = max(ran, key=lambda summary: summary.start_ns)
    return fill("Measured {} on {}.", moment(newest.start_ns), commit_text(newest.commit, dirty=newest.dirty))


def _counts(document: DocumentTrust) -> list[Markup]:
    counts = [(word, getattr(document.tally, word)) for word in WORDS]
    return [state_mark(_state(word), word=f"{number:,} {word}") for word, number in counts if number]


def _what_they_are(page: str, document: DocumentTrust) -> Markup:
    if not document.tally.total:
        return Markup("This page states nothing that could be checked.")
    return fill(
        "<span>{} · {}</span>",
        link("what they are", relative(page, f"{DOCUMENTS}#{document_anchor(document.path)}")),
        link("badge", relative(page, badge_path(document.path))),
    )


def _state(word: str) -> State:
    return _TONES.get(word) or State(word)
