"""The share is drawn by the size of the purchase, so a customer is in and out."""


class Till:
    def __init__(self, flags):
        self._flags = flags

    def price(self, customer, tickets):
        return tickets * (900 if self._flags.enabled("new-tariff", tickets) else 1000)
