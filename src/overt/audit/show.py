"""Values as people read them; rounding never makes a thing look complete, or gone, that is not."""

from __future__ import annotations

from fractions import Fraction

_SHORT_TIMES = ((10**9, "s"), (10**6, "ms"), (10**3, "µs"))
_SIZES = ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB"))


def show(value: Fraction | int | str | bool | None, unit: str) -> str:
    """Return a value with its unit.

    Args:
        value: In the ledger's unit: nanoseconds, bytes, parts per million.
        unit: `count`, `ratio`, `ns`, `bytes`, `ppm`, `text` or `flag`.

    Example:
        >>> [show(836, "count"), show(1_240_000_000, "ns"), show(985_000, "ppm"), show(12_000_000, "bytes")]
        ['836', '1.2 s', '98.5 %', '12 MB']
        >>> show(999_999, "ppm")
        '99.9999 %'
    """
    if value is None:
        return "not measured"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if value < 0:
        return f"-{show(-value, unit)}"
    if unit == "ns":
        return _duration(value)
    if unit == "bytes":
        return _scaled(value, _SIZES, "B")
    return _percent(value) if unit == "ppm" else _plain(value)


def _digits(value: Fraction | float, places: int) -> str:
    text = f"{float(value):,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _plain(value: Fraction | int) -> str:
    # Four digits stand alone, as years and ports do; longer numbers are grouped.
    if value == int(value):
        return f"{int(value):,}" if value >= 10_000 else str(int(value))
    return _digits(value, 3 if value >= 1 else 6)


def _percent(value: Fraction | int) -> str:
    exact = Fraction(value) / 10_000
    for places in (1, 2, 3, 4):
        text = _digits(exact, places)
        if "." in text or exact == int(exact):
            return f"{text} %"
    return "more than 99.9999 %" if value > 500_000 else "less than 0.0001 %"


def _scaled(value: Fraction | int, scales: tuple[tuple[int, str], ...], smallest: str) -> str:
    for scale, name in scales:
        if value >= scale:
            amount = Fraction(value) / scale
            return f"{_digits(amount, 1 if amount < 100 else 0)} {name}"
    return f"{_plain(value)} {smallest}"


def _duration(value: Fraction | int) -> str:
    if value < 60 * 10**9:
        return _scaled(value, _SHORT_TIMES, "ns")
    seconds = int(value) // 10**9
    hours, minutes, rest = seconds // 3_600, seconds // 60 % 60, seconds % 60
    parts = [(hours, "h"), (minutes, "min"), (rest if not hours else 0, "s")]
    return " ".join(f"{amount} {name}" for amount, name in parts if amount)
