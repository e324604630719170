"""The part of `overt.toml` that says what a change is held to."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from overt.campaign.record_base import Name, Seconds, Table, Text


class ReviewRuleTable(Table, frozen=True, kw_only=True):
    """An item of the project's own on the review checklist.

    Args:
        id: Its id.
        title: What it demands.
        paths: Globs of the files that make it apply; those that begin with `!` take away.
        command: Program and arguments whose exit status tells: 0 holds, 1 does not; no shell. It is run only when the
            `overt.toml` that the change sets out from names it, too.
        question: What a person is asked, instead of a command.
        why: Why it is there.
        see: Page of its guideline, relative to the root, with its anchor.
        timeout: Seconds until the whole process group is killed.
    """

    id: Name
    title: Text
    paths: Annotated[tuple[str, ...], Meta(min_length=1)]
    command: tuple[str, ...] = ()
    question: str = ""
    why: str = ""
    see: str = ""
    timeout: Seconds = 300.0


class HotPath(Table, frozen=True, kw_only=True):
    """Files whose speed matters.

    Args:
        files: Globs of the files.
        suite: The suite that measures them.
    """

    files: Annotated[tuple[str, ...], Meta(min_length=1)]
    suite: Name


class Review(Table, frozen=True, kw_only=True):
    """What a change is held to.

    Args:
        leave-out: Ids of items that the project does without.
        most-lines: Most lines that a change may have, locks left out.
        changelog: File that tells what is new; `CHANGELOG.md` and its like when empty.
        hot-paths: Files whose speed matters.
        rules: Items of the project's own.
    """

    leave_out: tuple[Name, ...] = ()
    most_lines: Annotated[int, Meta(ge=1)] = 400
    changelog: str = ""
    hot_paths: tuple[HotPath, ...] = ()
    rules: tuple[ReviewRuleTable, ...] = ()
