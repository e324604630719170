"""What is remembered of runs: one short line for each run and suite, drawn from what the run sealed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated

import msgspec
from msgspec import Meta

from overt.evidence.canonical import encode, sha256
from overt.model import OvertError, Problem

VERSION = 1
"""Version of the lines; newer ones are named and passed over."""

Whole = Annotated[int, Meta(ge=-(2**62), le=2**62)]
Moment = Annotated[int, Meta(ge=0, le=2**62)]
Letters = Annotated[str, Meta(pattern="^[pfe]{1,50}$")]
"""What became of the attempts at a test: `p` passed, `f` failed, `e` broke."""
Answer = Annotated[str, Meta(pattern="^[prou]$")]
"""What became of an item of a review."""

_CHECK = b'"check":"'
_DIGITS = 16


class Compared(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What a benchmark came to: ratio of after to before and its interval, parts per million; 0 when there is none."""

    ratio: Whole = 0
    low: Whole = 0
    high: Whole = 0
    pairs: Whole = 0
    verdict: str = "not measured"


class Leaked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What a check for leaks came to: bytes held more after each iteration, and their interval."""

    value: Whole = 0
    low: Whole = 0
    high: Whole = 0
    verdict: str = "not measured"


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="line"):
    """What every line has.

    Args:
        version: Version of its form.
        check: Beginning of the digest of the line without this field.
    """

    version: int
    check: str = ""


class Entry(Line, frozen=True, kw_only=True, tag="suite"):
    """One suite of one run.

    Args:
        run: Name of the run.
        seal: Seal of its manifest, which holds also when its folder is gone.
        suite: Name of the suite.
        suite_kind: Its kind.
        created_ns: When the run began, nanoseconds since 1970 UTC.
        duration_ns: Wall time of the suite, nanoseconds.
        commit: Commit it was measured on; empty outside version control.
        branch: Branch; empty when it is not known.
        dirty: Whether the work tree differed from the commit.
        difference: Digest of that difference; empty when there was none.
        inputs: Digest of the files it was measured on.
        settings: Digest of its settings.
        host: Where it ran: system, machine, Python.
        packages: Beginning of the digest of the packages that were installed there.
        outcome: Its verdict, worked out from what was planned then, without quarantine.
        status: How it ended.
        counts: How many of what; zeros are left out.
        standings: Findings by standing: `new`, `ratcheted`, `allowed`, `note`.
        benchmarks: What was compared.
        leaks: What was checked for leaks.
        measures: Named figures that are followed over time: coverage.
        items: Of a review, items to the letter of what became of them: `p` proved, `r` refuted, `o` asked of a person,
            `u` could not run.
        names: Digest of the set of tests that ran; empty when none did.
        tests: Tests of which an attempt failed, each with the letters of its attempts: `p` passed, `f` failed, `e`
            broke. Every other test of the set passed at its only attempt.
        packed: The same, compressed, when there are very many.
    """

    run: str
    seal: str
    suite: str
    suite_kind: str = ""
    created_ns: Moment = 0
    duration_ns: Moment = 0
    commit: str = ""
    branch: str = ""
    dirty: bool = False
    difference: str = ""
    inputs: str = ""
    settings: str = ""
    host: str = ""
    packages: str = ""
    outcome: str = "unchecked"
    status: str = "completed"
    counts: dict[str, Whole] = {}
    standings: dict[str, Whole] = {}
    benchmarks: dict[str, Compared] = {}
    leaks: dict[str, Leaked] = {}
    measures: dict[str, Whole] = {}
    items: dict[str, Answer] = {}
    names: str = ""
    tests: dict[str, Letters] = {}
    packed: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What the line is about: two lines with one key say the same, or contradict each other."""
        return self.seal, self.suite

    def count(self, name: str) -> int:
        """Return one of its counts."""
        return self.counts.get(name, 0)

    @property
    def ran(self) -> int:
        """Tests that were not skipped."""
        return self.count("total") - self.count("skipped")


class Names(Line, frozen=True, kw_only=True, tag="names"):
    """A set of tests that ran: whole, or as what it has more and less than another.

    Args:
        sha256: Digest of the sorted names.
        suite: Suite that ran them first.
        base: Digest of the set it is told by; empty when it is told whole.
        depth: How many sets must be known to know this one.
        added: Names that the other set lacks.
        gone: Names that only the other set has.
        packed: The whole set, compressed.
    """

    sha256: str
    suite: str
    base: str = ""
    depth: int = 0
    added: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    packed: str = ""


AnyLine = Entry | Names
_DECODER = msgspec.json.Decoder(AnyLine)


class _Version(msgspec.Struct):
    version: int


@dataclass(frozen=True, slots=True)
class History:
    """What is remembered.

    Args:
        entries: One for each run and suite, the oldest first.
        sets: Sets of tests by digest.
        damage: Lines that were passed over, each with its place.
    """

    entries: tuple[Entry, ...] = ()
    sets: Mapping[str, Names] = field(default_factory=dict)
    damage: tuple[Problem, ...] = ()

    @property
    def seals(self) -> frozenset[str]:
        """Seals of the runs that are remembered."""
        return frozenset(entry.seal for entry in self.entries)

    def by_suite(self) -> dict[str, list[Entry]]:
        """Return the entries of each suite, the oldest first; suites by name."""
        grouped: dict[str, list[Entry]] = {}
        for entry in self.entries:
            grouped.setdefault(entry.suite, []).append(entry)
        return dict(sorted(grouped.items()))


def write_line(line: AnyLine) -> bytes:
    r"""Return a line as it stands in the file, with its check and its newline.

    Example:
        >>> line = write_line(Entry(version=1, run="r", seal="s", suite="unit"))
        >>> read_line(line.rstrip(b"\n")).suite
        'unit'
    """
    check = sha256(encode(msgspec.structs.replace(line, check="")))[:_DIGITS]
    return encode(msgspec.structs.replace(line, check=check)) + b"\n"


def read_line(data: bytes) -> AnyLine:
    """Return what a line says.

    Args:
        data: The line, without its newline.

    Raises:
        OvertError: It is not a line of a history, was edited, or is of a newer version.
    """
    try:
        version = msgspec.json.decode(data, type=_Version).version
        if version > VERSION:
            raise OvertError(f"is of version {version}; this version of overt reads up to {VERSION}")
        line: AnyLine = _DECODER.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise OvertError(f"is not a line of a history: {error}") from error
    at = data.find(_CHECK)
    end = at + len(_CHECK) + _DIGITS + len(b'",')
    if not line.check or sha256(data[:at] + data[end:])[:_DIGITS] != line.check:
        raise OvertError("was edited: its check does not hold")
    return line


def order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return entries by time, then by run and suite."""
    return tuple(sorted(entries, key=lambda entry: (entry.created_ns, entry.run, entry.suite)))
