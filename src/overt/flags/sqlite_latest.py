"""The latest that processes have told, in a table of its own beside flags and history."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from overt.flags.store import outdated

_TABLE = "CREATE TABLE IF NOT EXISTS latest (topic TEXT, member TEXT, data TEXT, PRIMARY KEY (topic, member))"


def write_latest(connection: sqlite3.Connection, topic: str, member: str, data: Mapping[str, Any]) -> None:
    """Put down what a process has to tell, in the place of what it told before, and forget what is too old.

    Args:
        connection: To the database.
        topic: What it is about.
        member: Who tells.
        data: What JSON can hold, with `at`.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(_TABLE)  # files of earlier versions have none
        connection.execute("REPLACE INTO latest VALUES (?, ?, ?)", (topic, member, json.dumps(dict(data))))
        for gone in outdated(read_latest(connection, topic), float(data["at"])):
            connection.execute("DELETE FROM latest WHERE topic = ? AND member = ?", (topic, gone))
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def read_latest(connection: sqlite3.Connection, topic: str) -> dict[str, dict[str, Any]]:
    """Return the latest that each process has told.

    Args:
        connection: To the database.
        topic: What it is about.
    """
    if not connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'latest'").fetchone()[0]:
        return {}
    rows = connection.execute("SELECT member, data FROM latest WHERE topic = ?", (topic,)).fetchall()
    return {member: json.loads(data) for member, data in rows}
