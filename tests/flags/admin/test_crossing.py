"""Names of the server, and pages of other servers."""

from __future__ import annotations

import pytest

from overt.flags.admin.crossing import Hosts, why_foreign

OWN = "http://127.0.0.1:8001"


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("127.0.0.1:8001", True),
        ("LOCALHOST:8001", True),
        ("flags.example.org", True),
        ("flags.example.org:99", True),
        ("127.0.0.1", False),
        ("127.0.0.1:80", False),
        ("127.0.0.1:8001.evil.example", False),
        ("evil@127.0.0.1:8001", False),
        ("flags.example.org:99x", False),
        ("flags.example.org.evil.example", False),
        ("[::1]:8001", False),
        ("10.0.0.1:8001", False),
        ("", False),
        ("[", False),
    ],
)
def test_only_own_names(host: str, allowed: bool) -> None:
    """A name with a port is that port alone; a name that ends or begins like one is none."""
    assert Hosts(["127.0.0.1:8001", "localhost:8001", "flags.example.org"]).allow(host) is allowed


def test_every_address_but_no_other_name() -> None:
    """Where it listens everywhere, an address cannot be pointed elsewhere as a name can."""
    hosts = Hosts(["localhost:8001"], any_address=True)
    asked = ("10.0.0.1:8001", "[2001:db8::1]:8001", "10.0.0.1.evil.example", "evil.example")
    assert [hosts.allow(host) for host in asked] == [True, True, False, False]


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"origin": OWN}, ""),
        ({"origin": OWN, "sec-fetch-site": "same-origin"}, ""),
        ({"sec-fetch-site": "same-origin"}, ""),
        ({}, "it does not say where it comes from"),
        ({"origin": "null"}, "it comes from null"),
        ({"origin": "https://127.0.0.1:8001"}, "it comes from https://127.0.0.1:8001"),
        ({"origin": OWN + "0"}, f"it comes from {OWN}0"),
        ({"origin": OWN, "sec-fetch-site": "cross-site"}, "the browser says that it is cross-site"),
        ({"origin": OWN, "sec-fetch-site": "same-site"}, "the browser says that it is same-site"),
        ({"sec-fetch-site": "none"}, "the browser says that it is none"),
    ],
)
def test_only_own_pages(headers: dict[str, str], why: str) -> None:
    """Both headers must say so as far as they are there, and one must be."""
    assert why_foreign(headers, OWN) == why
