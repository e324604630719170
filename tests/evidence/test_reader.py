"""Reading a run back, whole or damaged."""

from __future__ import annotations

import json
import shutil
import typing
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from overt.evidence.canonical import encode, encode_line, seal
from overt.evidence.reader import open_run
from overt.evidence.records import AnyRecord, TestCase
from overt.evidence.redact import Redactor
from overt.evidence.scrub import scrub
from overt.model import Exit, Finding, Location, OvertError, Related

_SLOW = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
_INTEGERS = st.integers(-(2**63), 2**63 - 1)


def _of_type(hint):
    """Return values of a field's type."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if hint is int:
        return _INTEGERS
    if hint is str:
        return st.text(max_size=30)
    if origin is tuple:
        return st.lists(_of_type(inner[0]), max_size=3).map(tuple)
    if origin is not None and type(None) in inner:
        return st.none() | _of_type(next(each for each in inner if each is not type(None)))
    if hint in {Finding, Location, Related} or (isinstance(hint, type) and issubclass(hint, msgspec.Struct)):
        return _built(hint)
    return st.from_type(hint)


def _built(sort):
    names = typing.get_type_hints(sort)
    fields = sort.__struct_fields__ if issubclass(sort, msgspec.Struct) else sort.__dataclass_fields__
    return st.builds(sort, **{name: _of_type(names[name]) for name in fields})


RECORDS = st.one_of([_built(sort) for sort in typing.get_args(AnyRecord)])


@_SLOW
@given(records=st.lists(RECORDS, max_size=6))
def test_whatever_is_written_is_read_back(book, records):
    """Every sort of record survives the way to disk and back, but for what scrubbing takes out of it."""
    run = book.run(*records)
    wanted = {encode_line(scrub(record, Redactor({}))) for record in records}
    assert {encode_line(record) for record in run.records} == wanted
    assert len(run.records) == len(wanted)
    assert not run.damage


@pytest.fixture(scope="module")
def sealed(tmp_path_factory):
    """A sealed run with records and blobs, and the bytes of each of its files."""
    from overt.evidence.manifest import Host, Inputs, Plan, PlannedSuite, Subject
    from overt.evidence.writer import RunWriter
    from overt.system.clock import SystemClock

    planned = PlannedSuite(name="unit", suite_kind="pytest", inputs=Inputs(patterns=("src",), files=1, sha256="ab"))
    host = Host(system="Linux", machine="x86_64", python="3.12", implementation="CPython", cores=2)
    store = tmp_path_factory.mktemp("sealed") / ".overt" / "runs"
    with RunWriter.start(
        store,
        plan=Plan(suites=(planned,)),
        subject=Subject(project="shop", commit="c0ffee"),
        host=host,
        clock=SystemClock(),
        redactor=Redactor({}),
    ) as writer:
        blob = writer.blob(b"what it printed\n")
        for number in range(4):
            case = TestCase(
                id=f"test:unit:t{number}", suite="unit", name=f"t{number}", outcome="passed", output_blob=blob
            )
            writer.add(case)
    assert not open_run(writer.folder).damage
    files = {path: path.read_bytes() for path in writer.folder.rglob("*") if path.is_file()}
    return writer.folder, files


def _complaints(folder):
    """Return what reading says is wrong, as text; a refusal to open counts."""
    try:
        return [str(problem) for problem in open_run(folder).damage]
    except OvertError as error:
        return [str(error)] if error.exit is Exit.UNCHECKED else []


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_every_changed_byte_is_named(sealed, data):
    """Whichever byte of whichever file changes, the file is named as damaged."""
    folder, files = sealed
    path = data.draw(st.sampled_from(sorted(files)))
    at = data.draw(st.integers(0, len(files[path]) - 1))
    value = data.draw(st.integers(0, 255).filter(lambda value: value != files[path][at]))
    changed = bytearray(files[path])
    changed[at] = value
    path.write_bytes(changed)
    try:
        found = _complaints(folder)
    finally:
        path.write_bytes(files[path])
    assert any(path.name in complaint for complaint in found)


@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_every_truncation_is_named(sealed, data):
    """However much of whichever file is cut off, the file is named as damaged."""
    folder, files = sealed
    path = data.draw(st.sampled_from(sorted(files)))
    path.write_bytes(files[path][: data.draw(st.integers(0, len(files[path]) - 1))])
    try:
        found = _complaints(folder)
    finally:
        path.write_bytes(files[path])
    assert any(path.name in complaint for complaint in found)


def test_a_missing_file_is_named(sealed, tmp_path):
    """Each file that the manifest lists must be there."""
    folder, files = sealed
    for path in files:
        copy = tmp_path / path.name / folder.name
        shutil.copytree(folder, copy)
        (copy / path.relative_to(folder)).unlink()
        assert any(path.name in complaint for complaint in _complaints(copy))


@pytest.mark.parametrize("name", ["records/2-of-2.jsonl", "blobs/stray", "notes.txt", ".hidden"])
def test_an_unlisted_file_is_named(book, name):
    """Nothing can be slipped into a closed run."""
    run = book.run(book.test())
    (run.folder / name).write_bytes(b"{}")
    damage = open_run(run.folder).damage
    assert [problem.message for problem in damage] == ["is not listed in the manifest"]
    assert damage[0].where is not None
    assert damage[0].where.path == f".overt/runs/{run.name}/{name}"


def test_damage_tells_truncated_from_edited(book):
    """The message says what happened, with figures."""
    run = book.run(book.test())
    path = run.folder / "records/1-of-1.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole[:-10])
    assert f"was truncated: {len(whole) - 10} of {len(whole)} bytes are left" in str(open_run(run.folder).damage[0])
    path.write_bytes(whole.replace(b"passed", b"failed"))
    assert "was edited" in str(open_run(run.folder).damage[0])


def test_what_can_be_read_of_a_damaged_run_is_read(book):
    """A broken line costs that line only, and is named by its number."""
    run = book.run(book.test("a"), book.test("b"), book.test("c"))
    path = run.folder / "records/1-of-1.jsonl"
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([lines[0], b'{"kind":', lines[2], b""]))
    reread = open_run(run.folder)
    assert [record.name for record in reread.records] == ["a", "c"]
    assert any(problem.where and problem.where.line == 2 for problem in reread.damage)


def test_a_torn_last_line_of_a_running_run_is_dropped_and_said(book):
    """A kill in the middle of a write costs that record only."""
    writer = book.start()
    writer.add(book.test("a"))
    writer.add(book.test("b"))
    path = writer.folder / "records/1-of-1.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    run = open_run(writer.folder)
    assert [record.name for record in run.records] == ["a"]
    assert not run.damage
    assert any("its last line was cut off and is dropped" in note.message for note in run.notes)
    assert any("never closed" in note.message for note in run.notes)


def test_a_broken_line_inside_a_running_run_is_damage(book):
    """Only the last line can be torn by a kill; anything else was edited."""
    writer = book.start()
    writer.add(book.test("a"))
    path = writer.folder / "records/1-of-1.jsonl"
    path.write_bytes(b"{}\n" + path.read_bytes())
    run = open_run(writer.folder)
    assert [record.name for record in run.records] == ["a"]
    assert run.damage[0].where is not None
    assert run.damage[0].where.line == 1


def test_a_resealed_plan_is_found(book):
    """A plan made to fit the results afterwards has another digest than the one hashed before."""
    run = book.run(book.test())
    easier = msgspec.structs.replace(run.manifest, plan=msgspec.structs.replace(run.manifest.plan, suites=()))
    (run.folder / "manifest.json").write_bytes(encode(seal(easier)))
    assert any("its plan is not the one that was hashed" in problem.message for problem in open_run(run.folder).damage)


@pytest.mark.parametrize("change", [b'"format": 2', b'"format":2,"gone":1'])
def test_a_manifest_has_one_form_only(book, change):
    """Spaces and keys that nobody reads are edits too."""
    run = book.run(book.test())
    path = run.folder / "manifest.json"
    path.write_bytes(path.read_bytes().replace(b'"format":2', change))
    assert "its seal does not hold" in str(open_run(run.folder).damage[0])


def test_a_run_moved_to_another_name_is_named(book):
    """A run cannot pass for another one."""
    run = book.run(book.test())
    run.folder.rename(run.folder.with_name("another"))
    assert any("lies in another folder" in problem.message for problem in open_run(book.store / "another").damage)


@pytest.mark.parametrize(
    "listed", ["../../../etc/passwd", "/etc/passwd", "blobs/../manifest.json", "records/../x.jsonl"]
)
def test_a_manifest_cannot_point_elsewhere(book, listed):
    """A forged list of files never makes the reader open something outside the run."""
    run = book.run(book.test())
    forged = msgspec.structs.replace(
        run.manifest, files={**run.manifest.files, listed: run.manifest.files["records/1-of-1.jsonl"]}
    )
    (run.folder / "manifest.json").write_bytes(encode(seal(forged)))
    assert any("which no run can hold" in problem.message for problem in open_run(run.folder).damage)


def test_a_link_is_not_evidence(book, tmp_path):
    """A record file that is a link to somewhere else is damage, even when its bytes are right."""
    run = book.run(book.test())
    path = run.folder / "records/1-of-1.jsonl"
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert any("is a link" in problem.message for problem in open_run(run.folder).damage)


def test_a_newer_format_is_refused(book):
    """What a newer version wrote is not guessed at."""
    run = book.run(book.test())
    manifest = json.loads((run.folder / "manifest.json").read_bytes()) | {"format": 99}
    (run.folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(OvertError, match="is of format 99") as caught:
        open_run(run.folder)
    assert caught.value.exit is Exit.UNCHECKED


def test_blobs_come_back_whole_or_not_at_all(book):
    """A blob is held against its name each time it is read."""
    writer = book.start()
    name = writer.blob(b"what it printed")
    writer.close()
    run = open_run(writer.folder)
    assert run.blob(name) == b"what it printed"
    (writer.folder / "blobs" / name).write_bytes(b"something else")
    with pytest.raises(OvertError, match="its digest differs"):
        run.blob(name)
    with pytest.raises(OvertError, match="is not the name of a blob"):
        run.blob("../manifest.json")
    with pytest.raises(OvertError, match="cannot be read"):
        run.blob("0" * 64)


def test_records_are_found_by_type_and_suite(book):
    """`of` and `for_suite` pick what is asked for."""
    run = book.run(book.test("a"), book.test("b", suite="slow"), book.end())
    assert [record.name for record in run.of(TestCase)] == ["b", "a"]
    assert [record.id for record in run.for_suite("slow")] == ["test:slow:b"]
    assert run.for_suite("none") == []


def test_reading_does_not_follow_a_deep_document(book):
    """A line nested a hundred thousand deep is named, not a crash."""
    writer = book.start()
    (writer.folder / "records/1-of-1.jsonl").write_bytes(b"[" * 100_000 + b"\n")
    assert open_run(writer.folder).damage
    (writer.folder / "manifest.json").write_bytes(b"[" * 100_000)
    with pytest.raises(OvertError, match="is not a manifest"):
        open_run(writer.folder)


def test_paths_in_messages_begin_at_the_store(book):
    """No message tells where on the machine a project lies."""
    run = book.run(book.test())
    (run.folder / "records/1-of-1.jsonl").unlink()
    where = open_run(run.folder).damage[0].where
    assert where is not None
    assert not Path(where.path).is_absolute()
