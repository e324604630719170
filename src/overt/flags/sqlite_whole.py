"""Whether a file of flags is of use, and what becomes of one that is not."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from overt.flags.records import parsed
from overt.flags.sqlite_files import is_there


def is_blank_or_damaged(path: Path) -> bool:
    """Tell whether nothing can be read from a store; a damaged file is kept beside it as `...-damaged`.

    Nothing in this process has it open.

    Args:
        path: The file.

    Raises:
        sqlite3.OperationalError: It cannot be opened, or somebody keeps it locked.
        OSError: It cannot be put aside.
    """
    if not is_there(path):
        return True
    try:
        return _changes(path) == 0
    except sqlite3.OperationalError:
        raise
    except (sqlite3.DatabaseError, ValueError):
        path.replace(path.with_name(f"{path.name}-damaged"))
        return True


def _changes(path: Path) -> int:
    """Return how many changes a database has seen, after a look at all of it."""
    with closing(sqlite3.connect(path, timeout=1.0)) as connection:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(found)
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not {"flags", "history"} <= tables:
            return 0
        for (value,) in connection.execute("SELECT value FROM flags"):
            parsed(value)
        row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'history'").fetchone()
        return int(row[0]) if row else 0
