"""What differs between two commits, as git tells it: files, lines, contents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from overt.review.blobs import Blobs
from overt.review.span import Span
from overt.system.git import git

LINK, SUBMODULE = "120000", "160000"


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that differs.

    Args:
        status: `A` added, `M` modified, `D` deleted, `R` renamed, `C` copied, `T` changed its type.
        path: Its path now, or before when it is deleted; relative to the root, POSIX.
        old_path: Its path before; empty when it is new.
        mode: Its file mode now, or before when it is deleted.
        added: Lines added; None when it is binary.
        deleted: Lines taken away; None when it is binary.
        old_blob: Object that holds the former content; empty when there was none.
        new_blob: Object that holds the present content; empty when there is none or only the disk has it.
    """

    status: str
    path: str
    old_path: str
    mode: str
    added: int | None
    deleted: int | None
    old_blob: str = ""
    new_blob: str = ""

    @property
    def exists(self) -> bool:
        """Whether it is there after the change, as a plain file."""
        return self.status != "D" and self.mode not in {LINK, SUBMODULE}

    @property
    def existed(self) -> bool:
        """Whether it was there before the change."""
        return bool(self.old_path)


class Changes:
    """The difference under review.

    Args:
        root: The project.
        span: Which commits.
        files: What differs, by path.
        sha256: Digest of the difference.
        lines: Path to the lines that are new or changed, from 1; a path that is missing could not be told.
        head_names: The files that are there after the change.
    """

    def __init__(
        self,
        root: Path,
        span: Span,
        files: tuple[FileChange, ...],
        *,
        sha256: str,
        lines: Mapping[str, frozenset[int]],
        head_names: tuple[str, ...],
    ) -> None:
        self.root, self.span, self.files = root, span, files
        self.sha256, self.lines, self.head_names = sha256, lines, head_names

    @cached_property
    def _blobs(self) -> Blobs:
        return Blobs(self.root, [blob for file in self.files for blob in (file.old_blob, file.new_blob) if blob])

    def before(self, file: FileChange) -> bytes | None:
        """Return the former content of a file; None when there was none or it cannot be read."""
        return self._blobs.read(file.old_blob) if file.old_blob else None

    def after(self, file: FileChange) -> bytes | None:
        """Return the present content of a file; None when there is none or it cannot be read."""
        if not file.exists:
            return None
        if file.new_blob:
            return self._blobs.read(file.new_blob)
        try:
            return (self.root / file.path).read_bytes()
        except OSError:
            return None

    def base_text(self, path: str) -> bytes | None:
        """Return what any file held before the change; None when it was not there."""
        return git(self.root, "cat-file", "blob", f"{self.span.base}:./{path}")

    def head_text(self, path: str) -> bytes | None:
        """Return what any file holds after the change; None when it is not there."""
        if self.span.dirty:
            try:
                return (self.root / path).read_bytes()
            except OSError:
                return None
        return git(self.root, "cat-file", "blob", f"{self.span.head}:./{path}")

    @property
    def command(self) -> str:
        """The command that shows this difference."""
        head = "" if self.span.dirty else f" {self.span.head[:12]}"
        return f"git diff {self.span.base[:12]}{head}"

    def under(self, name: str) -> bool:
        """Tell whether a file is there after the change."""
        return name in self._names

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(self.head_names)
