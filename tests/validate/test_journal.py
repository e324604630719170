"""The recorder's file is read while it grows, and never believed beyond its last whole line."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.validate.journal import Began, Case, Ended, Journal, Listed, Session

LINES = (
    b'{"k":"session","v":1,"pytest":"9","python":"3.11","root":"/x"}\n'
    b'{"k":"collected","names":["a","b"]}\n'
    b'{"k":"start","n":"a"}\n'
    b'{"k":"case","n":"a","o":"passed","d":5,"p":"t.py","l":3}\n'
    b'{"k":"end","counts":{},"stopped":""}\n'
)


def test_every_kind_of_line_is_read(tmp_path: Path) -> None:
    """Each line becomes its own type."""
    path = tmp_path / "journal"
    path.write_bytes(LINES)
    assert [type(line) for line in Journal(path).read()] == [Session, Listed, Began, Case, Ended]


def test_a_file_that_is_not_there_yet_is_empty(tmp_path: Path) -> None:
    """The recorder makes the file when pytest has started."""
    assert list(Journal(tmp_path / "journal").read()) == []


@given(st.lists(st.integers(0, len(LINES)), max_size=6))
def test_wherever_writing_stops_each_line_comes_once(tmp_path_factory: pytest.TempPathFactory, cuts: list[int]) -> None:
    """However the file grows, the lines that come out are those that went in, in order, none twice."""
    path = tmp_path_factory.mktemp("grow") / "journal"
    journal, found = Journal(path), []
    for cut in sorted(cuts):
        path.write_bytes(LINES[:cut])
        found += list(journal.read())
        assert len(found) == LINES[:cut].count(b"\n")
    path.write_bytes(LINES)
    assert len(found + list(journal.read())) == 5


def test_a_lone_surrogate_becomes_a_question_mark(tmp_path: Path) -> None:
    """JSON can name half of a character; no file of the ledger can hold it."""
    path = tmp_path / "journal"
    path.write_bytes(b'{"k":"start","n":"x\\ud800y\\u00e9"}\n')
    assert list(Journal(path).read()) == [Began("x?yé")]


def test_what_the_recorder_did_not_write_is_an_error(tmp_path: Path) -> None:
    """A foreign line means that something else has written to the file."""
    path = tmp_path / "journal"
    path.write_bytes(b"hello\n" + LINES)
    journal = Journal(path)
    with pytest.raises(msgspec.DecodeError):
        list(journal.read())
