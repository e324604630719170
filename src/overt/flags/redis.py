"""Flags in a Redis server that the machines of a fleet share."""

from __future__ import annotations

import json
import mmap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from os import getpid
from typing import Any

from overt.flags.records import Change, Snapshot, StoreError, Value, parsed
from overt.flags.store import Note, Word, outdated, window
from overt.runtime.forks import ForkLock
from overt.runtime.helper import Helper

# The server runs this whole or not at all, and nothing else meanwhile: old values are read where new ones are written.
# KEYS: values, history, version, notes of the topic. ARGV: channel, version that was known, number of changes that
# enter what was known (when the server has less than that), note, how many notes there are to be (or empty), then for
# each change: flag, new value, head and tail of the record. A version that goes on after a loss leaps ahead, because
# other processes may have known of more changes.
_APPLY = """
local function enter(from, to)
    local olds = {}
    for i = from, to, 4 do
        local old = redis.call('HGET', KEYS[1], ARGV[i]) or 'null'
        if ARGV[i + 1] == 'null' then redis.call('HDEL', KEYS[1], ARGV[i])
        else redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
        redis.call('RPUSH', KEYS[2], ARGV[i + 2] .. old .. ARGV[i + 3])
        olds[#olds + 1] = old
    end
    return olds
end
local notes = redis.call('LLEN', KEYS[4])
if ARGV[5] ~= '' and notes ~= tonumber(ARGV[5]) then return {notes} end
local first, known = 6 + 4 * tonumber(ARGV[3]), tonumber(ARGV[2])
if tonumber(redis.call('GET', KEYS[3]) or '0') < known then
    redis.call('DEL', KEYS[1])
    enter(6, first - 1)
    redis.call('SET', KEYS[3], known + 1000)
end
local olds = enter(first, #ARGV)
if ARGV[4] ~= '' then redis.call('RPUSH', KEYS[4], ARGV[4]) end
local version = redis.call('INCR', KEYS[3])
redis.call('PUBLISH', ARGV[1], version)
return {notes, olds, version, redis.call('HGETALL', KEYS[1])}
"""

_LISTEN_SECONDS = 0.2
_READ_AGAIN_AFTER = 1
"""Silent rounds of listening after which the version is read anyway: messages can be lost."""
_MADV_WIPEONFORK = 18
"""Linux: a forked child finds noughts in this memory."""
_PIECE = 100


