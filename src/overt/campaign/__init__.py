"""`overt.toml` read into typed records; without one, what a look at the project shows.

What is exported here is imported on first use: a verb that needs the records alone starts without the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from overt.campaign.loading import Loaded, load, parse_campaign
    from overt.campaign.records import Campaign

__all__ = ["Campaign", "Loaded", "load", "parse_campaign"]


def __getattr__(name: str) -> object:
    """Import what is asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    home = import_module("overt.campaign.records" if name == "Campaign" else "overt.campaign.loading")
    return getattr(home, name)
