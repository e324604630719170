"""An error context that can be switched between its new and its legacy implementation while it is used."""

from __future__ import annotations

from typing import Any

from overt.runtime import error_context
from overt.runtime.context_blocks import Node, entry_of
from overt.runtime.context_engine import Engine
from overt.runtime.legacy import error_context as legacy_context
from overt.runtime.switch import Pair, Switch


class SwitchedContext(Engine):
    """The functions of `overt.runtime.error_context` over both implementations.

    A context that is in force stays where it was entered, and so does everything entered inside it; the switch
    decides where the next one begins when none is.

    Args:
        switch: True for the new implementation; asked when no context is in force.
    """

    def __init__(self, switch: Switch) -> None:
        self._pair = Pair(new=error_context.ENGINE, legacy=legacy_context.ENGINE, switch=switch)
        super().__init__(self._current, self._place, self._take_back, error_context.ENGINE.root)

    def _engine(self) -> Engine:
        pair = self._pair
        if not pair.new.idle:
            return pair.new
        return pair.legacy if not pair.legacy.idle else pair.now()

    def _current(self) -> Node:
        return self._engine().node()

    def _place(self, node: Node) -> tuple[Engine, Any]:
        """Put a node into the implementation that its outermost context is of."""
        outer = node
        while outer.parent is not None:
            outer = outer.parent
        pair = self._pair
        engine = pair.new if entry_of(outer) is pair.new.root else pair.legacy
        return engine, engine.put(node)

    @staticmethod
    def _take_back(token: tuple[Engine, Any]) -> None:
        engine, inner = token
        engine.undo(inner)
