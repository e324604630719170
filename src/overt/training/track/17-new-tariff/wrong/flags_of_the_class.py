"""Whoever opens a till last decides for every till."""


class Till:
    flags = None

    def __init__(self, flags):
        Till.flags = flags

    def price(self, customer, tickets):
        return tickets * (900 if self.flags.enabled("new-tariff", customer) else 1000)
