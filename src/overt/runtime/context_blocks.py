"""The contexts of a program, one around the other, and the blocks that make them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

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

    Made by `block_functions`, which set what stands here, see `Node`. Nearly every block is entered once, and then
    it is itself the node that stands for its entering, and the mapping that `as` gives.
    """

    __slots__ = ("entered", "mapping", "token")

    engine: Engine
    """Set by the class, see `block_functions`."""
    merge: bool
    """Whether it adds to the context or replaces it; set by the class."""
    mapping: Context
    """What it adds, or puts in its place."""
    token: Any
    """What puts back what was before the first entering; None before that."""
    entered: list[tuple[Node, object]]
    """The enterings beyond the first; not set before there is one."""

    def __enter__(self) -> Context:
        raise NotImplementedError  # see `block_functions`

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        raise NotImplementedError

    def enter_again(self, value: Context, parent: Node) -> Context:
        """Enter a block that was entered before and may still be open."""
        again = node(value, parent, None)
        if not hasattr(self, "entered"):
            self.entered = []
        self.entered.append((again, self.engine.put(again)))
        return MappingProxyType(value)

    def leave(self) -> None:
        """Put the context back when something else may be in force than what was entered first."""
        entered = getattr(self, "entered", None)
        self.engine.leave(*(entered.pop() if entered else (self, self.token)))

    def __getitem__(self, name: str) -> Any:
        return self._shown()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._shown())

    def __len__(self) -> int:
        return len(self._shown())

    def __repr__(self) -> str:
        return f"Block({shown(self._shown())})"

    def _shown(self) -> Context:
        """Return the context, or before the first entering what the block adds."""
        return self.mapping if self.token is None else self.value

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


class BlockFunction(Protocol):
    """Makes blocks."""

    def __call__(self, mapping: Context | None = None) -> Block:
        """Return a block that adds the mapping, or puts it in the place of the context."""


def _block_classes(of: Engine) -> tuple[type[Block], type[Block]]:
    """Return the classes of an engine's blocks: of those that add to the context, and of those that replace it.

    The engine's functions are variables of these methods: to reach them through a block and its engine each time would
    take a twentieth of a block's whole time.
    """
    get, put, undo, in_force = of.get, of.put, of.undo, of.node

    class Adding(Block):
        __slots__ = ()

        engine, merge = of, True

        def __enter__(self) -> Context:
            parent = get()
            if parent.ended or parent.entry is not None:
                parent = in_force()
            value = {**parent.value, **self.mapping}
            if self.token is not None:
                return self.enter_again(value, parent)
            self.value = value
            self.parent = parent
            self.token = put(self)
            return self

        def __exit__(
            self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
        ) -> None:
            if error is not None and not isinstance(error, _CONTROL_FLOW):
                of.enrich_error(error)
            if get() is not self or self.entry is not None:
                self.leave()
                return
            try:
                undo(self.token)
            except ValueError:
                of.leave(self, self.token)

    class Replacing(Adding):
        __slots__ = ()

        merge = False

        def __enter__(self) -> Context:
            parent = in_force()
            value = dict(self.mapping)
            if self.token is not None:
                return self.enter_again(value, parent)
            self.value = value
            self.parent = parent
            self.token = put(self)
            return self

    return Adding, Replacing


def block_functions(of: Engine) -> tuple[BlockFunction, BlockFunction]:
    """Return what makes an engine's blocks: those that add to the context, and those that replace it."""
    adding, replacing = _block_classes(of)

    def with_context(mapping: Context | None = None) -> Block:
        """Add to the context for a block or a function, and put it back exactly, whatever ends it.

        An exception that leaves the block carries the context with it, see `enrich_error`.
        """
        block = adding()
        block.mapping = mapping or {}
        block.token = block.entry = None
        block.ended = False
        return block

    def with_temporary_context(mapping: Context | None = None) -> Block:
        """Replace the context for a block or a function, and put it back exactly, whatever ends it."""
        block = replacing()
        block.mapping = mapping or {}
        block.token = block.entry = None
        block.ended = False
        return block

    return with_context, with_temporary_context
