"""Times that the tools themselves have written become records; files that are none are said to be none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.evidence.importers import guess_format, read_results
from overt.evidence.importers.json_file import _plain
from overt.evidence.importers.timings import Timed, imported_timings
from overt.evidence.records import Measure, Timing

FIXTURES = Path(__file__).parent / "fixtures"
TOOLS = ("pytest-benchmark", "pyperf", "hyperfine", "asv")


def read(path: Path, result_format: str = "") -> tuple[list[Timing], list[str]]:
    """Return the timings of a file and what is wrong with it."""
    found = read_results(path, suite="speed", root=path.parent, result_format=result_format)
    return [one for one in found.records if isinstance(one, Timing)], [str(problem) for problem in found.problems]


@pytest.mark.parametrize(
    ("file", "tool", "told"),
    [
        (
            "pytest-benchmark.json",
            "pytest-benchmark",
            {"test_small.py::test_sum[200]": 8, "test_small.py::test_sort": 8},
        ),
        ("pyperf.json", "pyperf", {"sum": 9, "sort": 9}),
        ("pyperf-timeit.json", "pyperf", {"timeit": 20}),
        ("hyperfine.json", "hyperfine", {"true": 6, "sleep 0.01": 6}),
    ],
)
def test_what_the_tools_write_is_read(file: str, tool: str, told: dict[str, int]) -> None:
    """Every time of every benchmark, without naming the format."""
    assert guess_format(FIXTURES / file) == tool
    timings, problems = read(FIXTURES / file)
    assert not problems
    assert {one.benchmark: len(one.times_ns) for one in timings} == told
    assert {one.tool for one in timings} == {tool}
    assert all(one.runs == len(one.times_ns) for one in timings)


def test_times_are_those_of_the_file() -> None:
    """Scaled to so many operations that whole nanoseconds are exact enough."""
    (_, slept), _ = read(FIXTURES / "hyperfine.json")
    assert (slept.operations, slept.times_ns[0]) == (1, 11_248_075)
    timings, _ = read(FIXTURES / "pytest-benchmark.json")
    written = json.loads((FIXTURES / "pytest-benchmark.json").read_text())["benchmarks"]
    for one, stats in zip(timings, (told["stats"] for told in written), strict=True):
        assert one.operations % stats["iterations"] == 0
        assert [time / one.operations for time in one.times_ns] == pytest.approx(
            [1e9 * x for x in stats["data"]], rel=1e-4
        )


def test_saved_without_single_times_the_median_is_known() -> None:
    """And how many runs it is the median of."""
    timings, problems = read(FIXTURES / "pytest-benchmark-saved.json")
    assert not problems
    assert [(len(one.times_ns), one.runs) for one in timings] == [(1, 8), (1, 8)]


def test_asv_results_become_times_sizes_and_numbers() -> None:
    """One for each choice of parameters; its file is no JSON by the letter, and read all the same."""
    assert guess_format(FIXTURES / "asv.json") == "asv"
    found = read_results(FIXTURES / "asv.json", suite="speed", root=FIXTURES)
    assert found.problems == ()
    timings = [one for one in found.records if isinstance(one, Timing)]
    names = ["bench.Suite.time_sum(10)", "bench.Suite.time_sum(200)", "bench.time_sort"]
    assert [one.benchmark for one in timings] == names
    assert timings[2].times_ns[0] / timings[2].operations == pytest.approx(5502, rel=1e-4)
    measures = [(one.name, one.value, one.unit) for one in found.records if isinstance(one, Measure)]
    assert measures == [
        ("bench.mem_list", 2104, "bytes"),
        ("bench.peakmem_x", 24_854_528, "bytes"),
        ("bench.track_size", 7, "count"),
    ]


def asv(**results: object) -> str:
    """Return a result file of asv."""
    columns = ["result", "params", "samples", "stats_number"]
    return json.dumps({"version": 2, "result_columns": columns, "results": {f"b.{k}": v for k, v in results.items()}})


def test_an_asv_benchmark_that_failed_is_a_problem_and_a_skipped_one_is_not(tmp_path: Path) -> None:
    """The others are read; a share becomes parts per million."""
    path = tmp_path / "asv.json"
    values = {
        "time_a": [[0.5, float("nan"), None], [["1", "2", "3"]]],
        "mem_b": None,
        "track_c": [[0.25], []],
        "time_d": [[0.5], [], [[0.4, 0.6]], [3]],
    }
    path.write_text(asv(**values))
    found = read_results(path, suite="speed", root=tmp_path)
    assert [problem.message for problem in found.problems] == [
        "the benchmark 'b.time_a(3)' has no result: it failed",
        "the benchmark 'b.mem_b' has no result: it failed",
    ]
    first, second, share = found.records
    assert isinstance(first, Timing)
    assert (first.benchmark, first.times_ns) == ("b.time_a(1)", (500_000_000,))
    assert isinstance(second, Timing)
    assert (second.times_ns, second.operations) == ((1_200_000_000, 1_800_000_000), 3)
    assert isinstance(share, Measure)
    assert (share.value, share.unit) == (250_000, "ppm")


def test_a_command_that_failed_was_not_measured() -> None:
    """However quick it was."""
    timings, (problem,) = read(FIXTURES / "hyperfine-failed.json")
    assert not timings
    assert problem == "hyperfine-failed.json: the benchmark 'false' exited 1 in 2 of 2 runs"


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize(
    "text", ["", "[", "[]", "{}", '{"benchmarks": 3}', '{"results": "x"}', "null", "\x00", "[" * 5000]
)
def test_what_is_no_such_file_is_a_problem(tmp_path: Path, tool: str, text: str) -> None:
    """In one sentence with the file's name, and no exception."""
    path = tmp_path / "odd.json"
    path.write_text(text)
    timings, problems = read(path, tool)
    assert not timings
    assert problems[0].startswith("odd.json")


