"""Writing a run."""

from __future__ import annotations

import errno
import json
import os
import threading

import msgspec
import pytest

from overt.evidence.canonical import plan_digest
from overt.evidence.manifest import Manifest
from overt.evidence.reader import open_run
from overt.evidence.records import TestCase
from overt.evidence.redact import Redactor
from overt.evidence.scrub import BLOB_LIMIT, scrub, scrub_all
from overt.model import OvertError

TOKEN = "ghp_" + "a1B2" * 9


def test_the_hashed_plan_is_on_disk_before_anything_runs(book):
    """The manifest is there, running and readable, when `start` returns."""
    writer = book.start(book.planned("unit"), book.planned("style", "lint"))
    manifest = json.loads((writer.folder / "manifest.json").read_bytes())
    assert manifest["state"] == "running"
    assert [suite["name"] for suite in manifest["plan"]["suites"]] == ["unit", "style"]
    assert manifest["plan_sha256"] == plan_digest(open_run(writer.folder).manifest.plan)


def test_shards_of_one_plan_share_its_digest(book):
    """The shard is not part of what is hashed, what is going to run is."""
    digests = [book.start(shard=shard).close().plan_sha256 for shard in ("1/2", "2/2")]
    other = book.start(book.planned("other")).close().plan_sha256
    assert digests[0] == digests[1] != other


def test_a_record_is_on_disk_when_add_returns(book):
    """Nothing waits in a buffer that a kill would lose."""
    writer = book.start()
    writer.add(book.test())
    assert (writer.folder / "records/1-of-1.jsonl").read_bytes().endswith(b"}\n")
    assert open_run(writer.folder).records == (book.test(),)


def test_lines_are_canonical(book):
    """Keys are sorted, nothing is indented, defaults are left out."""
    run = book.run(book.test(message="é"))
    line = (run.folder / "records/1-of-1.jsonl").read_bytes()
    assert line == (
        b'{"duration_ns":1000000,"id":"test:unit:tests/test_cart.py::test_total","kind":"test","message":"\xc3\xa9",'
        b'"name":"tests/test_cart.py::test_total","outcome":"passed","suite":"unit"}\n'
    )


def test_closing_sorts_by_id(book):
    """The order in which records came does not show in the ledger."""
    one = book.run(book.test("b"), book.test("a"), book.end())
    other = book.run(book.end(), book.test("a"), book.test("b"))
    assert [record.id for record in one.records] == ["suite:unit", "test:unit:a", "test:unit:b"]
    assert one.manifest.merkle_root == other.manifest.merkle_root


def test_closing_lists_every_file_with_its_digest(book):
    """Records and blobs are listed, and nothing else is in the folder."""
    run = book.run(book.test(), blobs=(b"output",))
    on_disk = {path.relative_to(run.folder).as_posix() for path in run.folder.rglob("*") if path.is_file()}
    assert set(run.manifest.files) == on_disk - {"manifest.json"}
    assert run.manifest.files["records/1-of-1.jsonl"].records == 1
    assert not run.damage


def test_closing_twice_changes_nothing(book):
    """The second close gives what the first gave."""
    writer = book.start()
    first = writer.close()
    book.clock.now += 5
    assert writer.close(interrupted=True) == first


def test_an_interrupted_run_says_so(book):
    """Leaving the block by an exception seals the run as interrupted."""
    with pytest.raises(KeyboardInterrupt), book.start() as writer:
        raise KeyboardInterrupt
    assert open_run(writer.folder).manifest.state == "interrupted"
    assert not open_run(writer.folder).damage


def test_a_closed_run_takes_no_more(book):
    """Adding to a closed run is an error, and the run stays whole."""
    writer = book.start()
    writer.close()
    with pytest.raises(OvertError, match="is closed"):
        writer.add(book.test())
    with pytest.raises(OvertError, match="is closed"):
        writer.blob(b"late")
    assert not open_run(writer.folder).damage


def test_secrets_are_redacted_in_every_string(book):
    """Names, messages, details and nested findings alike."""
    finding = book.finding()
    spiked = type(finding)(
        id=f"finding:{TOKEN}",
        suite="lint",
        finding=type(finding.finding)(rule="R", message=f"uses {TOKEN}", location=finding.finding.location),
        reason=TOKEN,
    )
    case = book.test(f"test[{TOKEN}]", "failed", message=TOKEN, detail=f"x\n{TOKEN}", proves=(TOKEN,))
    run = book.run(spiked, case)
    data = (run.folder / "records/1-of-1.jsonl").read_bytes()
    assert TOKEN.encode() not in data
    assert data.count(b"[redacted]") == 8


