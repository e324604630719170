"""Holding a run against its seals."""

from __future__ import annotations

import hashlib

import msgspec
import pytest

from overt.evidence.canonical import encode, merkle_root, seal, sha256
from overt.evidence.manifest import SealedFile
from overt.evidence.reader import Run, open_run
from overt.evidence.verify import verify
from overt.model import OvertError


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
    root = changes.pop("root", merkle_root([data] if data else []))
    manifest = msgspec.structs.replace(run.manifest, files={"records/1-of-1.jsonl": listed}, merkle_root=root)
    (run.folder / "manifest.json").write_bytes(encode(seal(manifest)))
    return verify(open_run(run.folder))


def test_any_byte_that_is_changed_shows_with_its_file(book):
    """In the head, in the records, in an output: whatever is edited, cut off, added or taken away is named."""
    writer = book.start()
    writer.add(book.test(output_blob=writer.blob(b"what it printed")))
    writer.add(book.end())
    writer.close()
    paths = sorted(path for path in writer.folder.rglob("*") if path.is_file())
    assert [path.parent.name for path in paths] == ["blobs", writer.run, "records"]
    for path in paths:
        data = path.read_bytes()
        spots = range(0, len(data), max(1, len(data) // 40))
        edited = [data[:spot] + bytes([data[spot] ^ 1]) + data[spot + 1 :] for spot in spots]
        for changed in (*edited, data[:-1], data + b"x", b""):
            path.write_bytes(changed)
            damage = damage_of(writer.folder)
            assert any(path.relative_to(book.root).as_posix() == problem.where.path for problem in damage), changed
        path.unlink()
        assert damage_of(writer.folder)
        path.write_bytes(data)
    assert not damage_of(writer.folder)
    (writer.folder / "more").write_bytes(b"")
    assert [str(problem) for problem in damage_of(writer.folder)] == [
        f".overt/runs/{writer.run}/more: is not listed in the manifest"
    ]


def damage_of(folder):
    try:
        return verify(open_run(folder)).damage
    except OvertError as error:
        return error.problems


def test_the_hash_tree_is_checked(book):
    """A record exchanged together with its file's digest shows in the tree."""
    run = book.run(book.test("a"))
    lines = [encode(book.test("b"))]
    assert reseal(run, lines).intact
    assert "hash tree" in reseal(run, lines, root=run.manifest.merkle_root).damage[0].message


def test_the_tree_of_an_older_run_is_checked(book):
    """Runs of the first format have a tree over their lines, and stay as intact as they were."""
    run = book.run(book.test("a"), book.test("b"))
    lines = [encode(book.test(name)) for name in "ab"]
    older = msgspec.structs.replace(run.manifest, format=1)
    run = Run(run.folder, older)
    assert reseal(run, lines, root=merkle_root(lines)).intact
    assert "hash tree" in reseal(run, lines).damage[0].message


def test_the_tree_is_over_blocks(book):
    """Records of many blocks come to the same tree when they are sealed and when they are verified."""
    run = book.run(*[book.test(f"t{number}", message="x" * 400) for number in range(100)])
    data = (run.folder / "records/1-of-1.jsonl").read_bytes()
    blocks = [data[at : at + 16_384] for at in range(0, len(data), 16_384)]
    assert len(blocks) > 2
    assert run.manifest.merkle_root == merkle_root(blocks)
    assert verify(run).intact


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
