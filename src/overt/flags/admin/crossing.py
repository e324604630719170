"""Whether a request comes from a page of this server, and was sent to a name of it."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping


class Hosts:
    """The names that this server answers to; a page of another host that points its name here gets nothing.

    Args:
        names: Host names and addresses, with the port or without, which then may be any.
        any_address: Whether every numeric address is one: it cannot be pointed elsewhere as a name can.

    Example:
        >>> hosts = Hosts(["127.0.0.1:8000", "flags.example.org"])
        >>> [hosts.allow(name) for name in ("127.0.0.1:8000", "127.0.0.1:80", "Flags.example.org:8443", "evil.example")]
        [True, False, True, False]
    """

    def __init__(self, names: Iterable[str], *, any_address: bool = False) -> None:
        self._names, self._any_address = frozenset(name.lower() for name in names), any_address

    def allow(self, host: str) -> bool:
        """Tell whether the value of a Host header is a name of this server."""
        given = host.lower()
        name, port = split_host(given)
        if not port.isdecimal() and port:
            return False
        if given in self._names or name in self._names:
            return True
        return self._any_address and _is_address(name)


def split_host(host: str) -> tuple[str, str]:
    """Return name and port of a host; an address of IPv6 keeps its brackets.

    Example:
        >>> split_host("[::1]:8000"), split_host("localhost")
        (('[::1]', '8000'), ('localhost', ''))
    """
    if host.startswith("["):
        name, _, rest = host.partition("]")
        return f"{name}]", rest.removeprefix(":")
    name, _, port = host.partition(":")
    return name, port


def why_foreign(headers: Mapping[str, str], own: str) -> str:
    """Return why a request that changes something does not come from a page of this server; empty when it does.

    Args:
        headers: Headers of the request, by name in lower case.
        own: Scheme, host and port of this server, as the browser sees them.

    Example:
        >>> why_foreign({"origin": "http://evil.example"}, "http://127.0.0.1:8000")
        'it comes from http://evil.example'
        >>> why_foreign({"origin": "http://127.0.0.1:8000"}, "http://127.0.0.1:8000")
        ''
    """
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        return f"the browser says that it is {site}"
    if origin is not None:
        return "" if origin.lower() == own.lower() else f"it comes from {origin}"
    return "" if site is not None else "it does not say where it comes from"


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