def test_secrets_of_the_environment_are_redacted(book):
    """The value of a variable that looks secret never reaches the disk."""
    book.redactor = Redactor({"DB_PASSWORD": "correct horse"})
    run = book.run(book.test(message="said correct horse"), blobs=(b"and correct horse again",))
    written = b"".join(path.read_bytes() for path in run.folder.rglob("*") if path.is_file())
    assert b"correct horse" not in written
    assert written.count(b"[redacted]") == 2


def test_blobs_are_redacted_whole(book):
    """A secret that came in two chunks is found, because a blob is looked at as a whole."""
    writer = book.start()
    name = writer.blob(b"".join([b"log: " + TOKEN[:9].encode(), TOKEN[9:].encode() + b" end"]))
    assert (writer.folder / "blobs" / name).read_bytes() == b"log: [redacted] end"


def test_text_is_plain(book):
    """Terminal codes, NUL, lone surrogates and invalid bytes do not reach the ledger."""
    run = book.run(book.test("\x1b[31mred\x1b[0m\x00", message="a\ud800b\r\nc"), blobs=(b"\x1b[1m\x00\xff\n",))
    record = run.records[0]
    assert (record.name, record.message) == ("red", "a?b\nc")
    blob = next(name for name in run.manifest.files if name.startswith("blobs/"))
    assert (run.folder / blob).read_bytes() == "\ufffd\n".encode()


def test_long_texts_are_cut_and_say_so(book):
    """Each field has a limit, and what is missing is counted."""
    run = book.run(book.test(message="m" * 501, detail="d" * 100_000))
    record = run.records[0]
    assert isinstance(record, TestCase)
    assert len(record.message) <= 500
    assert len(record.detail) <= 65_536
    assert "characters left out" in record.message
    assert "characters left out" in record.detail


def test_long_names_that_begin_alike_stay_apart(book):
    """Cutting a name keeps it distinct."""
    run = book.run(book.test("n" * 9_000 + "a"), book.test("n" * 9_000 + "b"))
    assert len({record.id for record in run.records}) == 2


def test_large_blobs_keep_both_ends(book):
    """Of 10 MB the beginning and the end are kept, with the gap said."""
    writer = book.start()
    name = writer.blob(b"begin " + b"x" * 10_000_000 + b" end")
    kept = (writer.folder / "blobs" / name).read_bytes()
    assert kept.startswith(b"begin ")
    assert kept.endswith(b" end")
    assert b"bytes left out" in kept
    assert len(kept) < BLOB_LIMIT + 100


def test_an_empty_blob_has_no_name(book):
    """Nothing is stored for no output."""
    writer = book.start()
    assert writer.blob(b"") == ""
    assert list((writer.folder / "blobs").iterdir()) == []


def test_many_threads_write_whole_lines(book):
    """Eight writers at once lose and mix nothing."""
    writer = book.start()

    def work(number: int) -> None:
        for index in range(200):
            writer.add(book.test(f"t{number}-{index}", detail="x" * 300))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.close()
    run = open_run(writer.folder)
    assert len(run.records) == 1600
    assert not run.damage


def test_a_full_disk_leaves_no_half_line(book):
    """What could not be written wholly is taken back, and the next record is whole again."""
    writer = book.start()
    writer.add(book.test("before"))
    real, calls = writer._stream, []

    class Full:
        """Takes ten bytes, then has no room."""

        closed = False

        def tell(self):
            return real.tell()

        def truncate(self, size):
            return real.truncate(size)

        def seek(self, place):
            return real.seek(place)

        def write(self, data):
            calls.append(data)
            if len(calls) > 1:
                raise OSError(errno.ENOSPC, "no space left")
            return real.write(data[:10])

    writer._stream = Full()
    with pytest.raises(OSError, match="no space left"):
        writer.add(book.test("lost"))
    writer._stream = real
    writer.add(book.test("after"))
    writer.close()
    assert [record.name for record in open_run(writer.folder).records] == ["after", "before"]


def test_two_runs_of_one_moment_get_two_names(book):
    """A name is never used twice, and the second still sorts behind the first."""
    first, second = book.start(), book.start()
    assert second.run == f"{first.run}-2"
    assert open_run(second.folder).manifest.run == second.run


def test_a_taken_name_is_refused(book):
    """A run that is there is never written over."""
    book.start(run="ci-7").close()
    with pytest.raises(OvertError, match="there is a run named 'ci-7' already"):
        book.start(run="ci-7")
    assert not list(book.store.glob(".*"))


