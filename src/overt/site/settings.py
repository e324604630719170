"""What the site needs of mkdocs' configuration, set where the project left it open."""

from __future__ import annotations

import logging
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.utils.yaml import yaml_load

from overt.campaign.loading import load
from overt.model import OvertError
from overt.site.paths import ASSETS
from overt.system.files import project_files

_VALIDATION = (
    ("nav", ("omitted_files", "not_found", "absolute_links")),
    ("links", ("not_found", "absolute_links", "unrecognized_links", "anchors")),
)


def _written(config: MkDocsConfig) -> dict[str, Any]:
    """What the project's own file, or one that it inherits from, says under `validation`."""
    path = Path(config.config_file_path or "")
    if not path.is_file():
        return {}
    with path.open("rb") as stream:
        return yaml_load(stream).get("validation") or {}


def be_strict_about_links(config: MkDocsConfig) -> None:
    """Turn every check of links and navigation that is left open into a warning: then strict means what it says."""
    written = _written(config)
    for section, keys in _VALIDATION:
        for key in keys:
            if key not in written and key not in (written.get(section) or {}):
                setattr(getattr(config.validation, section), key, logging.WARNING)


def add_assets(config: MkDocsConfig, name: str = "overt") -> None:
    """Add the style and the script that pages need.

    Args:
        config: The configuration of mkdocs.
        name: Which ones: `overt` for all pages, `training` for those of a track.
    """
    style, script = f"{ASSETS}/{name}.css", f"{ASSETS}/{name}.js"
    if style not in config.extra_css:
        config.extra_css.append(style)
    if script not in [str(one) for one in config.extra_javascript]:
        config.extra_javascript.append(script)


def ready_for_training(config: MkDocsConfig) -> None:
    """Add what the pages of a track need, for a project that has one: style, script, Markdown that folds away."""
    add_assets(config, "training")
    if "md_in_html" not in config.markdown_extensions:
        config.markdown_extensions.append("md_in_html")


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
