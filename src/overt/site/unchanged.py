"""Nothing to do: when everything that a site was made from is as it was, and so is the site, it stays as it is.

What was judged then holds now, since the judgement depends on the same files; where it depends on time (evidence that
goes stale, dates in the campaign) it holds until the next moment that could change it.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from mkdocs.config.defaults import MkDocsConfig

from overt.model import Problem, State
from overt.site.collect import Collected
from overt.site.fingerprint import contents, digest, impure, own_theme, settings, tools
from overt.site.inspect import Inspection
from overt.system.atomic import write_atomic
from overt.system.files import digest_files, project_files
from overt.system.git import git

FOLDER = ".overt/cache/sites"
_LEDGER = ".overt"
_NOT_INPUT = frozenset({"cache"})
_KEPT = 16
"""How many sites are remembered: one for each output folder and setting."""

_DAY_NS, _HOUR_NS = 86_400 * 10**9, 3_600 * 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """A finished build.

    Args:
        key: Digest of everything that it was made from.
        tree: Digest of the folder that it made.
        until_ns: Moment at which time alone may change a judgement, nanoseconds since 1970 UTC; 0 for never.
        inspection: What was seen in it.
        states: States of the claims and required suites.
        problems: What does not hold and is visible on its pages.
        warnings: What mkdocs and its plugins complained about.
        unheld: States of what is stated and does not hold.
    """

    key: str
    tree: str
    until_ns: int
    inspection: Inspection
    states: tuple[State, ...]
    problems: tuple[Problem, ...]
    warnings: tuple[str, ...]
    unheld: tuple[State, ...] = ()


def key_of(root: Path, config: MkDocsConfig, *, target: Path, now_ns: int, options: Iterable[str]) -> str:
    """Return a digest of everything that a site is made from; empty when that cannot be known.

    Args:
        root: Folder of the project.
        config: The configuration of mkdocs, as it is before the build.
        target: Folder of the site, which may lie within the project.
        now_ns: Now, nanoseconds since 1970 UTC: a new day is a change, since dates are judged.
        options: What else was asked for.
    """
    if impure(config):
        return ""
    below = f"{target.relative_to(root).as_posix()}/" if target.is_relative_to(root) else None
    files = [name for name in project_files(root) if below is None or not name.startswith(below)]
    docs = Path(config.docs_dir)
    environment = [
        f"{name}={os.environ[name]}" for name in sorted(os.environ) if name.startswith(("OVERT_", "SOURCE_"))
    ]
    return digest(
        digest_files(root, files),
        contents([docs, *own_theme(config)]),
        contents(_of_ledger(root / _LEDGER)),
        *(_single(path) for path in _flat(root / _LEDGER)),
        git(root, "rev-parse", "HEAD") or b"",
        git(root, "status", "--porcelain", "--untracked-files=no") or b"",
        settings(config),
        tools(),
        str(root),
        datetime.fromtimestamp(now_ns // 10**9, UTC).date().isoformat(),
        *environment,
        *options,
    )


def _of_ledger(folder: Path) -> list[Path]:
    with contextlib.suppress(OSError):
        return sorted(Path(one) for one in os.scandir(folder) if one.is_dir() and one.name not in _NOT_INPUT)
    return []


def _flat(folder: Path) -> list[Path]:
    with contextlib.suppress(OSError):
        return sorted(Path(one) for one in os.scandir(folder) if one.is_file())
    return []


def _single(path: Path) -> str:
    try:
        return digest(path.name, path.read_bytes())
    except OSError:
        return path.name


def find(root: Path, target: Path, key: str, now_ns: int) -> Remembered | None:
    """Return the build that made a site, when it would make the same one now.

    Args:
        root: Folder of the project.
        target: Folder of the site.
        key: Digest of everything that it is made from, of `key_of`.
        now_ns: Now, nanoseconds since 1970 UTC.
    """
    path = _path(root, target)
    if not key or not path.is_file() or not target.is_dir():
        return None
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=Remembered)
    except (OSError, msgspec.MsgspecError, ValueError):
        return None
    if kept.key != key or (kept.until_ns and now_ns >= kept.until_ns) or kept.tree != contents([target]):
        return None
    return kept


def keep(root: Path, target: Path, remembered: Remembered) -> None:
    """Remember a build; that this cannot be written harms nothing.

    Args:
        root: Folder of the project.
        target: Folder of the site.
        remembered: The build.
    """
    if not remembered.key:
        return
    with contextlib.suppress(OSError):
        write_atomic(_path(root, target), msgspec.json.encode(remembered), durable=False)
        old = sorted((root / FOLDER).glob("*.json"), key=lambda one: one.stat().st_mtime_ns)
        for path in old[:-_KEPT]:
            path.unlink()


def _path(root: Path, target: Path) -> Path:
    return root / FOLDER / f"{digest(str(target))[:16]}.json"


def until(collected: Collected, now_ns: int) -> int | None:
    """Return the next moment at which time alone may change what was judged; 0 for none, None for any moment.

    Args:
        collected: What the site was made from.
        now_ns: Moment of the judgement, nanoseconds since 1970 UTC.
    """
    migration = collected.inputs.rooms.migration
    if migration is not None and migration.reports:
        return None
    return min((moment for moment in _moments(collected) if moment > now_ns), default=0)


def _moments(collected: Collected) -> Iterator[int]:
    ages = {suite.max_age_days * _DAY_NS for suite in collected.loaded.campaign.suites.values()}
    for view in (*collected.inputs.suites, *collected.inputs.flag_states):
        if view.manifest is not None:
            planned = view.planned.max_age_ns if view.planned else 0
            for begun in (view.manifest.created_ns, view.manifest.closed_ns, view.summary.start_ns):
                # Evidence of a machine whose clock is ahead is no evidence yet.
                yield from (begun - _HOUR_NS, begun)
                yield from (begun + age + 1 for age in {*ages, planned} if age)
    migration = collected.inputs.rooms.migration
    for move in migration.status.history if migration is not None and migration.status is not None else ():
        yield int(move.at * 1e9) + _HOUR_NS + 1
