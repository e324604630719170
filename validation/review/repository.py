"""Git repositories built in a folder, the same hashes on every machine."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

WHO: Final = {f"GIT_{role}_{what}": "a@b.c" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
START: Final = 1_750_000_000
"""When the first commit was made, seconds since 1970; each one after it is a minute later."""

Content = str | bytes | Path | None
"""What a file holds; a path makes a symbolic link to it, None takes the file away."""


class Repository:
    """A repository that commits are made in.

    Args:
        root: Its folder, which need not be there.
    """

    def __init__(self, root: Path) -> None:
        self.root, self._minutes = root, 0
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str) -> str:
        """Run git as a user without configuration, and return what it prints."""
        when = f"{START + 60 * self._minutes} +0000"
        environment = {
            **os.environ,
            **WHO,
            "GIT_AUTHOR_DATE": when,
            "GIT_COMMITTER_DATE": when,
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
        }
        plain = ("-c", "protocol.file.allow=always", "-c", "core.autocrlf=false", "-c", "gc.auto=0")
        done = subprocess.run(
            ["git", *plain, *arguments], cwd=self.root, env=environment, check=True, capture_output=True
        )
        return done.stdout.decode("utf-8", "surrogateescape").strip()

    def write(self, files: Mapping[str, Content]) -> None:
        """Write files, and take away those whose content is None; what stands in the way goes."""
        for name, content in files.items():
            path = self.root / name
            if path.is_symlink() or path.is_file():
                path.unlink()
            if content is None:
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, Path):
                path.symlink_to(content)
            else:
                path.write_bytes(content.encode() if isinstance(content, str) else content)

    def commit(self, files: Mapping[str, Content] | None = None, message: str = "change") -> str:
        """Write files, commit everything that lies there, and return the hash."""
        self.write(files or {})
        self.git("add", "-A", "-f")
        return self.commit_index(message)

    def commit_index(self, message: str) -> str:
        """Commit what was added, and return the hash."""
        self._minutes += 1
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")
