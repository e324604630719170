"""Flags over each store behave like a plain dictionary with a list of changes, whatever is done in whatever order."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from overt.flags import Change, FeatureFlags, Flag, MemoryStore, SqliteStore, StoreError, UnknownFlag
from overt.flags.buckets import BUCKETS, bucket
from overt.flags.store import Note
from overt.testing import FrozenClock

NAMES = ("a", "b", "c-d")
DEFAULTS = {"a": False, "b": True, "c-d": False}
NAME = st.sampled_from(NAMES)
VALUE = st.one_of(st.booleans(), st.sampled_from([0.0, 0.001, 25.0, 50.0, 99.999, 100.0, 1.0]))
BY = st.sampled_from(["ann", "bob", ""])
KEYS = ("user-1", "user-2", 7, b"x", "")


class Kept(MemoryStore):
    """A store that outlives the flags over it, as a file does."""


class FlagsMachine(RuleBasedStateMachine):
    """Two views of one store, and what they must say."""

    @initialize()
    def begin(self) -> None:
        self.clock = FrozenClock(1000.0)
        self.folder = Path(tempfile.mkdtemp())
        self.memory = Kept()
        self.values: dict[str, Any] = {}
        self.changes: list[Change] = []
        self.noted: list[dict[str, Any]] = []
        self.layers: list[tuple[Any, dict[str, Any]]] = []
        self.heard: list[Change] = []
        self.expected: list[Change] = []
        self.flags, self.other = self.open(), self.open()
        self.flags.watch(self.heard.append)

    def store(self) -> Any:
        return self.memory

    def open(self) -> FeatureFlags:
        about = {"owner": "shop", "purpose": "a model", "created": "2026-11-22", "until": "2027-06-30"}
        declared = [Flag(name, default=DEFAULTS[name], **about) for name in NAMES]  # type: ignore[arg-type]
        return FeatureFlags(self.store(), declared, clock=self.clock)

    def teardown(self) -> None:
        if hasattr(self, "flags"):
            self.close()
            shutil.rmtree(self.folder)

    def close(self) -> None:
        self.flags.close()
        self.other.close()

    def model(self, wanted: dict[str, Any], by: str, reason: str) -> None:
        before = dict(self.values)
        for name, value in wanted.items():
            new = value if value is None or isinstance(value, bool) else float(value)
            self.changes.append(Change(self.clock(), by, name, self.values.get(name), new, reason))
            self.values.pop(name, None) if new is None else self.values.update({name: new})
        for name in NAMES:  # in the order of declaration, and only what became different
            was, now = before.get(name), self.values.get(name)
            if (was, type(was)) != (now, type(now)):
                last = next(change for change in reversed(self.changes) if change.flag == name)
                self.expected.append(last)

    def shown(self, name: str) -> Any:
        for _, layer in reversed(self.layers):
            if name in layer:
                return layer[name]
        return self.values.get(name, DEFAULTS[name])

    @rule(name=NAME, value=VALUE, by=BY)
    def set(self, name: str, value: Any, by: str) -> None:
        self.flags.set(name, value, by=by, reason="set")
        self.model({name: value}, by, "set")

    @rule(name=NAME, percentage=st.sampled_from([0, 1, 50, 100]), by=BY)
    def set_percentage(self, name: str, percentage: int, by: str) -> None:
        self.flags.set_percentage(name, percentage, by=by)
        self.model({name: percentage}, by, "")

    @rule(name=NAME, by=BY)
    def reset(self, name: str, by: str) -> None:
        self.flags.reset(name, by=by)
        self.model({name: None}, by, "")

    @rule(wanted=st.dictionaries(NAME, st.none() | VALUE, min_size=1), by=BY, data=st.none() | st.integers(0, 9))
    def apply(self, wanted: dict[str, Any], by: str, data: int | None) -> None:
        note = None if data is None else Note("topic", {"number": data}, after=len(self.noted))
        self.flags.apply(wanted, by=by, reason="together", note=note)
        self.model(wanted, by, "together")
        if data is not None:
            self.noted.append({"number": data, "at": self.clock(), "by": by, "reason": "together"})

    @rule(wanted=st.dictionaries(NAME, VALUE, min_size=1))
    def apply_too_late(self, wanted: dict[str, Any]) -> None:
        with pytest.raises(StoreError, match="look again"):
            self.flags.apply(wanted, note=Note("topic", {}, after=len(self.noted) + 1))

    @rule(name=NAME, value=st.sampled_from([-1, 101, float("nan"), "on"]))
    def set_nonsense(self, name: str, value: Any) -> None:
        with pytest.raises(ValueError, match="0 to 100"):
            self.flags.apply({"a": True, name: value})

    @rule()
    def apply_unknown(self) -> None:
        with pytest.raises(UnknownFlag):
            self.flags.apply({"a": True, "nobody": True})

    @rule(layer=st.dictionaries(NAME, VALUE, min_size=1))
    def override(self, layer: dict[str, Any]) -> None:
        block = self.flags.override(layer)
        block.__enter__()
        self.layers.append((block, layer))

    @precondition(lambda self: self.layers)
    @rule(data=st.data())
    def override_no_more(self, data: st.DataObject) -> None:
        block, _ = self.layers.pop(data.draw(st.integers(0, len(self.layers) - 1)))
        block.__exit__(None, None, None)

    @rule(seconds=st.integers(1, 100))
    def wait(self, seconds: int) -> None:
        self.clock.advance(seconds)

    @precondition(lambda self: not self.layers)
    @rule()
    def reopen(self) -> None:
        self.close()
        self.flags, self.other = self.open(), self.open()
        self.heard, self.expected = [], []
        self.flags.watch(self.heard.append)

    @invariant()
    def agrees(self) -> None:
        if not hasattr(self, "flags"):
            return
        assert self.flags.all() == {name: self.shown(name) for name in NAMES}
        assert self.other.all() == {name: self.values.get(name, DEFAULTS[name]) for name in NAMES}
        for name in NAMES:
            value = self.shown(name)
            share = 100.0 * value if isinstance(value, bool) else value
            assert self.flags.value(name) == value
            assert self.flags.enabled(name) is (share == 100)
            for key in KEYS:
                text = key.decode() if isinstance(key, bytes) else str(key)
                assert self.flags.enabled(name, key) is (bucket(name, text) < share * BUCKETS / 100)
        assert list(self.other.history()) == self.changes
        assert list(self.flags.notes("topic")) == self.noted
        assert self.flags.describe("a").stored == self.values.get("a")
        assert self.flags.describe("a").changed == next((c for c in reversed(self.changes) if c.flag == "a"), None)
        assert self.heard == self.expected
        assert self.flags.problem is None


class SqliteMachine(FlagsMachine):
    """The same over a file, opened by each view for itself."""

    def store(self) -> Any:
        return SqliteStore(self.folder / "flags.sqlite")


FewSteps = settings(max_examples=25, stateful_step_count=25, deadline=None)


class TestMemory(FlagsMachine.TestCase):  # type: ignore[misc,name-defined]
    """Over memory."""

    settings = FewSteps


class TestSqlite(SqliteMachine.TestCase):  # type: ignore[misc,name-defined]
    """Over SQLite."""

    settings = settings(FewSteps, max_examples=12)
