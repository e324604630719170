"""Makes API pages show docstrings as they are meant: samples as samples, underlined headings as headings."""

from __future__ import annotations

import re
from typing import Any

import griffe

_HEAD = re.compile(r"^([ \t]*)Example:[ \t]*\n(?=\s*>>> )", re.MULTILINE)


def with_samples(text: str) -> str:
    """Return a docstring whose samples are in a section that is shown as code.

    Examples:
        >>> with_samples("It adds.\\n\\nExample:\\n    >>> 1 + 1")
        'It adds.\\n\\nExamples:\\n    >>> 1 + 1'
    """
    return _HEAD.sub(r"\1Examples:\n", text)


# Lines of `-` and `=` are a section to NumPy's style and a heading to Markdown; those of other signs are nothing.
_HEADING = re.compile(
    r"^(?P<in>[ \t]*)(?:(?P<over>[=~^*#+_-])(?P=over){3,}[ \t]*\n[ \t]*)?(?P<title>\S.*)\n[ \t]*"
    r"(?P<under>[=~^*#+_-])(?P=under){3,}[ \t]*$\n?",
    re.MULTILINE,
)


def with_headings(text: str, name: str) -> str:
    r"""Return a docstring whose underlined headings are bold; one that only repeats the name of the object goes.

    Args:
        text: The docstring.
        name: Dotted name of the object.

    Examples:
        >>> with_headings("shop.cart\n~~~~~~~~~\n\nHolds.", "shop.cart").strip()
        'Holds.'
        >>> with_headings("Prices\n^^^^^^\n", "shop.cart").strip()
        '**Prices**'
    """

    def shown(found: re.Match[str]) -> str:
        if found["under"] in "-=" and found["over"] != found["under"]:
            return found[0]
        return "" if found["title"].strip() == name else f"{found['in']}**{found['title'].strip()}**\n"

    return _HEADING.sub(shown, text)


class Samples(griffe.Extension):
    """Rewrites docstrings as they are read; the files stay as they are."""

    def on_object(self, *, obj: griffe.Object, **kwargs: Any) -> None:  # noqa: ARG002
        """Rewrite one docstring."""
        if obj.docstring is not None:
            obj.docstring.value = with_headings(with_samples(obj.docstring.value), obj.path)
