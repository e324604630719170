"""Events that a program's parts announce and its owner may listen to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from overt.runtime.forks import ForkLock

Name = tuple[str, ...]
Values = Mapping[str, Any]
Handler = Callable[[Name, Values, Values], object]

NOTHING: Values = MappingProxyType({})
"""No measurements, or no metadata."""


class Handle:
    """One attached handler.

    Args:
        telemetry: What it is attached to.
        handler_id: Its name, unique among the attached ones.
        prefix: Names of events it hears: those that begin with this tuple.
        function: Called with name, measurements and metadata.
    """

    __slots__ = ("_telemetry", "function", "handler_id", "prefix")

    def __init__(self, telemetry: Telemetry, handler_id: str, prefix: Name, function: Handler) -> None:
        self._telemetry, self.handler_id, self.prefix, self.function = telemetry, handler_id, prefix, function

    def detach(self) -> bool:
        """Stop listening; False when it had stopped already."""
        return self._telemetry.detach(self)


class _Routes(dict[Name, tuple[Handle, ...]]):
    """Which handlers hear which name, worked out when a name is first seen."""

    __slots__ = ("handles",)

    _MOST = 4096

    def __init__(self, handles: tuple[Handle, ...]) -> None:
        super().__init__()
        self.handles = handles

    def __missing__(self, name: Name) -> tuple[Handle, ...]:
        if not isinstance(name, tuple):
            raise TypeError(f"an event's name is a tuple of strings, not {type(name).__name__}")
        found = tuple(handle for handle in self.handles if name[: len(handle.prefix)] == handle.prefix)
        if len(self) >= self._MOST:
            self.clear()
        self[name] = found
        return found


class Telemetry:
    """Where events are announced; there is no global one: whoever owns the program owns it.

    Handlers are called in the caller's thread, in the order they were attached. One that raises is detached and
    told once: to the other handlers as the event `("overt", "telemetry", "detached")` and to the logger
    `overt.telemetry`.

    Example:
        >>> telemetry = Telemetry()
        >>> handle = telemetry.attach("show", ("shop",), lambda name, measured, meta: print(name[-1], measured["n"]))
        >>> telemetry.execute(("shop", "sold"), {"n": 3}, {})
        sold 3
        >>> handle.detach()
        True
    """

    __slots__ = ("__weakref__", "_lock", "_routes")

    def __init__(self) -> None:
        self._lock = ForkLock()
        self._routes: _Routes | None = None

    @property
    def handlers(self) -> tuple[Handle, ...]:
        """The attached handlers, in order."""
        routes = self._routes
        return () if routes is None else routes.handles

    @property
    def active(self) -> bool:
        """Whether anybody listens, so that measuring is worth it."""
        return self._routes is not None

    def attach(self, handler_id: str, prefix: Name, fn: Handler) -> Handle:
        """Call a function for every event whose name begins with a prefix.

        Args:
            handler_id: Name of the handler, unique among the attached ones.
            prefix: Tuple of strings; the empty tuple hears everything.
            fn: Called with the event's name, measurements and metadata.

        Raises:
            ValueError: A handler of that name is attached.
        """
        handle = Handle(self, handler_id, tuple(prefix), fn)
        with self._lock.bare():
            if any(other.handler_id == handler_id for other in self.handlers):
                raise ValueError(f"a handler named {handler_id!r} is attached; detach it first or choose another name")
            self._routes = _Routes((*self.handlers, handle))
        return handle

    def detach(self, handle: Handle) -> bool:
        """Stop calling a handler; False when it is not attached."""
        with self._lock.bare():
            left = tuple(other for other in self.handlers if other is not handle)
            found = len(left) < len(self.handlers)
            if found:
                self._routes = _Routes(left) if left else None
        return found

    def execute(self, name: Name, measurements: Values = NOTHING, metadata: Values = NOTHING) -> None:
        """Announce an event.

        Args:
            name: Tuple of strings.
            measurements: Numbers; a name that ends in `_ns` is nanoseconds.
            metadata: Anything else about it.
        """
        routes = self._routes
        if routes is None:
            return
        for handle in routes[name]:
            try:
                handle.function(name, measurements, metadata)
            except Exception as error:  # noqa: BLE001  # a listener must not harm what it listens to
                self._failed(handle, name, error)

    def _failed(self, handle: Handle, name: Name, error: Exception) -> None:
        if not self.detach(handle):
            return  # another thread saw it fail first, and has told
        import logging

        logging.getLogger("overt.telemetry").error(
            "handler %r raised %s on %r and was detached", handle.handler_id, type(error).__name__, name
        )
        told = {"handler_id": handle.handler_id, "event": name, "error": error}
        self.execute(("overt", "telemetry", "detached"), {"count": 1}, told)
