"""From `overt.toml` to a campaign, or to everything that is wrong with it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from overt.campaign.convert import departures, plain
from overt.campaign.defaults import complete, default_campaign
from overt.campaign.detect import detect
from overt.campaign.locate import KeyPath, locate
from overt.campaign.records import Campaign
from overt.campaign.rules import broken_rules
from overt.model import Location, OvertError, Problem, Problems
from overt.system.files import project_files

FILE = "overt.toml"
LIMIT = 2_000_000
"""Bytes above which a configuration file is refused unread."""

_AT = re.compile(r" \(at line (\d+), column (\d+)\)$")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A campaign and where it comes from.

    Args:
        campaign: The campaign; gaps of `project` are filled in from what was detected.
        path: The file it was read from; None when there is none.
        lines: Line of each key in that file, counted from 1.
        detected: Whether the whole campaign was detected because there is no file.
    """

    campaign: Campaign
    path: Path | None = None
    lines: Mapping[KeyPath, int] = field(default_factory=dict)
    detected: bool = False

    def where(self, *path: str | int) -> Location:
        """Return the place of a key, or of the nearest table around it that is written in the file.

        Args:
            path: Keys from the top down, for example `"claims", "suite-green", "expect"`.
        """
        return Location(FILE, _line(self.lines, path))


def _line(lines: Mapping[KeyPath, int], path: KeyPath) -> int:
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 0)


def _refuse(message: str, hint: str = "", *, line: int = 0, column: int = 0) -> OvertError:
    return OvertError(message, where=Location(FILE, line, column), hint=hint)


def _read(path: Path) -> str:
    """Return the text of the file, or say why it has none."""
    try:
        if not path.is_file():
            raise _refuse("is not a file", "remove it, or put a file there: overt init writes one")
        size = path.stat().st_size
        if size > LIMIT:
            raise _refuse(f"has {size:,} bytes; at most {LIMIT:,} are read", "a campaign is a few kilobytes")
        raw = path.read_bytes()
    except OSError as error:
        raise _refuse(f"cannot be read: {error.strerror or error}") from None
    if raw.startswith(b"\xef\xbb\xbf"):
        raise _refuse(
            "begins with a byte order mark, which TOML does not allow", "save it as UTF-8 without BOM", line=1
        )
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = f"is not UTF-8: byte 0x{raw[error.start]:02x} at offset {error.start}"
        raise _refuse(message, "save it as UTF-8", line=line) from None


def _parse(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message, place = str(error), _AT.search(str(error))
        line, column = (int(place[1]), int(place[2])) if place else (0, 0)
        raise _refuse(f"is not TOML: {_AT.sub('', message)}", line=line, column=column) from None
    except (RecursionError, ValueError) as error:
        raise _refuse(f"is not TOML: {'nested too deeply' if isinstance(error, RecursionError) else error}") from None


def parse_campaign(text: str) -> tuple[Campaign, dict[KeyPath, int]]:
    """Turn the text of an `overt.toml` into a campaign.

    Args:
        text: The document.

    Returns:
        The campaign as written, nothing detected, and the line of each key.

    Raises:
        Problems: Everything that is wrong, each with its line.
        OvertError: It is not TOML.

    Example:
        >>> parse_campaign('[project]\\nname = "shop"')[0].project.name
        'shop'
    """
    document, lines = plain(_parse(text)), locate(text)
    assert isinstance(document, dict)
    found = [*departures(msgspec.inspect.type_info(Campaign), document), *broken_rules(document)]
    if found:
        problems = [Problem(item.message, Location(FILE, _line(lines, item.path)), item.hint) for item in found]
        raise Problems(sorted(problems, key=lambda problem: problem.where or Location(FILE)))
    return msgspec.convert(document, Campaign), lines


def load(root: Path, *, files: Sequence[str] | None = None) -> Loaded:
    """Read the campaign of a project; without an `overt.toml`, detect it.

    Args:
        root: Folder of the project.
        files: Its files, relative to the root, POSIX; listed when None.

    Raises:
        Problems: Everything that is wrong with the file, each with its line.
        OvertError: There is no such folder, or the file cannot be read.
    """
    if not root.is_dir():
        raise OvertError(f"there is no folder {root}", hint="give the project's folder with -C DIR")
    path = root / FILE
    present = path.exists() or path.is_symlink()
    campaign, lines = parse_campaign(_read(path)) if present else (None, {})
    found = detect(root, project_files(root) if files is None else files)
    if campaign is None:
        return Loaded(default_campaign(found), detected=True)
    return Loaded(complete(campaign, found), path, lines)
