"""What a site holds, as one small file, and what is different from another site's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path, PurePosixPath
from urllib.parse import quote

import msgspec

from overt.model import Exit, Location, OvertError, State
from overt.site.inputs import SiteInputs
from overt.site.markup import safe
from overt.system.atomic import write_atomic

LISTED, CHANGES = "overt/pages.json", "overt/changes.html"
"""Where the list of pages and states is, and what differs from another site, relative to the site."""

_LARGEST = 50_000_000
_SHOWN = 200

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>What changed</title>
<style>body{{font:1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}}</style>
</head><body><main><h1>What changed</h1>{body}<p><a href="../index.html">The whole site</a></p></main></body></html>
"""


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """What a site holds.

    Args:
        pages: Where each page stands as HTML, relative to the site, to the digest of what it says. Pages that are made
            of evidence are not in it: they change with every run.
        states: Claims (`claim NAME`) and suites (`suite NAME`) to their state.
        format: Version of the file.
    """

    pages: dict[str, str]
    states: dict[str, State]
    format: int = 1


@dataclass(frozen=True, slots=True)
class Differences:
    """What is different in the later of two sites; each sorted.

    Args:
        changed: Pages that say something else.
        added: Pages that are new.
        gone: Pages that are no more.
        states: Name, state before, state now; empty where it was or is not there. What was lost comes first.
        known: Whether there was a site to compare with.
    """

    changed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    states: tuple[tuple[str, str, str], ...] = ()
    known: bool = True


def list_site(site: Path, pages: Mapping[str, str], inputs: SiteInputs | None) -> None:
    """Write what a site holds into it.

    Args:
        site: Folder of the site.
        pages: Where each page stands to its digest.
        inputs: What the site is made from; None when that is not known.
    """
    states: dict[str, State] = {}
    if inputs is not None:
        states |= {f"claim {name}": verdict.state for name, (_, verdict) in inputs.claims.items()}
        states |= {f"suite {view.summary.name}": view.summary.verdict.state for view in inputs.suites}
    listing = Listing(pages=dict(sorted(pages.items())), states=dict(sorted(states.items())))
    write_atomic(site / LISTED, msgspec.json.encode(listing) + b"\n")


def read_listing(path: Path) -> Listing | None:
    """Return what a site holds; None when there is no such file.

    Args:
        path: The list of that site.

    Raises:
        OvertError: It is there and is no such list.
    """
    try:
        if not path.exists():
            return None
        data = path.read_bytes() if path.stat().st_size <= _LARGEST else b""
        listing = msgspec.json.decode(data, type=Listing)
    except (OSError, msgspec.DecodeError) as error:
        named = "name the overt/pages.json of a site that overt built"
        raise OvertError("is no list of pages", where=Location(path.name), hint=named, exit=Exit.USAGE) from error
    if listing.format != 1:
        hint = "build both sites with the same overt"
        raise OvertError(f"has the format {listing.format}", where=Location(path.name), hint=hint, exit=Exit.USAGE)
    return listing


def differences(before: Listing | None, after: Listing) -> Differences:
    """Return what is different in the later site.

    Args:
        before: What the former holds; None when there is none.
        after: What the later holds.

    Example:
        >>> old = Listing(pages={"a.html": "1"}, states={"claim x": State.PROVED})
        >>> new = Listing(pages={"a.html": "2"}, states={"claim x": State.REFUTED})
        >>> differences(old, new).states
        (('claim x', 'proved', 'refuted'),)
    """
    if before is None:
        return Differences(known=False)
    both = before.pages.keys() & after.pages.keys()
    moved = [
        (name, str(before.states.get(name, "")), str(after.states.get(name, "")))
        for name in sorted(before.states.keys() | after.states.keys())
        if before.states.get(name) is not after.states.get(name)
    ]
    return Differences(
        changed=tuple(sorted(page for page in both if before.pages[page] != after.pages[page])),
        added=tuple(sorted(after.pages.keys() - both)),
        gone=tuple(sorted(before.pages.keys() - both)),
        states=tuple(sorted(moved, key=lambda one: (one[1] != State.PROVED, one[2] == State.PROVED, one[0]))),
    )


def _groups(found: Differences) -> dict[str, tuple[str, ...]]:
    moves = tuple(f"{name}: {old or 'not there'} → {new or 'not there'}" for name, old, new in found.states)
    groups = {
        "States": moves,
        "Changed pages": found.changed,
        "New pages": found.added,
        "Pages that are gone": found.gone,
    }
    return {title: items for title, items in groups.items() if items}


def _nothing(found: Differences) -> str:
    return "No page and no state differs." if found.known else "There is no other site to compare with yet."


def _more(items: tuple[str, ...]) -> str:
    return f"and {len(items) - _SHOWN:,} more" if len(items) > _SHOWN else ""


def as_markdown(found: Differences) -> str:
    """Return differences as Markdown; every name in it is shown as it is.

    Args:
        found: The differences.
    """
    groups = _groups(found)
    lines = ["## What changed", ""] + ([] if groups else [_nothing(found), ""])
    for title, items in groups.items():
        shown = [f"- {safe(item)}" for item in items[:_SHOWN]] + [f"- {more}" for more in [_more(items)] if more]
        lines += [f"### {title}", "", *shown, ""]
    return "\n".join(lines)


def as_html(found: Differences) -> str:
    """Return differences as a page without scripts, with links to the pages.

    Args:
        found: The differences.
    """
    groups = _groups(found)
    parts = [] if groups else [f"<p>{_nothing(found)}</p>"]
    for title, items in groups.items():
        linked = title in {"Changed pages", "New pages"}
        shown = [_linked(item) if linked else escape(item) for item in items[:_SHOWN]]
        shown += [more for more in [_more(items)] if more]
        parts.append(f"<h2>{title}</h2><ul>{''.join(f'<li>{one}</li>' for one in shown)}</ul>")
    return _PAGE.format(body="".join(parts))


def _linked(page: str) -> str:
    shown = page if PurePosixPath(page).name != "index.html" else page.removesuffix("index.html") or page
    return f'<a href="../{quote(page)}">{escape(shown)}</a>'
