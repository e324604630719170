"""How the work of a run is dealt out to shards."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from overt.campaign.records import Campaign, Project, Suite
from overt.evidence.durations import Durations, FileTimes, SuiteTimes, read_durations, write_durations
from overt.model import OvertError
from overt.validate.recorder.overt_split import deal, weight_of
from overt.validate.split import Known, known_durations, make_split

CAMPAIGN = Campaign(
    project=Project(name="shop"),
    suites={
        "unit": Suite(kind="pytest"),
        "slow": Suite(kind="command", command=("true",)),
        "quick": Suite(kind="command", command=("true",)),
        "style": Suite(kind="lint", command=("true",)),
    },
)
NAMES = tuple(CAMPAIGN.suites)
SECOND = 1_000_000

FILES = st.sampled_from(["a.py", "b.py", "sub/c.py", "d.py"])
TESTS = st.builds("{}::{}".format, FILES, st.text(max_size=6))
WEIGHTS = st.integers(1, 10**9)
NAMES_OF = st.text(st.characters(exclude_categories=["Cs"]), max_size=9)
FILE_TIMES = st.fixed_dictionaries(
    {"each_us": WEIGHTS, "tests": st.dictionaries(st.text(max_size=6), WEIGHTS, max_size=4)}
)
KNOWN = st.fixed_dictionaries({}, optional={"each_us": WEIGHTS, "files": st.dictionaries(FILES, FILE_TIMES)})


@given(names=st.lists(TESTS, max_size=40), shards=st.integers(1, 7), known=KNOWN, data=st.data())
def test_each_test_is_in_exactly_one_part_whatever_the_order(names, shards, known, data):
    """Nothing is lost, nothing is doubled, and every machine comes to the same parts."""
    loads = data.draw(st.lists(st.integers(0, 10**9), min_size=shards, max_size=shards))
    parts = deal(names, shards, known, loads)
    assert len(parts) == shards
    assert sorted(name for part in parts for name in part) == sorted(set(names))
    assert deal(data.draw(st.permutations(names)), shards, known, loads) == parts


@given(names=st.lists(TESTS, min_size=1, max_size=40), shards=st.integers(1, 7), known=KNOWN)
def test_no_part_is_longer_than_a_fair_share_and_the_largest_piece(names, shards, known):
    """What cannot be cut is at most a quarter of a share, or one single test."""
    weights = {name: weight_of(name, known) for name in names}
    fair = sum(weights.values()) / shards
    longest = max(sum(weights[name] for name in part) for part in deal(names, shards, known))
    assert longest <= fair + max(fair / 4, *weights.values())


@given(shards=st.integers(1, 9), number=st.integers(1, 60))
def test_without_times_parts_of_one_file_differ_by_one_test(shards, number):
    """A single file is cut into its tests rather than given to one shard."""
    sizes = [len(part) for part in deal([f"a.py::{n}" for n in range(number)], shards, {})]
    assert max(sizes) - min(sizes) <= 1


def test_small_files_stay_whole():
    """Their fixtures are then set up once."""
    names = [f"{file}.py::{n}" for file in "abcdefghijkl" for n in range(3)]
    for part in deal(names, 2, {}):
        files = [name.partition("::")[0] for name in part]
        assert all(files.count(file) == 3 for file in files)


def known(**suites: SuiteTimes) -> Known:
    return Known(Durations(suites=suites), "here")


def of_tests(seconds: int, number: int) -> SuiteTimes:
    each = seconds * SECOND // number
    return SuiteTimes(
        wall_us=seconds * SECOND,
        each_us=each,
        files={f"t{n}.py": FileTimes(each_us=each, count=1) for n in range(number)},
    )


def test_whole_suites_go_first_and_tests_fill_the_gaps():
    """The longest suite has a part of its own as far as there is other work."""
    split = make_split(
        CAMPAIGN,
        NAMES,
        3,
        known(
            unit=of_tests(60, 60),
            slow=SuiteTimes(wall_us=30 * SECOND),
            quick=SuiteTimes(wall_us=2 * SECOND),
            style=SuiteTimes(wall_us=1 * SECOND),
        ),
    )
    assert split.homes == {"slow": 1, "quick": 2, "style": 3}
    assert split.before == {"unit": (30 * SECOND, 2 * SECOND, SECOND)}
    assert sum(split.loads) == 93 * SECOND
    assert max(split.loads) - min(split.loads) <= SECOND


@pytest.mark.parametrize("shards", [1, 2, 3, 5, 12])
def test_every_suite_runs_somewhere(shards):
    """A suite that cannot be cut in exactly one part, one with tests in each, known or not."""
    for source in (Known(), known(slow=SuiteTimes(wall_us=5)), known(unit=of_tests(3, 3))):
        split = make_split(CAMPAIGN, NAMES, shards, source)
        for name in NAMES:
            here = sum(split.runs(name, number) for number in range(1, shards + 1))
            assert here == (shards if name == "unit" else 1)


def test_without_times_whole_suites_are_dealt_out_in_turn():
    """One after the other, as far as nothing is known of them."""
    split = make_split(CAMPAIGN, NAMES, 2, Known())
    assert (split.homes, split.loads) == ({"slow": 1, "quick": 2, "style": 1}, (0, 0))
    assert split.unknown == NAMES


def test_the_digest_tells_other_times_and_other_divisions_apart():
    """Two machines that would deal out differently have different digests."""
    splits = [
        make_split(CAMPAIGN, NAMES, 2, Known()),
        make_split(CAMPAIGN, NAMES, 3, Known()),
        make_split(CAMPAIGN, NAMES, 2, known(unit=of_tests(3, 3))),
        make_split(CAMPAIGN, NAMES, 2, known(unit=of_tests(3, 4))),
        make_split(CAMPAIGN, NAMES, 2, known(slow=SuiteTimes(wall_us=5))),
        make_split(CAMPAIGN, NAMES[:-1], 2, Known()),
    ]
    # A time that nobody deals by (`slow` is placed where it is anyway) still shows in what the tests come upon.
    assert len({split.digest() for split in splits}) == len(splits)
    assert splits[0].digest() == make_split(CAMPAIGN, NAMES, 2, Known(source="elsewhere")).digest()


def test_the_file_asked_for_comes_before_the_projects_own(tmp_path: Path):
    """And the project's own before the ledger, which here holds nothing."""
    assert known_durations(tmp_path, NAMES) == Known()
    own = tmp_path / "validation" / "durations.json"
    own.parent.mkdir()
    own.write_bytes(write_durations(Durations(suites={"slow": SuiteTimes(wall_us=7)})))
    other = tmp_path / "other.json"
    other.write_bytes(write_durations(Durations(suites={"slow": SuiteTimes(wall_us=8)})))
    assert known_durations(tmp_path, NAMES).source == "validation/durations.json"
    assert known_durations(tmp_path, NAMES, str(other)).durations.suites["slow"].wall_us == 8


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"format": 2, "suites": {}}', '{"format": 1, "suites": 3}'])
def test_a_file_that_is_none_is_refused(tmp_path: Path, text: str | None):
    """Going on without it would deal the tests out in another way than the other machines do."""
    path = tmp_path / "durations.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(OvertError, match=r"cannot be read|is no file of durations|is of format 2"):
        known_durations(tmp_path, NAMES, str(path))


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(
    suites=st.dictionaries(
        NAMES_OF,
        st.builds(
            SuiteTimes,
            wall_us=WEIGHTS,
            each_us=st.integers(0, 9),
            files=st.dictionaries(
                NAMES_OF,
                st.builds(
                    FileTimes,
                    each_us=WEIGHTS,
                    count=st.integers(0, 9),
                    tests=st.dictionaries(NAMES_OF, WEIGHTS, max_size=3),
                ),
            ),
        ),
    )
)
def test_durations_come_back_from_their_file(tmp_path_factory, suites):
    """Whatever tests and files are called."""
    path = tmp_path_factory.getbasetemp() / "came-back.json"
    path.write_bytes(write_durations(Durations(suites=suites)))
    assert read_durations(path) == Durations(suites=suites)
