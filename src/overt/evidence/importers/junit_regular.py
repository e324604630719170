"""JUnit XML of very many tests, nearly all of which passed: those are cut out before expat sees the file.

Test cases that are written like the first one of the file and hold nothing are read by one pattern, a stretch of them
at once. Everything else goes to expat, with one empty element in place of each stretch. When expat meets that element
where it was put, and a test case may stand there, the stretch is what it looked like; inside of a comment, a CDATA
section, an attribute or another test case it does not. Then, or when anything else is unusual (another encoding, a
document type, an error), nothing of what was read counts, and the file is read without short cuts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NoReturn, Protocol
from xml.parsers import expat

from overt.evidence.importers.xml import TooDeepError
from overt.model import OvertError

_PIECE = 1 << 20
_CASE = b"<testcase"
_STANDS_IN = b"<testcase/>"
_UTF_8 = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:<\?xml version=[\"']1\.0[\"'](?: encoding=[\"'](?i:utf-8)[\"'])?[ ]?\?>|(?!<\?xml)(?=[\s<]))"
)
_FIRST = re.compile(rb'<testcase((?: [a-z]{1,20}="[^"<&\x00-\x1f]{0,4096}"){1,8})(?: ?/>|></testcase>)')
_KEYS = re.compile(r' ([a-z]+)="')
_PLAIN = '[^"<&\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]*'
_OUTCOMES = frozenset({"status", "result"})
"""Attributes by which a test case says that it did not pass."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Test cases of a piece of the file of which nothing is said but that they passed.

    Args:
        columns: The values of each attribute that they have.
        together: Whether no suite begins or ends among them, as far as it seems.
    """

    columns: Mapping[str, Sequence[str]]
    together: bool


class Document(Protocol):
    """What collects the elements of a file."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""

    def end(self, tag: str) -> None:
        """Take the end of an element."""

    def text(self, text: str) -> None:
        """Take characters."""

    def flush(self) -> None:
        """Take note that a piece of the file ends."""

    def stretch(self, rows: Rows, begin: int, end: int) -> bool:
        """Take test cases that stand in the place of the element that begins here; False when none may stand there."""


class _IrregularError(Exception):
    """What was read may not be what it looked like."""


def read_regular(path: Path, document: Document) -> bool:
    """Read a file whose test cases mostly look alike.

    Args:
        path: The file.
        document: What collects its elements.

    Returns:
        Whether all of it was read. When not, what the document holds is worth nothing, and another reader must say
        what is in the file or wrong with it.

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as stream:
        head = stream.read(_PIECE)
        pattern, keys = _shape(head)
        if pattern is None:
            return False
        reader = _Reader(document, pattern, keys)
        try:
            for piece, whole in _pieces(head, stream):
                reader.feed(piece, whole=whole)
            reader.end()
        except (_IrregularError, TooDeepError, OvertError, expat.ExpatError, ValueError):
            return False
    return True


def _shape(head: bytes) -> tuple[re.Pattern[str] | None, tuple[str, ...]]:
    """Return the pattern of test cases that look like the first empty one, and the names of their attributes."""
    first = _FIRST.search(head)
    if first is None or not _UTF_8.match(head):
        return None, ()
    keys = tuple(_KEYS.findall(first[1].decode("ascii", "replace")))
    if len(set(keys)) < len(keys) or "name" not in keys or not _OUTCOMES.isdisjoint(keys):
        return None, ()
    attributes = "".join(f' {key}="({_PLAIN})"' for key in keys)
    return re.compile(rf"<testcase{attributes}(?: ?/>|></testcase>)[ \t\r\n]*"), keys


def _pieces(head: bytes, stream: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Yield a file in pieces that end before a test case begins; False with one in which none does."""
    rest = head
    while chunk := stream.read(_PIECE):
        cut = rest.rfind(_CASE, 1)
        yield (rest[:cut], True) if cut > 0 else (rest, False)
        rest = (rest[cut:] if cut > 0 else b"") + chunk
    yield rest, True


class _Reader:
    """Feeds expat with what the pattern leaves, and the document with what both find."""

    def __init__(self, document: Document, pattern: re.Pattern[str], keys: tuple[str, ...]) -> None:
        self._document, self._pattern, self._keys = document, pattern, keys
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = document.end
        self._parser.CharacterDataHandler = document.text
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._fed = 0
        self._awaited: dict[int, tuple[Rows, int, int]] = {}

    def feed(self, piece: bytes, *, whole: bool) -> None:
        """Read a piece of the file; only in a whole one may a test case begin.

        Raises:
            _IrregularError: It is not what it looked like.
            ExpatError: It is not well-formed.
            ValueError: It is not UTF-8.
        """
        rest = b"".join(self._split(piece)) if whole else piece
        self._parser.Parse(rest, False)  # noqa: FBT003  # expat takes it by position only
        self._fed += len(rest)
        if self._awaited:
            raise _IrregularError
        self._document.flush()

    def end(self) -> None:
        """End the document."""
        self._parser.Parse(b"", True)  # noqa: FBT003

    def _split(self, piece: bytes) -> Iterator[bytes]:
        """Yield what of a piece expat is to see; the stretches taken out are expected where they were."""
        width = len(self._keys) + 1
        parts = self._pattern.split(piece.decode())
        gaps = parts[::width]
        columns = {key: parts[at::width] for at, key in enumerate(self._keys, 1)}
        between = "".join(gaps[1:])
        rows = Rows(columns, together="<testsuite" not in between and "</testsuite>" not in between)
        at, begin = self._fed, 0
        for number, gap in enumerate(gaps):
            if not gap and number + 1 < len(gaps):
                continue
            if number > begin:
                self._awaited[at] = rows, begin, number
                yield _STANDS_IN
                at += len(_STANDS_IN)
            begin = number
            if gap:
                written = gap.encode()
                yield written
                at += len(written)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._awaited and tag == "testcase" and not attributes:
            stretch = self._awaited.pop(self._parser.CurrentByteIndex, None)
            if stretch is not None:
                if not self._document.stretch(*stretch):
                    raise _IrregularError
                return
        self._document.start(tag, attributes)

    def _refuse(self, *_: object) -> NoReturn:
        raise _IrregularError
