"""Makes API pages show samples as samples: `Example:` with a prompt in it is what `Examples:` is."""

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


class Samples(griffe.Extension):
    """Rewrites docstrings as they are read; the files stay as they are."""

    def on_object(self, *, obj: griffe.Object, **kwargs: Any) -> None:  # noqa: ARG002
        """Rewrite one docstring."""
        if obj.docstring is not None:
            obj.docstring.value = with_samples(obj.docstring.value)
