"""`overt validate --list --shard`, as a user types it."""

from __future__ import annotations

import json

import pytest

from overt.cli.main import main
from overt.evidence.durations import Durations, FileTimes, SuiteTimes, write_durations

CAMPAIGN = """
[project]
name = "shop"
[suites.unit]
kind = "pytest"
[suites.types]
kind = "command"
command = ["true"]
[suites.style]
kind = "command"
command = ["true"]
"""
SECOND = 1_000_000


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """Make a project the current folder."""
    (tmp_path / "overt.toml").write_text(CAMPAIGN)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def times(shop, **more):
    files = {f"t{number}.py": FileTimes(each_us=SECOND, count=3) for number in range(10)}
    suites = {"unit": SuiteTimes(wall_us=30 * SECOND, each_us=SECOND, files=files)}
    suites["types"] = SuiteTimes(wall_us=6 * SECOND)
    path = shop / "validation" / "durations.json"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(write_durations(Durations(suites={**suites, **more})))
    return path


def test_each_part_is_told_with_the_time_it_is_expected_to_take(shop, capsys):
    """Whole suites by name; what was never measured is said; nothing runs."""
    times(shop)
    assert main(["validate", "--list", "--shard", "2/2"]) == 0
    assert capsys.readouterr().out.splitlines()[:5] == [
        "  1/2  18.0 s  whole: types",
        "> 2/2  18.0 s  whole: style",
        "",
        "Dealt out test by test to all parts: unit",
        "Times: validation/durations.json; never measured: style",
    ]
    assert not (shop / ".overt").exists()


def test_without_durations_no_time_is_made_up(shop, capsys):
    """How long something takes that nobody measured is not known."""
    assert main(["validate", "--list", "--shard", "1/2"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("> 1/2  ?  whole: types\n  2/2  ?  whole: style\n")
    assert "Nothing was measured yet: files of tests are dealt out by how many tests they have." in out


def test_every_part_tells_the_same_digest_and_other_data_another(shop, capsys):
    """It is how two machines can tell that they deal out alike."""

    def told(*arguments: str):
        assert main(["validate", "--list", "--json", *arguments]) == 0
        return json.loads(capsys.readouterr().out)

    path = times(shop)
    first, second = told("--shard", "1/2"), told("--shard", "2/2")
    assert (first["shard"], second["shard"]) == (1, 2)
    assert {**first, "shard": 2} == second
    assert [each["expected_us"] for each in first["shards"]] == [18 * SECOND, 18 * SECOND]
    assert (first["split"], first["never_measured"], first["source"]) == (
        ["unit"],
        ["style"],
        "validation/durations.json",
    )
    copy = path.rename(shop / "other.json")
    assert told("--shard", "1/2")["digest"] != first["digest"]
    given = told("--shard", "1/2", "--durations", str(copy))
    assert (given["digest"], given["source"]) == (first["digest"], str(copy))


@pytest.mark.parametrize("action", [["--list"], []], ids=["list", "run"])
def test_a_file_of_durations_that_cannot_be_read_ends_with_2(shop, capsys, action):
    """Before anything runs: the other machines may have it."""
    assert main(["validate", *action, "--shard", "1/2", "--durations", "gone.json"]) == 2
    assert "gone.json: cannot be read: No such file or directory" in capsys.readouterr().err
    assert not (shop / ".overt").exists()
