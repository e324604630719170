"""Flags in a Redis server that the machines of a fleet share."""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from overt.flags.records import Change, Snapshot, StoreError, Value
from overt.flags.store import Note, Word
from overt.runtime.forks import ForkLock
from overt.runtime.helper import Helper

# The server runs this whole or not at all, and nothing else meanwhile: old values are read where new ones are written.
# KEYS: values, history, version, notes. ARGV: topic channel, note, then flag, new value, head and tail of the record.
_APPLY = """
local olds = {}
for i = 3, #ARGV, 4 do
    local old = redis.call('HGET', KEYS[1], ARGV[i]) or 'null'
    if ARGV[i + 1] == 'null' then redis.call('HDEL', KEYS[1], ARGV[i])
    else redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
    redis.call('RPUSH', KEYS[2], ARGV[i + 2] .. old .. ARGV[i + 3])
    olds[#olds + 1] = old
end
if ARGV[2] ~= '' then redis.call('RPUSH', KEYS[4], ARGV[2]) end
olds[#olds + 1] = redis.call('INCR', KEYS[3])
redis.call('PUBLISH', ARGV[1], olds[#olds])
return olds
"""

_LISTEN_SECONDS = 0.2
_READ_AGAIN_AFTER = 4
"""Silent rounds of listening after which the version is read anyway: messages can be lost."""


class RedisStore:
    """Keeps flags in a Redis server; needs the package `redis`.

    A helper thread listens for changes and reads the version again now and then, so a reader never waits for the
    network. While the server cannot be reached the last known values are served; when it comes back without its data,
    they stay, and the next change enters them again.

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
        except ImportError as error:
            raise StoreError("RedisStore needs the package redis", "pip install 'overt[redis]'") from error
        self.url, self._prefix = url, prefix
        self._client: Any = redis.Redis.from_url(
            url, socket_timeout=timeout, socket_connect_timeout=timeout, decode_responses=True
        )
        self._errors: tuple[type[BaseException], ...] = (redis.RedisError, OSError, json.JSONDecodeError)
        self._lock = ForkLock()
        # Shared with forked children, who have no listener of their own.
        self._word = memoryview(mmap.mmap(-1, 8)).cast("Q")
        self._version, self._last = 0, dict[str, Value]()
        self._down, self._silent = "", 0
        self._messages: Any = None
        self._closed = False
        self._helper = Helper("overt-flags-redis", self._listen)

    @property
    def word(self) -> Word:
        """The number that changes with every change; odd while the server is out of reach."""
        if not self._closed:
            self._helper.ensure()
        return self._word

    def load(self) -> Snapshot:
        """Return everything that is set.

        Raises:
            StoreError: The server is out of reach, or has lost its data.
        """
        if self._down:
            raise StoreError(self._down, "look at the server; changes are refused meanwhile")
        with self._told():
            pipe = self._client.pipeline(transaction=True)
            pipe.get(self._key("version")).hgetall(self._key("values"))
            version, values = pipe.execute()
        snapshot = Snapshot(int(version or 0), {name: json.loads(value) for name, value in values.items()})
        if snapshot.version < self._version:
            raise StoreError(f"the flag store {self.url} has lost its data", "make a change: it enters what was known")
        self._version, self._last = snapshot.version, dict(snapshot.values)
        return snapshot

    def apply(
        self, values: Mapping[str, Value | None], *, at: float, by: str, reason: str, note: Note | None = None
    ) -> Sequence[Change]:
        """Set flags, all or none, and remember it; None takes a value away.

        Raises:
            StoreError: The server is out of reach; whether the change was made is told by the history.
        """
        with self._lock, self._told():
            if int(self._client.get(self._key("version")) or 0) < self._version:
                self._send(self._last, at, "overt", "the store lost its data; these are the last known values", None)
                self._version = 0
            changes, version = self._send(values, at, by, reason, note)
            self._version, self._down = version, ""
            self._word[0] = 2 * version
        return changes

    def history(self, flag: str | None = None) -> Sequence[Change]:
        """Return the changes, of one flag or of all, the oldest first.

        Raises:
            StoreError: The server is out of reach.
        """
        with self._told():
            changes = [Change(*json.loads(row)) for row in self._client.lrange(self._key("history"), 0, -1)]
        return [change for change in changes if flag in (None, change.flag)]

    def notes(self, topic: str) -> Sequence[Mapping[str, Any]]:
        """Return what was noted on a topic, the oldest first.

        Raises:
            StoreError: The server is out of reach.
        """
        with self._told():
            return [json.loads(row) for row in self._client.lrange(self._key("notes", topic), 0, -1)]

    def close(self) -> None:
        """Stop listening and close the connections; again is harmless."""
        self._closed = True
        self._helper.stop()
        self._forget_messages()
        self._client.close()

    def _key(self, *parts: str) -> str:
        return ":".join((self._prefix, *parts))

    def _send(
        self, values: Mapping[str, Value | None], at: float, by: str, reason: str, note: Note | None
    ) -> tuple[list[Change], int]:
        data = json.dumps({**note.data, "at": at, "by": by, "reason": reason}) if note else ""
        arguments = [self._key("changed"), data]
        for flag, new in values.items():
            head = json.dumps([at, by, flag])[:-1] + ", "
            arguments += [flag, json.dumps(new), head, f", {json.dumps(new)}, {json.dumps(reason)}]"]
        names = [self._key(name) for name in ("values", "history", "version")]
        topic = self._key("notes", note.topic if note else "none")
        *olds, version = self._client.eval(_APPLY, 4, *names, topic, *arguments)
        changes = [
            Change(at, by, flag, json.loads(old), new, reason)
            for (flag, new), old in zip(values.items(), olds, strict=True)
        ]
        return changes, int(version)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except self._errors as error:
            raise StoreError(f"the flag store {self.url} cannot be used: {error}", "look at the server") from error

    # -- the listener --------------------------------------------------------------------------------------------

    def _listen(self) -> float | None:
        """Listen for one message or a while; see to it that the shared number tells what the server has."""
        try:
            if self._messages is None:
                self._messages = self._client.pubsub(ignore_subscribe_messages=True)
                self._messages.subscribe(self._key("changed"))
                self._silent = _READ_AGAIN_AFTER
            heard = self._messages.get_message(timeout=_LISTEN_SECONDS)
            self._silent = 0 if heard else self._silent + 1
            if heard or self._silent > _READ_AGAIN_AFTER:
                self._silent = 0
                version = int(self._client.get(self._key("version")) or 0)
                lost = version < self._version
                self._down = ""
                with self._lock:
                    self._word[0] = 2 * version + lost
        except self._errors as error:
            self._forget_messages()
            self._down = f"the flag store {self.url} is out of reach: {error}"
            self._word[0] |= 1
            return _LISTEN_SECONDS
        return 0.0

    def _forget_messages(self) -> None:
        messages, self._messages = self._messages, None
        if messages is not None:
            with suppress(*self._errors):
                messages.close()
