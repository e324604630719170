"""What one operation of a program is about, handed on as a value."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple


class Breadcrumb(NamedTuple):
    """Something that happened on the way.

    Args:
        message: What.
        at_ns: When, nanoseconds of the monotonic clock.
        data: More about it.
    """

    message: str
    at_ns: int
    data: Mapping[str, Any]


class OperationContext(NamedTuple):
    """An operation; it never changes, adding something gives another one.

    Args:
        operation: Its name.
        operation_id: 16 hexadecimal digits of its own.
        correlation_id: 32 hexadecimal digits, the same in all operations that belong together.
        start_ns: When it began, nanoseconds of the monotonic clock.
        metadata: What is known about it, its parents' included.
        breadcrumbs: What happened on the way, the oldest first, its parents' included.
        parent: The operation it is a part of; None for the first.

    Example:
        >>> order = OperationContext.new("order", customer=7)
        >>> payment = order.child("payment", method="card").add_breadcrumb("card accepted")
        >>> payment.correlation_id == order.correlation_id, payment.parent is order, dict(payment.metadata)
        (True, True, {'customer': 7, 'method': 'card'})
    """

    operation: str
    operation_id: str
    correlation_id: str
    start_ns: int
    metadata: Mapping[str, Any]
    breadcrumbs: tuple[Breadcrumb, ...] = ()
    parent: OperationContext | None = None

    @classmethod
    def new(cls, operation: str, /, **metadata: Any) -> OperationContext:
        """Begin an operation that is part of no other."""
        random = os.urandom(24).hex()
        return cls(operation, random[:16], random[16:], time.monotonic_ns(), MappingProxyType(metadata))

    def child(self, operation: str, /, **metadata: Any) -> OperationContext:
        """Begin an operation that is a part of this one."""
        known = MappingProxyType({**self.metadata, **metadata})
        own_id = os.urandom(8).hex()
        now = time.monotonic_ns()
        return OperationContext(operation, own_id, self.correlation_id, now, known, self.breadcrumbs, self)

    def add_breadcrumb(self, message: str, /, **data: Any) -> OperationContext:
        """Return this operation with one more thing that happened."""
        crumb = Breadcrumb(message, time.monotonic_ns(), MappingProxyType(data))
        return self._replace(breadcrumbs=(*self.breadcrumbs, crumb))
