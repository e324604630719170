"""What a look at a project's sources and pages shows that its configuration does not say."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from pathlib import Path

from overt.campaign.tables import read_text

_LINK = re.compile(r"\]\(\s*<?([^)\s>#]+)(?:#[^)\s>]*)?>?(?:\s+[\"'][^)]*)?\)")
_CODE = re.compile(r"^(`{3,}|~{3,}).*?^\1|`[^`\n]*`", re.DOTALL | re.MULTILINE)

_STYLES = (
    ("sphinx", re.compile(r"^\s*:(?:param|returns?|raises|type|rtype)\b[^:\n]*:", re.MULTILINE)),
    ("google", re.compile(r"^\s*(?:Args|Arguments|Returns|Raises|Yields):\s*$", re.MULTILINE)),
    ("numpy", re.compile(r"^\s*(?:Parameters|Returns|Raises|Yields)\n\s*-{4,}\s*$", re.MULTILINE)),
)


def import_paths(packages: Sequence[str]) -> list[str]:
    """Return the folders from which packages are imported, relative to the root.

    Example:
        >>> import_paths(["src/shop", "src/till", "tool.py"])
        ['src', '.']
    """
    return list(dict.fromkeys(posixpath.dirname(package) or "." for package in packages))


def docstring_style(root: Path, files: Sequence[str], packages: Sequence[str]) -> str:
    """Return how most docstrings of the packages are written: `google`, `numpy` or `sphinx`.

    Args:
        root: Folder of the project.
        files: Its files, relative to the root, POSIX.
        packages: Its packages.
    """
    inside = [
        name for name in files if name.endswith(".py") and name.startswith(tuple(f"{path}/" for path in packages))
    ]
    texts = [read_text(root / name) for name in inside[:200]]
    counts = {style: sum(len(pattern.findall(text)) for text in texts) for style, pattern in _STYLES}
    best = max(counts, key=lambda style: counts[style])
    return best if counts[best] else "google"


def has_broken_links(root: Path, files: Sequence[str], folder: str) -> bool:
    """Tell whether a Markdown page links to a file that is not among the pages.

    Args:
        root: Folder of the project.
        files: Its files, relative to the root, POSIX.
        folder: Folder of the pages, relative to the root.
    """
    present = frozenset(name for name in files if name.startswith(f"{folder}/"))
    for name in present:
        if not name.endswith(".md"):
            continue
        for match in _LINK.finditer(_CODE.sub("", read_text(root / name))):
            target = match[1]
            if re.match(r"[a-z][a-z0-9+.-]*:|//", target):
                continue
            if target.startswith("/") or posixpath.normpath(f"{posixpath.dirname(name)}/{target}") not in present:
                return True
    return False
