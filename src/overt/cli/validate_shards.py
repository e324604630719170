"""`overt validate --list --shard`: what each part of a run is to do, and how long it is expected to take."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from overt.campaign import Loaded
from overt.campaign.flag_states import with_states
from overt.cli.validate_words import safe, seconds
from overt.model import Exit
from overt.validate.context import Choice
from overt.validate.plan import parse_shard
from overt.validate.split import Split, split_for


def show_shards(loaded: Loaded, root: Path, choice: Choice, *, as_json: bool) -> int:
    """Show how the work of a run is dealt out; run nothing.

    Args:
        loaded: The project's campaign.
        root: Folder of the project.
        choice: What the user asked for; with a shard.
        as_json: Whether to print one JSON document.
    """
    split = split_for(with_states(loaded.campaign), root.resolve(), choice.suites, choice)
    assert split is not None, "a shard was asked for"
    number, _ = parse_shard(choice.shard)
    if as_json:
        sys.stdout.write(json.dumps(_document(split, number), indent=2) + "\n")
        return Exit.PROVED
    for line in _lines(split, number):
        sys.stdout.write(safe(line, sys.stdout) + "\n")
    return Exit.PROVED


def _document(split: Split, number: int) -> dict[str, object]:
    return {
        "shard": number,
        "shards": [
            {"shard": each, "expected_us": load, "whole": _whole(split, each)}
            for each, load in enumerate(split.loads, 1)
        ],
        "split": list(split.before),
        "never_measured": list(split.unknown),
        "source": split.known.source,
        "digest": split.digest(),
    }


def _whole(split: Split, number: int) -> list[str]:
    return [name for name, home in split.homes.items() if home == number]


def _lines(split: Split, number: int) -> Iterator[str]:
    times = [seconds(load * 1_000) if split.known.source else "?" for load in split.loads]
    wide = max(map(len, times))
    for each, time in enumerate(times, 1):
        sign = ">" if each == number else " "
        whole = ", ".join(_whole(split, each))
        yield f"{sign} {each}/{split.shards}  {time:>{wide}}  {f'whole: {whole}' if whole else ''}".rstrip()
    yield ""
    if split.before:
        yield f"Dealt out test by test to all parts: {', '.join(split.before)}"
    if split.known.source:
        yield f"Times: {split.known.source}" + (
            f"; never measured: {', '.join(split.unknown)}" if split.unknown else ""
        )
    else:
        yield "Nothing was measured yet: files of tests are dealt out by how many tests they have."
    yield f"Digest: {split.digest()[:16]}, which must be the same on every machine"
