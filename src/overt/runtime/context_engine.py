"""How an error context is entered, read and left, over any place that can hold one value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
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

    Made by those who set what stands here: to run an `__init__` would take a tenth of a block's whole time.
    """

    __slots__ = ("ended", "entry", "parent", "value")

    value: Context
    """The context; never changed."""
    parent: Node | None
    """The one around it; None for the outermost."""
    entry: Node | None
    """What stands for the entering; None for the node itself, as long as that is left as it was entered."""
    ended: bool
    """Whether the entering that this stands for was left from a place that could not put the context back."""


def node(value: Context, parent: Node | None, entry: Node | None) -> Node:
    """Return a node that is no block."""
    made = Node()
    made.value = value
    made.parent = parent
    made.entry = entry
    made.ended = False
    return made


def entry_of(node: Node) -> Node:
    """Return what stands for the entering that made a node."""
    return node if node.entry is None else node.entry


def _without(node: Node, entry: Node) -> Node:
    """Return a chain of nodes without those of one entering."""
    inner = node
    while inner.parent is not None:
        if entry_of(inner.parent) is entry:
            inner.parent = inner.parent.parent
            inner.entry = entry_of(inner)  # what its token remembers has ended
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


class Block(Node, Mapping[str, Any]):
    """A context for a `with` block or for every call of a function, plain, async or generator.

    Made by `Engine.with_context`, which sets what stands here, see `Node`. Nearly every block is entered once, and then
    it is itself the node that stands for its entering, and the mapping that `as` gives.
    """

    __slots__ = ("engine", "entered", "mapping", "merge", "token")

    engine: Engine
    mapping: Context
    merge: bool
    token: Any
    """What puts back what was before the first entering; None before that."""
    entered: list[tuple[Node, object]] | None
    """The enterings beyond the first; None while there was none."""

    def __enter__(self) -> Context:
        engine = self.engine
        get = engine.get  # to call a local variable takes half of what an attribute does
        parent = get()
        if parent.ended or parent.entry is not None:
            parent = engine.node()
        value = {**parent.value, **self.mapping} if self.merge else dict(self.mapping)
        if self.token is None:
            self.value = value
            self.parent = parent
            put = engine.put
            self.token = put(self)
            return self
        self._enter_again(node(value, parent, None))
        return MappingProxyType(value)

    def _enter_again(self, node: Node) -> None:
        if self.entered is None:
            self.entered = []
        self.entered.append((node, self.engine.put(node)))

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        engine = self.engine
        if error is not None and not isinstance(error, _CONTROL_FLOW):
            engine.enrich_error(error)
        get = engine.get
        if get() is not self or self.entry is not None:
            engine.leave(*(self.entered.pop() if self.entered else (self, self.token)))
            return
        undo = engine.undo
        try:
            undo(self.token)
        except ValueError:
            engine.leave(self, self.token)

    def __getitem__(self, name: str) -> Any:
        return self.value[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.value)

    def __len__(self) -> int:
        return len(self.value)

    def __repr__(self) -> str:
        return f"Block({shown(self.value)})"

    def __call__(self, function: Function) -> Function:
        """Return a function that runs in this context, each call in a block of its own."""
        import inspect

        again: Any = function
        engine, mapping = self.engine, self.mapping
        block = engine.with_context if self.merge else engine.with_temporary_context
        if inspect.isasyncgenfunction(function):

            @wraps(function)
            async def stream(*args: Any, **kwargs: Any) -> Any:
                with block(mapping):
                    async for item in again(*args, **kwargs):
                        yield item

            return stream  # type: ignore[return-value]
        if inspect.iscoroutinefunction(function):

            @wraps(function)
            async def waited(*args: Any, **kwargs: Any) -> Any:
                with block(mapping):
                    return await again(*args, **kwargs)

            return waited  # type: ignore[return-value]
        if inspect.isgeneratorfunction(function):

            @wraps(function)
            def generated(*args: Any, **kwargs: Any) -> Any:
                with block(mapping):
                    return (yield from again(*args, **kwargs))

            return generated  # type: ignore[return-value]

        @wraps(function)
        def called(*args: Any, **kwargs: Any) -> Any:
            with block(mapping):
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

    __slots__ = ("__weakref__", "get", "put", "root", "undo")

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
                self.put(self.root if node.parent is None else node.parent)
            return
        if node is not entry and node.entry is not entry:
            # A generator's block ends inside a younger one, which stays.
            self.put(_without(node, entry))
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

    def with_context(self, mapping: Context | None = None) -> Block:
        """Add to the context for a block or a function, and put it back exactly, whatever ends it.

        An exception that leaves the block carries the context with it, see `enrich_error`.
        """
        block = Block()
        block.engine = self
        block.value = block.mapping = mapping or {}  # what it adds, until it is entered
        block.merge = True
        block.token = block.entered = block.entry = None
        block.ended = False
        return block

    def with_temporary_context(self, mapping: Context | None = None) -> Block:
        """Replace the context for a block or a function, and put it back exactly, whatever ends it."""
        block = self.with_context(mapping)
        block.merge = False
        return block

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
    return node({}, None, None)
