"""Flags are read from memory, changed in a store, and every change is remembered."""

from __future__ import annotations

import logging
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.flags import Change, FeatureFlags, Flag, MemoryStore, StoreError, UnknownFlag
from overt.flags.buckets import BUCKETS, bucket
from overt.runtime import Telemetry
from overt.testing import capture_telemetry, wait_for

DATES = {"created": "2026-11-22", "until": "2027-06-30"}


def flag(name: str, *, default: bool = False) -> Flag:
    return Flag(name, owner="shop", purpose="a test", default=default, **DATES)


def test_a_flag_has_its_default_until_it_is_set(store: Any) -> None:
    """Both defaults are served, by name and by the flag itself."""
    on = flag("on", default=True)
    with FeatureFlags(store, [on, flag("off")]) as flags:
        assert (flags.enabled("on"), flags.enabled(on), flags.enabled("off")) == (True, True, False)
        assert flags.all() == {"on": True, "off": False}


def test_a_change_is_seen_at_once(flags: FeatureFlags) -> None:
    """enable, disable and reset do what they say."""
    flags.enable("a", by="ann", reason="ready")
    assert flags.enabled("a")
    flags.disable("a")
    assert not flags.enabled("a")
    flags.enable("a")
    flags.reset("a")
    assert not flags.enabled("a")
    assert flags.describe("a").stored is None


@pytest.mark.parametrize("key", [None, "user-1", 7])
def test_nought_percent_is_off_and_a_hundred_is_on_for_every_kind_of_call(flags: FeatureFlags, key: object) -> None:
    """With a key and without one."""
    flags.set_percentage("a", 0)
    assert flags.enabled("a", key) is False
    flags.set_percentage("a", 100)
    assert flags.enabled("a", key) is True


def test_a_partial_percentage_without_a_key_is_off_and_says_so_once(
    flags: FeatureFlags, telemetry: Telemetry, caplog: pytest.LogCaptureFixture
) -> None:
    """A number that is not nought is not taken for true."""
    flags.set_percentage("a", 99)
    with capture_telemetry(telemetry, ("overt", "flags", "keyless")) as events, caplog.at_level(logging.WARNING):
        assert [flags.enabled("a") for _ in range(5)] == [False] * 5
    assert [event.metadata for event in events] == [{"flag": "a"}]
    assert "read without a key" in caplog.text


def test_a_percentage_is_sticky_and_nobody_leaves_as_it_rises(flags: FeatureFlags) -> None:
    """The same key has the same answer, and the keys that are in stay in."""
    inside: set[int] = set()
    for percentage in (1, 10, 50, 90, 99):
        flags.set_percentage("a", percentage)
        now = {key for key in range(2000) if flags.enabled("a", key)}
        assert now == {key for key in range(2000) if flags.enabled("a", key)}
        assert inside <= now
        inside = now


def test_a_key_counts_as_its_text(flags: FeatureFlags) -> None:
    """7 and "7" are one key; 1, True and 1.0 are three, whoever asks first; any object will do."""
    flags.set_percentage("a", 50)
    for key in range(200):
        assert flags.enabled("a", key) == flags.enabled("a", str(key)) == flags.enabled("a", str(key).encode())
    for key in (1, True, 1.0):
        expected = bucket("a", str(key)) < BUCKETS // 2
        assert flags.enabled("a", key) is expected
    assert flags.enabled("a", ["not", "hashable"]) in (True, False)


@given(st.text(max_size=20), st.text(max_size=20))
def test_every_name_and_key_has_a_bucket(name: str, key: str) -> None:
    """Also empty texts and lone surrogates."""
    assert 0 <= bucket(name, key) < BUCKETS
    assert 0 <= bucket("a", key + "\ud800") < BUCKETS


def test_an_unknown_flag_names_its_neighbour(flags: FeatureFlags) -> None:
    """In reads, in changes, in overrides and in history."""
    calls = (flags.enabled, flags.enable, flags.describe, flags.history, flags.reset, flags.switch)
    for call in calls:
        with pytest.raises(UnknownFlag, match="did you mean 'long-name'"):
            call("long-nmae")
    with pytest.raises(UnknownFlag), flags.override(nobody=True):
        pytest.fail("entered")
    assert issubclass(UnknownFlag, KeyError)


@pytest.mark.parametrize("value", [-1, 101, float("nan"), float("inf"), "on", None])
def test_what_is_no_value_is_refused(flags: FeatureFlags, value: Any) -> None:
    """Nothing is stored."""
    with pytest.raises(ValueError, match="from 0 to 100"):
        flags.set_percentage("a", value)
    assert flags.history() == []