@pytest.mark.parametrize("name", ["", "../up", "a/b", ".hidden", "a b", "x" * 101])
def test_names_that_are_no_folder_names_are_refused(book, name):
    """A name cannot lead out of the store."""
    with pytest.raises(OvertError, match="cannot be the name of a run"):
        book.start(run=name)
    assert not book.store.exists()


def test_equal_records_collapse(book):
    """The same observation written twice is one observation."""
    assert len(book.run(book.test(), book.test()).records) == 1


def test_the_manifest_holds_integers_only(book):
    """No float anywhere: canonical bytes are the same on every machine."""

    def numbers(value):
        if isinstance(value, dict):
            return [number for one in value.values() for number in numbers(one)]
        if isinstance(value, list):
            return [number for one in value for number in numbers(one)]
        return [value] if isinstance(value, float) else []

    run = book.run(book.test(), blobs=(b"x",))
    assert numbers(json.loads((run.folder / "manifest.json").read_bytes())) == []
    assert isinstance(run.manifest, Manifest)


def test_many_records_at_once_are_scrubbed_as_each_alone(book):
    """Secrets, control characters and long texts are found wherever they stand among clean ones."""
    nasty = [
        msgspec.structs.replace(book.test("a"), message="token=hunter2hunter2"),
        msgspec.structs.replace(book.test("b"), detail="x" * 700),
        msgspec.structs.replace(book.test("c"), name="tests/\x1b[31mred.py::c"),
        msgspec.structs.replace(book.test("d"), proves=("password: hunter2hunter2",)),
        msgspec.structs.replace(book.test("e"), id="test:unit:ghp_" + "a1" * 12),
        msgspec.structs.replace(book.test("f"), path="src/\u202ea.py"),
    ]
    clean = [book.test(f"clean{number}") for number in range(1000)]
    redactor = Redactor({})
    for place, one in enumerate(nasty):
        among = [*clean[:place], one, *clean[place:]]
        assert list(scrub_all(among, redactor)) == [scrub(record, redactor) for record in among]
    assert scrub_all(clean, redactor) is clean


def test_what_is_written_at_once_is_what_is_written_one_by_one(book):
    """The same bytes, also across the border of a step."""
    records = [book.test(f"t{number}") for number in range(600)]
    files = []
    for name, many in (("one", False), ("all", True)):
        with book.start(run=name) as writer:
            writer.add_all(records) if many else [writer.add(record) for record in records]
        files.append((writer.folder / "records/1-of-1.jsonl").read_bytes())
    assert files[0] == files[1]
    assert files[0].count(b"\n") == 600


def test_a_suite_that_is_called_like_a_secret_keeps_the_names_of_its_tests(book):
    """The name behind `token:` in an id is no secret, but a secret in the name is taken out of the id, too."""
    redactor = Redactor({})
    case = msgspec.structs.replace(book.test("tests/test_a.py::test_b"), suite="token")
    case = msgspec.structs.replace(case, id=f"test:token:{case.name}")
    other = msgspec.structs.replace(case, id="test:token:a[ghp_" + "a1" * 12 + "]", name="a[ghp_" + "a1" * 12 + "]")
    assert scrub(case, redactor) is case
    assert list(scrub_all([case] * 20, redactor)) == [case] * 20
    assert scrub(other, redactor).id == "test:token:a[[redacted]]"
    assert scrub_all([case, other] * 20, redactor)[1::2] == [scrub(other, redactor)] * 20


def test_what_a_kill_or_a_full_disk_left_is_removed_by_the_next_run(book):
    """A folder that is being made by another program at this moment stays."""
    store = book.start().folder.parent
    old, fresh = store / ".a.1.tmp", store / ".b.2.tmp"
    for folder, hours in ((old, 2), (fresh, 0)):
        (folder / "records").mkdir(parents=True)
        moment = book.clock.now_ns() - hours * 3_600 * 10**9
        os.utime(folder, ns=(moment, moment))
    book.start()
    assert (old.exists(), fresh.exists()) == (False, True)


def test_a_run_that_cannot_begin_leaves_nothing(book, monkeypatch):
    """When the disk is full, no half of a run is left to puzzle over."""
    before = sorted(book.start().folder.parent.iterdir())

    def full(path, _):
        path.parent.mkdir(parents=True)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("overt.evidence.writer.write_atomic", full)
    with pytest.raises(OSError, match="No space"):
        book.start()
    assert sorted(before[0].parent.iterdir()) == before
