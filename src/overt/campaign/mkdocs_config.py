"""A project's own `mkdocs.yml`, read as text: without PyYAML, and whatever tags stand in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from overt.campaign.tables import read_text

_TOP = re.compile(r"^(?P<key>[A-Za-z_][\w-]*)[ \t]*:(?P<rest>.*)$")
_ITEM = re.compile(r"^(?P<indent>[ \t]*)-[ \t]+(?P<name>['\"]?[\w/.-]+['\"]?)[ \t]*:?")


@dataclass(frozen=True, slots=True)
class MkdocsConfig:
    """What matters here of a `mkdocs.yml`.

    Args:
        docs_dir: Folder of its pages, relative to the file.
        plugins: Names of its plugins, in order; None when the file names none, which means `search`.
        plugins_text: The lines of its plugin list, indented as they are; empty when there is no block list.
        mapping: Whether the plugins are a mapping, which mkdocs merges by itself when inherited.
        theme: Name of its theme; empty when it does not name one.
        site_dir: Folder it builds into; empty when it does not say.
        validation: Whether it says which links are to be checked.
    """

    docs_dir: str = "docs"
    plugins: tuple[str, ...] | None = None
    plugins_text: str = ""
    mapping: bool = False
    theme: str = ""
    site_dir: str = ""
    validation: bool = False


def _blocks(text: str) -> dict[str, tuple[str, list[str]]]:
    """Return, for each key at the top, what follows it on its line and the lines below it."""
    found: dict[str, tuple[str, list[str]]] = {}
    lines: list[str] = []
    for line in text.splitlines():
        match = _TOP.match(line)
        if match:
            lines = []
            found[match["key"]] = (re.sub(r"(?:^|\s)#.*", "", match["rest"]).strip(), lines)
        else:
            lines.append(line)
    return found


def _scalar(text: str) -> str:
    return text.strip().strip("'\"")


def _flow_items(text: str) -> tuple[str, ...]:
    """Return the names in `[search, {social: {}}, tags]`: those at the first level."""
    depth, names, word = 0, list[str](), ""
    for char in text:
        depth += (char in "[{") - (char in "]}")
        if char == "," and depth == 1:
            names, word = [*names, word], ""
        else:
            word += char
    found = (re.search(r"[\w/.-]+", item) for item in (*names, word))
    return tuple(match[0] for match in found if match)


def _block_items(lines: list[str]) -> tuple[str, ...]:
    matches = [match for match in map(_ITEM.match, lines) if match]
    level = min((len(match["indent"]) for match in matches), default=0)
    return tuple(_scalar(match["name"]) for match in matches if len(match["indent"]) == level)


def _plugins(rest: str, lines: list[str]) -> MkdocsConfig:
    while lines and (not lines[-1].strip() or lines[-1].startswith("#")):
        lines = lines[:-1]
    body = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if rest.startswith("["):
        return MkdocsConfig(plugins=_flow_items(rest + "".join(body)))
    if rest.startswith("{") or (body and not body[0].lstrip().startswith("-")):
        keys = [match for match in (re.match(r"^([ \t]+)([\w/.-]+)[ \t]*:", line) for line in body) if match]
        level = min((len(match[1]) for match in keys), default=0)
        return MkdocsConfig(plugins=tuple(match[2] for match in keys if len(match[1]) == level), mapping=True)
    return MkdocsConfig(plugins=_block_items(body), plugins_text="\n".join(lines))


def read_mkdocs(path: Path) -> MkdocsConfig:
    """Read what matters here of a `mkdocs.yml`; a file that cannot be read gives the defaults of mkdocs.

    Args:
        path: The file.
    """
    blocks = _blocks(read_text(path))
    plugins = _plugins(*blocks["plugins"]) if "plugins" in blocks else MkdocsConfig()
    rest, lines = blocks.get("theme", ("", []))
    named = next((match for match in (re.match(r"\s+name\s*:\s*(\S+)", line) for line in lines) if match), None)
    return MkdocsConfig(
        docs_dir=_scalar(blocks.get("docs_dir", ("docs", []))[0]) or "docs",
        plugins=plugins.plugins,
        plugins_text=plugins.plugins_text,
        mapping=plugins.mapping,
        theme=_scalar(rest) or (_scalar(named[1]) if named else ""),
        site_dir=_scalar(blocks.get("site_dir", ("", []))[0]),
        validation="validation" in blocks,
    )