def test_a_percentage_is_not_a_bool(flags: FeatureFlags) -> None:
    """set_percentage(True) would be 1 %, which nobody means."""
    with pytest.raises(ValueError, match="not True"):
        flags.set_percentage("a", True)


def test_history_keeps_who_when_what_and_why(flags: FeatureFlags) -> None:
    """One record a change, also for a reset; old and new are values."""
    flags.set("a", 25, by="ann", reason="first look")
    flags.enable("b")
    flags.reset("a", by="bob", reason="too slow")
    assert list(flags.history("a")) == [
        Change(1000.0, "ann", "a", None, 25.0, "first look"),
        Change(1000.0, "bob", "a", 25.0, None, "too slow"),
    ]
    assert [change.flag for change in flags.history()] == ["a", "b", "a"]


def test_describe_tells_everything(flags: FeatureFlags) -> None:
    """What was declared, what is stored, who changed it and how often it was read."""
    flags.set("a", 25, by="ann", reason="first look")
    for _ in range(3):
        flags.enabled("a", "key")
    state = flags.describe("a")
    assert (state.name, state.owner, state.until, state.value, state.percentage) == ("a", "shop", "2027-06-30", 25, 25)
    assert (state.enabled, state.uses, state.overridden) == (False, 3, False)
    assert state.changed is not None
    assert state.changed.by == "ann"
    assert flags.describe("b").changed is None


def test_several_flags_change_in_one_step(flags: FeatureFlags) -> None:
    """An unknown one among them changes none."""
    flags.apply({"a": True, "b": 50}, by="ann")
    assert flags.all() == {"a": True, "b": 50.0, "long-name": False}
    with pytest.raises(UnknownFlag):
        flags.apply({"a": False, "nobody": True})
    assert flags.enabled("a")


def test_an_override_holds_for_its_block_only(flags: FeatureFlags) -> None:
    """It nests, restores whatever ends the block, never reaches the store, and takes underscores for hyphens."""
    flags.enable("a")
    with flags.override(a=False, long_name=True):
        assert (flags.enabled("a"), flags.enabled("long-name")) == (False, True)
        with flags.override({"a": True}):
            assert flags.enabled("a")
            assert flags.describe("a").overridden
        with pytest.raises(ZeroDivisionError), flags.override({"a": True}):
            _ = 1 / 0
        assert not flags.enabled("a")
    assert (flags.enabled("a"), flags.enabled("long-name")) == (True, False)
    assert len(flags.history()) == 1


def test_overrides_that_end_out_of_order_take_only_themselves_away(flags: FeatureFlags) -> None:
    """The one that is left still holds."""
    first, second = flags.override(a=True), flags.override(b=True)
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert (flags.enabled("a"), flags.enabled("b")) == (False, True)
    second.__exit__(None, None, None)
    assert not flags.enabled("b")


def test_watchers_hear_every_change_in_order(flags: FeatureFlags) -> None:
    """Once each, with who and why, until they are told to stop."""
    heard: list[Change] = []
    unwatch = flags.watch(heard.append)
    flags.set("a", 25, by="ann", reason="first look")
    flags.reset("a", by="bob")
    unwatch()
    flags.enable("a")
    assert [(change.flag, change.old, change.new, change.by) for change in heard] == [
        ("a", None, 25.0, "ann"),
        ("a", 25.0, None, "bob"),
    ]


def test_the_first_change_of_all_is_told(store: Any) -> None:
    """Nothing is taken for the first reading but the first reading."""
    heard: list[Change] = []
    with FeatureFlags(store, [flag("a")]) as flags:
        flags.watch(heard.append)
        flags.enable("a")
    assert len(heard) == 1


def test_from_true_to_a_hundred_percent_is_a_change_that_alters_nothing(flags: FeatureFlags) -> None:
    """The table follows the kind of the value, not only its size."""
    flags.enable("a")
    flags.set_percentage("a", 1.0)
    assert not flags.enabled("a")
    assert flags.all()["a"] == 1.0


def test_a_watcher_that_raises_harms_nobody(flags: FeatureFlags, caplog: pytest.LogCaptureFixture) -> None:
    """The change is made, the others hear it, and the failure is logged."""
    heard: list[Change] = []
    flags.watch(lambda change: 1 / 0)
    flags.watch(heard.append)
    with caplog.at_level(logging.WARNING, "overt.flags"):
        flags.enable("a")
    assert flags.enabled("a")
    assert len(heard) == 1
    assert "ZeroDivisionError" in caplog.text


