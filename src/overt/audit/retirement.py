"""Flags that are to be taken out: read by nothing, past their date, or on for everybody for long; and names of none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

from overt.campaign.loading import Loaded
from overt.campaign.records import FlagTable
from overt.flags.feature_flags import FeatureFlags
from overt.flags.records import Change, percent
from overt.lint.flag_readers import FlagReads
from overt.model import Finding, Location, Related

UNREAD, OVERDUE, FINISHED, UNDECLARED = "flag-unread", "flag-overdue", "flag-finished", "flag-undeclared"

_MOST_READERS = 20


def on_since(history: Sequence[Change], declared: FlagTable) -> date | None:
    """Return the day since which a flag is on for everybody; None when it is not.

    Args:
        history: Its changes, the oldest first.
        declared: How it is declared.
    """
    since: date | None = date.fromisoformat(declared.created) if declared.default else None
    on = declared.default
    for change in history:
        was, on = on, percent(declared.default if change.new is None else change.new) >= 100
        if on and not was:
            since = datetime.fromtimestamp(change.at, UTC).date()
    return since if on else None


def retired_flags(
    loaded: Loaded, reads: FlagReads, today: date, *, flags: FeatureFlags | None = None
) -> tuple[Finding, ...]:
    """Return what is to be done about the flags of a campaign.

    Args:
        loaded: The campaign.
        reads: What the code reads.
        today: Today, UTC.
        flags: The flags with their history; None when there is no store.

    Raises:
        StoreError: The store cannot be read.
    """
    found: list[Finding] = []
    for name, declared in loaded.campaign.flags.items():
        where = loaded.where("flags", name)
        readers = reads.readers.get(name, ())
        history = flags.history(name) if flags is not None else ()
        found += _unread(name, where, readers, reads)
        found += _overdue(name, declared, where, today)
        found += _finished(name, on_since(history, declared), where, readers, today, loaded)
    return (*found, *_undeclared(reads))


def _unread(name: str, where: Location, readers: Sequence[Location], reads: FlagReads) -> Iterator[Finding]:
    # A file that could not be read may be the reader.
    if not readers and reads.files and not reads.unreadable:
        message = f"nothing reads {name}: it switches nothing; take it out, or read it where it is to decide"
        yield Finding(UNREAD, message, where, symbol=name)


def _overdue(name: str, declared: FlagTable, where: Location, today: date) -> Iterator[Finding]:
    if date.fromisoformat(declared.until) < today:
        message = f"{name} was to be gone by {declared.until}: take it out, or let {declared.owner} set a new date"
        yield Finding(OVERDUE, message, where, symbol=name)


def _finished(
    name: str, since: date | None, where: Location, readers: Sequence[Location], today: date, loaded: Loaded
) -> Iterator[Finding]:
    limit = loaded.campaign.migration.retire_after_days
    days = (today - since).days if since is not None else 0
    if limit and since is not None and days > limit:
        message = f"{name} is on for everybody since {since}, {days} days: take it out, and what it switched off"
        related = tuple(Related(place, "reads it") for place in readers[:_MOST_READERS])
        yield Finding(FINISHED, message, where, symbol=name, related=related)


def _undeclared(reads: FlagReads) -> Iterator[Finding]:
    for name, place, near in reads.undeclared:
        hint = f"; did you mean {near!r}?" if near else "; declare it, or read another one"
        yield Finding(UNDECLARED, f"{name!r} is read here, and no flag has that name{hint}", place, symbol=name)
