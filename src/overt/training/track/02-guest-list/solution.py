"""Guest lists for the premieres of a cinema."""


def invite(name: str, guests: list[str] | None = None) -> list[str]:
    """Return a guest list with one more name: the given list, or a new one."""
    if guests is None:
        guests = []
    guests.append(name)
    return guests
