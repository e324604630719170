"""The life of an entry is tied to the switchboard, not to the person."""

from overt.runtime import AgentRegistry


class Switchboard:
    def __init__(self):
        self._people = AgentRegistry()

    def sign_on(self, name, person, hall):
        self._people.register(name, person, owner=self, metadata={"hall": hall})

    def sign_off(self, name):
        self._people.unregister(name)

    def reach(self, name):
        found = self._people.get(name)
        return found.agent if found else None

    def in_hall(self, hall):
        return sorted(found.key for found in self._people.find(hall=hall))

    def close(self):
        self._people.close()
