"""A weak dictionary lets people go, and lets anybody take a name over."""

import weakref


class Switchboard:
    def __init__(self):
        self._people, self._halls = weakref.WeakValueDictionary(), {}

    def sign_on(self, name, person, hall):
        self._people[name], self._halls[name] = person, hall

    def sign_off(self, name):
        del self._people[name], self._halls[name]

    def reach(self, name):
        return self._people.get(name)

    def in_hall(self, hall):
        return sorted(name for name in self._people if self._halls[name] == hall)

    def close(self):
        self._people.clear()
