"""XML from strangers, read in one pass: no entities, nothing fetched, errors with their line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

from overt.model import Exit, Location, OvertError

_CHUNK = 1 << 16
DEEPEST = 200
"""Levels of elements that are read."""


class TooDeepError(Exception):
    """Raised by a handler that counts levels itself, beyond `DEEPEST` of them."""


@dataclass(frozen=True, slots=True)
class Handlers:
    """What is called while a document is read.

    Args:
        start: Given a tag and its attributes.
        end: Given a tag.
        text: Given characters.
        pause: Called now and then, between two pieces of the file.
        counts: Whether `start` itself raises `TooDeepError`; calls for each element are dear in a long document.
    """

    start: Callable[[str, dict[str, str]], None]
    end: Callable[[str], None]
    text: Callable[[str], None]
    pause: Callable[[], None] = lambda: None
    counts: bool = False


def parse_xml(path: Path, name: str, handlers: Handlers) -> None:
    """Read a document from its beginning to its end.

    Args:
        path: The file.
        name: How it is named in messages.
        handlers: What is called.

    Raises:
        OvertError: It is empty, truncated, not well-formed, too deep, or declares entities; names the line.
        OSError: It cannot be read.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_: object) -> NoReturn:
        message = "declares entities, which can grow without end or name files; it is not read"
        raise OvertError(message, where=Location(name, parser.CurrentLineNumber), exit=Exit.UNCHECKED)

    start, end = (handlers.start, handlers.end) if handlers.counts else _counting(handlers)
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = handlers.text
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    _feed(parser, path, name, handlers.pause)


def _counting(handlers: Handlers) -> tuple[Callable[[str, dict[str, str]], None], Callable[[str], None]]:
    """Return handlers of elements that refuse what is nested too deep."""
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise TooDeepError
        handlers.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        handlers.end(tag)

    return start, end


def _feed(parser: expat.XMLParserType, path: Path, name: str, pause: Callable[[], None]) -> None:
    any_bytes = False
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                any_bytes = True
                parser.Parse(chunk, False)  # noqa: FBT003  # expat takes it by position only
                pause()
        if any_bytes:
            parser.Parse(b"", True)  # noqa: FBT003
    except expat.ExpatError as error:
        what = expat.ErrorString(error.code)
        torn = error.code in _TORN
        message = f"is truncated: {what}" if torn else f"is not well-formed XML: {what}"
        raise OvertError(message, where=Location(name, error.lineno), exit=Exit.UNCHECKED) from error
    except TooDeepError as error:
        where = Location(name, parser.CurrentLineNumber)
        raise OvertError(f"is nested more than {DEEPEST} deep", where=where, exit=Exit.UNCHECKED) from error
    except (UnicodeDecodeError, LookupError, ValueError) as error:
        where = Location(name, parser.CurrentLineNumber)
        raise OvertError(f"is in an encoding that cannot be read: {error}", where=where, exit=Exit.UNCHECKED) from error
    if not any_bytes:
        raise OvertError("is empty", where=Location(name), hint="the tool wrote nothing", exit=Exit.UNCHECKED)


_TORN = frozenset(
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)
