"""A registry that can be switched between its new and its legacy implementation while it is used."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any

from overt.runtime.agent_registry import AgentRegistry
from overt.runtime.figures import Figures
from overt.runtime.legacy.agent_registry import AgentRegistry as LegacyRegistry
from overt.runtime.registration import AlreadyRegistered, Registration
from overt.runtime.registry_reads import Found, RegistryReads
from overt.runtime.switch import Pair, Switch
from overt.runtime.switched import Switched
from overt.runtime.telemetry import Telemetry

_Either = AgentRegistry | LegacyRegistry


class SwitchedRegistry(Switched, RegistryReads):
    """The interface of `AgentRegistry` over both implementations.

    A registration goes where the switch says. It stays there, is found from either side of the switch and is taken
    out of both.

    Args:
        switch: True for the new implementation; asked at every call.
        telemetry: Given to both.
    """

    def __init__(self, switch: Switch, *, telemetry: Telemetry | None = None) -> None:
        new, legacy = AgentRegistry(telemetry=telemetry), LegacyRegistry(telemetry=telemetry)
        self._pair: Pair[_Either] = Pair(new=new, legacy=legacy, switch=switch)

    def _holder(self, key: Hashable) -> _Either:
        """Return the implementation that holds a live entry; the chosen one when neither does."""
        first, other = self._pair.both()
        return other if key not in first and key in other else first

    def get(self, key: Hashable, default: Any = None) -> Any:
        """Return the live entry of a key, or a default."""
        return self._holder(key).get(key, default)

    def lookup(self, key: Hashable) -> Registration:
        """Return the live entry of a key.

        Raises:
            NotRegistered: Neither implementation has one.
        """
        return self._holder(key).lookup(key)

    def list(self, where: Callable[[Registration], object] | None = None) -> Found:
        """Return the live entries of both; where both have one, that of the chosen implementation."""
        first, other = self._pair.both()
        rows = first.list()
        known = {row.key for row in rows}
        rows = rows + [row for row in other.list() if row.key not in known]
        return rows if where is None else [row for row in rows if where(row)]

    def stats(self) -> Figures:
        """Return the figures of both, added up; `active` counts a key once."""
        return Figures(super().stats() | {"active": len(self)})

    def register(
        self, key: Hashable, agent: Any, *, owner: Any = None, metadata: Mapping[str, Any] | None = None
    ) -> None:
        """Enter an agent under a key, in the chosen implementation.

        Raises:
            AlreadyRegistered: Either implementation has a live entry of that key.
        """
        first, other = self._pair.both()
        if key in other:
            raise AlreadyRegistered(key)
        first.register(key, agent, owner=owner, metadata=metadata)

    def unregister(self, key: Hashable) -> None:
        """Take a key out of both implementations.

        Raises:
            NotRegistered: Neither has a live entry.
        """
        first, other = self._pair.both()
        holders = [side for side in (first, other) if key in side]
        for side in holders or [first]:
            side.unregister(key)

    def update_metadata(self, key: Hashable, metadata: Mapping[str, Any]) -> None:
        """Replace the metadata of a live entry, wherever it is.

        Raises:
            NotRegistered: Neither implementation has one.
        """
        self._holder(key).update_metadata(key, metadata)
