"""What the recorder wrote, read while it is being written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from overt.evidence.records import Outcome


class Session(msgspec.Struct, frozen=True, tag_field="k", tag="session"):
    """What runs: versions of pytest and Python, and the folder that paths are relative to."""

    pytest: str
    python: str
    root: str


class Listed(msgspec.Struct, frozen=True, tag_field="k", tag="collected"):
    """Names of the tests that are going to run."""

    names: list[str]


class Whole(msgspec.Struct, frozen=True, tag_field="k", tag="whole"):
    """Names of all tests, before those of other shards were left out."""

    names: list[str]


class Began(msgspec.Struct, frozen=True, tag_field="k", tag="start"):
    """A test begins."""

    n: str


class Case(msgspec.Struct, frozen=True, tag_field="k", tag="case"):
    """A test, or one attempt at it, has ended.

    Args:
        n: Its name.
        o: Its outcome.
        d: Duration, nanoseconds.
        p: File, relative to the session's root.
        l: Line, from 1.
        a: Number of the attempt, from 1.
        c: 1 when it is a file that could not be collected or skipped itself.
        m: Message.
        t: Failure text.
        out: What it printed.
        proves: Names of claims that it says it supports.
        props: Names and values of its properties that are meant for the ledger.
    """

    n: str
    o: Outcome
    d: int
    p: str
    l: int  # noqa: E741 (short keys keep the recorder cheap)
    a: int = 1
    c: int = 0
    m: str = ""
    t: str = ""
    out: str = ""
    proves: list[str] = []
    props: list[tuple[str, str]] = []


class Ended(msgspec.Struct, frozen=True, tag_field="k", tag="end"):
    """The session has ended by itself: what pytest counted, and why it stopped early, if it did."""

    counts: dict[str, int] = {}
    stopped: str = ""


Line = Session | Whole | Listed | Began | Case | Ended


@dataclass(slots=True)
class Journal:
    """A file of lines that grows; each call of `read` yields what is new and whole.

    Args:
        path: The file; it may not be there yet.
    """

    path: Path
    _offset: int = 0

    def read(self) -> Iterator[Line]:
        """Yield the lines that were completed since the last call.

        A last line without its end is left for the next call: a kill cuts it, and then it never counts.

        Raises:
            msgspec.DecodeError: The file holds something that the recorder did not write.
        """
        try:
            with self.path.open("rb") as stream:
                stream.seek(self._offset)
                data = stream.read()
        except FileNotFoundError:
            return
        whole = data[: data.rfind(b"\n") + 1]
        self._offset += len(whole)
        for line in whole.splitlines():
            yield _DECODER.decode(_without_surrogates(line))


_DECODER = msgspec.json.Decoder(Line)


def _without_surrogates(line: bytes) -> bytes:
    """Return a line whose lone surrogates, which no UTF-8 can hold, are replacement characters."""
    if b"\\ud" not in line:
        return line
    import json

    return json.dumps(json.loads(line), ensure_ascii=False).encode("utf-8", "replace")
