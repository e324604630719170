"""What was found out about the source once, and holds until a file of it changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from overt.site.fingerprint import digest, tools
from overt.site.pack import Pack
from overt.system.files import digest_files

FILE = ".overt/cache/source.pack"

T = TypeVar("T")


class Memo:
    """Answers about the Python files of a project, kept by the digest of all of them.

    Args:
        root: Folder of the project.
        files: Its files, relative to the root, POSIX.
    """

    def __init__(self, root: Path, files: Sequence[str]) -> None:
        self._pack = Pack(root / FILE)
        self._source = digest(tools(), digest_files(root, [name for name in files if name.endswith((".py", ".pyi"))]))

    def of(self, kind: type[T], make: Callable[[], T], *asked: str) -> T:
        """Return an answer that was given before, else give it.

        Args:
            kind: What the answer is; something that msgspec can write.
            make: Finds it out.
            asked: What else it depends on.
        """
        key = digest("memo", repr(kind), self._source, *asked)
        kept = self._pack.get(key)
        if kept is not None:
            try:
                return msgspec.msgpack.decode(kept, type=kind)
            except msgspec.MsgspecError:
                pass
        made = make()
        self._pack.put(key, msgspec.msgpack.encode(made))
        return made

    def save(self) -> None:
        """Keep the answers for the next build."""
        self._pack.save()
