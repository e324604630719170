"""A span for a `with` block or for the calls of a function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from types import TracebackType
from typing import Any, TypeVar

from overt.runtime.figures import shown
from overt.runtime.span import Span

Function = TypeVar("Function", bound=Callable[..., Any])


class SpanBlock:
    """A span for a `with` block or for every call of a function, plain or async."""

    __slots__ = ("_attributes", "_name", "_outer", "_span", "_tracer")

    _outer: tuple[Span, Any] | None
    """The spans of a block that is entered again while it is open, the innermost first."""

    def __init__(self, tracer: Any, name: str, attributes: Mapping[str, Any]) -> None:
        self._tracer = tracer
        self._name = name
        self._attributes = attributes
        self._span: Span | None = None
        self._outer = None

    def __enter__(self) -> Span:
        if self._span is not None:
            self._outer = (self._span, self._outer)
        span: Span = self._tracer.start_span(self._name, self._attributes)
        self._span = span
        return span

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        span: Any = self._span
        if self._outer is None:
            self._span = None
        else:
            self._span, self._outer = self._outer
        if span.status != "open":
            return  # ended by hand, or with the span around it
        if error is None or isinstance(error, GeneratorExit):
            self._tracer.end_span(span)
            return
        span.add_event("exception", {"type": type(error).__qualname__, "message": shown(error)})
        self._tracer.end_span(span, "error")

    def __call__(self, function: Function) -> Function:
        """Return a function of which every call is a span of its own."""
        import inspect

        again: Any = function
        tracer, name, attributes = self._tracer, self._name, self._attributes
        if inspect.iscoroutinefunction(function):

            @wraps(function)
            async def waited(*args: Any, **kwargs: Any) -> Any:
                with SpanBlock(tracer, name, attributes):
                    return await again(*args, **kwargs)

            return waited  # type: ignore[return-value]

        @wraps(function)
        def called(*args: Any, **kwargs: Any) -> Any:
            with SpanBlock(tracer, name, attributes):
                return again(*args, **kwargs)

        return called  # type: ignore[return-value]
