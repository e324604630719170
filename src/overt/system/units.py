"""Numbers as people read them."""

from __future__ import annotations

from overt.system.clock import iso_utc


def _figures(number: float) -> str:
    """Three figures, never in exponents."""
    return f"{number:.0f}" if number >= 999.5 else f"{number:.3g}"


def duration(nanoseconds: int) -> str:
    """Return a length of time with three figures and its unit.

    Example:
        >>> duration(1_250_000), duration(61_000_000_000), duration(0)
        ('1.25 ms', '1 min 1 s', '0 s')
    """
    if nanoseconds <= 0:
        return "0 s"
    if nanoseconds >= 60_000_000_000:
        minutes, seconds = divmod(nanoseconds // 1_000_000_000, 60)
        return f"{minutes} min {seconds} s"
    for unit, size in (("s", 1_000_000_000), ("ms", 1_000_000), ("µs", 1_000)):
        if nanoseconds >= size:
            return f"{_figures(nanoseconds / size)} {unit}"
    return f"{nanoseconds} ns"


def moment(nanoseconds: int) -> str:
    """Return a moment in UTC, to the second.

    Example:
        >>> moment(1_700_000_000_000_000_000), moment(0)
        ('2023-11-14 22:13:20 UTC', 'not known')
    """
    return iso_utc(nanoseconds).replace("T", " ").replace("Z", " UTC") if nanoseconds else "not known"


def count(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun.

    Example:
        >>> count(1, "test"), count(12_000, "test"), count(0, "entry", "entries")
        ('1 test', '12,000 tests', '0 entries')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def bytes_text(number: int) -> str:
    """Return a size.

    Example:
        >>> bytes_text(512), bytes_text(2_500_000)
        ('512 B', '2.5 MB')
    """
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if number >= size:
            return f"{_figures(number / size)} {unit}"
    return f"{number} B"


def value_text(value: int | str | bool | None, unit: str) -> str:
    """Return a measured value in its unit; parts per million are shown as a percentage.

    Example:
        >>> value_text(987_654, "ppm"), value_text(12, "count"), value_text(None, "count")
        ('98.7654 %', '12', 'not measured')
    """
    if value is None:
        return "not measured"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if unit == "ppm":
        return f"{value / 10_000:g} %"
    if unit == "ns":
        return duration(value)
    return bytes_text(value) if unit == "bytes" else f"{value:,}"
