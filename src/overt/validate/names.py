"""Names of tests as the ledger holds them: plain, on one line, each of them once."""

from __future__ import annotations

from overt.system.text import plain_text


def one_line(name: str) -> str:
    r"""Return a name without control characters; its line ends are written out.

    Example:
        >>> one_line("test_a[\x1b[31mred\n]")
        'test_a[red\\n]'
    """
    return plain_text(name).replace("\n", "\\n").replace("\t", "\\t")


class Names:
    """Tells tests apart that bear the same name, by a number in the order in which they come."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, int], int] = {}

    def distinct(self, name: str, attempt: int = 1) -> str:
        """Return a name that was not returned before for this attempt.

        Args:
            name: Name as pytest gives it.
            attempt: Number of the attempt; the attempts of one test share their name.

        Example:
            >>> names = Names()
            >>> names.distinct("a"), names.distinct("a"), names.distinct("a", 2)
            ('a', 'a (2)', 'a')
        """
        plain = one_line(name)
        count = self._seen.get((plain, attempt), 0) + 1
        self._seen[(plain, attempt)] = count
        return plain if count == 1 else f"{plain} ({count})"
