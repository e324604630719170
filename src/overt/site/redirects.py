"""Pages at addresses that moved: each leads to where its text stands now, without a script."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files

from overt.system.atomic import write_atomic
from overt.system.text import did_you_mean


def page(target: str) -> str:
    """Return a page that leads to another.

    Args:
        target: Address of the other, relative to this one.
    """
    to = escape(target)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f'<meta http-equiv="refresh" content="0; url={to}">\n'
        '<meta name="robots" content="noindex">\n'
        f'<link rel="canonical" href="{to}">\n<title>This page has moved</title>\n</head>\n'
        f'<body>\n<main>\n<h1>This page has moved</h1>\n<p><a href="{to}">To the page</a></p>\n'
        "</main>\n</body>\n</html>\n"
    )


def _html(path: str, *, directory_urls: bool) -> str:
    """Where a page stands that was written at a path, or would be."""
    stem = path.removesuffix(".md")
    if stem == path:
        return path
    if posixpath.basename(stem) in {"index", "README"}:
        return posixpath.join(posixpath.dirname(stem), "index.html")
    return f"{stem}/index.html" if directory_urls else f"{stem}.html"


def write_redirects(moved: Mapping[Any, Any], config: MkDocsConfig, files: Files) -> list[str]:
    """Write a page at each address that moved.

    Args:
        moved: Where a page stood, to where its text stands now: relative to the documentation folder, POSIX; the
            second may end in an anchor.
        config: The configuration of mkdocs.
        files: The files of the site.

    Returns:
        What is wrong with them, one line each; nothing is written for those.
    """
    wrong: list[str] = []
    known = {file.src_uri: file.dest_uri for file in files.documentation_pages()}
    for old, new in sorted(moved.items(), key=lambda pair: str(pair[0])):
        if not isinstance(old, str) or not isinstance(new, str):
            wrong.append(f"redirect of {old}: both paths are texts, and {new!r} is written beside it")
            continue
        path, hashed, anchor = new.partition("#")
        source = _html(old, directory_urls=config.use_directory_urls)
        if path not in known:
            wrong.append(f"redirect of {old}: there is no page {path}; {did_you_mean(path, known)}")
        elif source.startswith(("/", "..")) or "/../" in source or not source.endswith(".html"):
            wrong.append(f"redirect of {old}: it is not the path of a page within the site")
        elif source in known.values():
            wrong.append(f"redirect of {old}: there is a page of that name, which stays")
        else:
            target = posixpath.relpath(known[path], posixpath.dirname(source) or ".")
            write_atomic(Path(config.site_dir) / source, page(target + hashed + anchor).encode())
    return wrong
