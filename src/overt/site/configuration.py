"""The configuration of mkdocs for a build: the project's own, or one made for a project that has none."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, ConfigurationError

from overt.campaign.loading import Loaded, load
from overt.model import Location, OvertError, Problem, Problems
from overt.site.messages import quiet_mkdocs
from overt.site.plugin import OvertPlugin
from overt.system.files import project_files


class _Text(io.BytesIO):
    """A configuration that is not on disk, at the place where it would be."""

    def __init__(self, text: str, path: Path) -> None:
        super().__init__(text.encode())
        self.name = str(path)


def default_config(name: str) -> str:
    """Return the text of a `mkdocs.yml` that works offline, from a server and from disk.

    Args:
        name: Name of the project.

    Example:
        >>> "font: false" in default_config("shop")
        True
    """
    return f"""\
site_name: {json.dumps(name)}
use_directory_urls: false
theme:
  name: material
  font: false
  features: [navigation.indexes, navigation.prune, navigation.tabs, navigation.top, toc.follow, content.code.copy]
  palette:
    - media: "(prefers-color-scheme: light)"
      scheme: default
      primary: white
      toggle: {{icon: material/weather-night, name: Switch to dark}}
    - media: "(prefers-color-scheme: dark)"
      scheme: slate
      primary: black
      toggle: {{icon: material/weather-sunny, name: Switch to light}}
plugins: [search, overt: {{policy: true}}]
markdown_extensions: [admonition, attr_list, tables, pymdownx.highlight, pymdownx.superfences]
"""


def site_config(root: Path, *, site_dir: Path, strict: bool, empty: Path, loaded: Loaded | None = None) -> MkDocsConfig:
    """Return the configuration for one build, with our plugin in it whether the project names it or not.

    Args:
        root: Folder of the project.
        site_dir: Where the site is to be written.
        strict: Whether warnings and statements that do not hold fail the build.
        empty: An empty folder, for a project without documentation.
        loaded: The campaign; read when None.

    Raises:
        OvertError: The configuration is wrong.
    """
    campaign = (loaded or load(root, files=project_files(root))).campaign
    path = root / campaign.site.config
    options: dict[str, Any] = {"site_dir": str(site_dir), "strict": strict}
    source: Any = str(path)
    if not path.is_file():
        source = _Text(default_config(campaign.project.name or root.name), path)
        if not (root / "docs").is_dir():
            options["docs_dir"] = str(empty)
    where = Location(campaign.site.config)
    with quiet_mkdocs() as lines:
        try:
            config = load_config(config_file=source, **options)
        except ConfigurationError as error:
            raise OvertError(" ".join(str(error).split()), where=where) from error
        except Abort as error:
            raise Problems([Problem(line, where) for line in lines] or [Problem(str(error), where)]) from error
    plugin = config.plugins.get("overt")
    if not isinstance(plugin, OvertPlugin):
        plugin = OvertPlugin()
        plugin.load_config({})
        config.plugins["overt"] = plugin
    if not strict:
        plugin.config.strict = False
    return config


def overt_plugin(config: MkDocsConfig) -> OvertPlugin:
    """Return our plugin of a configuration."""
    plugin = config.plugins["overt"]
    assert isinstance(plugin, OvertPlugin)
    return plugin
