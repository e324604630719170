"""How the admin is set up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminSettings:
    """What can be chosen about the admin.

    Args:
        title: What the flags belong to, for example the name of the project.
        store: What the store is called on the page of the status.
        hosts: Host names and addresses it answers to, with the port or without; empty for any, when whoever stands
            before it has looked.
        any_address: Whether it answers to every numeric address as well.
        secure: Whether browsers reach it through TLS, also when a proxy speaks it.
        cookie: Name of the cookie; different for each server of a machine, for cookies do not know ports.
        idle: Seconds of rest after which a session ends.
        longest: Seconds after which it ends however busy it was.
        body_bytes: Size of the largest form.
        body_seconds: Seconds in which a form has come.
        page_size: Changes on a page of the history.
    """

    title: str = "Feature flags"
    store: str = ""
    hosts: tuple[str, ...] = ()
    any_address: bool = False
    secure: bool = False
    cookie: str = "overt-flags"
    idle: float = 1800.0
    longest: float = 43_200.0
    body_bytes: int = 16_384
    body_seconds: float = 10.0
    page_size: int = 50
