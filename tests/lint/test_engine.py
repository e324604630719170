"""The check as a whole: files in, report out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from overt.lint import check
from overt.lint.engine import module_name, read_version, selected
from overt.lint.settings import PlainSettings
from overt.model import Exit, OvertError, Severity

BAD = "_rows = []\n\n\ndef add(row):\n    _rows.append(row)\n"


def put(root: Path, **files: str) -> list[str]:
    """Write files, `a__b` meaning a/b.py, and return their names."""
    names = []
    for name, text in files.items():
        path = root / (name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        names.append(path.relative_to(root).as_posix())
    return names


def test_a_clean_file_is_proved(tmp_path: Path) -> None:
    """Nothing found in something that was looked at is green."""
    report = check(tmp_path, put(tmp_path, a="x = 1\n"), PlainSettings())
    assert (report.exit, report.files, report.lines, report.findings) == (Exit.PROVED, 1, 1, ())


def test_a_finding_refutes_and_carries_where_it_is_and_all_its_sites(tmp_path: Path) -> None:
    """One finding per container, the sites as related locations."""
    names = put(tmp_path, src__shop__cart=BAD + "\n\ndef more(row):\n    _rows.append(row)\n")
    report = check(tmp_path, names, PlainSettings())
    assert report.exit is Exit.REFUTED
    (seen,) = report.findings
    finding = seen.finding
    assert str(finding.location) == "src/shop/cart.py:1:1"
    assert (finding.rule, finding.scope, finding.symbol, finding.severity) == ("OV202", "shop.cart", "_rows", "warning")
    assert [(near.location.line, near.message) for near in finding.related] == [
        (5, "append(...) in add"),
        (9, "append(...) in more"),
    ]
    assert seen.places == 2
    assert finding.message.count(".") >= 3


def test_a_note_alone_does_not_fail(tmp_path: Path) -> None:
    """Findings of severity note are shown and never fail."""
    text = "import weakref\nrows = weakref.WeakSet()\n\n\ndef add(row):\n    rows.add(row)\n"
    report = check(tmp_path, put(tmp_path, a=text), PlainSettings())
    assert [seen.finding.severity for seen in report.findings] == [Severity.NOTE]
    assert report.exit is Exit.PROVED


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"def f(:\n", "cannot be parsed: invalid syntax"),
        (b"print 'x'\n", "cannot be parsed: Missing parentheses"),
        (b"x = 1\0\n", "cannot be parsed"),
        (b"# -*- coding: nosuch -*-\nx = 1\n", "cannot be parsed: unknown encoding"),
        (b"x = '\xff'\n", "cannot be parsed"),
        (b"x = " + b"(" * 5000 + b")" * 5000, "cannot be parsed"),
        (b"if 1:\n\tx\n        y\n", "cannot be parsed: inconsistent use of tabs"),
    ],
)
def test_a_file_that_cannot_be_parsed_is_never_green(tmp_path: Path, content: bytes, reason: str) -> None:
    """It is named with its reason, and the exit status is 3."""
    (tmp_path / "a.py").write_bytes(content)
    report = check(tmp_path, ["a.py", *put(tmp_path, b="x = 1\n")], PlainSettings())
    assert report.exit is Exit.UNCHECKED
    assert [(each.path, each.message.startswith(reason)) for each in report.unreadable] == [("a.py", True)]
    assert report.files == 1


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf_rows = []\ndef add(r):\n    _rows.append(r)\n",
        b"_rows = []\r\ndef add(r):\r\n    _rows.append(r)\r\n",
        b"# -*- coding: latin-1 -*-\n_rows = []  # \xe9\ndef add(r):\n    _rows.append(r)\n",
        b"_rows = []\rdef add(r):\r    _rows.append(r)\r",
    ],
)
def test_encodings_marks_and_line_ends_are_understood(tmp_path: Path, content: bytes) -> None:
    """What Python reads, the linter reads."""
    (tmp_path / "a.py").write_bytes(content)
    report = check(tmp_path, ["a.py"], PlainSettings())
    assert [seen.finding.rule for seen in report.findings] == ["OV202"]


def test_columns_count_characters(tmp_path: Path) -> None:
    """An editor jumps to the right place in a line that is not ASCII."""
    text = "import threading\nπππ = 'äöü'; here = threading.local()\n"
    (seen,) = check(tmp_path, put(tmp_path, a=text), PlainSettings()).findings
    assert seen.finding.location.column == len("πππ = 'äöü'; here = ") + 1


def test_missing_folders_and_pipes_are_named_not_waited_for(tmp_path: Path) -> None:
    """Only a plain file is read."""
    (tmp_path / "folder.py").mkdir()
    os.mkfifo(tmp_path / "pipe.py")
    report = check(tmp_path, ["folder.py", "pipe.py", "gone.py"], PlainSettings())
    assert [each.path for each in report.unreadable] == ["folder.py", "pipe.py", "gone.py"]
    assert report.exit is Exit.UNCHECKED


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    """Fifty megabytes are named, not parsed."""
    with (tmp_path / "big.py").open("wb") as stream:
        stream.truncate(50_000_000)
    report = check(tmp_path, ["big.py"], PlainSettings())
    assert report.unreadable[0].message == "has 50,000,000 bytes; at most 4,000,000 are parsed"


def test_nothing_looked_at_is_not_a_pass(tmp_path: Path) -> None:
    """Zero files are unchecked."""
    assert check(tmp_path, [], PlainSettings()).exit is Exit.UNCHECKED


def test_long_chains_of_operators_elifs_and_calls_are_no_deeper_than_one(tmp_path: Path) -> None:
    """Generated code does not exhaust the stack."""
    text = (
        "x = "
        + " + ".join(["'a'"] * 900)
        + "\n"
        + "if x:\n    pass\n"
        + "elif x:\n    pass\n" * 900
        + "y = q"
        + ".b()" * 400
        + "\n"
        + BAD
    )
    report = check(tmp_path, put(tmp_path, a=text), PlainSettings())
    assert (report.unreadable, [seen.finding.rule for seen in report.findings]) == ((), ["OV202"])


def test_select_and_ignore_take_beginnings_of_codes(tmp_path: Path) -> None:
    """`OV2` is every rule of that family."""
    names = put(tmp_path, a=BAD + "import threading\nhere = threading.local()\n")
    found = lambda **given: [s.finding.rule for s in check(tmp_path, names, PlainSettings(**given)).findings]  # noqa: E731
    assert found() == ["OV202", "OV101"]
    assert found(select=("OV2",)) == ["OV202"]
    assert found(ignore=("OV202",)) == ["OV101"]


@pytest.mark.parametrize("given", ["OV299", "X", ""])
def test_a_code_that_names_no_rule_is_a_usage_error(given: str) -> None:
    """A typing error must not switch everything off."""
    with pytest.raises(OvertError, match="there is no rule"):
        selected([given], [])


def test_excluded_files_are_not_looked_at(tmp_path: Path) -> None:
    """Globs of the settings leave files out."""
    report = check(tmp_path, put(tmp_path, a=BAD, gen__b=BAD), PlainSettings(exclude=("gen/**",)))
    assert [seen.finding.location.path for seen in report.findings] == ["a.py"]


def test_names_of_modules_follow_their_folders() -> None:
    """What stands before `src` is not part of a module's name."""
    paths = ["src/shop/__init__.py", "packages/shop/src/shop/cart.py", "shop/cart.py", "cart.py", "__init__.py"]
    assert [module_name(path) for path in paths] == ["shop", "shop.cart", "shop.cart", "cart", "__init__"]


@pytest.mark.parametrize("text", ["three", "3.x", "3."])
def test_a_version_that_is_none_is_a_usage_error(text: str) -> None:
    """It is told, not guessed."""
    with pytest.raises(OvertError, match="is not a version of Python"):
        read_version(text)


def test_the_garbage_collector_is_left_as_it_was(tmp_path: Path) -> None:
    """Switched off while parsing, on again afterwards."""
    import gc

    assert gc.isenabled()
    check(tmp_path, put(tmp_path, a=BAD), PlainSettings())
    assert gc.isenabled()


def test_memory_of_one_file_is_freed_before_the_next() -> None:
    """Nothing of a file's tree hangs in a circle that only the garbage collector could free."""
    import gc

    from overt.lint.examine import find_facts, parse

    text = ("class A:\n    rows = []\n    def f(self):\n        self.rows.append(1)\n" + BAD).encode()
    find_facts(parse(text, "a.py"), "a.py")
    gc.collect()
    gc.disable()
    try:
        before = len(gc.get_objects())
        for _ in range(20):
            assert find_facts(parse(text, "a.py"), "a.py").facts
        assert len(gc.get_objects()) - before < 20
    finally:
        gc.enable()
