"""The flag is asked each time, and not told who is buying."""


class Till:
    def __init__(self, flags):
        self._flags = flags

    def price(self, customer, tickets):
        return tickets * (900 if self._flags.enabled("new-tariff") else 1000)
