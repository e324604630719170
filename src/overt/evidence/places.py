"""Folders of one machine taken out of text, so that evidence reads the same wherever it was made."""

from __future__ import annotations

import re
from collections.abc import Mapping

_SHORTEST = 5


class Places:
    """Writes paths below known folders as people know them.

    Args:
        folders: Absolute folders and what stands for each; an empty string makes paths below it relative.

    Example:
        >>> Places({"/srv/shop": "", "/home/ann": "~"}).text("/srv/shop/a.py imports /home/ann/b.py")
        'a.py imports ~/b.py'
    """

    def __init__(self, folders: Mapping[str, str]) -> None:
        known = sorted((folder for folder in folders if len(folder) >= _SHORTEST), key=len, reverse=True)
        self._folders = {folder: folders[folder] for folder in known}
        either = "|".join(map(re.escape, known))
        self._pattern = re.compile(rf"(?<![\w.-])({either})(/|(?![\w.-]))") if known else None

    def text(self, text: str) -> str:
        """Return text with known folders shortened."""
        if self._pattern is None or not any(folder in text for folder in self._folders):
            return text
        return self._pattern.sub(self._shorten, text)

    def _shorten(self, found: re.Match[str]) -> str:
        short, below = self._folders[found[1]], found[2]
        return f"{short}{below}" if short else ("" if below else ".")
