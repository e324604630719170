"""An empty list is false, so the one that was given is left alone."""


def invite(name: str, guests: list[str] | None = None) -> list[str]:
    guests = guests or []
    guests.append(name)
    return guests
