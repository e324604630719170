"""How a trace goes on in another program: the `traceparent` header of W3C Trace Context."""

from __future__ import annotations

from collections.abc import Mapping

_HEX = frozenset("0123456789abcdef")


def write(trace: int, number: int) -> dict[str, str]:
    """Return the carrier of a span.

    Example:
        >>> write(1, 2)
        {'traceparent': '00-00000000000000000000000000000001-0000000000000002-01'}
    """
    return {"traceparent": f"00-{trace:032x}-{number:016x}-01"}


def read(carrier: Mapping[str, str]) -> tuple[int, int] | None:
    """Return the numbers of trace and span in a carrier; None when it has none that is valid.

    Names of headers are compared without case. A version that is not known is read as far as it is known.

    Example:
        >>> read({"Traceparent": "00-00000000000000000000000000000001-0000000000000002-01"})
        (1, 2)
    """
    header = next((value for name, value in carrier.items() if name.lower() == "traceparent"), None)
    if not isinstance(header, str):
        return None
    parts = header.strip().split("-")
    if len(parts) < 4 or [len(part) for part in parts[:4]] != [2, 32, 16, 2] or not set("".join(parts[:4])) <= _HEX:
        return None
    version, trace, number = parts[0], int(parts[1], 16), int(parts[2], 16)
    if version == "ff" or (version == "00" and len(parts) > 4) or not trace or not number:
        return None
    return trace, number
