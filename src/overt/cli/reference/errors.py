"""The catalogue of errors, and its pages: one list of all codes, and one page a part of the program."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from difflib import SequenceMatcher

from overt.cli.error_codes import Explained, read_errors
from overt.cli.reference.templates import Template
from overt.model.exits import Exit

CATALOGUE = "src/overt/cli/errors.json"
INDEX = "docs/reference/errors.md"

_PLACE = re.compile(r"(?<!\{)\{\w+\}")
_ALIKE = 0.6
"""How alike two messages of one module must be for the second to be the first, reworded; 1 is the same."""

_OF_THE_COMMAND_LINE = (
    "unrecognized arguments: {arguments}",
    "the following arguments are required: {arguments}",
    "one of the arguments {arguments} is required",
    "argument {name}: invalid choice: {value} (choose from {choices})",
    "argument {name}: invalid {kind} value: {value}",
    "argument {name}: expected one argument",
    "argument {name}: expected at least one argument",
    "argument {name}: not allowed with argument {other}",
    "argument {name}: ignored explicit argument {value}",
)
"""What the library says that reads the command line."""

_MADE = "<!-- Made from the source of overt by `python -m overt.cli.reference`; edit that. -->"


def read_catalogue() -> tuple[Explained, ...]:
    """Return the catalogue as it is; an empty one when there is none yet."""
    try:
        return read_errors()
    except OSError:
        return ()


def _now(found: Iterable[Template]) -> list[Explained]:
    """What is said now, each message once; without codes yet."""
    library = (Template(text, "see overt VERB --help", "USAGE", "overt.cli.options") for text in _OF_THE_COMMAND_LINE)
    merged: dict[str, Explained] = {}
    for one in (*found, *library):
        message = " ".join(one.message.split())
        if not re.search(r"[a-z]{3}", re.sub(r"\{.*?\}", "", message)):
            continue
        # Two places that say the same of values with other names say the same.
        key = _PLACE.sub("{}", message)
        former = merged.get(key)
        status = one.exit or "USAGE"
        if former is None:
            merged[key] = Explained("", message, " ".join(one.hint.split()), status, (one.module,))
        else:
            same = status if former.exit == status else ""
            modules = tuple(sorted({*former.modules, one.module}))
            merged[key] = replace(former, exit=same, modules=modules, hint=former.hint or one.hint)
    return list(merged.values())


def renewed(known: Sequence[Explained], found: Iterable[Template]) -> tuple[Explained, ...]:
    """Return the catalogue for what the program can say now: codes stay, also of messages that are only reworded.

    Args:
        known: The catalogue so far.
        found: What the program can say now.
    """
    now = _now(found)
    codes = {one.message: one.code for one in known}
    said = {one.message for one in now}
    gone = [one for one in known if one.message not in said and not one.retired]
    kept: list[Explained] = []
    new: list[Explained] = []
    for one in now:
        (kept if one.message in codes else new).append(replace(one, code=codes.get(one.message, "")))
    last = max((int(one.code[1:]) for one in known), default=0)
    for one in new:
        former = _reworded(one, gone)
        if former is not None:
            gone.remove(former)
            kept.append(replace(one, code=former.code))
        else:
            last += 1
            kept.append(replace(one, code=f"E{last:03}"))
    retired = [replace(one, retired=True) for one in known if one in gone or (one.retired and one.message not in said)]
    return tuple(sorted((*kept, *retired), key=lambda one: int(one.code[1:])))


def _reworded(new: Explained, gone: Sequence[Explained]) -> Explained | None:
    alike = [
        (SequenceMatcher(None, one.message, new.message).ratio(), one)
        for one in gone
        if set(one.modules) & set(new.modules)
    ]
    ratio, best = max(alike, key=lambda pair: pair[0], default=(0.0, None))
    return best if ratio >= _ALIKE else None


def catalogue_text(errors: Sequence[Explained]) -> str:
    """Return the catalogue as it is kept."""
    return json.dumps({"errors": [asdict(one) for one in errors]}, indent=1, ensure_ascii=False) + "\n"


def _code(text: str) -> str:
    """Text as code in Markdown, whatever signs are in it."""
    ticks = "``" if "`" in text else "`"
    gap = " " if "`" in text else ""
    return f"{ticks}{gap}{text.replace('{{', '{').replace('}}', '}')}{gap}{ticks}".replace("|", "\\|")


def _status(one: Explained) -> str:
    if not one.exit:
        return "It depends on where it happens."
    number = int(Exit[one.exit])
    return f"[{number}](../exit-codes.md)."


def _entry(one: Explained) -> str:
    lines = [f"### {one.code}", _code(one.message)]
    if one.hint:
        lines.append(f"What to do: {_code(one.hint)}")
    said = ", ".join(f"`{name}`" for name in one.modules)
    lines.append(f"Exit status: {_status(one)} Said by {said}.")
    return "\n\n".join(lines)


def _rooms(errors: Sequence[Explained]) -> dict[str, list[Explained]]:
    rooms: dict[str, list[Explained]] = {}
    for one in errors:
        if not one.retired:
            rooms.setdefault(one.room, []).append(one)
    return dict(sorted(rooms.items()))


def errors_pages(errors: Sequence[Explained]) -> dict[str, str]:
    """Return the pages: path relative to the root to Markdown.

    Args:
        errors: The catalogue.
    """
    rooms = _rooms(errors)
    rows = "\n".join(
        f"| [{room}](errors/{room}.md) | {len(some)} | {', '.join(_link(room, one) for one in some)} |"
        for room, some in rooms.items()
    )
    gone = ", ".join(f"`{one.code}`" for one in errors if one.retired)
    retired = f"\nNo longer said: {gone}. Their codes are not given again.\n" if gone else ""
    pages = {INDEX: _INDEX.format(made=_MADE, rows=rows, retired=retired)}
    for room, some in rooms.items():
        said = f"What `overt.{room}` can say, by code. Names in braces stand for values."
        parts = (f"# Errors of {room}", _MADE, said, *map(_entry, some))
        pages[f"docs/reference/errors/{room}.md"] = "\n\n".join(parts) + "\n"
    return pages


def _link(room: str, one: Explained) -> str:
    return f"[{one.code}](errors/{room}.md#{one.code.lower()})"


_INDEX = """\
# Errors

{made}

Each message that the program can show when it fails has a code. The code stays when the message is reworded, and is not
given to another one. The terminal names it behind the message, and `overt explain` tells what it means; it takes the
message itself, too:

    overt explain E001
    overt explain "there is no verb 'chek'"

Most messages begin with the place that they are about, `file:line:column`, and end with what to do, in brackets.

| part | errors | codes |
| --- | --- | --- |
{rows}
{retired}
"""
