"""The caller is given a copy, and the default list grows on behind it."""


def invite(name: str, guests: list[str] = []) -> list[str]:
    guests.append(name)
    return list(guests)
