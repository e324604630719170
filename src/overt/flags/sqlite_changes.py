"""What is written into an SQLite store, within a transaction."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Mapping

from overt.flags.records import Change, Value
from overt.flags.store import Note, window


def version(connection: sqlite3.Connection) -> int:
    """Return how many changes the store has seen."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'history'").fetchone()
    return int(row[0]) if row else 0


def count(connection: sqlite3.Connection, flag: str | None) -> int:
    """Return how many changes the history has, of one flag or of all."""
    where, names = _of(flag)
    found: int = connection.execute(f"SELECT count(*) FROM history {where}", names).fetchone()[0]  # noqa: S608
    return found


def read_history(
    connection: sqlite3.Connection, flag: str | None, limit: int | None, before: int | None
) -> list[Change]:
    """Return a part of the history, the oldest change first; it is sought from the newest on."""
    where, names = _of(flag)
    total = count(connection, flag)
    start, end = window(total, limit, before)
    select = f"SELECT at, by, flag, old, new, reason FROM history {where} ORDER BY id DESC LIMIT ? OFFSET ?"  # noqa: S608
    rows = connection.execute(select, (*names, end - start, total - end)).fetchall()
    return [
        Change(at, by, name, json.loads(old), json.loads(new), why) for at, by, name, old, new, why in reversed(rows)
    ]


def _of(flag: str | None) -> tuple[str, tuple[str, ...]]:
    return ("", ()) if flag is None else ("WHERE flag = ?", (flag,))


def write(
    connection: sqlite3.Connection, values: Mapping[str, Value | None], at: float, by: str, reason: str
) -> list[Change]:
    """Set flags and remember it; None takes a value away."""
    changes = []
    for flag, new in values.items():
        row = connection.execute("SELECT value FROM flags WHERE name = ?", (flag,)).fetchone()
        old: Value | None = json.loads(row[0]) if row else None
        if new is None:
            connection.execute("DELETE FROM flags WHERE name = ?", (flag,))
        else:
            connection.execute("REPLACE INTO flags (name, value) VALUES (?, ?)", (flag, json.dumps(new)))
        connection.execute(
            "INSERT INTO history (at, by, flag, old, new, reason) VALUES (?, ?, ?, ?, ?, ?)",
            (at, by, flag, json.dumps(old), json.dumps(new), reason),
        )
        changes.append(Change(at, by, flag, old, new, reason))
    return changes


def write_note(connection: sqlite3.Connection, note: Note, at: float, by: str, reason: str) -> None:
    """Remember a note.

    Raises:
        Overtaken: It came too late.
    """
    if note.after is not None:
        found = connection.execute("SELECT count(*) FROM notes WHERE topic = ?", (note.topic,)).fetchone()[0]
        note.check(found)
    data = json.dumps({**note.data, "at": at, "by": by, "reason": reason})
    connection.execute("INSERT INTO notes (topic, data) VALUES (?, ?)", (note.topic, data))


def enter_again(connection: sqlite3.Connection, values: Mapping[str, Value], number: int) -> None:
    """Bring a store that has lost changes to the last known values, in the running transaction."""
    there = {name for (name,) in connection.execute("SELECT name FROM flags")}
    wanted: dict[str, Value | None] = {**dict.fromkeys(there), **values}
    write(connection, wanted, time.time(), "overt", "the store was deleted or damaged; these are the last known values")
    if version(connection) == 0:
        connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('history', 0)")
    connection.execute("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'history'", (number,))
