"""How an error context is entered, read and left, over any place that can hold one value."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from threading import Thread
from types import MappingProxyType
from typing import Any

from overt.runtime.context_blocks import (
    BlockFunction,
    Context,
    Function,
    Node,
    block_functions,
    entry_of,
    node,
    without,
)
from overt.runtime.figures import shown


class Token:
    """What `set_context` replaced; `restore()` puts it back."""

    __slots__ = ("_engine", "_node")

    def __init__(self, engine: Engine, node: Node) -> None:
        self._engine, self._node = engine, node

    def restore(self) -> None:
        """Put back what was there."""
        self._engine.put(self._node)


class Engine:
    """The functions of an error context over a place that holds one node.

    Args:
        get: Returns the node of the place; `root` where none was put.
        put: Puts a node there and returns a token.
        undo: Takes a token and puts back what was there before; ValueError in another place: thread or context.
        root: The empty context.
    """

    __slots__ = ("__weakref__", "get", "put", "root", "undo", "with_context", "with_temporary_context")

    with_context: BlockFunction
    """Adds to the context for a block or a function, and puts it back exactly, whatever ends it.

    An exception that leaves the block carries the context with it, see `enrich_error`.
    """
    with_temporary_context: BlockFunction
    """Replaces the context for a block or a function, and puts it back exactly, whatever ends it."""

    def __init__(
        self, get: Callable[[], Node], put: Callable[[Node], Any], undo: Callable[[Any], object], root: Node
    ) -> None:
        self.get, self.put, self.undo, self.root = get, put, undo, root
        self.with_context, self.with_temporary_context = block_functions(self)

    # -- the place -----------------------------------------------------------------------------------------------

    def node(self) -> Node:
        """Return the node in force."""
        node = self.get()
        while entry_of(node).ended and node.parent is not None:
            node = node.parent
        return node

    @property
    def idle(self) -> bool:
        """Whether no context is in force here."""
        node = self.node()
        return node.parent is None and not node.value

    def leave(self, entry: Node, token: object) -> None:
        """Put back what was in force before a block, also when blocks end out of order or elsewhere."""
        node = self.get()
        try:
            self.undo(token)
        except ValueError:
            # The block was entered in another task or thread, where it is not to come to life again.
            entry.ended = True
            if entry_of(node) is entry:
                self.put(self.root if node.parent is None else node.parent)
            return
        if node is not entry and node.entry is not entry:
            # A generator's block ends inside a younger one, which stays.
            self.put(without(node, entry))
        elif self.get() is not node.parent:
            # What the token remembers has ended meanwhile; the chain knows.
            self.put(self.root if node.parent is None else node.parent)

    # -- the interface -------------------------------------------------------------------------------------------

    def get_context(self) -> Context:
        """Return the context in force, read-only; empty when there is none."""
        return MappingProxyType(self.node().value)

    def set_context(self, mapping: Context | None) -> Token:
        """Replace the context in force until the end of the block that is open.

        Args:
            mapping: The new context; None for none.

        Returns:
            What `restore()` of puts the old context back.
        """
        current = self.node()
        self.put(node(dict(mapping or {}), current.parent, entry_of(current)))
        return Token(self, current)

    def clear_context(self) -> None:
        """Make the context empty until the end of the block that is open."""
        self.set_context(None)

    def carry(self, fn: Function) -> Function:
        """Return a callable that runs in the context of the caller of `carry`, in whatever thread it is called."""
        return self.with_temporary_context(self.get_context())(fn)

    def spawn(self, fn: Callable[..., object], *args: Any, **kwargs: Any) -> Thread:
        """Start a thread that has the caller's context, and return it."""
        thread = Thread(target=self.carry(fn), args=args, kwargs=kwargs)
        thread.start()
        return thread

    def enrich_error(self, exc: BaseException) -> BaseException:
        """Attach the context to an exception, as `overt_context` and as one note; twice is once.

        Returns:
            The same exception, whatever it is and whatever it refuses.
        """
        value = self.node().value
        try:
            if not value or "overt_context" in vars(exc):
                return exc
            exc.overt_context = MappingProxyType(dict(value))  # type: ignore[attr-defined]
            exc.add_note("context: " + ", ".join(f"{name}={shown(item)}" for name, item in value.items()))
        except Exception:  # noqa: BLE001  # an exception may refuse everything; it is still the one to be raised
            return exc
        return exc

    def merge_error_context(
        self, _logger: Any, _method: str, event_dict: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        """Add the context to an event of structlog, for its list of processors; the event's own keys win."""
        for name, item in self.node().value.items():
            event_dict.setdefault(name, item)
        return event_dict
