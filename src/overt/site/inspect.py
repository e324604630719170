"""Looks at the pages that came out: a build is done when its result is right, not when nothing complained."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from overt.model import Location, Problem

_REMOTE = re.compile(
    rb"""<(?:script|img|iframe|audio|video|source|embed|track)\b[^>]*?\ssrc=["']?((?:https?:)?//[^"'\s>]+)"""
    rb"""|<link\b(?=[^>]*\brel=["']?(?:stylesheet|icon|preload|preconnect|dns-prefetch|manifest|modulepreload))"""
    rb"""[^>]*?\bhref=["']?((?:https?:)?//[^"'\s>]+)""",
    re.IGNORECASE,
)
_UNRESOLVED = re.compile(rb"<p>:::\s*[\w.]+")
_LEFT_OVER = re.compile(rb"""<[a-z][^<>]*\s(?:href|src)=["']?((?:claim|evidence):[^"'\s>]*)""", re.IGNORECASE)
_SCRIPT_LINK = re.compile(rb"""\s(?:href|src)=["']?\s*(javascript:|vbscript:|data:text/html)""", re.IGNORECASE)
_SCRIPTS = (b"javascript:", b"vbscript:", b"data:text/html")


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was seen.

    Args:
        pages: How many pages there are.
        bytes: Size of the whole site.
        problems: What is wrong.
        hosts: Addresses of other hosts that the theme or the project's own pages load from.
    """

    pages: int
    bytes: int
    problems: tuple[Problem, ...]
    hosts: tuple[str, ...]


def remote_loads(html: bytes) -> frozenset[str]:
    """Return the addresses of other hosts that a page loads by itself; links that a reader follows do not count.

    Example:
        >>> sorted(remote_loads(b'<a href="https://a.example"></a><img src="https://b.example/x.png">'))
        ['https://b.example/x.png']
    """
    return frozenset((one or two).decode("utf-8", "replace") for one, two in _REMOTE.findall(html))


def _page_problems(html: bytes, where: Location, forbidden: Iterable[bytes]) -> Iterable[Problem]:
    # Most pages hold none of these words: to look for a word costs a fraction of what a pattern does.
    words = html.lower()
    if b":::" in words and (found := _UNRESOLVED.search(html)):
        yield Problem(f"an API block was not filled in: {found[0][3:].decode('utf-8', 'replace')}", where)
    if (b"claim:" in words or b"evidence:" in words) and (found := _LEFT_OVER.search(html)):
        yield Problem(f"a link to {found[1].decode('utf-8', 'replace')} was not turned into text", where)
    if any(word in words for word in _SCRIPTS) and (found := _SCRIPT_LINK.search(html)):
        yield Problem(f"an address runs a script: {found[1].decode('utf-8', 'replace')}", where)
    for path in forbidden:
        if path in html:
            yield Problem(f"it names a folder of this machine: {path.decode('utf-8', 'replace')}", where)


def inspect(site: Path, *, expected: Mapping[str, str], forbidden: Iterable[Path] = ()) -> Inspection:
    """Look at a built site.

    Args:
        site: Its folder.
        expected: Generated pages, relative to the site, to a text that each must hold.
        forbidden: Folders whose absolute path must not be in any page.
    """
    problems: list[Problem] = []
    loads: dict[str, frozenset[str]] = {}
    needles = [str(path).encode() for path in forbidden if len(path.parts) > 2]
    size = 0
    for file in sorted(site.rglob("*")):
        if not file.is_file():
            continue
        size += file.stat().st_size
        if file.suffix != ".html":
            continue
        name, html = file.relative_to(site).as_posix(), file.read_bytes()
        loads[name] = remote_loads(html)
        problems += _page_problems(html, Location(name), needles)
        if name in expected and expected[name].encode() not in html:
            problems.append(Problem(f"it does not hold what was generated for it: {expected[name]!r}", Location(name)))
    problems += [Problem("a generated page is missing", Location(name)) for name in expected if name not in loads]
    # What every page loads is the theme's doing and the project's choice; a generated page adds
    # nothing to that; on pages of the API the words are the project's own.
    common = loads.get("404.html", frozenset()) or frozenset.intersection(*loads.values() or [frozenset()])
    for name in sorted(name for name in expected.keys() & loads.keys() if not name.startswith("code/")):
        problems += [Problem(f"it loads {url}", Location(name)) for url in sorted(loads[name] - common)]
    hosts = frozenset().union(*loads.values()) if loads else frozenset()
    return Inspection(len(loads), size, tuple(problems), tuple(sorted(hosts)))
