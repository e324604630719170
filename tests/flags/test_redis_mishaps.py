"""Whatever happens to the server and to the way there: reads never wait and never raise, and nothing known is lost."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import redis

from overt.flags import FeatureFlags, Flag, RedisStore, StoreError
from overt.flags import redis as module
from overt.runtime import Telemetry
from overt.testing import capture_telemetry, wait_for

pytestmark = pytest.mark.redis

A = Flag("a", owner="shop", purpose="a test", created="2026-11-22", until="2027-06-30")
B = Flag("b", owner="shop", purpose="a test", created="2026-11-22", until="2027-06-30")


@pytest.fixture
def admin(server: Any) -> Iterator[Any]:
    """Give a client of the running server that can do harm to it."""
    with redis.Redis.from_url(server.url, decode_responses=True) as made:
        yield made


class Way:
    """A way to the server that can be made slow, cut, and opened again."""

    def __init__(self, port: int) -> None:
        self._to, self._listener = port, socket.create_server(("127.0.0.1", 0))
        self.url = f"redis://127.0.0.1:{self._listener.getsockname()[1]}/0"
        self.open = threading.Event()
        self.open.set()
        self._sockets: list[socket.socket] = [self._listener]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                here, _ = self._listener.accept()
                there = socket.create_connection(("127.0.0.1", self._to))
            except OSError:
                return
            self._sockets += [here, there]
            for source, sink in ((here, there), (there, here)):
                threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                self.open.wait()
                sink.sendall(data)
        except OSError:
            pass

    def close(self) -> None:
        self.open.set()
        for each in self._sockets:
            each.close()


@pytest.fixture
def way(server: Any) -> Iterator[Way]:
    made = Way(server.port)
    yield made
    made.close()


def longest_read(flags: FeatureFlags, until: Any) -> float:
    """Read until something is so; return the longest that a read took, in seconds."""
    longest, end = 0.0, time.monotonic() + 10
    while not until() and time.monotonic() < end:
        start = time.perf_counter()
        flags.enabled("a", "user-7")
        flags.all()
        longest = max(longest, time.perf_counter() - start)
    assert until()
    return longest


def test_a_slow_server_keeps_no_reader_waiting(way: Way) -> None:
    """It does not answer for longer than the time-out: reads go on, a change is refused in time, then all is well."""
    with FeatureFlags(RedisStore(way.url, timeout=0.5), [A, B]) as flags:
        flags.set_percentage("a", 40, by="ann")
        way.open.clear()
        assert longest_read(flags, lambda: flags.problem is not None) < 0.2
        assert flags.all() == {"a": 40.0, "b": False}
        start = time.monotonic()
        with pytest.raises(StoreError, match="cannot be used") as caught:
            flags.enable("b")
        assert time.monotonic() - start < 3
        assert caught.value.hint
        way.open.set()
        assert longest_read(flags, lambda: flags.problem is None) < 0.2
        flags.enable("b", by="bob")
        assert flags.all() == {"a": 40.0, "b": True}


def test_a_change_that_was_not_answered_in_time_is_made_at_most_once(way: Way, server: Any) -> None:
    """Nothing is sent again by itself: the history has it once or not at all."""
    with FeatureFlags(RedisStore(way.url, timeout=0.3), [A, B]) as flags, RedisStoreOf(server.url) as direct:
        flags.enable("b", by="ann")
        way.open.clear()
        with pytest.raises(StoreError):
            flags.disable("b", by="bob")
        way.open.set()
        wait_for(lambda: flags.problem is None, timeout=5)
        assert [change.by for change in direct.history("b")].count("bob") <= 1
        assert [change.by for change in direct.history("b")].count("ann") == 1
        wait_for(lambda: flags.all() == {"a": False, **direct.load().values}, timeout=5)


class RedisStoreOf(RedisStore):
    """A store that is closed by its block."""

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def test_a_dropped_connection_loses_no_change(server: Any, admin: Any) -> None:
    """The listener is thrown out again and again, while another one changes the flag: the last change arrives."""
    with (
        FeatureFlags(RedisStore(server.url), [A]) as one,
        FeatureFlags(RedisStore(server.url), [A]) as other,
    ):
        for number in range(1, 6):
            admin.client_kill_filter(_type="pubsub")
            one.set_percentage("a", number, by="ann")
            wait_for(lambda number=number: other.all()["a"] == float(number), timeout=5)
        assert other.problem is None


def test_a_message_that_is_lost_is_made_up_for_in_under_a_second(server: Any, admin: Any) -> None:
    """The change is made without a word: the next look at the version finds it."""
    with FeatureFlags(RedisStore(server.url), [A]) as flags:
        flags.disable("a", by="ann")
        admin.hset("overt:flags:values", "a", "true")
        start = time.monotonic()
        admin.incr("overt:flags:version")
        wait_for(lambda: flags.enabled("a"), timeout=5)
        assert time.monotonic() - start < 1.0


@pytest.mark.parametrize("kept", [True, False])
def test_a_restart_in_the_middle(make_server: Any, kept: bool) -> None:
    """With its data or without: both readers keep what was known, the next change works, and the fleet agrees again."""
    server = make_server(*(("--appendonly", "yes", "--appendfsync", "always") if kept else ()))
    server.start()
    with (
        FeatureFlags(RedisStore(server.url), [A, B]) as one,
        FeatureFlags(RedisStore(server.url), [A, B]) as other,
    ):
        for percentage in (10, 20, 40):
            one.set_percentage("a", percentage, by="ann")
        wait_for(lambda: other.all()["a"] == 40.0)
        server.stop()
        for flags in (one, other):
            assert longest_read(flags, lambda flags=flags: flags.problem is not None) < 0.2
            assert flags.all() == {"a": 40.0, "b": False}
        server.start()
        if kept:
            for flags in (one, other):
                wait_for(lambda flags=flags: flags.problem is None, timeout=5)
        else:
            wait_for(lambda: "lost its data" in str(one.problem), timeout=5)
        assert one.all() == other.all() == {"a": 40.0, "b": False}
        one.enable("b", by="bob")
        for flags in (one, other):
            wait_for(lambda flags=flags: flags.problem is None and flags.all() == {"a": 40.0, "b": True}, timeout=5)
        other.disable("b", by="eve")
        wait_for(lambda: one.all() == {"a": 40.0, "b": False}, timeout=5)
        expected = ["ann", "ann", "ann", "bob", "eve"] if kept else ["overt", "bob", "eve"]
        assert [change.by for change in one.history()] == expected


def test_an_older_state_of_the_server_counts_as_lost_data(server: Any, admin: Any) -> None:
    """Put back from a copy, it has a version that is behind: what was known stays and is entered again, whole."""
    with FeatureFlags(RedisStore(server.url), [A, B]) as flags:
        flags.apply({"a": 10, "b": True}, by="ann")
        old = admin.hgetall("overt:flags:values")
        flags.set_percentage("a", 40, by="ann")
        flags.reset("b", by="ann")
        with admin.pipeline(transaction=True) as at_once:
            at_once.hset("overt:flags:values", mapping=old).set("overt:flags:version", 1).execute()
        wait_for(lambda: "lost its data" in str(flags.problem), timeout=5)
        assert flags.all() == {"a": 40.0, "b": False}
        flags.set_percentage("a", 50, by="bob")
        wait_for(lambda: flags.problem is None, timeout=5)
        assert flags.all() == {"a": 50.0, "b": False}
        assert admin.hgetall("overt:flags:values") == {"a": "50.0"}


def test_values_without_a_new_version_are_neither_served_nor_entered_after_a_loss(server: Any, admin: Any) -> None:
    """Somebody wrote past the version: what is served and what a loss would enter stay one and the same."""
    store = RedisStore(server.url)
    with FeatureFlags(store, [A, B]) as flags:
        flags.set_percentage("a", 40, by="ann")
        admin.hset("overt:flags:values", "b", "true")
        store._take(*store._fetch())
        assert flags.all() == {"a": 40.0, "b": False}
        assert store.load().values == {"a": 40.0}


@pytest.mark.parametrize("key", ["values", "version"])
def test_what_is_no_value_in_the_server_is_not_served(server: Any, admin: Any, key: str) -> None:
    """Somebody wrote garbage: it is told, and what was known is served."""
    with FeatureFlags(RedisStore(server.url), [A, B]) as flags:
        flags.set_percentage("a", 40, by="ann")
        admin.hset("overt:flags:values", "a", '"off"') if key == "values" else admin.set("overt:flags:version", "x")
        if key == "values":
            admin.incr("overt:flags:version")
        wait_for(lambda: "cannot be used" in str(flags.problem), timeout=5)
        assert flags.all() == {"a": 40.0, "b": False}


def test_a_problem_is_reported_once(server: Any) -> None:
    """However long the server is away, however many read."""
    telemetry = Telemetry()
    with (
        FeatureFlags(RedisStore(server.url), [A], telemetry=telemetry) as flags,
        capture_telemetry(telemetry, ("overt", "flags", "store_failed")) as events,
    ):
        flags.enable("a")
        server.stop()
        wait_for(lambda: flags.problem is not None, timeout=5)
        end = time.monotonic() + 0.6
        while time.monotonic() < end:
            assert flags.enabled("a")
        assert len(events) == 1
        server.start()


def test_reads_do_not_ask_the_server(server: Any, admin: Any) -> None:
    """A hundred thousand reads, and as many commands as the listener makes."""
    with FeatureFlags(RedisStore(server.url), [A]) as flags:
        flags.set_percentage("a", 40, by="ann")
        before = admin.info("stats")["total_commands_processed"]
        for number in range(100_000):
            flags.enabled("a", number % 100)
        assert admin.info("stats")["total_commands_processed"] - before < 50


ORPHAN = """
import os, sys, time
from overt.flags import FeatureFlags, Flag, RedisStore
dates = {"created": "2026-11-22", "until": "2027-06-30"}
flags = FeatureFlags(RedisStore(sys.argv[1]), [Flag("a", owner="", purpose="", **dates)])
flags.enabled("a")
if os.fork():
    os._exit(0)
