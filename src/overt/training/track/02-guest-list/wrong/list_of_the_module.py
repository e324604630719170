"""The default is None now, and the list has moved to the top of the module."""

_everybody: list[str] = []


def invite(name: str, guests: list[str] | None = None) -> list[str]:
    if guests is None:
        guests = _everybody
    guests.append(name)
    return guests
