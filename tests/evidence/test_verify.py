"""Holding a run against its seals, and writing it down for other tools."""

from __future__ import annotations

import hashlib
import json
import xml.etree.ElementTree as ET

import msgspec
import pytest

from overt.evidence.canonical import encode, merkle_root, seal, sha256
from overt.evidence.export import to_ctrf, to_junit, to_sarif
from overt.evidence.importers.ctrf import read_ctrf
from overt.evidence.importers.junit import read_junit
from overt.evidence.importers.sarif import read_sarif
from overt.evidence.manifest import SealedFile
from overt.evidence.reader import open_run
from overt.evidence.records import FindingSeen
from overt.evidence.verify import verify


def test_a_fresh_run_is_intact(book):
    """Files, seal, tree, order and blobs fit."""
    writer = book.start()
    writer.add(book.test(output_blob=writer.blob(b"out")))
    writer.close()
    verified = verify(open_run(writer.folder))
    assert verified.intact
    assert (verified.records, verified.files, verified.damage) == (1, 2, ())


def test_a_run_that_was_never_closed_is_not_intact(book):
    """There is nothing to hold it against."""
    writer = book.start()
    verified = verify(open_run(writer.folder))
    assert not verified.intact
    assert not verified.damage
    assert verified.notes


def reseal(run, lines, **changes):
    """Change the records of a run and make every digest fit but those that the test is about."""
    data = b"".join(line + b"\n" for line in lines)
    (run.folder / "records/1-of-1.jsonl").write_bytes(data)
    listed = SealedFile(sha256=sha256(data), bytes=len(data), records=changes.pop("records", len(lines)))
    root = changes.pop("root", merkle_root(lines))
    manifest = msgspec.structs.replace(run.manifest, files={"records/1-of-1.jsonl": listed}, merkle_root=root)
    (run.folder / "manifest.json").write_bytes(encode(seal(manifest)))
    return verify(open_run(run.folder))


def test_the_hash_tree_is_checked(book):
    """A record exchanged together with its file's digest shows in the tree."""
    run = book.run(book.test("a"))
    lines = [encode(book.test("b"))]
    assert reseal(run, lines).intact
    assert "hash tree" in reseal(run, lines, root=run.manifest.merkle_root).damage[0].message


def test_the_canonical_form_is_checked(book):
    """Two ways to write one record would be two digests."""
    run = book.run(book.test("a"))
    spaced = encode(book.test("a")).replace(b":", b": ", 1)
    assert "canonical form" in reseal(run, [spaced]).damage[0].message


def test_the_number_of_records_is_checked(book):
    """What the manifest says of a file must fit it."""
    run = book.run(book.test("a"))
    assert "lists 9 records" in reseal(run, [encode(book.test("a"))], records=9).damage[0].message


def test_blobs_that_records_name_must_be_there(book):
    """A record that leads to nothing is damage."""
    run = book.run(book.test("a"))
    verified = reseal(run, [encode(book.test("a", output_blob="ab" * 32))])
    assert "which the run does not hold" in verified.damage[0].message


@pytest.mark.parametrize("number", range(1, 9))
def test_the_root_depends_on_every_line_and_on_their_order(number):
    """No two different lists of lines have one root."""
    lines = [str(one).encode() for one in range(number)]
    roots = {merkle_root(lines), merkle_root(lines[::-1]), merkle_root([*lines, b""]), merkle_root([b"x", *lines[1:]])}
    assert len(roots) == (3 if number == 1 else 4)


def test_a_node_of_the_tree_does_not_pass_for_a_line():
    """Two lines and one line made of their digests have different roots."""
    leaves = [hashlib.sha256(prefix + line).digest() for prefix in (b"", b"\0") for line in (b"a", b"b")]
    forged = {merkle_root([leaves[0] + leaves[1]]), merkle_root([leaves[2] + leaves[3]])}
    assert merkle_root([b"a", b"b"]) not in forged


def test_junit_comes_back(book, tmp_path):
    """What is written as JUnit XML is read back with the same outcomes and texts."""
    text = 'a & b < "c" \ufffe\uffff ]]>'
    run = book.run(
        book.test("tests/a.py::passes"),
        book.test("tests/a.py::fails", "failed", message=text, detail=text, path="tests/a.py"),
        book.test("tests/a.py::breaks", "error"),
        book.test("tests/a.py::skips", "skipped", message="no db"),
        book.test("tests/a.py::expected", "xfailed"),
    )
    (tmp_path / "out.xml").write_bytes(to_junit(run))
    back = read_junit(tmp_path / "out.xml", suite="unit", root=tmp_path)
    assert not back.problems
    written = {(one.name, one.outcome, one.duration_ns) for one in run.records}
    assert {(one.name, one.outcome, one.duration_ns) for one in back.records} == written
    failed = next(one for one in back.records if one.outcome == "failed")
    assert (failed.message, failed.path) == (text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd"), "tests/a.py")
    assert ET.fromstring(to_junit(run))[0].attrib["failures"] == "1"


def test_ctrf_comes_back(book, tmp_path):
    """What is written as CTRF is read back, as far as CTRF can tell."""
    run = book.run(book.test("a", "failed", message="boom", detail="at 1"), book.test("b", "skipped"))
    (tmp_path / "out.json").write_bytes(to_ctrf(run))
    back = read_ctrf(tmp_path / "out.json", suite="unit", root=tmp_path)
    assert not back.problems
    assert [(one.name, one.outcome, one.detail) for one in back.records] == [
        ("unit::a", "failed", "at 1"),
        ("unit::b", "skipped", ""),
    ]


def test_sarif_comes_back(book, tmp_path):
    """What is written as SARIF is read back with its standing."""
    records = [
        book.scan(version="1", rules=("F401",)),
        book.finding(line=1),
        book.finding(line=2, standing="allowed", reason="old"),
        book.finding(line=3, standing="ratcheted"),
    ]
    run = book.run(*records, suites=(book.planned("lint", "lint"),))
    (tmp_path / "out.sarif").write_bytes(to_sarif(run))
    back = read_sarif(tmp_path / "out.sarif", suite="lint", root=tmp_path)
    assert not back.problems
    seen = [one for one in back.records if isinstance(one, FindingSeen)]
    assert [(one.finding, one.standing, one.reason) for one in seen] == [
        (one.finding, one.standing, one.reason) for one in run.of(FindingSeen)
    ]


def test_sarif_has_the_shape_that_its_readers_want(book):
    """The parts that the standard asks for."""
    document = json.loads(to_sarif(book.run(book.scan(), book.finding(), suites=(book.planned("lint", "lint"),))))
    assert document["version"] == "2.1.0"
    assert document["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"] == {"startLine": 3}
