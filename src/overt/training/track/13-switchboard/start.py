"""Who of a cinema can be reached, by name and by hall."""


class Switchboard:
    """The one switchboard of the house."""

    _instance: "Switchboard | None" = None
    _people: dict[str, tuple[object, int]] = {}

    def __new__(cls) -> "Switchboard":
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    def sign_on(self, name: str, person: object, hall: int) -> None:
        """Enter a person; KeyError when the name is taken."""
        if name in self._people:
            raise KeyError(name)
        self._people[name] = (person, hall)

    def sign_off(self, name: str) -> None:
        """Take a person out."""
        del self._people[name]

    def reach(self, name: str) -> object | None:
        """Return the person of a name; None when there is none."""
        return self._people[name][0] if name in self._people else None

    def in_hall(self, hall: int) -> list[str]:
        """Return the names of a hall, sorted."""
        return sorted(name for name, (_, where) in self._people.items() if where == hall)

    def close(self) -> None:
        """Take everybody out."""
        self._people.clear()
