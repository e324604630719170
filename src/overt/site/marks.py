"""Marks of state and outcome: a drawn icon and a word, so that nothing rests on colour alone."""

from __future__ import annotations

from types import MappingProxyType

from overt.model import State
from overt.site.markup import Markup

_RING = "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Z"
_ICONS = MappingProxyType(
    {
        "check": f"{_RING}M5 8.2l2.1 2.1L11.2 6",
        "cross": "M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3ZM5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4",
        "clock": f"{_RING}M8 4.6V8l2.4 1.6",
        "dash": f"{_RING}M5 8h6",
        "wave": f"{_RING}M4.6 8.8c1.1-1.9 2.2-1.9 3.4-.8s2.3 1.1 3.4-.8",
        "split": "M8 1.8 15 14.200H1ZM8 6.200v3.600M8 11.700v.1",
        "person": "M8 8a2.8 2.8 0 1 0 0-5.6A2.8 2.8 0 0 0 8 8ZM2.8 14c.4-2.9 2.5-4.2 5.2-4.2s4.8 1.3 5.2 4.2",
        "skip": f"{_RING}M6 5.2 9 8l-3 2.800M10.6 5.400v5.2",
    }
)
_STATES = MappingProxyType(
    {
        State.PROVED: "check",
        State.REFUTED: "cross",
        State.STALE: "clock",
        State.UNCHECKED: "dash",
        State.CONFLICT: "split",
        State.INCONCLUSIVE: "wave",
        State.OPEN: "person",
    }
)
_OUTCOMES = MappingProxyType(
    {
        "passed": ("check", "proved"),
        "failed": ("cross", "refuted"),
        "error": ("split", "refuted"),
        "skipped": ("skip", "unchecked"),
        "xfailed": ("wave", "inconclusive"),
        "xpassed": ("wave", "stale"),
        "missing": ("dash", "unchecked"),
        "new": ("cross", "refuted"),
        "note": ("dash", "unchecked"),
        "ratcheted": ("clock", "stale"),
        "allowed": ("person", "inconclusive"),
    }
)


def _mark(icon: str, tone: str, word: str) -> Markup:
    return Markup(
        # How it is drawn stands in the style: a page may hold hundreds of them.
        f'<span class="ov ov-{tone}"><svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">'
        f'<path d="{_ICONS[icon]}"/></svg>{word}</span>'
    )


def state_mark(state: State, *, word: str = "") -> Markup:
    """Return the mark of a verdict's state.

    Args:
        state: Which one.
        word: What it says; the state's name when empty. Written by us, never foreign text.
    """
    return _mark(_STATES[state], state.value, word or state.value)


def outcome_mark(outcome: str) -> Markup:
    """Return the mark of a test's outcome or a finding's standing; a word not known here is shown as unchecked."""
    icon, tone = _OUTCOMES.get(outcome, ("dash", "unchecked"))
    return _mark(icon, tone, outcome if outcome in _OUTCOMES else "unchecked")
