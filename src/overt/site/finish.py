"""The last hand on each page of HTML: names, policy, the address of the same page as Markdown."""

from __future__ import annotations

from html import escape
from pathlib import PurePosixPath
from urllib.parse import quote, urlsplit

from mkdocs.config.defaults import MkDocsConfig

from overt.site.mend import mend
from overt.site.policy import Policy, loads_only_itself, theme_scripts


class Finish:
    """Finishes the pages of one build.

    Args:
        config: The configuration of mkdocs.
        policy: Whether pages carry a content security policy; None: generated pages, where the theme allows it.
        served: Whether this is a preview, into which the server puts a script of its own.
        version: Name of the version that the site is of; empty for a site without versions.
    """

    def __init__(self, config: MkDocsConfig, *, policy: bool | None, served: bool, version: str) -> None:
        self._material = config.theme.name == "material"
        self._every = policy is True and not served
        self._generated = policy is not False and not served and loads_only_itself(config)
        self._policy = Policy(theme_scripts(config.theme.dirs) if self._every or self._generated else ())
        self._version = version
        self._base = urlsplit(config.site_url or "/").path.rstrip("/") + "/"

    def page(self, html: str, *, dest: str, generated: bool) -> tuple[str, int]:
        """Return a page as it is written, and how many scripts within it the policy stops.

        Args:
            html: The page as the theme made it.
            dest: Where it is written, relative to the site, POSIX.
            generated: Whether all of it is ours.
        """
        if self._material:
            html = mend(html, markdown=quote(PurePosixPath(dest).with_suffix(".md").name))
        return self._with_head(html, generated=generated)

    def not_found(self, html: str, ways: dict[str, str]) -> str:
        """Return the page for addresses without a page, with the ways on from there.

        Args:
            html: The page as the theme made it.
            ways: Titles to pages, relative to the site.
        """
        links = " &middot; ".join(
            f'<a href="{self._base}{quote(to)}">{escape(title)}</a>' for title, to in ways.items()
        )
        said = (
            "<h1>There is no page at this address</h1>"
            "<p>It may have moved, or the address may be misspelt. "
            f'<label for="__search" class="ov-way">Search the site</label>, or go on from here: {links}.</p>'
        )
        html = html.replace("<h1>404 - Not found</h1>", said, 1)
        return self._with_head(mend(html) if self._material else html, generated=True)[0]

    def _with_head(self, html: str, *, generated: bool) -> tuple[str, int]:
        if self._version:
            meta = f'<meta name="overt-version" content="{escape(self._version)}">'
            html = html.replace("</head>", f"{meta}</head>", 1)
        if self._every or (generated and self._generated):
            return self._policy.put(html)
        return html, 0
