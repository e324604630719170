"""The error context as it was before: one value in a `threading.local`, shared by all tasks of a thread."""

from __future__ import annotations

import threading

from overt.runtime.context_blocks import Node, root
from overt.runtime.context_engine import Engine
from overt.runtime.operation import OperationContext

_ROOT = root()


class _Place(threading.local):
    """One thread's node, and something that only this thread has."""

    def __init__(self) -> None:
        self.node, self.mark = _ROOT, object()


_PLACE = _Place()


def _get() -> Node:
    return _PLACE.node


def _put(node: Node) -> tuple[object, Node]:
    token = (_PLACE.mark, _PLACE.node)
    _PLACE.node = node
    return token


def _undo(token: tuple[object, Node]) -> None:
    mark, node = token
    if mark is not _PLACE.mark:
        raise ValueError("entered in another thread")
    _PLACE.node = node


ENGINE = Engine(_get, _put, _undo, _ROOT)
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

__all__ = [
    "OperationContext",
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
