"""Guest lists for the premieres of a cinema."""


def invite(name: str, guests: list[str] = []) -> list[str]:
    """Return a guest list with one more name: the given list, or a new one."""
    guests.append(name)
    return guests
