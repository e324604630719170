"""How an error context is entered, read and left, over any place that can hold one value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from functools import wraps
from threading import Thread
from types import MappingProxyType, TracebackType
from typing import Any, TypeVar

from overt.runtime.figures import shown

Context = Mapping[str, Any]
Function = TypeVar("Function", bound=Callable[..., Any])

_CONTROL_FLOW = (GeneratorExit, StopIteration, StopAsyncIteration)


class Node:
    """A context, the one around it, and the entering of a block that made it.

    Args:
        value: The context; never changed.
        parent: The one around it; None for the outermost.
        entry: What stands for the entering; the node itself when None.
    """

    __slots__ = ("ended", "entry", "parent", "value")

    def __init__(self, value: dict[str, Any], parent: Node | None, entry: Node | None) -> None:
        self.value = value
        self.parent = parent
        self.entry = entry
        self.ended = False
        """Whether the entering that this stands for was left from a place that could not put the context back."""


def entry_of(node: Node) -> Node:
    """Return what stands for the entering that made a node."""
    return node if node.entry is None else node.entry


def _without(node: Node, entry: Node) -> Node:
    """Return a chain of nodes without those of one entering."""
    inner = node
    while inner.parent is not None:
        if entry_of(inner.parent) is entry:
            inner.parent = inner.parent.parent
            break
        inner = inner.parent
    return node


class Token:
    """What `set_context` replaced; `restore()` puts it back."""

    __slots__ = ("_engine", "_node")

    def __init__(self, engine: Engine, node: Node) -> None:
        self._engine, self._node = engine, node

    def restore(self) -> None:
        """Put back what was there."""
        self._engine.put(self._node)


class Block(Node):
    """A context for a `with` block or for every call of a function, plain, async or generator.

    Nearly every block is entered once, and then it is itself the node that stands for its entering.
    """

    __slots__ = ("_engine", "_entered", "_mapping", "_merge", "_token")

    _token: Any
    """What puts back what was before the first entering; None before that."""
    _entered: list[tuple[Node, object]] | None
    """The enterings beyond the first; None while there was none."""

    def __init__(self, engine: Engine, mapping: Context | None, merge: bool) -> None:
        self._engine = engine
        self._mapping = mapping
        self._merge = merge
        self._token = self._entered = self.entry = None
        self.ended = False

    def __enter__(self) -> Context:
        engine = self._engine
        parent = engine.get()
        if parent.ended or parent.entry is not None:
            parent = engine.node()
        mapping = self._mapping or {}
        value = {**parent.value, **mapping} if self._merge else dict(mapping)
        if self._token is None:
            self.value = value
            self.parent = parent
            self._token = engine.put(self)
        else:
            self._enter_again(Node(value, parent, None))
        return MappingProxyType(value)

    def _enter_again(self, node: Node) -> None:
        if self._entered is None:
            self._entered = []
        self._entered.append((node, self._engine.put(node)))

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        engine = self._engine
        if error is not None and not isinstance(error, _CONTROL_FLOW):
            engine.enrich_error(error)
        if self._entered:
            engine.leave(*self._entered.pop())
        elif engine.get() is not self:
            engine.leave(self, self._token)
        else:
            try:
                engine.undo(self._token)
            except ValueError:
                engine.leave(self, self._token)
            else:
                if engine.get() is not self.parent:
                    engine.put(self.parent or engine.root)

    def __call__(self, function: Function) -> Function:
        """Return a function that runs in this context, each call in a block of its own."""
        import inspect

        again: Any = function
        engine, mapping, merge = self._engine, self._mapping, self._merge
        if inspect.isasyncgenfunction(function):

            @wraps(function)
            async def stream(*args: Any, **kwargs: Any) -> Any:
                with Block(engine, mapping, merge):
                    async for item in again(*args, **kwargs):
                        yield item

            return stream  # type: ignore[return-value]
        if inspect.iscoroutinefunction(function):

            @wraps(function)
            async def waited(*args: Any, **kwargs: Any) -> Any:
                with Block(engine, mapping, merge):
                    return await again(*args, **kwargs)

            return waited  # type: ignore[return-value]
        if inspect.isgeneratorfunction(function):

            @wraps(function)
            def generated(*args: Any, **kwargs: Any) -> Any:
                with Block(engine, mapping, merge):
                    return (yield from again(*args, **kwargs))

            return generated  # type: ignore[return-value]

        @wraps(function)
        def called(*args: Any, **kwargs: Any) -> Any:
            with Block(engine, mapping, merge):
                return again(*args, **kwargs)

        return called  # type: ignore[return-value]


class Engine:
    """The functions of an error context over a place that holds one node.

    Args:
        get: Returns the node of the place; `root` where none was put.
        put: Puts a node there and returns a token.
        undo: Takes a token and puts back what was there before; ValueError in another place: thread or context.
        root: The empty context.
    """

    def __init__(
        self, get: Callable[[], Node], put: Callable[[Node], Any], undo: Callable[[Any], object], root: Node
    ) -> None:
        self.get, self.put, self.undo, self.root = get, put, undo, root

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
                self.put(node.parent or self.root)
            return
        if node is not entry and node.entry is not entry:
            # A generator's block ends inside a younger one, which stays.
            self.put(_without(node, entry))
        elif self.get() is not node.parent:
            # What the token remembers has ended meanwhile; the chain knows.
            self.put(node.parent or self.root)

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
        node = self.node()
        self.put(Node(dict(mapping or {}), node.parent, entry_of(node)))
        return Token(self, node)

    def clear_context(self) -> None:
        """Make the context empty until the end of the block that is open."""
        self.set_context(None)

    def with_context(self, mapping: Context | None = None) -> Block:
        """Add to the context for a block or a function, and put it back exactly, whatever ends it.

        An exception that leaves the block carries the context with it, see `enrich_error`.
        """
        return Block(self, mapping, True)  # noqa: FBT003

    def with_temporary_context(self, mapping: Context | None = None) -> Block:
        """Replace the context for a block or a function, and put it back exactly, whatever ends it."""
        return Block(self, mapping, False)  # noqa: FBT003

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


def root() -> Node:
    """Return the empty context that a place begins with."""
    return Node({}, None, None)
