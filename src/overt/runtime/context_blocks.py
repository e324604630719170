"""The contexts of a program, one around the other, and the blocks that make them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from overt.runtime.figures import shown

if TYPE_CHECKING:
    from overt.runtime.context_engine import Engine

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


def without(node: Node, entry: Node) -> Node:
    """Return a chain of nodes without those of one entering."""
    inner = node
    while inner.parent is not None:
        if entry_of(inner.parent) is entry:
            inner.parent = inner.parent.parent
            inner.entry = entry_of(inner)  # what its token remembers has ended
            break
        inner = inner.parent
    return node


def root() -> Node:
    """Return the empty context that a place begins with."""
    return node({}, None, None)


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
