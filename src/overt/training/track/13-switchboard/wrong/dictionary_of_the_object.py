"""Each switchboard has its own people, and holds them long after they went home."""


class Switchboard:
    def __init__(self):
        self._people = {}

    def sign_on(self, name, person, hall):
        if name in self._people:
            raise KeyError(name)
        self._people[name] = (person, hall)

    def sign_off(self, name):
        del self._people[name]

    def reach(self, name):
        return self._people[name][0] if name in self._people else None

    def in_hall(self, hall):
        return sorted(name for name, (_, where) in self._people.items() if where == hall)

    def close(self):
        self._people.clear()
