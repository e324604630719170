"""Who of a cinema can be reached, by name and by hall."""

from overt.runtime import AgentRegistry


class Switchboard:
    """A switchboard of its own for whoever makes one."""

    def __init__(self) -> None:
        self._people = AgentRegistry()

    def sign_on(self, name: str, person: object, hall: int) -> None:
        """Enter a person as long as somebody holds them.

        Raises:
            AlreadyRegistered: The name is taken.
        """
        self._people.register(name, person, metadata={"hall": hall})

    def sign_off(self, name: str) -> None:
        """Take a person out."""
        self._people.unregister(name)

    def reach(self, name: str) -> object | None:
        """Return the person of a name; None when there is none."""
        found = self._people.get(name)
        return found.agent if found else None

    def in_hall(self, hall: int) -> list[str]:
        """Return the names of a hall, sorted."""
        return sorted(found.key for found in self._people.find(hall=hall))

    def close(self) -> None:
        """Take everybody out."""
        self._people.close()
