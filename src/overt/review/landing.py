"""Which commits a CI service is to have reviewed: what is about to land, or has just landed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from overt.model import Exit, OvertError
from overt.review.span import Span, commit_of, read_span
from overt.system.git import git

BASE: Final = "OVERT_REVIEW_BASE"
"""Variable that names the base by hand; it goes before everything that a service says."""
_LARGEST: Final = 30_000_000
_GUESS: Final = "the commit before the newest one"
_MAIN: Final = ("origin/main", "origin/master")


@dataclass(frozen=True, slots=True)
class Landing:
    """What is to be reviewed.

    Args:
        span: The commits.
        since: Where the base comes from, in words.
        known: Whether that is all that lands; the commit before the newest one is no more than a guess.
        passed_over: Bases that were named and could not be used, each with the reason.
    """

    span: Span
    since: str
    known: bool
    passed_over: tuple[str, ...] = ()


def _event(path: str) -> dict[str, object]:
    """Return what GitHub says of what happened; nothing when it cannot be read."""
    try:
        with Path(path).open("rb") as stream:
            told = json.loads(stream.read(_LARGEST))
    except (OSError, ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _inside(table: object, *keys: str) -> str:
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return table if isinstance(table, str) else ""


def _named(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the bases that the environment names, each with where it comes from."""
    yield environment.get(BASE, ""), BASE
    event = _event(environment.get("GITHUB_EVENT_PATH", "")) if environment.get("GITHUB_EVENT_PATH") else {}
    yield _inside(event, "pull_request", "base", "sha"), "the base of the pull request"
    # Of a pull request it is its own former head: what was pushed before that lands as well.
    yield "" if "pull_request" in event else _inside(event, "before"), "what was there before the push"
    yield environment.get("CI_MERGE_REQUEST_DIFF_BASE_SHA", ""), "the base of the merge request"
    yield environment.get("CI_COMMIT_BEFORE_SHA", ""), "what was there before the push"


def _main_branch(root: Path, head: str) -> Iterator[tuple[str, str]]:
    """Yield the main branch of the origin where the checked-out commit is not part of it."""
    for name in _MAIN:
        found = git(root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        merged = git(root, "merge-base", head, name) if found else None
        if merged and merged.decode().strip() != head:
            yield name, name


def find_landing(root: Path, environment: Mapping[str, str]) -> Landing:
    """Return what a CI service is to have reviewed.

    The base is the first of these that is in the clone: what `OVERT_REVIEW_BASE` names, what the service says was there
    before, the main branch of the origin when the checked-out commit is not part of it, and the commit before.

    Args:
        root: The repository.
        environment: The variables of the service.

    Raises:
        OvertError: Nothing can be reviewed; the message says why.
    """
    try:
        head = commit_of(root, "HEAD")
    except OvertError as error:
        raise OvertError(
            f"nothing was reviewed: {root} holds no commit of a git repository", exit=Exit.UNCHECKED
        ) from error
    passed_over: list[str] = []
    for name, since in (*_named(environment), *_main_branch(root, head), (f"{head}^1", _GUESS)):
        if not name.strip("0"):
            continue
        try:
            base = commit_of(root, name)
            if base == head:
                continue
            span = read_span(root, f"{base}...{head}")
            return Landing(span, since, since != _GUESS, tuple(passed_over))
        except OvertError as error:
            passed_over.append(f"{since}: {error.message}")
    hint = "fetch the whole history (fetch-depth: 0, GIT_DEPTH: 0), or name a base in OVERT_REVIEW_BASE"
    raise OvertError(f"nothing was reviewed: {'; '.join(passed_over)}", hint=hint, exit=Exit.UNCHECKED)
