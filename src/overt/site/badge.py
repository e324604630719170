"""Badges: small pictures that say how far a document can be trusted, drawn without any help from elsewhere."""

from __future__ import annotations

from html import escape

from overt.model import State
from overt.site.paths import BADGES, slug
from overt.site.trust import Tally

_LETTER, _PAD, _HEIGHT = 6.6, 8, 20
_TONES = {State.PROVED: "#1a6e3c", State.REFUTED: "#b3261e", State.STALE: "#8a5300"}
_GREY = "#56606e"


def badge_path(document: str) -> str:
    """Return where the badge of a document stands, relative to the documentation folder.

    Args:
        document: Its file, relative to the root, POSIX; empty for all documents.

    Example:
        >>> badge_path("docs/how-to/adopt.md")
        'validation/badges/docs-how-to-adopt.md.svg'
    """
    return f"{BADGES}/{slug(document.replace('/', '-')) if document else 'documents'}.svg"


def badge_text(tally: Tally) -> str:
    """Return what a badge says.

    Example:
        >>> badge_text(Tally(proved=41, refuted=1)), badge_text(Tally())
        ('41 proved, 1 refuted', 'nothing to prove')
    """
    if not tally.total:
        return "nothing to prove"
    said = [f"{tally.proved:,} proved"]
    said += [f"{number:,} {word}" for word in ("refuted", "stale", "unbacked") if (number := getattr(tally, word))]
    return ", ".join(said)


def badge(label: str, tally: Tally) -> bytes:
    """Return a badge as SVG.

    Args:
        label: What it is about, for example `documents`.
        tally: How many of each.
    """
    text = badge_text(tally)
    left, right = (round(len(part) * _LETTER) + 2 * _PAD for part in (label, text))
    whole = f"{label}: {text}"
    tone = _TONES.get(tally.state, _GREY) if tally.total else _GREY
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{_HEIGHT}" role="img" '
        f'aria-label="{escape(whole)}"><title>{escape(whole)}</title>'
        f'<clipPath id="r"><rect width="{left + right}" height="{_HEIGHT}" rx="3"/></clipPath>'
        f'<g clip-path="url(#r)"><rect width="{left}" height="{_HEIGHT}" fill="#3a414b"/>'
        f'<rect x="{left}" width="{right}" height="{_HEIGHT}" fill="{tone}"/></g>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11" text-anchor="middle">'
        f'<text x="{left / 2:g}" y="14" textLength="{left - 2 * _PAD}">{escape(label)}</text>'
        f'<text x="{left + right / 2:g}" y="14" textLength="{right - 2 * _PAD}">{escape(text)}</text></g></svg>\n'
    ).encode()