class RedisStore:
    """Keeps flags in a Redis server; needs the package `redis`.

    A helper thread listens for changes, fetches the values, and reads the version again now and then; a reader is
    served what it has fetched and waits for the network only for the very first values. While the server cannot be
    reached the last known values are served; when it comes back without its data, they stay, and the next change
    enters them again. No request is sent twice: a change that was not answered in time may or may not have been made.

    Args:
        url: Of the server, for example `redis://localhost:6379/0`.
        prefix: Put before every key.
        timeout: Seconds after which the server counts as out of reach.

    Raises:
        StoreError: The package `redis` is missing.
    """

    def __init__(self, url: str, *, prefix: str = "overt:flags", timeout: float = 2.0) -> None:
        try:
            import redis
            from redis.backoff import NoBackoff
            from redis.retry import Retry
        except ImportError as error:
            raise StoreError("RedisStore needs the package redis", "pip install 'overt[redis]'") from error
        self.url, self._prefix = url, prefix
        self._make_client: Callable[[], Any] = partial(
            redis.Redis.from_url,
            url,
            socket_timeout=timeout,
            socket_connect_timeout=timeout,
            decode_responses=True,
            retry=Retry(NoBackoff(), 0),
        )
        self._own_client, self._client_pid = self._make_client(), getpid()
        self._inherited: list[Any] = []
        self._errors: tuple[type[BaseException], ...] = (redis.RedisError, OSError, ValueError)
        self._lock = ForkLock()
        self._word = _own_word()
        self._held = Snapshot(0, {})
        self._asked = False
        self._down, self._silent = "", 0
        self._messages: Any = None
        self._closed = False
        self._helper = Helper("overt-flags-redis", self._listen)

    @property
    def _client(self) -> Any:
        """The client of this process: in a forked child, one whose locks nobody holds."""
        if self._client_pid != getpid():
            with self._lock.bare():
                if self._client_pid != getpid():
                    # Neither used nor collected here: a thread of the parent may have been in the middle of it.
                    self._inherited += [self._own_client, self._messages]
                    self._own_client, self._messages, self._client_pid = self._make_client(), None, getpid()
        return self._own_client

    @property
    def word(self) -> Word:
        """The number that changes with every change; odd while the server is out of reach."""
        if not self._closed:
            self._helper.ensure()
        return self._word

    def check(self) -> None:
        """Tell what the listener knows.

        Raises:
            StoreError: The server is out of reach, or has lost its data.
        """
        if self._down:
            raise StoreError(self._down, "look at the server; what is known is served meanwhile")

    def load(self) -> Snapshot:
        """Return everything that was set when the server was last heard of.

        Raises:
            StoreError: The server is out of reach, or has lost its data.
        """
        if not self._asked:
            self._asked = True
            try:
                with self._told():
                    self._take(*self._fetch())
            except StoreError as error:
                self._lose(error.message)
                raise
        self.check()
        return self._held

    def apply(
        self, values: Mapping[str, Value | None], *, at: float, by: str, reason: str, note: Note | None = None
    ) -> Sequence[Change]:
        """Set flags, all or none, and remember it; None takes a value away.

        Raises:
            StoreError: The server is out of reach; whether the change was made is told by the history.
            Overtaken: The note came too late.
        """
        known = self._held
        lost = "the store lost its data; these are the last known values"
        data = json.dumps({**note.data, "at": at, "by": by, "reason": reason}) if note else ""
        after = "" if note is None or note.after is None else str(note.after)
        arguments = [self._key("changed"), str(known.version), str(len(known.values)), data, after]
        arguments += _entries(known.values, at, "overt", lost) + _entries(values, at, by, reason)
        names = [self._key(name) for name in ("values", "history", "version")]
        topic = self._key("notes", note.topic if note else "none")
        with self._told():
            notes, *done = self._client.eval(_APPLY, 4, *names, topic, *arguments)
            if note is not None:
                note.check(notes)
            olds, version, rows = done
            self._take(int(version), dict(zip(rows[::2], rows[1::2], strict=True)))
            changed = zip(values.items(), map(json.loads, olds), strict=True)
            return [Change(at, by, flag, old, new, reason) for (flag, new), old in changed]

    def renew(self, *, at: float) -> None:
        """Make way for a change that must be made, when the server came back without its data.

        Raises:
            StoreError: The server is out of reach.
        """
        with self._told():
            blank = self._client.get(self._key("version")) is None
        if blank:
            with self._lock.bare():
                # No other process can know of a higher number, however it was lost.
                self._held = Snapshot(max(self._held.version, int(at)), self._held.values)

    def history(
        self, flag: str | None = None, *, limit: int | None = None, before: int | None = None
    ) -> Sequence[Change]:
        """Return the changes, of one flag or of all, the oldest first.

        Raises:
            StoreError: The server is out of reach.
        """
        with self._told():
            if flag is None:
                start, end = window(self._client.llen(self._key("history")), limit, before)
                rows = self._client.lrange(self._key("history"), start, end - 1) if end > start else []
                return [Change(*json.loads(row)) for row in rows]
            changes = self._of(flag)
        start, end = window(len(changes), limit, before)
        return changes[start:end]

    def count(self, flag: str | None = None) -> int:
        """Return how many changes there were, of one flag or of all.

        Raises:
            StoreError: The server is out of reach.
        """
        with self._told():
            return int(self._client.llen(self._key("history"))) if flag is None else len(self._of(flag))

    def _of(self, flag: str) -> list[Change]:
        changes = [Change(*json.loads(row)) for row in self._client.lrange(self._key("history"), 0, -1)]
        return [change for change in changes if change.flag == flag]

    def last(self, flag: str) -> Change | None:
        """Return the last change of a flag; None when there was none.

        Raises:
            StoreError: The server is out of reach.
        """
        with self._told():
            end = self._client.llen(self._key("history"))
            while end > 0:
                rows = self._client.lrange(self._key("history"), max(0, end - _PIECE), end - 1)
                for row in reversed(rows):
                    change = Change(*json.loads(row))
                    if change.flag == flag:
                        return change
                end -= _PIECE
        return None

    def notes(self, topic: str) -> Sequence[Mapping[str, Any]]:
        """Return what was noted on a topic, the oldest first.

        Raises:
            StoreError: The server is out of reach.
        """
        with self._told():
            return [json.loads(row) for row in self._client.lrange(self._key("notes", topic), 0, -1)]

    def keep(self, topic: str, member: str, data: Mapping[str, Any]) -> None:
        """Remember the latest that a process has to tell.

        Raises:
            StoreError: The server is out of reach.
        """
        gone = outdated(self.kept(topic), float(data["at"]))
        with self._told():
            pipe = self._client.pipeline(transaction=True)
            pipe.hset(self._key("kept", topic), member, json.dumps(dict(data)))
            if gone:
                pipe.hdel(self._key("kept", topic), *gone)
            pipe.execute()

    def kept(self, topic: str) -> Mapping[str, Mapping[str, Any]]:
        """Return the latest that each process has told on a topic.

        Raises:
            StoreError: The server is out of reach.
        """
        with self._told():
            rows = self._client.hgetall(self._key("kept", topic))
            return {member: json.loads(text) for member, text in rows.items()}

    def close(self) -> None:
        """Stop listening and close the connections; again is harmless."""
        self._closed = True
        self._helper.stop()
        self._forget_messages()
        self._client.close()

    def _key(self, *parts: str) -> str:
        return ":".join((self._prefix, *parts))

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except self._errors as error:
            raise StoreError(f"the flag store {self.url} cannot be used: {error}", "look at the server") from error

    def _fetch(self) -> tuple[int, dict[str, str]]:
        pipe = self._client.pipeline(transaction=True)
        pipe.get(self._key("version")).hgetall(self._key("values"))
        version, values = pipe.execute()
        return int(version or 0), values

    def _take(self, version: int, rows: Mapping[str, str]) -> None:
        """Serve what the server holds, unless it is older than what is known already."""
        values = {name: parsed(text) for name, text in rows.items()}
        with self._lock.bare():
            known = self._held.version
            if version < known or (0 < version == known and not self._down):
                return  # values of the same version are the same, unless somebody went past it: none of them is served
            is_new = version > known or self._down
            self._held, self._down = Snapshot(version, values), ""
            if is_new:
                self._word[0] = self._word[0] // 2 * 2 + 2

    # -- the listener --------------------------------------------------------------------------------------------

    def _listen(self) -> float | None:
        """Listen for one message or a while; see to it that what is served is what the server has."""
        try:
            if self._has_heard():
                self._compare()
        except self._errors as error:
            self._forget_messages()
            self._lose(f"the flag store {self.url} cannot be used: {error}")
            return _LISTEN_SECONDS
        return 0.0

    def _has_heard(self) -> bool:
        """Listen a while; True when there is a reason to look at the version."""
        client = self._client
        if self._messages is None:
            messages = client.pubsub(ignore_subscribe_messages=True)
            messages.subscribe(self._key("changed"))
            self._messages, self._silent = messages, 0
            return True
        try:
            heard = self._messages.get_message(timeout=_LISTEN_SECONDS)
        except self._errors:
            self._forget_messages()  # the connection ended, which says nothing about the server
            return True
        self._silent = 0 if heard or self._silent >= _READ_AGAIN_AFTER else self._silent + 1
        return self._silent == 0

    def _compare(self) -> None:
        """Fetch the values when the server has another version than is known, or was out of reach."""
        known = self._held.version
        version = int(self._client.get(self._key("version")) or 0)
        if version < known:
            self._lose(f"the flag store {self.url} has lost its data; the next change enters what is known")
        elif version > known or self._down:
            self._take(*self._fetch())

    def _lose(self, why: str) -> None:
        with self._lock.bare():
            self._down = why
            self._word[0] |= 1

    def _forget_messages(self) -> None:
        messages, self._messages = self._messages, None
        if messages is not None:
            with suppress(*self._errors):
                messages.close()


def _own_word() -> memoryview:
    """Return a number that a forked child finds changed: it has no listener, and is to begin one."""
    memory = mmap.mmap(-1, mmap.PAGESIZE)
    # Elsewhere than on Linux a child shares the number with its parent, whose listener goes on changing it.
    with suppress(AttributeError, OSError, ValueError):
        private = mmap.mmap(-1, mmap.PAGESIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        private.madvise(_MADV_WIPEONFORK)
        memory = private
    word = memoryview(memory).cast("Q")
    word[0] = 2
    return word


def _entries(values: Mapping[str, Value] | Mapping[str, Value | None], at: float, by: str, reason: str) -> list[str]:
    """Return for each change what the script wants to know; it puts the old value between head and tail."""
    found = []
    for flag, new in values.items():
        head, text = json.dumps([at, by, flag])[:-1] + ", ", json.dumps(new)
        found += [flag, text, head, f", {text}, {json.dumps(reason)}]"]
    return found
