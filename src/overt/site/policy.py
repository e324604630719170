"""The content security policy of a page: its own host, the theme's own scripts, and nothing else."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

_RULES = (
    "default-src 'none'",
    "script-src 'self'{hashes}",
    "style-src 'self'",
    # Columns of Markdown tables are aligned by an attribute; an attribute can load only what `img-src` allows.
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "frame-src 'self'",
    "media-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
)
_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<body>.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
_FILLED_IN = re.compile(r"\{\{.*?\}\}")
_CHARSET = re.compile(r"<meta charset=[^>]*>", re.IGNORECASE)
_HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)
_ADDRESS = "[^\"'<>\\\\]*"
"""What a template may fill in within a script of its own: an address, which cannot leave the text that it is in."""


def theme_scripts(folders: Iterable[str | Path]) -> tuple[re.Pattern[str], ...]:
    """Return what the scripts look like that a theme's templates hold.

    A script whose text depends on more than an address is left out: the policy stops it.

    Args:
        folders: Where the templates are.
    """
    bodies = {body for folder in folders for text in _templates(Path(folder)) for body in _bodies(text)}
    return tuple(
        re.compile(_ADDRESS.join(map(re.escape, _FILLED_IN.split(body)))) for body in sorted(bodies) if "{%" not in body
    )


def _templates(folder: Path) -> Iterator[str]:
    for at, inside, names in os.walk(folder):
        # Icons are many, and are no templates.
        inside[:] = [name for name in inside if not name.startswith(".") and name != "assets"]
        yield from (Path(at, name).read_text("utf-8") for name in names if name.endswith(".html"))


def _bodies(html: str) -> Iterator[str]:
    """Yield the scripts within a page, those with an address of their own left out."""
    for found in _SCRIPT.finditer(html):
        attributes = found["attributes"].lower()
        if found["body"].strip() and "src=" not in attributes and "json" not in attributes:
            yield found["body"]


class Policy:
    """Makes the policy of each page of a site.

    Args:
        scripts: What the scripts of the theme look like, see `theme_scripts`.
    """

    def __init__(self, scripts: Sequence[re.Pattern[str]]) -> None:
        self._scripts = tuple(scripts)
        self._hashes: dict[str, str] = {}

    def _hash(self, body: str) -> str:
        if body not in self._hashes:
            known = any(script.fullmatch(body) for script in self._scripts)
            digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
            self._hashes[body] = f" 'sha256-{digest}'" if known else ""
        return self._hashes[body]

    def put(self, html: str) -> tuple[str, int]:
        """Return a page with its policy, and how many of its scripts the policy stops.

        Args:
            html: The page as the theme made it.
        """
        hashes = [self._hash(body) for body in _bodies(html)]
        stated = "; ".join(_RULES).format(hashes="".join(sorted(set(hashes))))
        # Browsers look for the encoding in the first kilobyte only, which the policy may fill.
        head = _CHARSET.search(html) or _HEAD.search(html)
        if head is None:
            return html, 0
        meta = f'<meta http-equiv="Content-Security-Policy" content="{stated}">'
        return f"{html[: head.end()]}{meta}{html[head.end() :]}", hashes.count("")


def loads_only_itself(config: MkDocsConfig) -> bool:
    """Tell whether the theme and its settings load nothing from another host, as far as they say so.

    Args:
        config: The configuration of mkdocs.
    """
    theme, extra = config.theme, config.extra
    urls = [str(url) for url in (*config.extra_css, *config.extra_javascript, *extra.get("polyfills", ()))]
    return (
        theme.name == "material"
        and theme.get("font") is False
        and not extra.get("analytics")
        and not any("//" in url for url in urls)
    )