@pytest.mark.parametrize(
    ("tool", "text", "said"),
    [
        ("pyperf", '{"benchmarks": []}', "holds no benchmark"),
        ("pyperf", '{"benchmarks": [{"runs": []}]}', "the benchmark 'benchmark 1' has no times"),
        (
            "pyperf",
            '{"benchmarks": [{"runs": [{"values": [5]}], "metadata": {"name": "m", "unit": "byte"}}]}',
            "'byte'",
        ),
        ("hyperfine", '{"results": [{"command": "a", "times": [0.0]}]}', "has a time of 0 s, which cannot be"),
        ("hyperfine", '{"results": [{"command": "a", "times": [-1]}]}', "has a time of -1 s"),
        ("hyperfine", '{"results": [{"command": "a", "times": [Infinity]}]}', "has a time of inf s"),
        (
            "hyperfine",
            '{"results": [{"command": "a", "times": [1], "exit_codes": [null]}]}',
            "was ended by a signal in 1 of 1",
        ),
        ("pytest-benchmark", '{"benchmarks": [{"name": "a", "stats": {}}]}', "the benchmark 'a' has no times"),
        ("asv", '{"version": 1, "result_columns": [], "results": {}}', "is of version 1, and 2 is read"),
        ("asv", '{"version": 2, "result_columns": [], "results": {}}', "holds no benchmark"),
    ],
)
def test_what_was_not_measured_is_said(tmp_path: Path, tool: str, text: str, said: str) -> None:
    """Nothing of it becomes a time."""
    path = tmp_path / "odd.json"
    path.write_text(text)
    timings, problems = read(path, tool)
    assert not timings
    assert said in problems[0]


@pytest.mark.parametrize("file", ["pytest-benchmark.json", "pyperf.json", "hyperfine.json", "asv.json"])
@given(data=st.data())
def test_a_file_that_was_cut_or_changed_is_never_an_exception(
    tmp_path_factory: pytest.TempPathFactory, file: str, data: st.DataObject
) -> None:
    """It is read, or it is a problem."""
    whole = (FIXTURES / file).read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = whole[:at] + data.draw(st.binary(max_size=3)) + whole[at + data.draw(st.integers(0, 40)) :]
    path = tmp_path_factory.mktemp("odd") / "odd.json"
    path.write_bytes(changed)
    timings, problems = read(path)
    assert timings or problems


@given(st.text())
def test_strings_that_name_infinite_numbers_stay_as_they_are(text: str) -> None:
    """Only numbers that JSON has no word for are replaced."""
    document = {f"NaN{text}": [text + 'a "NaN', "Infinity"]}
    assert json.loads(_plain(json.dumps(document).encode())) == document
    assert json.loads(_plain(b'[NaN, -Infinity, "NaN"]')) == ["NaN", "-Infinity", "NaN"]


def test_very_many_times_are_thinned_out() -> None:
    """And it is said how many there were; two of one name are told apart."""
    long = Timed("a", [1e-9 * (1 + number) for number in range(3500)], operations=1)
    first, second = imported_timings([long, Timed("a", [1.0])], tool="t", suite="s", name="f").records
    assert isinstance(first, Timing)
    assert len(first.times_ns) == 875
    assert (first.runs, first.operations, first.times_ns[0]) == (3500, 100_000, 100_000)
    assert (first.id, second.id) == ("timing:s:a", "timing:s:a~2")
