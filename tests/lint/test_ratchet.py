"""The ratchet: counts may only fall."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.lint import Report, check
from overt.lint.ratchet import Entry, Ratchet, grown, parse_ratchet, pruned, read_ratchet, render_ratchet
from overt.lint.settings import PlainSettings
from overt.model import OvertError

FILE = "validation/hidden-state.ratchet"
ONE = "_rows = []\n\n\ndef add(row):\n    _rows.append(row)\n"
TWO = ONE + "\n\ndef more(row):\n    _rows.append(row)\n"


def run(root: Path, text: str | None = None, *, ratchet: bool = True, **given: object) -> Report:
    """Check one file."""
    if text is not None:
        (root / "a.py").write_text(text, "utf-8")
    return check(root, ["a.py"], PlainSettings(), ratchet=ratchet, today="2026-06-01", **given)  # type: ignore[arg-type]


def hold(root: Path, *lines: str) -> None:
    """Write the ratchet."""
    (root / "validation").mkdir(exist_ok=True)
    (root / FILE).write_text("".join(f"{line}\n" for line in lines), "utf-8")


def told(report: Report) -> list[tuple[str, str]]:
    """Return rule and standing of each finding."""
    return sorted((seen.finding.rule, seen.standing) for seen in report.findings)


def test_what_is_written_holds_what_was_found(tmp_path: Path) -> None:
    """One line for each key, with how many places."""
    new = grown(run(tmp_path, TWO, ratchet=False))
    assert [str(entry) for entry in new.entries] == ["OV202|a.py|a|_rows 2"]
    (tmp_path / "validation").mkdir()
    (tmp_path / FILE).write_bytes(render_ratchet(new))
    report = run(tmp_path)
    assert told(report) == [("OV202", "ratcheted")]
    assert report.exit == 0


def test_lines_may_move_and_change(tmp_path: Path) -> None:
    """The key has no line number and no source text."""
    hold(tmp_path, "OV202|a.py|a|_rows 1")
    assert told(run(tmp_path, "import os\n\n\n" + ONE.replace("append(row)", "append((row, os))"))) == [
        ("OV202", "ratcheted")
    ]


def test_one_place_more_is_new_and_says_how_many(tmp_path: Path) -> None:
    """The whole finding counts again."""
    hold(tmp_path, "OV202|a.py|a|_rows 1")
    report = run(tmp_path, TWO)
    assert told(report) == [("OV202", "new")]
    assert report.findings[0].reason == "2 places, the ratchet holds 1"
    assert report.exit == 1


@pytest.mark.parametrize(("text", "found"), [(ONE, 1), ("x = 1\n", 0)])
def test_one_place_fewer_is_a_stale_entry_that_names_itself(tmp_path: Path, text: str, found: int) -> None:
    """What was mended may not come back unseen."""
    hold(tmp_path, "OV202|a.py|a|_rows 2")
    report = run(tmp_path, text)
    (stale,) = [seen.finding for seen in report.findings if seen.finding.rule == "OV900"]
    assert str(stale.location) == f"{FILE}:1"
    assert f"`OV202|a.py|a|_rows` 2 times, found {found}" in stale.message
    assert report.exit == 1


def test_entries_of_files_that_were_not_looked_at_are_left_alone(tmp_path: Path) -> None:
    """Of a part of the project nothing is known about the rest, unless its file is gone."""
    (tmp_path / "b.py").write_text(ONE, "utf-8")
    hold(tmp_path, "OV202|b.py|b|_rows 1")
    assert told(run(tmp_path, "x = 1\n", whole=False)) == []
    (tmp_path / "b.py").unlink()
    assert told(run(tmp_path, "x = 1\n", whole=False)) == [("OV900", "new")]


def test_an_unreadable_file_does_not_make_its_entries_stale(tmp_path: Path) -> None:
    """It is unchecked, not mended."""
    hold(tmp_path, "OV202|a.py|a|_rows 1")
    report = run(tmp_path, "def f(:\n")
    assert (told(report), report.exit) == ([], 3)


def test_an_entry_past_its_date_counts_no_more(tmp_path: Path) -> None:
    """Both the state and the entry are findings."""
    hold(tmp_path, "OV202|a.py|a|_rows 1 owner=ann until=2026-05-31 -- old importer")
    assert told(run(tmp_path, ONE)) == [("OV202", "new"), ("OV902", "new")]


def test_writing_keeps_owner_date_and_reason(tmp_path: Path) -> None:
    """What people wrote is theirs."""
    hold(tmp_path, "# by hand", "OV202|a.py|a|_rows 1 owner=ann until=2027-01-01 -- old importer")
    old = read_ratchet(tmp_path / FILE)
    new = grown(run(tmp_path, TWO, ratchet=False), old)
    assert [str(entry) for entry in new.entries] == ["OV202|a.py|a|_rows 2 owner=ann until=2027-01-01 -- old importer"]


def test_pruning_only_shrinks(tmp_path: Path) -> None:
    """New places are not taken in."""
    old = Ratchet((Entry("OV202|a.py|a|_rows", 1), Entry("OV202|gone.py|gone|x", 3)))
    assert [str(entry) for entry in pruned(run(tmp_path, TWO, ratchet=False), old).entries] == ["OV202|a.py|a|_rows 1"]
    assert pruned(run(tmp_path, "x = 1\n", ratchet=False), old).entries == ()


def test_nothing_is_written_or_pruned_when_a_file_is_unreadable(tmp_path: Path) -> None:
    """Unknown findings must not become zero."""
    report = run(tmp_path, "def f(:\n", ratchet=False)
    with pytest.raises(OvertError, match="1 files could not be checked"):
        grown(report)
    with pytest.raises(OvertError, match="1 files could not be checked"):
        pruned(report, Ratchet())


def test_pruning_a_part_of_the_project_is_refused(tmp_path: Path) -> None:
    """The rest would be thrown away."""
    with pytest.raises(OvertError, match="on the whole project only"):
        pruned(run(tmp_path, ONE, ratchet=False, whole=False), Ratchet())


def test_writing_a_part_keeps_the_rest(tmp_path: Path) -> None:
    """Entries of other files stay."""
    old = Ratchet((Entry("OV202|b.py|b|x", 3),))
    new = grown(run(tmp_path, ONE, ratchet=False, whole=False), old)
    assert [entry.key for entry in new.entries] == ["OV202|a.py|a|_rows", "OV202|b.py|b|x"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("OV202|a.py|a|_rows", "is not a line of a ratchet"),
        ("OV202|a.py|a|_rows 0", "is not a line of a ratchet"),
        ("OV202|a.py|a|_rows -1", "is not a line of a ratchet"),
        ("OV202 a.py 3", "is not a line of a ratchet"),
        ("3", "is not a line of a ratchet"),
        ("OV202|a.py|a|_rows 1 until=soon", "'soon' is not a date"),
    ],
)
def test_a_line_that_is_not_understood_is_named(line: str, reason: str) -> None:
    """With its number; a broken ratchet is never an empty one."""
    with pytest.raises(OvertError, match=reason) as raised:
        parse_ratchet(f"# head\n{line}\n", "r")
    assert str(raised.value.where) == "r:2"
    assert raised.value.exit == 2


def test_a_key_that_stands_twice_is_an_error() -> None:
    """After a merge that kept both sides."""
    with pytest.raises(OvertError, match="stands on line 1 already"):
        parse_ratchet("OV202|a.py|a|x 1\nOV202|a.py|a|x 2\n", "r")


def test_a_ratchet_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    """Bytes that are no text included."""
    (tmp_path / "r").write_bytes(b"\xff\xfe")
    with pytest.raises(OvertError, match="is not UTF-8 text"):
        read_ratchet(tmp_path / "r")
    with pytest.raises(OvertError, match="cannot be read"):
        read_ratchet(tmp_path / "gone")


_WORD = st.text("abcXYZ_.[]()*- /é", min_size=1, max_size=12).map(str.strip).filter(lambda t: t and " -- " not in t)


@given(
    st.lists(
        st.tuples(_WORD, _WORD, st.integers(1, 999), st.sampled_from(["", "ann"]), st.sampled_from(["", "2027-01-01"])),
        unique_by=lambda row: (row[0], row[1]),
        max_size=8,
    )
)
def test_what_is_written_is_what_is_read(rows: list[tuple[str, str, int, str, str]]) -> None:
    """Paths and names with blanks survive, and lines are sorted."""
    entries = [Entry(f"OV202|{p}|s|{n}", c, o, u, "why not") for p, n, c, o, u in rows]
    data = render_ratchet(Ratchet(tuple(entries)))
    read = parse_ratchet(data.decode(), "r")
    assert {str(entry) for entry in read.entries} == {str(entry) for entry in entries}
    assert [entry.key for entry in read.entries] == sorted(entry.key for entry in entries)
    assert render_ratchet(read) == data


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Never another exception."""
    try:
        parse_ratchet(text, "r")
    except OvertError as error:
        assert error.problems  # noqa: PT017
