"""The plugins of an adopted project's mkdocs configuration, written as text so that no tag of theirs is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from overt.campaign.mkdocs_config import MkdocsConfig
from overt.campaign.tables import read_text


def mkdocstrings(indent: str, paths: Sequence[str], style: str) -> str:
    """Return the entry of mkdocstrings in a list of plugins.

    Args:
        indent: What each line begins with.
        paths: Folders from which packages are imported, relative to the root.
        style: How docstrings are written: `google`, `numpy` or `sphinx`.
    """
    lines = [
        "- mkdocstrings:",
        "    handlers:",
        "      python:",
        f"        paths: [{', '.join(json.dumps(path) for path in paths)}]",
        "        options:",
        f"          docstring_style: {style}",
        "          show_source: false",
    ]
    return "".join(f"{indent}{line}\n" for line in lines)


def plugin_list(own: MkdocsConfig, reference: str, config: Path) -> str:
    """Return the plugins of an inheriting configuration: mkdocs merges mappings by itself, but replaces lists.

    Args:
        own: What the project's configuration says.
        reference: Entry of mkdocstrings as `mkdocstrings` gives it; empty when no reference is made.
        config: The project's configuration.
    """
    known = own.plugins if own.plugins is not None else ("search",)
    names = {name.removeprefix("material/") for name in known}
    missing = [] if "mkdocstrings" in names or not reference else [reference]
    if own.mapping:
        rows = [
            line.replace("- ", "", 1) if "- mkdocstrings" in line else line for line in "".join(missing).splitlines()
        ]
        # A list item's content stands two columns further in than a mapping's.
        rows = [line if index == 0 else line.removeprefix("  ") for index, line in enumerate(rows)]
        return "plugins:\n" + "".join(f"{row}\n" for row in rows) + ("" if "overt" in names else "  overt: {}\n")
    if own.plugins_text:
        first = next(line for line in own.plugins_text.splitlines() if line.lstrip().startswith("-"))
        indent, theirs = first[: len(first) - len(first.lstrip())], f"{own.plugins_text}\n"
    else:
        indent, theirs = "  ", _flow_list(config, known)
    ours = "".join(f"{indent}{line.removeprefix('  ')}\n" for line in "".join(missing).splitlines())
    return f"plugins:\n{theirs}{ours}" + ("" if "overt" in names else f"{indent}- overt\n")


def _flow_list(config: Path, known: Sequence[str]) -> str:
    """Return a list written on one line, `[search, {social: {cards: true}}]`, with one plugin a line."""
    match = re.search(r"^plugins[ \t]*:[ \t]*(\[.*)", read_text(config), re.MULTILINE | re.DOTALL)
    if not match:
        return "".join(f"  - {name}\n" for name in known)
    items, word, depth = list[str](), "", 0
    for char in match[1]:
        depth += (char in "[{") - (char in "]}")
        if depth == 0:
            break
        if char == "," and depth == 1:
            items, word = [*items, word], ""
        elif not (char == "[" and depth == 1 and not word.strip()):
            word += char
    return "".join(f"  - {' '.join(item.split())}\n" for item in (*items, word) if item.strip())