while os.getppid() == int(sys.argv[2]):
    pass
print("ready", flags.enabled("a"), flush=True)
end = time.monotonic() + 10
while not flags.enabled("a") and time.monotonic() < end:
    time.sleep(0.001)
seen = flags.enabled("a")
flags.set_percentage("a", 5, by="orphan")
print("seen", seen, flags.all(), flush=True)
"""


def test_a_child_whose_parent_is_gone_goes_on_hearing_changes(server: Any) -> None:
    """As a daemon does that forks and lets its parent end: it has a listener of its own."""
    command = [sys.executable, "-W", "ignore", "-c", ORPHAN, server.url, str(os.getpid())]
    with (
        FeatureFlags(RedisStore(server.url), [A]) as flags,
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process,
    ):
        assert process.stdout is not None
        assert process.stdout.readline() == "ready False\n"
        flags.enable("a", by="ann")
        assert process.stdout.readline() == "seen True {'a': 5.0}\n"
        wait_for(lambda: flags.all() == {"a": 5.0}, timeout=5)


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_parent_and_child_hear_each_other(server: Any) -> None:
    """After a fork in the middle of work, each with its own connections."""
    with FeatureFlags(RedisStore(server.url), [A, B]) as flags:
        flags.enable("a", by="parent")
        pid = os.fork()
        if pid == 0:
            signal.alarm(20)
            flags.enable("b", by="child")
            while flags.enabled("a"):
                pass
            os._exit(0)
        wait_for(lambda: flags.enabled("b"), timeout=5)
        flags.disable("a", by="parent")
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
        assert [change.by for change in flags.history()] == ["parent", "child", "parent"]


def test_where_memory_cannot_be_wiped_for_children_they_share_the_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on systems without it: the number is there all the same."""
    monkeypatch.setattr(module, "_MADV_WIPEONFORK", 9999)
    word = module._own_word()
    assert word[0] == 2
    pid = os.fork()
    if pid == 0:
        os._exit(0 if word[0] == 2 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
