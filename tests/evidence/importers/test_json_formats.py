"""CTRF and SARIF, whole and broken."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from overt.evidence.importers.ctrf import read_ctrf
from overt.evidence.importers.sarif import read_sarif
from overt.evidence.records import FindingSeen, Scan
from overt.model import Location, Severity

CTRF = {
    "results": {
        "tool": {"name": "playwright"},
        "summary": {"tests": 5, "passed": 2, "failed": 1, "pending": 1, "skipped": 0, "other": 1},
        "tests": [
            {
                "name": "adds",
                "status": "passed",
                "duration": 12.5,
                "suite": ["cart", "total"],
                "filePath": "./e2e/cart.ts",
            },
            {"name": "fails", "status": "failed", "duration": 3, "message": "boom\nmore", "trace": "at 1", "line": 7},
            {"name": "later", "status": "pending", "duration": 0},
            {"name": "odd", "status": "other", "duration": 0, "suite": "cart"},
            {
                "name": "flaky",
                "status": "passed",
                "duration": 1,
                "flaky": True,
                "retries": 1,
                "retryAttempts": [{"attempt": 1, "status": "failed", "duration": 2, "message": "first"}],
            },
        ],
    }
}
SARIF = {
    "version": "2.1.0",
    "runs": [
        {
            "tool": {
                "driver": {
                    "name": "ruff",
                    "version": "0.12",
                    "rules": [
                        {"id": "F401", "helpUri": "https://h/F401", "defaultConfiguration": {"level": "error"}},
                        {"id": "E501"},
                    ],
                }
            },
            "artifacts": [{"location": {"uri": "src/a.py"}}, {"location": {"uri": "src/b.py"}}],
            "results": [
                {
                    "ruleId": "F401",
                    "ruleIndex": 0,
                    "message": {"text": "unused import"},
                    "locations": [
                        {
                            "physicalLocation": {
                                "artifactLocation": {"uri": "ROOT/src/a%20b.py"},
                                "region": {"startLine": 3, "startColumn": 8},
                            },
                            "logicalLocations": [{"fullyQualifiedName": "shop.cart"}],
                        }
                    ],
                },
                {"ruleId": "E501", "level": "note", "message": {"text": "too long"}},
                {
                    "ruleId": "E501",
                    "message": {"text": "x"},
                    "suppressions": [{"kind": "external", "justification": "old"}],
                },
                {
                    "ruleId": "E501",
                    "message": {"text": "y"},
                    "suppressions": [{"kind": "external", "status": "rejected"}],
                },
                {"ruleId": "E501", "message": {"text": "z"}, "baselineState": "unchanged"},
                {"ruleId": "E501", "message": {"text": "gone"}, "baselineState": "absent"},
                {"ruleId": "E501", "message": {"text": "fine"}, "kind": "pass"},
            ],
        }
    ],
}


def writing(tmp_path, reader, name):
    def reading(document):
        path = tmp_path / name
        text = document if isinstance(document, str) else json.dumps(document, indent=1)
        path.write_text(text.replace("ROOT", f"file://{tmp_path.resolve()}"))
        return reader(path, suite="unit", root=tmp_path)

    return reading


@pytest.fixture
def ctrf(tmp_path):
    return writing(tmp_path, read_ctrf, "report.json")


@pytest.fixture
def sarif(tmp_path):
    return writing(tmp_path, read_sarif, "report.sarif")


def test_ctrf(ctrf):
    """Names, outcomes, durations, places and attempts are taken over."""
    imported = ctrf(CTRF)
    assert not imported.problems
    assert [(one.name, one.outcome, one.attempt, one.duration_ns) for one in imported.records] == [
        ("cart > total::adds", "passed", 1, 12_500_000),
        ("fails", "failed", 1, 3_000_000),
        ("later", "skipped", 1, 0),
        ("cart::odd", "skipped", 1, 0),
        ("flaky", "failed", 1, 2_000_000),
        ("flaky", "passed", 2, 1_000_000),
    ]
    assert imported.records[0].path == "e2e/cart.ts"
    failed = imported.records[1]
    assert (failed.message, failed.detail, failed.line) == ("boom", "at 1", 7)
    assert imported.records[3].message == "its status is 'other'"


@pytest.mark.parametrize("status", [None, "", "green"])
def test_a_test_without_a_known_status_is_a_problem(ctrf, status):
    """It leaves no record, and the file cannot be relied on."""
    test = {"name": "n", "duration": 1} | ({} if status is None else {"status": status})
    imported = ctrf({"results": {"tests": [test, {"name": "ok", "status": "passed"}]}})
    assert [record.name for record in imported.records] == ["ok"]
    assert "test 1, 'n', has" in imported.problems[0].message


def test_fewer_tests_than_the_summary_says_are_a_problem(ctrf):
    """Somebody cut the list."""
    imported = ctrf({"results": {"summary": {"tests": 3}, "tests": [{"name": "a", "status": "passed"}]}})
    assert "says that it has 3 tests, but holds 1" in imported.problems[0].message


def test_sarif(sarif):
    """Level, place, rule, standing and scope are taken over."""
    imported = sarif(SARIF)
    assert not imported.problems
    scan, first, *others = imported.records
    assert isinstance(scan, Scan)
    assert (scan.tool, scan.version, scan.files, scan.rules) == ("ruff", "0.12", 2, ("F401", "E501"))
    assert isinstance(first, FindingSeen)
    assert first.finding.location == Location("src/a b.py", 3, 8)
    assert (first.finding.severity, first.finding.scope, first.finding.url) == (
        Severity.ERROR,
        "shop.cart",
        "https://h/F401",
    )
    assert [(one.finding.message, one.finding.severity, one.standing, one.reason) for one in others] == [
        ("too long", Severity.NOTE, "new", ""),
        ("x", Severity.WARNING, "allowed", "old"),
        ("y", Severity.WARNING, "new", ""),
        ("z", Severity.WARNING, "ratcheted", ""),
    ]


def test_the_id_of_a_finding_survives_a_moved_line(sarif):
    """It is made of what is found, not of the line where."""
    moved = json.loads(json.dumps(SARIF))
    place = moved["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    before = sarif(SARIF).records[1].id
    place["region"]["startLine"] = 99
    assert sarif(moved).records[1].id == before
    place["artifactLocation"]["uri"] = "src/other.py"
    assert sarif(moved).records[1].id != before


def test_the_same_finding_twice_has_two_ids(sarif):
    """Two places in one file that are alike are two findings."""
    run = SARIF["runs"][0] | {"results": [SARIF["runs"][0]["results"][1]] * 2}
    ids = [record.id for record in sarif({"version": "2.1.0", "runs": [run]}).records[1:]]
    assert ids[1] == f"{ids[0]}~2"


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"version": "2.1.0", "runs": []}, "holds no run of any tool"),
        ({"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}}]}, "x left no results: it was not run"),
        ({"version": "2.1.0", "runs": [{"results": []}]}, "run 1 does not name its tool"),
        ({"version": "1.0.0", "runs": []}, "is not SARIF 2.1.0: it says version '1.0.0'"),
        ({"runs": []}, "it names no version"),
        (
            {
                "version": "2.1.0",
                "runs": [
                    {
                        "tool": {"driver": {"name": "x"}},
                        "results": [],
                        "invocations": [
                            {
                                "executionSuccessful": False,
                                "toolExecutionNotifications": [{"level": "error", "message": {"text": "crashed"}}],
                            }
                        ],
                    }
                ],
            },
            "x says that it did not succeed: crashed",
        ),
    ],
)
def test_sarif_that_proves_nothing_is_a_problem(sarif, document, words):
    """Each says why."""
    assert words in sarif(document).problems[0].message


def test_files_that_a_tool_could_not_read_are_kept(sarif):
    """They make its scan incomplete."""
    note = {
        "level": "error",
        "message": {"text": "bad"},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": "a.py"}}}],
    }
    run = {
        "tool": {"driver": {"name": "x"}},
        "results": [],
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": [note]}],
    }
    assert sarif({"version": "2.1.0", "runs": [run]}).records[0].unreadable == ("a.py",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("{\n\n", "report.{}:3: is truncated"),
        ('{\n "a": nope}', ":2: is not JSON"),
        ("[1, 2]", "is not of the expected shape"),
        ("[" * 100_000, "is not"),
    ],
)
def test_what_is_no_json_document_is_named_with_its_line(ctrf, sarif, text, words):
    """Both readers tell file and line."""
    for read, ending in ((ctrf, "json"), (sarif, "sarif")):
        imported = read(text)
        assert imported.records == ()
        assert words.replace("{}", ending) in str(imported.problems[0])


_KEYS = st.sampled_from(
    ["results", "tests", "name", "status", "runs", "version", "tool", "driver", "locations", "message", "text"]
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=_JSON)
def test_any_json_document_is_read_or_refused(ctrf, sarif, document):
    """Never an exception."""
    for read in (ctrf, sarif):
        imported = read(document)
        assert isinstance(imported.problems, tuple)


@pytest.mark.parametrize("part", [0.3, 0.6, 0.9, 0.99])
def test_a_cut_document_is_a_problem(ctrf, sarif, part):
    """JSON that ends early is never half taken over."""
    for read, document in ((ctrf, CTRF), (sarif, SARIF)):
        text = json.dumps(document, indent=1)
        imported = read(text[: int(len(text) * part)])
        assert imported.records == ()
        assert "is truncated" in imported.problems[0].message
