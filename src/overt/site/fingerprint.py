"""What a build depends on besides the pages: settings, tools, themes, files; each as one digest."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig

import overt

_PLACES = frozenset({"site_dir", "docs_dir", "config_file_path", "watch"})
"""Settings that say where things are, which pages do not show."""

_INSTALLED = (
    *map(sysconfig.get_path, ("stdlib", "platstdlib", "purelib", "platlib")),
    str(Path(overt.__file__).parent),
)
"""Where the standard library, installed packages and overt itself lie."""


def digest(*parts: bytes | str) -> str:
    """Return one digest over texts, each kept apart from the next.

    Example:
        >>> digest("ab", "c") == digest("a", "bc")
        False
    """
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        whole.update(len(data).to_bytes(8, "big"))
        whole.update(data)
    return whole.hexdigest()


def plain(value: Any) -> Any:
    """Return a setting as something that JSON can write, and that is the same in every run.

    Args:
        value: Any value of a configuration: functions become their names, other objects their classes.
    """
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    if isinstance(value, Config | Mapping):
        return {str(key): plain(one) for key, one in sorted(value.items(), key=lambda pair: str(pair[0]))}
    if isinstance(value, set | frozenset):
        return sorted(map(str, value))
    if isinstance(value, Sequence):
        return [plain(one) for one in value]
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, functools.partial):
        return [plain(value.func), plain(value.args), plain(value.keywords)]
    named = value if callable(value) and hasattr(value, "__qualname__") else type(value)
    return f"{named.__module__}.{named.__qualname__}"


def settings(config: MkDocsConfig) -> str:
    """Return a digest of everything that a project set, and of what plugins set for it.

    Args:
        config: The configuration of mkdocs.
    """
    said: dict[str, Any] = {key: plain(value) for key, value in config.items() if key not in {*_PLACES, "plugins"}}
    said["theme"] = [config.theme.name, plain(dict(config.theme.items()))]
    said["plugins"] = [[name, plain(plugin.config)] for name, plugin in config.plugins.items()]
    said["extra_javascript"] = [repr(one) for one in config.extra_javascript]
    return digest(json.dumps(said, sort_keys=True))


def tools() -> str:
    """Return a digest of Python, of everything that is installed, and of overt itself."""
    places = [Path(place) for place in sys.path if place and Path(place).is_dir()]
    installed = sorted(entry.name for place in places for entry in place.glob("*.dist-info"))
    return digest(sys.version, *installed, *_stats(Path(overt.__file__).parent))


def _stats(folder: Path) -> Iterator[str]:
    """Yield name, size and time of the files below a folder: enough for what an installer or an editor wrote."""
    for at, inside, names in os.walk(folder):
        inside[:] = sorted(name for name in inside if name != "__pycache__")
        for name in sorted(names):
            path = Path(at, name)
            seen = path.stat()
            yield f"{path.relative_to(folder)} {seen.st_size} {seen.st_mtime_ns}"


def own_theme(config: MkDocsConfig) -> list[Path]:
    """Return the folders of the theme that are the project's own, and not of an installed package."""
    custom = config.theme.custom_dir
    return [Path(custom)] if custom else []


def _leads_back(here: str, path: Path) -> bool:
    return path.is_symlink() and Path(here).is_relative_to(path.resolve())


def contents(folders: Iterable[Path]) -> str:
    """Return a digest of the names and bytes of all files below some folders.

    Args:
        folders: Folders; one that is missing counts as empty.
    """
    whole = hashlib.sha256()
    for folder in folders:
        # Links to folders are followed, as mkdocs does; those that lead back are not.
        for at, inside, names in os.walk(folder, followlinks=True):
            here = os.path.realpath(at)
            inside[:] = sorted(name for name in inside if not _leads_back(here, Path(at, name)))
            for name in sorted(names):
                path = Path(at, name)
                whole.update(f"{path.relative_to(folder).as_posix()}\0".encode("utf-8", "surrogateescape"))
                try:
                    whole.update(hashlib.sha256(path.read_bytes()).digest())
                except OSError as error:
                    whole.update(f"{error.errno}".encode())
        whole.update(b"\1")
    return whole.hexdigest()


PURE_PLUGINS = MappingProxyType(
    {
        "material.plugins.search.plugin": "search",
        "mkdocs.contrib.search": "search",
        "mkdocstrings._internal.plugin": "mkdocstrings",
        "mkdocs_autorefs._internal.plugin": "autorefs",
        "overt.site.plugin": "overt",
        "material.plugins.offline.plugin": "offline",
        "material.plugins.tags.plugin": "tags",
        "material.plugins.meta.plugin": "meta",
    }
)
"""Plugins that depend on settings and files alone: module to name."""


def impure(config: MkDocsConfig) -> list[str]:
    """Return what may make a page depend on more than settings and files: unknown plugins, hooks, functions.

    Args:
        config: The configuration of mkdocs.
    """
    plugins = [name for name, one in config.plugins.items() if type(one).__module__ not in PURE_PLUGINS]
    functions = [f"function {name}" for name in sorted(set(_own_functions(config.mdx_configs)))]
    return [f"plugin {name}" for name in plugins] + [f"hook {name}" for name in config.hooks] + functions


def _own_functions(value: Any) -> Iterator[str]:
    """Yield the functions in a setting that no installed package brings: what they do may change at any time."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, functools.partial):
        value = [value.func, *value.args, *value.keywords.values()]
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        for one in value:
            yield from _own_functions(one)
    elif callable(value):
        module = getattr(value, "__module__", None) or type(value).__module__
        file = getattr(sys.modules.get(module), "__file__", None)
        if file and not any(Path(file).is_relative_to(place) for place in _INSTALLED):
            yield f"{module}.{getattr(value, '__qualname__', type(value).__qualname__)}"