def test_a_watcher_may_change_flags(flags: FeatureFlags) -> None:
    """The change it makes is told too, after the one it heard."""
    heard: list[str] = []

    def chain(change: Change) -> None:
        heard.append(change.flag)
        if change.flag == "a":
            flags.enable("b")

    flags.watch(chain)
    flags.enable("a")
    assert heard == ["a", "b"]


def test_changes_are_announced(flags: FeatureFlags, telemetry: Telemetry) -> None:
    """One event a change, also for a reset."""
    with capture_telemetry(telemetry, ("overt", "flags", "changed")) as events:
        flags.enable("a", by="ann", reason="ready")
        flags.reset("a")
    assert [(event.metadata["flag"], event.metadata["new"]) for event in events] == [("a", True), ("a", None)]
    assert events[0].metadata["by"] == "ann"


def test_two_views_of_one_store_agree(store: Any) -> None:
    """A change through one is seen by the reads of the other, and told to its watchers."""
    heard: list[Change] = []
    with FeatureFlags(store, [flag("a")]) as one, FeatureFlags(store, [flag("a")]) as other:
        other.watch(heard.append)
        one.enable("a", by="ann")
        wait_for(lambda: other.enabled("a"))
        wait_for(lambda: heard)
    assert [(change.flag, change.new, change.by) for change in heard] == [("a", True, "ann")]


class Broken(MemoryStore):
    """A store that can be made to fail, and that counts how often it is looked into."""

    broken = False
    loads = 0

    def load(self) -> Any:
        self.loads += 1
        if self.broken:
            raise StoreError("the store is gone")
        return super().load()


def test_reads_do_not_touch_the_store() -> None:
    """Thousands of reads look into the store as often as one."""
    store = Broken()
    with FeatureFlags(store, [flag("a")]) as flags:
        before = store.loads
        for number in range(1000):
            flags.enabled("a", number)
        assert store.loads == before


def test_with_the_store_gone_the_last_known_values_are_served(telemetry: Telemetry) -> None:
    """Reads do not raise; the problem is told once and goes when the store is back."""
    store = Broken()
    with FeatureFlags(store, [flag("a")], telemetry=telemetry) as flags:
        flags.enable("a")
        store.broken = True
        store.word[0] += 2
        with capture_telemetry(telemetry, ("overt", "flags", "store_failed")) as events:
            assert [flags.enabled("a") for _ in range(3)] == [True] * 3
        assert len(events) == 1
        assert str(flags.problem) == "the store is gone"
        store.broken = False
        assert wait_for(lambda: flags.enabled("a") and flags.problem is None)


def test_a_store_that_is_gone_at_the_start_gives_the_defaults() -> None:
    """The program starts, and says what is wrong."""
    store = Broken()
    store.broken = True
    with FeatureFlags(store, [flag("a", default=True)]) as flags:
        assert flags.enabled("a")
        assert flags.problem is not None


def test_uses_are_counted_exactly_by_many_threads(flags: FeatureFlags) -> None:
    """Eight threads, no lock, no use lost."""

    def read() -> None:
        for _ in range(2000):
            flags.enabled("a")

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert flags.describe("a").uses == 16_000
    assert flags.describe("a").uses == 16_000


def test_after_close_reads_go_on_and_changes_are_refused(flags: FeatureFlags) -> None:
    """A late reader is served the last known value."""
    flags.enable("a")
    flags.close()
    flags.close()
    assert flags.enabled("a")
    with pytest.raises(Exception, match="closed"):
        flags.disable("a")


def test_a_switch_follows_its_flag(flags: FeatureFlags) -> None:
    """It is read at every call."""
    switch = flags.switch("a")
    assert switch() is False
    flags.enable("a")
    assert switch() is True


def test_declarations_are_checked() -> None:
    """A flag without a name, with a date that is none, or declared twice is refused; a flag does not change."""
    with pytest.raises(ValueError, match="has a name"):
        flag(" ")
    with pytest.raises(ValueError, match="until is a date"):
        Flag("a", owner="", purpose="", created="2026-11-22", until="soon")
    with pytest.raises(ValueError, match="two flags"):
        FeatureFlags(MemoryStore(), [flag("a"), flag("a")])
    with pytest.raises(AttributeError, match="does not change"):
        flag("a").default = True  # type: ignore[misc]
