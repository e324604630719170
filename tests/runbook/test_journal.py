"""How far a runbook has come survives whatever happens to the program."""

from __future__ import annotations

from pathlib import Path

import pytest

from overt.model import OvertError
from overt.runbook.journal import (
    Entry,
    Journal,
    journal_path,
    only_one,
    read_journal,
    remove_journal,
    write_journal,
)

START = Journal(runbook="lamp", environment="stage", text_sha256="ab", start_ns=1)


def entry(name: str, state: str) -> Entry:
    """Return an entry."""
    return Entry(id=name, state=state, by="ann", at_ns=2)  # type: ignore[arg-type]


def test_a_journal_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Each runbook has one for each environment; without a file nothing was begun."""
    path = journal_path(tmp_path, "lamp", "stage")
    assert path != journal_path(tmp_path, "lamp", "cellar")
    assert read_journal(path) is None
    journal = START.with_entry(entry("on", "begun")).with_entry(entry("on", "done")).with_entry(entry("off", "begun"))
    write_journal(path, journal)
    assert read_journal(path) == journal
    assert (journal.done, journal.unknown) == ({"on"}, {"off"})
    assert [each.id for each in journal.without("on").entries] == ["off"]
    remove_journal(path)
    remove_journal(path)
    assert read_journal(path) is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"runbook": 1}', b"\xff\x00"])
def test_a_broken_journal_is_never_taken_for_none(tmp_path: Path, content: bytes) -> None:
    """Nobody knows then what was done: a person has to look."""
    path = tmp_path / "lamp@stage.json"
    path.write_bytes(content)
    with pytest.raises(OvertError, match="how far the runbook came cannot be read"):
        read_journal(path)


def test_one_person_at_a_time(tmp_path: Path) -> None:
    """The second is told; afterwards the way is free."""
    path = journal_path(tmp_path, "lamp", "stage")
    with only_one(path):
        with pytest.raises(OvertError, match="is being carried out"), only_one(path):
            raise AssertionError
        with only_one(journal_path(tmp_path, "lamp", "cellar")):
            pass
    with only_one(path):
        pass
