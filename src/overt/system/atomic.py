"""Files that are either wholly old or wholly new."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def write_atomic(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Replace a file in one step: a reader, a full disk or a kill never sees half of it.

    What may be done with an existing file stays as it is.

    Args:
        path: File to write; its folder is created when missing.
        data: The whole new content.
        durable: Whether it must survive a power cut; False saves the wait for the disk and is still atomic.

    Raises:
        OSError: The disk is full, or the folder cannot be written; the old file is untouched.

    Example:
        >>> import tempfile
        >>> target = Path(tempfile.mkdtemp()) / "figures.json"
        >>> write_atomic(target, b"{}")
        >>> target.read_bytes()
        b'{}'
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as stream:
            stream.write(data)
            stream.flush()
            if durable:
                os.fsync(stream.fileno())
        with contextlib.suppress(FileNotFoundError):
            temporary.chmod(path.stat().st_mode & 0o7777)
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def sync(path: Path) -> None:
    """Wait until what was written to a file would survive a power cut.

    Args:
        path: The file.

    Raises:
        OSError: It is not there, or the disk fails.
    """
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def write_if_changed(path: Path, data: bytes) -> bool:
    """Write a file only when its bytes differ, so that watchers and caches stay quiet.

    Returns:
        Whether the file was written.
    """
    with contextlib.suppress(OSError):
        if path.read_bytes() == data:
            return False
    write_atomic(path, data)
    return True
