"""How a trace goes on in another program: the headers `traceparent` and `tracestate` of W3C Trace Context."""

from __future__ import annotations

from collections.abc import Mapping

_HEX = frozenset("0123456789abcdef")


SAMPLED = 1
"""The flag of a trace that is recorded."""

_KNOWN_FLAGS = 3  # sampled, and that the trace's number is random
_MOST_MEMBERS, _LONGEST_STATE = 32, 8192


def write(trace: int, number: int, flags: int = SAMPLED, state: str = "") -> dict[str, str]:
    """Return the carrier of a span.

    Args:
        trace: Number of the trace.
        number: Number of the span.
        flags: Those that the trace came with.
        state: What other systems have put into `tracestate`; the header is left out when empty.

    Example:
        >>> write(1, 2)
        {'traceparent': '00-00000000000000000000000000000001-0000000000000002-01'}
    """
    carrier = {"traceparent": f"00-{trace:032x}-{number:016x}-{flags:02x}"}
    if state:
        carrier["tracestate"] = state
    return carrier


def _header(carrier: Mapping[str, str], wanted: str) -> str:
    """Return a header, its name compared without case; empty when there is none that is text."""
    found = next((value for name, value in carrier.items() if name.lower() == wanted), None)
    return found.strip() if isinstance(found, str) else ""


def read(carrier: Mapping[str, str]) -> tuple[int, int] | None:
    """Return the numbers of trace and span in a carrier; None when it has none that is valid.

    Names of headers are compared without case. A version that is not known is read as far as it is known.

    Example:
        >>> read({"Traceparent": "00-00000000000000000000000000000001-0000000000000002-01"})
        (1, 2)
    """
    parts = _header(carrier, "traceparent").split("-")
    if len(parts) < 4 or [len(part) for part in parts[:4]] != [2, 32, 16, 2] or not set("".join(parts[:4])) <= _HEX:
        return None
    version, trace, number = parts[0], int(parts[1], 16), int(parts[2], 16)
    if version == "ff" or (version == "00" and len(parts) > 4) or not trace or not number:
        return None
    return trace, number


def read_rest(carrier: Mapping[str, str]) -> tuple[int, str]:
    """Return the flags and the state of a carrier that `read` takes; a state that is not valid is empty.

    Example:
        >>> read_rest({"traceparent": "00-" + "1" * 32 + "-" + "1" * 16 + "-00", "tracestate": "shop=1,bank=2"})
        (0, 'shop=1,bank=2')
    """
    flags = int(_header(carrier, "traceparent").split("-")[3], 16) & _KNOWN_FLAGS
    state = _header(carrier, "tracestate")
    members = [member.strip() for member in state.split(",") if member.strip()]
    plain = state.isascii() and state.isprintable() and len(state) <= _LONGEST_STATE
    if not plain or len(members) > _MOST_MEMBERS or any("=" not in member[1:-1] for member in members):
        return flags, ""
    return flags, ",".join(members)
