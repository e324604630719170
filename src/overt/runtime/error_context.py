"""What a program was doing, on every log record and every error: functions over one context variable.

Tasks inherit the context by themselves; threads and executors through `carry`. What a child sets never reaches its
parent.

Example:
    >>> with with_context({"order": 7}):
    ...     dict(get_context())
    {'order': 7}
    >>> dict(get_context())
    {}
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from overt.runtime.context_blocks import Block, Context, Node, root
from overt.runtime.context_engine import Engine, Token
from overt.runtime.operation import Breadcrumb, OperationContext

_ROOT = root()
_NODE: ContextVar[Node] = ContextVar("overt_error_context", default=_ROOT)
ENGINE = Engine(_NODE.get, _NODE.set, _NODE.reset, _ROOT)
"""The functions below, as one object."""

set_context = ENGINE.set_context
get_context = ENGINE.get_context
clear_context = ENGINE.clear_context
with_context = ENGINE.with_context
with_temporary_context = ENGINE.with_temporary_context
carry = ENGINE.carry
spawn = ENGINE.spawn
enrich_error = ENGINE.enrich_error
merge_error_context = ENGINE.merge_error_context


class ContextFilter:
    """A filter for `logging` that puts the context on each record, as the attribute `context`.

    Args:
        engine: Whose context; that of this module by default.

    Example:
        >>> import logging
        >>> record = logging.makeLogRecord({})
        >>> with with_context({"order": 7}):
        ...     ContextFilter().filter(record), record.context
        (True, {'order': 7})
    """

    def __init__(self, engine: Engine = ENGINE) -> None:
        self._engine = engine

    def filter(self, record: Any) -> bool:
        """Put the context on a record; always True."""
        record.context = dict(self._engine.get_context())
        return True


__all__ = [
    "Block",
    "Breadcrumb",
    "Context",
    "ContextFilter",
    "OperationContext",
    "Token",
    "carry",
    "clear_context",
    "enrich_error",
    "get_context",
    "merge_error_context",
    "set_context",
    "spawn",
    "with_context",
    "with_temporary_context",
]
