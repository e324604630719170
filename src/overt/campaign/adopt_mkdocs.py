"""The mkdocs configuration of an adopted project: one of its own, or one that inherits what is there."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Sequence
from importlib.metadata import entry_points
from pathlib import Path

from overt.campaign.adopt_plugins import mkdocstrings, plugin_list
from overt.campaign.detect import Detected
from overt.campaign.look import docstring_style, has_broken_links, import_paths
from overt.campaign.mkdocs_config import read_mkdocs
from overt.campaign.records import Campaign

INHERITING = "mkdocs.overt.yml"
OWN_DOCS = "overt-docs"

_THEME = """\
theme:
  name: material
  font: false  # fonts of the reader's system: no request to another host
  palette:
    - media: "(prefers-color-scheme: light)"
      scheme: default
      primary: indigo
      toggle:
        icon: material/weather-night
        name: Switch to dark mode
    - media: "(prefers-color-scheme: dark)"
      scheme: slate
      primary: indigo
      toggle:
        icon: material/weather-sunny
        name: Switch to light mode
  features:
    - content.code.copy
    - navigation.indexes
    - navigation.prune
    - navigation.top
    - search.suggest
"""

_EXTENSIONS = """\
markdown_extensions:
  - admonition
  - attr_list
  - def_list
  - footnotes
  - md_in_html
  - tables
  - toc:
      permalink: true
  - pymdownx.details
  - pymdownx.highlight
  - pymdownx.inlinehilite
  - pymdownx.superfences
  - pymdownx.tabbed:
      alternate_style: true
"""


def config_name(root: Path, detected: Detected) -> str:
    """Return the configuration to build with: the one that is there when it has the overt plugin already.

    Args:
        root: Folder of the project.
        detected: What it is made of.
    """
    if detected.docs.kind != "mkdocs":
        return "mkdocs.yml"
    return detected.docs.config if "overt" in (read_mkdocs(root / detected.docs.config).plugins or ()) else INHERITING


def docs_folder(detected: Detected) -> str:
    """Return the folder of the pages that the site is built from, relative to the root.

    Args:
        detected: What the project is made of. Sphinx keeps its folder to itself.
    """
    if detected.docs.kind == "sphinx":
        return OWN_DOCS
    return detected.docs.folder or "docs"


def _validation(*, relaxed: bool) -> str:
    level = "info" if relaxed else "warn"
    why = "  # some pages have dead links today: mend them, then write warn\n" if relaxed else "\n"
    links = "".join(f"    {key}: {level}\n" for key in ("not_found", "anchors", "absolute_links", "unrecognized_links"))
    nav = "".join(f"    {key}: warn\n" for key in ("omitted_files", "not_found", "absolute_links"))
    return f"validation:{why}  nav:\n{nav}  links:\n{links}"


def _as_before(*, broken: bool) -> str:
    """Return the levels that mkdocs has by itself, since the project's pages were written for those."""
    links = {"not_found": "info" if broken else "warn"} | dict.fromkeys(
        ("anchors", "absolute_links", "unrecognized_links"), "info"
    )
    nav = {"omitted_files": "info", "not_found": "info" if broken else "warn", "absolute_links": "info"}
    rows = [f"    {key}: {level}\n" for key, level in nav.items()]
    more = [f"    {key}: {level}\n" for key, level in links.items()]
    why = "  # as strict as before; write warn where your pages are clean\n"
    return f"validation:{why}  nav:\n{''.join(rows)}  links:\n{''.join(more)}"


def _quoted(text: str) -> str:
    """Return text as YAML takes it between double quotes, which JSON writes too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\x7f").replace("\x85", "\\N")


def _fresh(root: Path, files: Sequence[str], detected: Detected, campaign: Campaign) -> str:
    folder = docs_folder(detected)
    relaxed = detected.docs.kind == "markdown" and has_broken_links(root, files, folder)
    described = f"site_description: {_quoted(detected.description)}\n" if detected.description else ""
    paths = import_paths(campaign.project.packages)
    style = docstring_style(root, files, campaign.project.packages)
    reference = mkdocstrings("  ", paths, style) if paths else ""
    return (
        "# How the site is built; `overt build` and plain `mkdocs build` give the same pages.\n"
        f"site_name: {_quoted(campaign.project.name)}\n{described}"
        f"docs_dir: {folder}\nsite_dir: {campaign.site.output}\n"
        "use_directory_urls: false  # pages open from disk as well as from a server\n"
        "# Without a nav, the pages stand as their folders do, and the generated ones beside them.\n\n"
        f"{_THEME}\n{_validation(relaxed=relaxed)}\n{_EXTENSIONS}\n"
        f"plugins:\n  - search\n{reference}  - overt\n"
    )


def _inheriting(root: Path, files: Sequence[str], detected: Detected, campaign: Campaign) -> str:
    config = root / detected.docs.config
    own = read_mkdocs(config)
    paths = import_paths(campaign.project.packages)
    style = docstring_style(root, files, campaign.project.packages)
    reference = mkdocstrings("  ", paths, style) if paths else ""
    broken = has_broken_links(root, files, posixpath.normpath(own.docs_dir))
    levels = "" if own.validation else f"\n{_as_before(broken=broken)}"
    site = f"site_dir: {campaign.site.output}\n" if not own.site_dir else ""
    return (
        f"# Everything of {detected.docs.config}, and the pages that overt makes. What stands here wins over what\n"
        "# stands there; lists are not joined, so the plugins are named again.\n"
        f"INHERIT: {detected.docs.config}\n{site}{levels}\n{plugin_list(own, reference, config)}"
    )


def config_text(root: Path, files: Sequence[str], detected: Detected, campaign: Campaign) -> str:
    """Return the mkdocs configuration that overt builds with.

    Args:
        root: Folder of the project.
        files: Its files, relative to the root, POSIX.
        detected: What it is made of.
        campaign: Its campaign.
    """
    inherits = detected.docs.kind == "mkdocs" and campaign.site.config != detected.docs.config
    return (_inheriting if inherits else _fresh)(root, files, detected, campaign)


def reason(detected: Detected) -> str:
    """Return why the configuration is written, a few words."""
    if detected.docs.kind == "mkdocs":
        return f"{detected.docs.config} as it is, with the overt plugin added"
    if detected.docs.kind == "sphinx":
        return f"the site; {detected.docs.folder}/ stays with Sphinx"
    return "the site: theme, search, reference, overt"


def notes(root: Path, detected: Detected) -> tuple[str, ...]:
    """Return what the user should know about the documentation that is there, one sentence each.

    Args:
        root: Folder of the project.
        detected: What it is made of.
    """
    if detected.docs.kind != "mkdocs":
        return ()
    own = read_mkdocs(root / detected.docs.config)
    installed = {point.name for point in entry_points(group="mkdocs.plugins")}
    missing = [name for name in own.plugins or () if name not in installed and name != "overt"]
    said: list[str] = []
    if missing:
        names = ", ".join(missing)
        said.append(f"{detected.docs.config} uses plugins that are not installed here: {names}; install them.")
    if re.search(r"^\s*(?:- )?(?:url: *)?[\"']?https?://\S+\.inv\b", own.plugins_text, re.MULTILINE):
        said.append(
            f"{detected.docs.config} loads inventories of other hosts: building needs a network, or leave them out."
        )
    return tuple(said)
