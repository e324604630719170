"""Results of files that have not changed."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from overt import __version__
from overt.lint.results import Allowance, Banned, Container, Examined, Foreign, Hit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FOLDER = ".overt/cache"
FEW = 8
"""What changed goes into the journal while files and journal are less than one in so many of all that is kept."""

Kept = dict[str, list[object]]


class Cache:
    """Kept results of one project under one configuration.

    A file that has the same size, times and inode is the same file; with `by_content` its digest decides instead.
    When few files have changed, what they came to is added to a journal beside the kept results. Each line of it is
    whole in itself: what a crash or another writer tears is passed over, and its files are examined again.

    Args:
        path: File that they are kept in.
        key: What the results depend on besides the files: tool version, Python version, settings.
        by_content: Whether the digest of a file decides, as on a fresh checkout where all times are new.
    """

    def __init__(self, path: Path, key: str, *, by_content: bool = False) -> None:
        self._path, self._key, self._by_content = path, key, by_content
        self._journal = path.with_suffix(".journal")
        kept, self._size = self._load()
        self._kept = kept or {}
        self._journalled = self._follow() if kept else 0
        self._new: dict[str, list[object]] = {}
        self.hits = 0

    def _load(self) -> tuple[Kept | None, int]:
        """Return what is kept and how many bytes it takes; None when nothing fits."""
        try:
            data = self._path.read_bytes()
        except OSError:
            return None, 0
        return self._files(data), len(data)

    def _follow(self) -> int:
        """Take over what the journal adds, the newest last; return how many bytes it has."""
        try:
            data = self._journal.read_bytes()
        except OSError:
            return 0
        for line in data.split(b"\n"):
            self._kept.update(self._files(line) or {})
        return len(data)

    def _files(self, data: bytes) -> Kept | None:
        """Return the results in some bytes; None when they are no results or those of another configuration."""
        import json

        try:
            stored = json.loads(data) if data else None
        except (ValueError, RecursionError):
            return None
        if not isinstance(stored, dict) or stored.get("key") != self._key or not isinstance(stored.get("files"), dict):
            return None
        return dict(stored["files"])

    def beside(self, name: str) -> Cache:
        """Return what is kept under another name beside this, under the same configuration."""
        return Cache(self._path.with_name(name), self._key, by_content=self._by_content)

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
            present = self._present(place)
            if kept[0] != present:
                return None
            result = _revived(kept[1])
        except (OSError, TypeError, ValueError, IndexError, KeyError):
            return None
        self.hits += 1
        return result

    def keep(self, path: str, stamp: object, result: Examined) -> None:
        """Keep what a file came to; what could not be read is tried again every time."""
        if not result.problem:
            self._new[path] = [stamp, _stored(result)]

    def close(self) -> None:
        """Write what is new; a cache that cannot be written is no failure."""
        if not self._new:
            return
        self._kept.update(self._new)
        line = self._written(self._new) + b"\n" if len(self._new) * FEW < len(self._kept) else b""
        with contextlib.suppress(OSError):
            if line and (self._journalled + len(line)) * FEW < self._size:
                self._append(line)
            else:
                write_kept(self._path, self._written(self._kept))
                # What another process has added meanwhile goes too: a file that is examined again is no mistake.
                self._journal.unlink(missing_ok=True)
        self._new = {}

    def _written(self, files: Kept) -> bytes:
        import json

        return json.dumps({"key": self._key, "files": files}, separators=(",", ":")).encode()

    def _append(self, line: bytes) -> None:
        """Add a line to the journal in one step; the line break before it ends what a crash may have left."""
        with self._journal.open("ab", buffering=0) as stream:
            stream.write(b"\n" + line)
        self._journalled += len(line) + 1


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
    """Return a result as lists, without the empty ones at the end: most files come to nothing."""
    hits = [
        [h.code, h.severity, h.message, h.line, h.column, h.scope, h.symbol, h.places, [list(r) for r in h.related]]
        for h in result.hits
    ]
    allowances = [[a.line, a.target, list(a.codes), a.until, a.reason, a.problem] for a in result.allowances]
    stored = [result.lines, result.containers, result.imports, hits, result.foreign, result.exports, allowances]
    stored.append(result.uses)
    while len(stored) > 1 and not stored[-1]:
        stored.pop()
    return stored


def _revived(stored: Any) -> Examined:
    """Return what was kept; what does not fit raises, and the file is examined anew."""
    lines, *more = stored
    if not more:
        return Examined((), lines)
    full: Any = [*more, *[()] * (7 - len(more))]
    containers, imports, hits, foreign, exports, allowances, uses = full
    return Examined(
        tuple(map(_revived_hit, hits)) if hits else (),
        lines,
        tuple(map(_revived_allowance, allowances)) if allowances else (),
        foreign=tuple(map(Foreign._make, foreign)) if foreign else (),
        containers=tuple(map(Container._make, containers)),
        exports=tuple((name, dotted) for name, dotted in exports) if exports else (),
        imports=imports or "",
        uses=tuple((dotted, use) for dotted, use in uses) if uses else (),
    )


def _revived_hit(stored: Any) -> Hit:
    code, severity, message, line, column, scope, symbol, places, related = stored
    near = tuple((at, offset, text) for at, offset, text in related) if related else ()
    return Hit(code, severity, message, line, column, scope, symbol, places, near)


def _revived_allowance(stored: Any) -> Allowance:
    line, target, codes, until, reason, problem = stored
    return Allowance(line, target, tuple(codes), until, reason, problem)
