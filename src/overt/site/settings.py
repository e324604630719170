"""What the site needs of mkdocs' configuration, set where the project left it open."""

from __future__ import annotations

import logging
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

from overt.campaign.loading import load
from overt.model import OvertError
from overt.site.paths import ASSETS
from overt.system.files import project_files

_VALIDATION = (
    ("nav", ("omitted_files", "not_found", "absolute_links")),
    ("links", ("not_found", "absolute_links", "unrecognized_links", "anchors")),
)


def _written(config: MkDocsConfig, section: str, key: str) -> bool:
    """Whether the project's own file sets a key of `validation`, in either of the two ways there are."""
    for user in config.user_configs:
        validation = user.get("validation") or {}
        if key in validation or key in (validation.get(section) or {}):
            return True
    return False


def be_strict_about_links(config: MkDocsConfig) -> None:
    """Turn every check of links and navigation into a warning, so that strict mode means what it says."""
    for section, keys in _VALIDATION:
        for key in keys:
            if not _written(config, section, key):
                setattr(getattr(config.validation, section), key, logging.WARNING)


def add_assets(config: MkDocsConfig) -> None:
    """Add the style and the script that pages need."""
    style, script = f"{ASSETS}/overt.css", f"{ASSETS}/overt.js"
    if style not in config.extra_css:
        config.extra_css.append(style)
    if script not in [str(one) for one in config.extra_javascript]:
        config.extra_javascript.append(script)


def search_from_disk(config: MkDocsConfig) -> None:
    """Let the search of Material work on pages that are opened from disk, without a script of another host."""
    if config.use_directory_urls or config.theme.name != "material":
        return
    polyfills: list[Any] = config.extra.setdefault("polyfills", [])
    if not any("iframe-worker" in str(url) for url in polyfills):
        polyfills.append(f"{ASSETS}/iframe-worker.js")


def write_search_script(site: Path) -> None:
    """Write the search index a second time as a script, which a page opened from disk may load.

    Args:
        site: Folder of the built site.
    """
    index = site / "search/search_index.json"
    if index.is_file():
        index.with_suffix(".js").write_bytes(b"var __index = " + index.read_bytes())


def _package_parents(root: Path) -> list[str]:
    try:
        campaign = load(root, files=project_files(root)).campaign
    except OvertError as error:
        raise PluginError(str(error)) from error
    if not campaign.site.reference:
        return []
    return sorted({str((root / package).parent) for package in campaign.project.packages})


def add_reference(config: MkDocsConfig, root: Path) -> None:
    """Make mkdocstrings find the project's packages; it is added when the project does not use it yet.

    Args:
        config: The configuration of mkdocs.
        root: Folder of the project.

    Raises:
        PluginError: The campaign is wrong, or mkdocstrings is not installed.
    """
    parents = _package_parents(root)
    if not parents:
        return
    if "mkdocstrings" not in config.plugins:
        if find_spec("mkdocstrings") is None:
            raise PluginError("mkdocstrings is not installed: pip install 'overt[site]', or set reference = false")
        from mkdocstrings import MkdocstringsPlugin

        plugin: Any = MkdocstringsPlugin()
        plugin.load_config({})
        config.plugins["mkdocstrings"] = plugin
    handler = config.plugins["mkdocstrings"].config.handlers.setdefault("python", {})
    paths = handler.setdefault("paths", ["."])
    paths += [parent for parent in parents if parent not in paths]
