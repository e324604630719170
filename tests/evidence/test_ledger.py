"""The ledger as a whole, and what it says about subject, host and inputs."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from overt.campaign.records import HiddenState, Suite
from overt.evidence.canonical import encode, sha256
from overt.evidence.host import read_host
from overt.evidence.inputs import measure_inputs, settings_digest
from overt.evidence.layout import shard_file
from overt.evidence.ledger import open_ledger
from overt.evidence.subject import read_subject
from overt.model import Exit, OvertError


def test_a_project_without_evidence_has_an_empty_ledger(tmp_path):
    """Which is no error."""
    ledger = open_ledger(tmp_path)
    assert (ledger.runs, ledger.damage, ledger.latest("unit")) == ((), (), None)


def test_runs_are_listed_newest_first(book):
    """Whatever they are called."""
    first = book.run(run="z")
    second = book.run(run="a")
    assert [run.name for run in open_ledger(book.root).runs] == [second.name, first.name]


def test_the_latest_run_is_that_of_the_suite(book):
    """Runs that did not plan it do not count."""
    wanted = book.run()
    book.run(suites=(book.planned("other"),))
    latest = open_ledger(book.root).latest("unit")
    assert latest is not None
    assert latest.name == wanted.name


def test_a_run_without_a_readable_head_is_damage(book):
    """The others are there all the same."""
    good, bad = book.run(), book.run()
    (bad.folder / "manifest.json").write_bytes(b"")
    ledger = open_ledger(book.root)
    assert [run.name for run in ledger.runs] == [good.name]
    assert ledger.unreadable == (bad.name,)
    assert ledger.damage[0].where is not None
    assert ledger.damage[0].where.path == f".overt/runs/{bad.name}/manifest.json"


def test_a_stray_file_in_the_store_is_damage(book):
    """A file is no run; what begins with a dot is a half-made one and left alone."""
    book.run()
    (book.store / "stray").write_text("x")
    (book.store / ".new.1.tmp").mkdir()
    assert [problem.message for problem in open_ledger(book.root).damage] == ["is not a run"]


def test_runs_are_found_by_name_beginning_or_latest(book):
    """What is ambiguous or unknown is an error that helps."""
    first, second = book.run(run="ci-10"), book.run(run="ci-11")
    ledger = open_ledger(book.root)
    assert ledger.find("ci-10").name == first.name
    assert ledger.find("latest").name == second.name
    assert ledger.find("ci-11").name == second.name
    with pytest.raises(OvertError, match="'ci-' fits 2 runs"):
        ledger.find("ci-")
    with pytest.raises(OvertError, match=r"no run 'ci-12' \(did you mean"):
        ledger.find("ci-12")
    shutil.rmtree(book.store)
    with pytest.raises(OvertError, match="overt validate"):
        open_ledger(book.root).find("latest")


def test_an_unreadable_run_that_is_asked_for_is_said_to_be_so(book):
    """Not that it does not exist."""
    run = book.run()
    (run.folder / "manifest.json").write_bytes(b"")
    with pytest.raises(OvertError, match="cannot be read") as caught:
        open_ledger(book.root).find(run.name)
    assert caught.value.exit is Exit.UNCHECKED


def test_the_subject_is_what_git_says(tmp_path):
    """Commit, branch and dirtiness; outside a repository nothing but the name."""
    assert read_subject(tmp_path, "").project == tmp_path.name
    assert read_subject(tmp_path, "shop").commit == ""

    def git(*arguments):
        identity = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "init.defaultBranch=main"]
        done = subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    git("init", "-q")
    (tmp_path / "a").write_text("1")
    git("add", "a")
    git("commit", "-qm", "one")
    clean = read_subject(tmp_path, "shop")
    assert (clean.commit, clean.dirty, clean.branch) == (git("rev-parse", "HEAD"), False, "main")
    (tmp_path / "a").write_text("2")
    dirty = read_subject(tmp_path, "shop")
    assert (dirty.commit, dirty.dirty) == (clean.commit, True)
    assert dirty.diff_sha256
    service = {"GITHUB_HEAD_REF": "", "GITHUB_REF_NAME": "feature"}
    assert read_subject(tmp_path, "shop", service).branch == "main"
    git("checkout", "-q", "--detach")
    assert read_subject(tmp_path, "shop").branch == ""
    assert read_subject(tmp_path, "shop", service).branch == "feature"


def test_the_host_is_a_short_list_of_facts():
    """Nothing of the environment but whether it is a CI service."""
    host = read_host({"CI": "true", "SECRET_TOKEN": "abcdefgh", "USER": "ann"})
    assert host.ci
    assert not read_host({"CI": "false"}).ci
    assert host.cores >= 1
    assert host.memory_bytes > 0
    assert len(host.packages_sha256) == 64
    assert "abcdefgh" not in str(host)


def test_inputs_change_with_names_and_bytes(tmp_path):
    """A renamed file, a changed byte and a missing file each give another digest."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src/a.py").write_text("1")
    (tmp_path / "src/b.py").write_text("1")
    first = measure_inputs(tmp_path, ["src/a.py", "README.md"], ["src"])
    assert (first.files, first.patterns) == (1, ("src",))
    renamed = measure_inputs(tmp_path, ["src/b.py"], ["src"])
    (tmp_path / "src/a.py").write_text("2")
    changed = measure_inputs(tmp_path, ["src/a.py"], ["src"])
    (tmp_path / "src/a.py").unlink()
    missing = measure_inputs(tmp_path, ["src/a.py"], ["src"])
    assert len({one.sha256 for one in (first, renamed, changed, missing)}) == 4


def test_settings_of_the_linter_count_for_its_suites_only():
    """Any other suite has the same digest with and without them."""
    linter, unit = Suite(kind="hidden-state"), Suite(kind="pytest")
    stricter = HiddenState(select=("OV1",))
    assert settings_digest(linter) == settings_digest(linter, HiddenState())
    assert settings_digest(linter) != settings_digest(linter, stricter)
    assert settings_digest(unit) == settings_digest(unit, stricter)


def test_settings_at_their_default_leave_no_trace():
    """A version of overt with one more setting of the linter makes no evidence stale."""
    linter = Suite(kind="hidden-state")
    fields = (linter.kind, linter.args, linter.command, linter.format, linter.files, linter.paths, linter.env)
    assert settings_digest(linter) == sha256(encode([*fields, linter.inputs]))


@pytest.mark.parametrize(
    ("shard", "wanted"),
    [("1/1", "records/1-of-1.jsonl"), ("1/4+2/4", "records/1-of-4-2-of-4.jsonl"), ("../x", "records/---of-x.jsonl")],
)
def test_a_shard_cannot_lead_out_of_its_folder(shard, wanted):
    """Its file has a harmless name."""
    assert shard_file(shard) == wanted
