import os

PRICES = {"stalls": 900, "balcony": 1200}
_sold = {}


def price(place: str) -> int:
    return PRICES[place] + int(os.environ.get("CINEMA_FEE", "0"))


def sell(place: str, seat: int) -> int:
    _sold[seat] = place
    return price(place)
