"""What `overt check` looks at: root, settings, files, cache. Nothing heavy is imported for one file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from overt.lint.cache import FOLDER, Cache
from overt.lint.results import Banned
from overt.lint.settings import PlainAllow, PlainPaths, PlainSettings
from overt.model.tuples import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace

    from overt.campaign import Loaded

CONFIGURATION = "overt.toml"
_KEPT = "settings.json"


class Scope(NamedTuple):
    """What is checked.

    Args:
        root: The project's folder.
        files: Files, relative to the root, POSIX.
        settings: The settings, the command line included.
        whole: Whether these are all files that the project has.
    """

    root: Path
    files: tuple[str, ...]
    settings: PlainSettings
    whole: bool

    def project(self) -> tuple[str, ...]:
        """Return the files that a run without paths looks at."""
        from overt.campaign.checked import checked_paths
        from overt.system.files import project_files, select

        return tuple(select(project_files(self.root), checked_paths(_load(self.root).campaign)))

    def cache(self) -> Cache:
        """Return the kept results of this project."""
        from overt.lint.cache import fingerprint

        key = fingerprint(self.settings.target_version, self.settings.banned)
        return Cache(self.root / FOLDER / "hidden-state.json", key, by_content=bool(os.environ.get("CI")))


def find_scope(options: Namespace) -> Scope:
    """Return what the command line asks for."""
    root: Path = options.root
    if not root.is_dir():
        from overt.model.errors import OvertError

        raise OvertError(f"{root} is not a folder", hint="give the project's folder with -C")
    loaded: Loaded | None = None
    settings = _kept_settings(root)
    if settings is None or not options.paths:
        loaded = _load(root)
        settings = plain_settings(loaded)
        _keep_settings(root, settings)
    settings = _with_options(settings, options)
    if options.paths:
        return Scope(root, tuple(_given(root, options.paths)), settings, whole=False)
    assert loaded is not None
    from overt.campaign.checked import checked_paths
    from overt.system.files import project_files, select

    wanted = checked_paths(loaded.campaign)
    return Scope(root, tuple(select(project_files(root), wanted)), settings, whole=True)


def _load(root: Path) -> Loaded:
    from overt.campaign import load

    return load(root)


def plain_settings(loaded: Loaded) -> PlainSettings:
    """Return the linter's settings of a campaign as plain values."""
    found = loaded.campaign.hidden_state
    return PlainSettings(
        found.select,
        found.ignore,
        found.exclude,
        found.target_version,
        found.ratchet,
        tuple(PlainAllow(e.reason, e.owner, e.until, e.path, e.module, e.rules) for e in found.allow),
        tuple(Banned(e.pattern, e.message, e.instead, e.language, e.severity, e.allow) for e in found.banned),
        tuple(PlainPaths(e.files, e.select, e.ignore) for e in found.paths),
        found.rule_url,
    )


def _digest(root: Path) -> str:
    import hashlib

    from overt import __version__

    return hashlib.sha256(__version__.encode() + (root / CONFIGURATION).read_bytes()).hexdigest()


def _kept_settings(root: Path) -> PlainSettings | None:
    """Return settings that were validated before and have not changed since; None when they must be read."""
    if not (root / CONFIGURATION).is_file():
        return PlainSettings()
    import json

    try:
        kept = json.loads((root / FOLDER / _KEPT).read_bytes())
        if kept["digest"] != _digest(root):
            return None
        select, ignore, exclude, target, ratchet, allow, banned, paths, rule_url = kept["settings"]
        return PlainSettings(
            tuple(select),
            tuple(ignore),
            tuple(exclude),
            target,
            ratchet,
            tuple(PlainAllow._make([*row[:-1], tuple(row[-1])]) for row in allow),
            tuple(Banned._make([*row[:-1], tuple(row[-1])]) for row in banned),
            tuple(PlainPaths(*map(tuple, row)) for row in paths),
            rule_url,
        )
    except (OSError, ValueError, TypeError, KeyError, IndexError, RecursionError):
        return None


def _keep_settings(root: Path, settings: PlainSettings) -> None:
    import contextlib
    import json

    from overt.lint.cache import write_kept

    if not (root / CONFIGURATION).is_file():
        return
    with contextlib.suppress(OSError):
        # Named tuples become lists, whose order is that of their fields.
        write_kept(root / FOLDER / _KEPT, json.dumps({"digest": _digest(root), "settings": settings}).encode())


def _codes(given: Sequence[str]) -> tuple[str, ...]:
    return tuple(code.strip() for each in given for code in each.split(",") if code.strip())


def _with_options(settings: PlainSettings, options: Namespace) -> PlainSettings:
    return settings._replace(
        select=_codes(options.select) or settings.select,
        ignore=(*settings.ignore, *_codes(options.ignore)),
        target_version=options.target_version or settings.target_version,
        ratchet=options.ratchet or settings.ratchet,
    )


def _given(root: Path, paths: Sequence[str]) -> list[str]:
    """Return the files that paths of the command line stand for, relative to the root."""
    found: list[str] = []
    listed: list[str] | None = None
    for given in paths:
        # Paths are those of the shell: relative to where it is, not to --root.
        place = Path(given)
        name = relative(place, root)
        if place.is_dir():
            if name.startswith("../") or name == "..":
                found.extend(_outside(place, root))
                continue
            if listed is None:
                from overt.system.files import project_files

                listed = project_files(root)
            prefix = "" if name == "." else f"{name}/"
            inside = [each for each in listed if each.startswith(prefix)]
            found.extend(inside or _outside(place, root))
        elif place.exists():
            found.append(name)
        else:
            from overt.model.errors import OvertError

            raise OvertError(f"{given}: there is no such file or folder")
    return list(dict.fromkeys(found))


def _outside(place: Path, root: Path) -> list[str]:
    from overt.system.files import project_files

    return [relative(place / name, root) for name in project_files(place)]


def relative(place: Path, root: Path) -> str:
    """Return a path relative to the root, POSIX; one outside of it begins with `..`."""
    return os.path.relpath(place, root).replace(os.sep, "/")
