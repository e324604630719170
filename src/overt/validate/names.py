"""Names of tests as the ledger holds them: plain, on one line, each of them once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from overt.system.secret_shapes import MARK
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


class Safe:
    """Names of tests without the secrets in them; those that are alike without are told apart by a number.

    The number is the place among these in the plan of the session: `test_a[[redacted-2]]` is the second one, so that
    each stays a test of its own, and stays the same one in the next run although its secret has changed.

    Args:
        redact: Returns text without secrets.
    """

    def __init__(self, redact: Callable[[str], str]) -> None:
        self._redact = redact
        self._known: dict[str, str] = {}
        self._clean: frozenset[str] = frozenset()

    def plan(self, names: Iterable[str]) -> None:
        """Take note of what is going to run.

        Args:
            names: Names as pytest gives them, in the order of the plan.
        """
        distinct = list(dict.fromkeys(names))
        plain = [one_line(name) for name in distinct]
        whole = "\n".join(plain)
        self._clean = frozenset(distinct)
        if self._redact(whole) == whole:
            return
        safe = {name: self._redact(text) for name, text in zip(distinct, plain, strict=True)}
        dirty = [name for name, text in zip(distinct, plain, strict=True) if safe[name] != text]
        self._clean -= frozenset(dirty)
        alike: dict[str, list[str]] = {}
        for name in dirty:
            alike.setdefault(safe[name], []).append(name)
        for text, some in alike.items():
            numbers = range(1, len(some) + 1) if len(some) > 1 else (0,)
            self._known |= {name: _numbered(text, number) for number, name in zip(numbers, some, strict=True)}

    def name(self, name: str) -> str:
        """Return a name as the ledger may hold it.

        Args:
            name: Name as pytest gives it; of what is not in the plan, a tear-down or a subtest, that of its test and
                more.
        """
        if name in self._clean:
            return name
        if name in self._known:
            return self._known[name]
        test = max((one for one in self._known if name.startswith(f"{one} ")), key=len, default="")
        rest = name[len(test) :]
        return self._known.get(test, "") + self._redact(one_line(rest))


def _numbered(text: str, number: int) -> str:
    """Return a name with a number in the last place from which a secret was taken."""
    head, mark, tail = text.rpartition(MARK)
    return f"{head}{mark[:-1]}-{number}]{tail}" if number and mark else text
