"""What becomes of the pages of one build after the theme has made them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from overt.site.against import list_site
from overt.site.beside import Written, write_beside, write_list
from overt.site.finish import Finish
from overt.site.inputs import SiteInputs
from overt.site.paths import CLAIMS, REPORT
from overt.site.purpose import summary_of
from overt.site.redirects import write_redirects
from overt.site.versions import write_pages


class Publication:
    """Keeps what a build knows of its pages, finishes them, and writes what stands beside them.

    Args:
        config: The configuration of mkdocs.
        root: Folder of the project.
        policy: Whether pages carry a content security policy, see `Finish`.
        moved: Pages that moved: old path to new path.
        served: Whether this is a preview.
        version: Name of the version; empty for a site without versions.
    """

    def __init__(
        self,
        config: MkDocsConfig,
        root: Path,
        *,
        policy: bool | None,
        moved: Mapping[str, str],
        served: bool,
        version: str,
    ) -> None:
        self._config, self._root, self._moved, self._version = config, root, dict(moved), version
        self._finish = Finish(config, policy=policy, served=served, version=version)
        self._pages: dict[str, Written] = {}
        self._descriptions: dict[str, str] = {}
        self._lent: set[str] = set()
        self.nav: Navigation | None = None
        self.files: Files | None = None

    def note(self, page: Page, written: Written, *, said: str) -> None:
        """Remember a page's text, and describe it by its first sentence when nothing else does.

        Args:
            page: The page.
            written: Its text, before the theme gets it.
            said: What the page says without our marks.
        """
        described = str(page.meta.get("description") or "")
        if not described and (first := summary_of(_prose(said))):
            # The theme puts it into an attribute as it is.
            described = escape(unescape(first))
        self._pages[page.file.dest_uri] = written
        self._descriptions[page.file.dest_uri] = described

    def describe(self, page: Page) -> None:
        """Give a page its description, until the theme has made it.

        Every page names every other one in its navigation, and the theme asks of each with any setting for four more:
        descriptions that all pages kept would cost more than all else that they get.
        """
        description = self._descriptions.get(page.file.dest_uri, "")
        if description and not page.meta.get("description"):
            page.meta["description"] = description
            self._lent.add(page.file.dest_uri)

    def page(self, html: str, page: Page) -> tuple[str, int]:
        """Return a page as it is written, and how many scripts within it the policy stops."""
        dest = page.file.dest_uri
        if dest in self._lent:
            self._lent.remove(dest)
            del page.meta["description"]
        known = self._pages.get(dest)
        return self._finish.page(html, dest=dest, generated=known is not None and known.generated)

    def not_found(self, html: str) -> str:
        """Return the page for addresses without a page."""
        ways = {"First page": "index.md", "Validation report": REPORT, "Claims": CLAIMS}
        there = {file.src_uri: file.url for file in self.files or ()}
        return self._finish.not_found(html, {title: there[path] for title, path in ways.items() if path in there})

    def done(self, inputs: SiteInputs | None) -> list[str]:
        """Write what stands beside the pages; return what is wrong, one line each.

        Args:
            inputs: What the site is made from; None when nothing was collected.
        """
        site = Path(self._config.site_dir)
        list_site(site, write_beside(site, self._pages, self._root), inputs)
        if self.nav is not None:
            write_list(self._config, self.nav, self._descriptions)
        wrong = write_redirects(self._moved, self._config, self.files) if self.files is not None else []
        if self._version:
            write_pages(site)
        return wrong


_LINK = re.compile(r"!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
_SIGNS = re.compile(r"\*\*|__|`|<[^>]*>")


def _prose(markdown: str) -> str:
    """The text of a page behind its headings, comments and badges, without the signs of links and code."""
    lines = markdown.splitlines()
    while lines and (not lines[0].strip() or lines[0].startswith(("#", "<!--", "[!", "!["))):
        lines.pop(0)
    return _SIGNS.sub("", _LINK.sub(r"\1", "\n".join(lines[:40])))
