"""Results of files that have not changed."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from overt import __version__
from overt.lint.results import Allowance, Banned, Container, Examined, Foreign, Hit

FOLDER = ".overt/cache"


class Cache:
    """Kept results of one project under one configuration.

    A file that has the same size, times and inode is the same file; with `by_content` its digest decides instead.

    Args:
        path: File that they are kept in.
        key: What the results depend on besides the files: tool version, Python version, settings.
        by_content: Whether the digest of a file decides, as on a fresh checkout where all times are new.
    """

    def __init__(self, path: Path, key: str, *, by_content: bool = False) -> None:
        self._path, self._key, self._by_content = path, key, by_content
        self._kept = self._load()
        self._changed = False
        self.hits = 0

    def _load(self) -> dict[str, list[object]]:
        import json

        try:
            stored = json.loads(self._path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        if not isinstance(stored, dict) or stored.get("key") != self._key or not isinstance(stored.get("files"), dict):
            return {}
        return dict(stored["files"])

    def stamp(self, found: os.stat_result, source: bytes) -> object:
        """Return what tells later whether a file is still the same.

        Args:
            found: What the system said of the file before it was read.
            source: What was read.
        """
        return _digest(source) if self._by_content else _of_stat(found)

    def _present(self, place: str) -> object:
        if self._by_content:
            return _digest(Path(place).read_bytes())
        return _of_stat(os.stat(place))  # noqa: PTH116  # for thousands of files: a Path costs more than the answer

    def get(self, path: str, place: str) -> Examined | None:
        """Return what a file came to, when it is still the same file."""
        kept = self._kept.get(path)
        if kept is None:
            return None
        try:
            if kept[0] != self._present(place):
                return None
            result = _revived(kept[1])
        except (OSError, TypeError, ValueError, IndexError, KeyError):
            return None
        self.hits += 1
        return result

    def keep(self, path: str, stamp: object, result: Examined) -> None:
        """Keep what a file came to; what could not be read is tried again every time."""
        if not result.problem:
            self._kept[path] = [stamp, _stored(result)]
            self._changed = True

    def close(self) -> None:
        """Write what is new; a cache that cannot be written is no failure."""
        if not self._changed:
            return
        import json

        data = json.dumps({"key": self._key, "files": self._kept}, separators=(",", ":")).encode()
        with contextlib.suppress(OSError):
            write_kept(self._path, data)
        self._changed = False


def _of_stat(found: os.stat_result) -> list[int]:
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def _digest(source: bytes) -> str:
    import hashlib

    return hashlib.sha256(source).hexdigest()


def write_kept(path: Path, data: bytes) -> None:
    """Write a file of the cache in one step; its folder keeps itself out of git.

    Not forced to the disk: a cache that a crash takes away is made again.
    """
    if not path.parent.is_dir():
        path.parent.mkdir(parents=True)
        (path.parent / ".gitignore").write_text("*\n", encoding="utf-8")
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def fingerprint(target_version: str, banned: Sequence[Banned] = ()) -> str:
    """Return what results depend on besides the files: this version of the linter, of Python, and the settings.

    The linter's own files count with size and time, so that one under development does not answer from the past.
    """
    here = Path(__file__).parent
    own = [
        f"{entry.name}:{found.st_size}:{found.st_mtime_ns}"
        for folder in (here, here / "rules", here / "elixir")
        if folder.is_dir()
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name)
        if entry.name.endswith(".py") and (found := entry.stat())
    ]
    forbidden = [repr(tuple(each)) for each in banned]
    return "|".join((__version__, sys.version, target_version, *own, *forbidden))


def _stored(result: Examined) -> list[object]:
    hits = [
        [h.code, h.severity, h.message, h.line, h.column, h.scope, h.symbol, h.places, [list(r) for r in h.related]]
        for h in result.hits
    ]
    allowances = [[a.line, a.target, list(a.codes), a.until, a.reason, a.problem] for a in result.allowances]
    return [result.lines, hits, allowances, result.foreign, result.containers, result.exports]


def _revived(stored: Any) -> Examined:
    """Return what was kept; what does not fit raises, and the file is examined anew."""
    lines, hits, allowances, foreign, containers, exports = stored
    return Examined(
        tuple(map(_revived_hit, hits)),
        lines,
        tuple(map(_revived_allowance, allowances)),
        foreign=tuple(map(Foreign._make, foreign)),
        containers=tuple(map(Container._make, containers)),
        exports=tuple((name, dotted) for name, dotted in exports),
    )


def _revived_hit(stored: Any) -> Hit:
    code, severity, message, line, column, scope, symbol, places, related = stored
    near = tuple((at, offset, text) for at, offset, text in related)
    return Hit(code, severity, message, line, column, scope, symbol, places, near)


def _revived_allowance(stored: Any) -> Allowance:
    line, target, codes, until, reason, problem = stored
    return Allowance(line, target, tuple(codes), until, reason, problem)
