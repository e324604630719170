"""A part of a history can be read without the rest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from overt.flags import FeatureFlags, Flag, RedisStore, SqliteStore, StoreError, UnknownFlag
from overt.flags.store import Store

FLAGS = [Flag(name, owner="", purpose="", created="2026-11-22", until="2027-12-31") for name in ("a", "b")]


def look_at_parts(store: Store) -> None:
    """Compare every part with the same cut out of the whole."""
    with FeatureFlags(store, FLAGS) as flags:
        assert (flags.count(), flags.history(limit=3)) == (0, [])
        for number in range(12):
            flags.set_percentage("ab"[number % 3 == 0], number, reason=str(number))
        for name in (None, "a", "b"):
            whole = list(flags.history(name))
            assert flags.count(name) == len(whole) == {None: 12, "a": 8, "b": 4}[name]
            for before in (None, 0, 1, 5, 12, 99):
                seen = whole[:before]
                assert list(flags.history(name, before=before)) == seen
                for limit in (0, 1, 3, 12, 99):
                    wanted = seen[max(0, len(seen) - limit) :]
                    assert list(flags.history(name, limit=limit, before=before)) == wanted
        for asked in (flags.count, flags.history):
            with pytest.raises(UnknownFlag):
                asked("c")


def test_a_part_is_the_same_as_cut_out_of_the_whole(store: Any) -> None:
    """Of one flag and of all, with any limit and any end."""
    look_at_parts(store)


@pytest.mark.redis
def test_a_part_is_the_same_in_a_server(server: Any) -> None:
    """The same in Redis."""
    look_at_parts(RedisStore(server.url))


def test_a_part_reads_no_more_than_itself(tmp_path: Path) -> None:
    """What lies outside of it is not even looked at: here it could not be read."""
    store = SqliteStore(tmp_path / "flags.sqlite")
    with FeatureFlags(store, FLAGS) as flags:
        for number in range(6):
            flags.set_percentage("a", number)
        store._connect().execute("UPDATE history SET old = 'no JSON' WHERE id <= 3")
        assert len(flags.history("a", limit=3)) == 3
        assert flags.count("a") == 6
        with pytest.raises(StoreError):
            flags.history("a", limit=4)
