"""The Redis store, against a real server that is also taken away and brought back."""

from __future__ import annotations

import itertools
import sys
import threading
from typing import Any

import pytest

from overt.flags import Change, FeatureFlags, Flag, MigrationControl, RedisStore, Stage, StoreError
from overt.testing import assert_no_leaks, wait_for

pytestmark = pytest.mark.redis

A = Flag("a", owner="shop", purpose="a test", created="2026-11-22", until="2027-06-30")
B = Flag("b", owner="shop", purpose="a test", created="2026-11-22", until="2027-06-30")


def test_values_history_and_notes_are_shared(server: Any) -> None:
    """A change through one store is read by another; old values are the server's own."""
    with FeatureFlags(RedisStore(server.url), [A, B], clock=lambda: 5.0) as one:
        one.set("a", 25, by="ann", reason='first "look"')
        one.apply({"a": True, "b": 10}, by="bob")
        one.reset("b")
        with FeatureFlags(RedisStore(server.url), [A, B]) as other:
            assert other.all() == {"a": True, "b": False}
            assert list(other.history("a")) == [
                Change(5.0, "ann", "a", None, 25.0, 'first "look"'),
                Change(5.0, "bob", "a", 25.0, True, ""),
            ]
            assert other.describe("b").changed == Change(5.0, "", "b", 10.0, None, "")


def test_a_change_of_another_is_seen_and_told_in_under_a_second(server: Any) -> None:
    """By a read, and by a watcher without one."""
    heard: list[Change] = []
    with (
        FeatureFlags(RedisStore(server.url), [A]) as one,
        FeatureFlags(RedisStore(server.url), [A]) as other,
    ):
        other.watch(heard.append)
        one.enable("a", by="ann")
        wait_for(lambda: other.enabled("a"), timeout=1.0)
        wait_for(lambda: heard, timeout=1.0)
        assert [(change.flag, change.by) for change in heard] == [("a", "ann")]


def test_no_change_of_many_writers_is_lost(server: Any) -> None:
    """The chain of old and new values has no gap."""
    stores = [RedisStore(server.url) for _ in range(4)]

    def write(number: int) -> None:
        for step in range(100):
            stores[number].apply({"a": float(step % 90)}, at=0.0, by=str(number), reason=str(step))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    history = stores[0].history("a")
    assert len(history) == 400
    assert all(earlier.new == later.old for earlier, later in itertools.pairwise(history))
    for store in stores:
        store.close()


def test_a_restart_of_the_server_in_the_middle(server: Any) -> None:
    """Reads serve what was known; changes are refused, then enter it again, because the server came back empty."""
    store = RedisStore(server.url)
    with FeatureFlags(store, [A, B]) as flags:
        flags.set_percentage("a", 40, by="ann")
        server.stop()
        wait_for(lambda: flags.all() and flags.problem, timeout=5)
        assert flags.all() == {"a": 40.0, "b": False}
        with pytest.raises(StoreError, match="cannot be used"):
            flags.enable("b")
        server.start()
        wait_for(lambda: flags.all() and "lost its data" in str(flags.problem), timeout=5)
        assert flags.all() == {"a": 40.0, "b": False}
        assert store.word[0] % 2 == 1, "readers go on looking until the data are back"
        flags.enable("b", by="bob")
        assert flags.all() == {"a": 40.0, "b": True}
        assert [(change.flag, change.by) for change in flags.history()] == [("a", "overt"), ("b", "bob")]
        assert flags.problem is None


def test_the_latest_of_each_member_is_kept(server: Any) -> None:
    """In the place of what it told before; who told nothing for an hour is forgotten."""
    store = RedisStore(server.url)
    store.keep("health", "a", {"at": 1.0, "n": 1})
    store.keep("health", "a", {"at": 2.0, "n": 2})
    store.keep("health", "b", {"at": 3.0})
    assert store.kept("health") == {"a": {"at": 2.0, "n": 2}, "b": {"at": 3.0}}
    store.keep("health", "c", {"at": 3602.5})
    assert set(store.kept("health")) == {"b", "c"}
    assert store.kept("other") == {}
    store.close()


def test_a_server_that_was_never_there_gives_the_defaults(make_server: Any) -> None:
    """The program starts and says what is wrong; when the server comes, it goes on by itself."""
    server = make_server()
    with FeatureFlags(RedisStore(server.url), [A]) as flags:
        assert flags.enabled("a") is False
        assert flags.problem is not None
        server.start()
        wait_for(lambda: flags.all() and flags.problem is None, timeout=10)
        flags.enable("a")
        assert flags.enabled("a")


def test_a_migration_runs_on_it(server: Any) -> None:
    """Stages and their history are the fleet's."""
    with (
        FeatureFlags(RedisStore(server.url), [A, B]) as flags,
        MigrationControl(flags, [Stage(1, "one", ["a"]), Stage(2, "two", ["b"])]) as control,
    ):
        control.advance_to(2, percentage=50, by="ann")
        control.rollback_to(1, by="bob")
        assert control.status().flags == {"a": True, "b": False}
    with FeatureFlags(RedisStore(server.url), [A, B]) as flags:
        kinds = [move.kind for move in MigrationControl(flags, [Stage(1, "one", ["a"])]).history()]
        assert kinds == ["advance", "rollback"]


def test_opening_and_closing_leaves_nothing(server: Any) -> None:
    """Threads and connections go with close()."""
    with assert_no_leaks():
        for _ in range(3):
            with FeatureFlags(RedisStore(server.url), [A]) as flags:
                flags.enable("a")


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest of the flags works without it."""
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(StoreError, match=r"pip install 'overt\[redis\]'"):
        RedisStore("redis://127.0.0.1:1/0")
