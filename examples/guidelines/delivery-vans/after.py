"""A dispatcher knows which vans are on the road."""

from threading import current_thread

from overt.runtime import AgentRegistry


class Fleet:
    """A fleet; whoever puts the program together makes the registry and closes it."""

    def __init__(self, vans: AgentRegistry) -> None:
        self._vans = vans

    def set_off(self, plate: str, cargo: str) -> None:
        """Remember a van; called by its driver's thread, with whose end the entry goes."""
        self._vans.register(plate, cargo, owner=current_thread())

    def cargo_of(self, plate: str) -> str | None:
        """Return what a van carries; None when it is not on the road."""
        found = self._vans.get(plate)
        return None if found is None else found.agent
