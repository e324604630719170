"""A run written down for other tools: valid whatever is in it, and the same when it is read back."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path

import jsonschema
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overt.evidence.durations import durations_of
from overt.evidence.export import EXPORTS, to_ctrf, to_durations, to_in_toto, to_junit, to_sarif
from overt.evidence.export_text import attempts_of
from overt.evidence.importers.ctrf import read_ctrf
from overt.evidence.importers.junit import read_junit
from overt.evidence.importers.sarif import read_sarif
from overt.evidence.manifest import Host, Inputs, Manifest, Plan, PlannedSuite, Subject
from overt.evidence.reader import Run, open_run
from overt.evidence.records import AnyRecord, FindingSeen, Scan, TestCase
from overt.model import Finding, Location, OvertError, Related, Severity

TEXT = {"type": "string"}
NAMED = {"type": "string", "minLength": 1}
WHOLE = {"type": "integer"}
NATURAL = {"type": "integer", "minimum": 1}
STATUS = {"enum": ["passed", "failed", "skipped", "pending", "other"]}


def exactly(required: str, optional: str = "", **parts: object) -> dict[str, object]:
    """An object with these keys and no other; a key without a schema is a text."""
    names = [*required.split(), *optional.split()]
    given = {name: parts.get(name, TEXT) for name in names}
    return {"type": "object", "required": required.split(), "properties": given, "additionalProperties": False}


def many(items: object, **more: object) -> dict[str, object]:
    return {"type": "array", "items": items, **more}


CTRF = exactly(
    "reportFormat specVersion results",
    "timestamp generatedBy",
    reportFormat={"const": "CTRF"},
    specVersion={"type": "string", "pattern": r"^\d+\.\d+\.\d+$"},
    results=exactly(
        "tool summary tests",
        tool=exactly("name", "version", name=NAMED),
        summary=exactly(
            "tests passed failed skipped pending other start stop",
            "flaky suites duration",
            **dict.fromkeys(["tests", "passed", "failed", "skipped", "pending", "other", "start", "stop"], WHOLE),
            **dict.fromkeys(["flaky", "suites", "duration"], WHOLE),
        ),
        tests=many(
            exactly(
                "name status duration",
                "rawStatus tags suite message trace filePath line retries retryAttempts flaky",
                name=NAMED,
                status=STATUS,
                duration=WHOLE,
                tags=many(TEXT),
                suite=many(TEXT, minItems=1),
                line=WHOLE,
                retries=WHOLE,
                flaky={"type": "boolean"},
                retryAttempts=many(
                    exactly("attempt status", "duration message trace", attempt=NATURAL, status=STATUS, duration=WHOLE)
                ),
            )
        ),
    ),
)
"""What CTRF asks of the parts that are written."""

URI = {"type": "string", "pattern": r"^([A-Za-z0-9._~!$&'()*+,;=@/-]|%[0-9A-F]{2})+$"}
PLACE = exactly(
    "physicalLocation",
    "message logicalLocations",
    physicalLocation=exactly(
        "artifactLocation",
        "region",
        artifactLocation=exactly("uri", uri=URI),
        region=exactly("startLine", "startColumn", startLine=NATURAL, startColumn=NATURAL),
    ),
    message=exactly("text"),
    logicalLocations=many(exactly("fullyQualifiedName")),
)
ANY_PLACE = {"anyOf": [PLACE, exactly("", "message logicalLocations", message={}, logicalLocations={})]}
RESULT = exactly(
    "ruleId ruleIndex level message partialFingerprints",
    "locations relatedLocations suppressions baselineState",
    ruleIndex={"type": "integer", "minimum": 0},
    level={"enum": ["error", "warning", "note", "none"]},
    message=exactly("text"),
    partialFingerprints={"type": "object", "additionalProperties": TEXT},
    locations=many(ANY_PLACE),
    relatedLocations=many(ANY_PLACE),
    suppressions=many(
        exactly(
            "kind",
            "status justification",
            kind={"enum": ["external", "inSource"]},
            status={"enum": ["accepted", "underReview", "rejected"]},
        )
    ),
    baselineState={"enum": ["new", "unchanged", "updated", "absent"]},
)
SARIF = exactly(
    "$schema version runs",
    version={"const": "2.1.0"},
    runs=many(
        exactly(
            "tool automationDetails invocations properties results",
            tool=exactly(
                "driver",
                driver=exactly("name rules", "version", rules=many(exactly("id", "helpUri"), uniqueItems=True)),
            ),
            automationDetails=exactly("id"),
            invocations=many(
                exactly(
                    "executionSuccessful",
                    "toolExecutionNotifications",
                    executionSuccessful={"type": "boolean"},
                    toolExecutionNotifications=many(
                        exactly("level message locations", message=exactly("text"), locations=many(PLACE))
                    ),
                )
            ),
            properties={"type": "object"},
            results=many(RESULT),
        )
    ),
)
"""What SARIF 2.1.0 asks of the parts that are written."""

HEX = {"type": "string", "pattern": "^([0-9a-f]{40}|[0-9a-f]{64})$"}
IN_TOTO = exactly(
    "_type subject predicateType predicate",
    _type={"const": "https://in-toto.io/Statement/v1"},
    predicateType={"const": "https://in-toto.io/attestation/test-result/v0.1"},
    subject=many(
        exactly("name digest", digest={"type": "object", "minProperties": 1, "additionalProperties": HEX}), minItems=1
    ),
    predicate=exactly(
        "result configuration",
        "passedTests warnedTests failedTests",
        result={"enum": ["PASSED", "WARNED", "FAILED"]},
        configuration=many(
            exactly(
                "name digest",
                "mediaType annotations",
                digest=exactly("sha256", sha256=HEX),
                annotations={"type": "object"},
            ),
            minItems=1,
        ),
        passedTests=many(TEXT),
        warnedTests=many(TEXT),
        failedTests=many(TEXT),
    ),
)
"""What the statement and the predicate ask."""

OUTCOMES = ("passed", "failed", "error", "skipped", "xfailed", "xpassed")
COMMIT, TREE = "ab" * 20, "cd" * 20
HOSTILE = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["", "]]>", "<![CDATA[", "\x00\x1b[31m\x7f", "\ud800", "\udc80é", "\ufffe\uffff", "a\r\nb\rc", "&#0;"]
    ),
    st.text(st.characters(codec=None), max_size=10),
)
TESTS = st.lists(
    st.builds(
        TestCase,
        id=st.sampled_from(["test:unit:a", "test:unit:b", "test:unit:a#2", "test:unit:a#3"]),
        suite=st.sampled_from(["unit", "more"]),
        name=HOSTILE,
        outcome=st.sampled_from(OUTCOMES),
        attempt=st.integers(1, 3),
        duration_ns=st.integers(0, 10**12),
        path=HOSTILE,
        line=st.integers(0, 9),
        message=HOSTILE,
        detail=HOSTILE,
    ),
    max_size=6,
)
PLACES = st.builds(Location, HOSTILE, st.integers(0, 3), st.integers(0, 3))
FOUND = st.lists(
    st.builds(
        FindingSeen,
        id=HOSTILE,
        suite=st.just("lint"),
        standing=st.sampled_from(["new", "ratcheted", "allowed"]),
        reason=HOSTILE,
        finding=st.builds(
            Finding,
            rule=HOSTILE,
            message=HOSTILE,
            location=PLACES,
            severity=st.sampled_from(Severity),
            scope=HOSTILE,
            tool=st.sampled_from(["", "ruff", "\x00"]),
            related=st.tuples(st.builds(Related, PLACES, HOSTILE)),
            url=HOSTILE,
        ),
    ),
    max_size=3,
)
SCANS = st.lists(
    st.builds(
        Scan,
        id=HOSTILE,
        suite=st.just("lint"),
        tool=st.sampled_from(["", "ruff"]),
        version=HOSTILE,
        unreadable=st.tuples(HOSTILE.filter(bool)),
        rules=st.lists(HOSTILE, max_size=2).map(tuple),
    ),
    max_size=2,
)


class Held(Run):
    """A run of records that no ledger would hold: its own writer makes every text plain before it is stored."""

    def __init__(self, records: Sequence[AnyRecord]) -> None:
        inputs = Inputs(patterns=(), files=0, sha256="0" * 64)
        kinds = {"unit": "pytest", "more": "pytest", "lint": "lint"}
        plan = Plan(
            suites=tuple(PlannedSuite(name=name, suite_kind=kind, inputs=inputs) for name, kind in kinds.items())
        )
        host = Host(system="", machine="", python="3", implementation="", cores=1)
        manifest = Manifest(
            format=1,
            run="r",
            state="closed",
            created_ns=1,
            closed_ns=2,
            subject=Subject(project="shop", commit=COMMIT, tree=TREE),
            host=host,
            plan=plan,
            plan_sha256="",
        )
        super().__init__(Path("nowhere"), manifest)
        self._records = tuple(records)

    @property
    def records(self) -> tuple[AnyRecord, ...]:
        return self._records

    @property
    def damage(self):
        return ()


def check(data: bytes, schema: dict[str, object]) -> dict[str, object]:
    document = json.loads(data.decode("utf-8"))
    jsonschema.validate(document, schema, jsonschema.Draft202012Validator)
    return document


@settings(max_examples=40)
@given(tests=TESTS, found=FOUND, scans=SCANS)
def test_nothing_makes_an_invalid_file(tests, found, scans):
    """Control characters, half surrogates, ends of CDATA and records that contradict each other among them."""
    run = Held([*tests, *found, *scans])
    root = ET.fromstring(to_junit(run))
    held = sum(len(attempts_of(one for one in tests if one.suite == suite)) for suite in ("unit", "more"))
    assert len(root.findall("testsuite/testcase")) == held == sum(int(one.get("tests")) for one in root)
    assert check(to_ctrf(run), CTRF)["results"]["summary"]["tests"] == held
    assert sum(len(one["results"]) for one in check(to_sarif(run), SARIF)["runs"]) == len(found)
    check(to_in_toto(run), IN_TOTO)


def test_ten_megabytes_are_written_whole():
    """The ledger would have cut them; an export does not fail on them all the same."""
    text = "]]>\x00&<" * 1_700_000
    case = TestCase(id="t", suite="unit", name="t", outcome="failed", message=text, detail=text)
    run = Held([case])
    failure = ET.fromstring(to_junit(run))[0][0][0]
    assert len(failure.text) == len(failure.get("message")) == len(text)
    assert len(json.loads(to_ctrf(run))["results"]["tests"][0]["trace"]) == len(text)


@pytest.mark.parametrize(
    "name", ["a.py::t", "a.py::C::t[x::y z]", "a::ab", "build", "a.py::t[a[b]]", "::x", "é/[]", "x::"]
)
def test_names_come_back(tmp_path, name):
    """However they are split into the parts that a format has."""
    run = Held([TestCase(id=f"test:unit:{name}", suite="unit", name=name, outcome="passed")])
    (tmp_path / "out.xml").write_bytes(to_junit(run))
    (tmp_path / "out.json").write_bytes(to_ctrf(run))
    for back in (
        read_junit(tmp_path / "out.xml", suite="unit", root=tmp_path),
        read_ctrf(tmp_path / "out.json", suite="unit", root=tmp_path),
    ):
        assert [(one.name, one.id) for one in back.records] == [(name, f"test:unit:{name}")]


PLAIN = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x2FF, categories=["L", "N", "P", "S"]), min_size=1, max_size=9
)
ATTEMPTS = st.lists(st.sampled_from(["failed", "error"]), max_size=2).flatmap(
    lambda before: st.sampled_from(OUTCOMES).map(lambda last: [*before, last])
)


@settings(max_examples=40)
@given(
    cases=st.dictionaries(st.builds("{}.py::{}".format, PLAIN, PLAIN), st.tuples(ATTEMPTS, PLAIN, PLAIN), max_size=5)
)
def test_tests_come_back_from_junit_and_ctrf(tmp_path_factory, cases):
    """Name, outcome, attempt, message, failure text, file, line and time, as far as a format has them."""
    records = [
        TestCase(
            id=f"test:unit:{name}" + (f"#{number}" if number > 1 else ""),
            suite="unit",
            name=name,
            outcome=outcome,
            attempt=number,
            duration_ns=7_000_000,
            path="a/b c%.py",
            line=3,
            message="" if outcome in {"passed", "xpassed"} else message,
            detail=detail if outcome in {"failed", "error"} else "",
        )
        for name, (outcomes, message, detail) in cases.items()
        for number, outcome in enumerate(outcomes, 1)
    ]
    folder = tmp_path_factory.getbasetemp()
    (folder / "out.xml").write_bytes(to_junit(Held(records)))
    (folder / "out.json").write_bytes(to_ctrf(Held(records)))
    junit = read_junit(folder / "out.xml", suite="unit", root=folder)
    assert not junit.problems
    last = {each[-1].id for each in attempts_of(records)}
    # JUnit XML gives times to tests, not to attempts, and has no word for an unexpected pass.
    told = [
        msgspec.structs.replace(
            one, duration_ns=one.duration_ns if one.id in last else 0, outcome=one.outcome.replace("xpassed", "passed")
        )
        for one in records
    ]
    spent = {one.id: one.duration_ns for one in junit.records}
    assert sum(spent.values()) == 7_000_000 * len(cases)
    assert strip(junit.records, "duration_ns") == strip(told, "duration_ns")
    ctrf = read_ctrf(folder / "out.json", suite="unit", root=folder)
    assert not ctrf.problems
    earlier = [
        one if one.id in last else msgspec.structs.replace(one, outcome=one.outcome.replace("error", "failed"))
        for one in records
    ]
    assert strip(ctrf.records) == strip(earlier)


def strip(records, *fields: str) -> list[dict[str, object]]:
    told = ({**msgspec.to_builtins(record), **dict.fromkeys(fields)} for record in records)
    return sorted(told, key=lambda one: str(one["id"]))


def test_the_counts_of_junit_are_those_of_its_cases(book):
    """Attempts at one test are one test."""
    run = book.run(
        book.test("a", "failed"), book.test("a", attempt=2), book.test("b", "error"), book.test("c", "xfailed")
    )
    (suite,) = ET.fromstring(to_junit(run))
    assert [suite.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["3", "0", "1", "1"]
    assert [each.tag for each in suite[0]] == ["flakyFailure"]


def test_findings_come_back_from_sarif(book, tmp_path):
    """With standing, reason, place, scope, further places, the rule's page, and what could not be read."""
    finding = Finding(
        rule="E999",
        message="unused",
        location=Location("src/a b%.py", 3, 2),
        severity=Severity.ERROR,
        scope="shop.cart",
        tool="ruff",
        related=(Related(Location("src/c.py", 1), "here"),),
        url="https://example.org/E999",
    )
    records = [
        book.scan(version="1", rules=("F401",), unreadable=("src/x.py",), files=3),
        book.finding(line=1, standing="ratcheted"),
        book.finding(line=2, finding=finding, standing="allowed", reason="old"),
        book.finding(line=3, severity=Severity.NOTE),
    ]
    run = book.run(*records, suites=(book.planned("lint", "lint"),))
    (tmp_path / "out.sarif").write_bytes(to_sarif(run))
    back = read_sarif(tmp_path / "out.sarif", suite="lint", root=tmp_path)
    assert not back.problems
    seen = [one for one in back.records if isinstance(one, FindingSeen)]
    assert [(one.finding, one.standing, one.reason) for one in seen] == [
        (one.finding, one.standing, one.reason) for one in run.of(FindingSeen)
    ]
    (scan,) = [one for one in back.records if isinstance(one, Scan)]
    assert (scan.tool, scan.version, scan.rules, scan.unreadable) == ("ruff", "1", ("E999", "F401"), ("src/x.py",))


def test_a_tool_that_broke_off_is_not_said_to_have_succeeded(book, tmp_path):
    """No findings of a linter that was ended by its time limit mean nothing, in any format."""
    run = book.run(book.scan(), book.end("lint", "timeout"), suites=(book.planned("lint", "lint"),))
    (tmp_path / "out.sarif").write_bytes(to_sarif(run))
    assert read_sarif(tmp_path / "out.sarif", suite="lint", root=tmp_path).problems


def stated(book, *records, suites=(), **subject):
    """Return the statement about a run of a commit."""
    writer = book.start(*suites)
    with writer:
        for record in records:
            writer.add(record)
    run = open_run(writer.folder)
    head = msgspec.structs.replace(run.manifest, subject=Subject(**{"project": "shop", "commit": COMMIT, **subject}))
    return check(to_in_toto(Run(run.folder, head)), IN_TOTO)


def test_a_statement_names_what_was_measured_and_what_came_of_it(book):
    """Commit, tree, and each test by its name."""
    outcomes = zip("abcdef", OUTCOMES, strict=True)
    document = stated(
        book,
        *(book.test(name, outcome) for name, outcome in outcomes),
        book.test("g", "failed"),
        book.test("g", attempt=2),
        book.end(),
        tree=TREE,
    )
    assert [each["digest"] for each in document["subject"]] == [{"gitCommit": COMMIT}, {"gitTree": TREE}]
    told = document["predicate"]
    assert told["result"] == "FAILED"
    assert told["passedTests"] == ["unit: a"]
    assert told["failedTests"] == ["unit: b", "unit: c"]
    assert told["warnedTests"] == ["unit: e", "unit: f", "unit: g"]


def test_what_was_not_measured_has_not_passed(book):
    """No test, skipped tests only, a suite without an end, an optional suite that failed."""
    optional = (book.planned(), book.planned("style", "command", required=False))
    results = [
        stated(book, book.test("a"), book.end()),
        stated(book, book.end()),
        stated(book, book.test("a", "skipped"), book.end()),
        stated(book, book.test("a")),
        stated(book, book.test("a"), book.end(), suites=optional),
        stated(book, book.test("a", "failed"), book.test("a", attempt=2), book.end()),
    ]
    assert [one["predicate"]["result"] for one in results] == [
        "PASSED",
        "FAILED",
        "FAILED",
        "FAILED",
        "WARNED",
        "WARNED",
    ]


@pytest.mark.parametrize(
    ("subject", "why"), [({"commit": ""}, "measured no commit"), ({"dirty": True}, "with changes, so it says nothing")]
)
def test_only_a_commit_is_stated_about(book, subject, why):
    """What lay in a work tree cannot be looked at by anybody else."""
    with pytest.raises(OvertError, match=why):
        stated(book, book.test("a"), book.end(), **subject)


def test_a_run_that_was_never_closed_states_nothing(book):
    """It may still fail."""
    with pytest.raises(OvertError, match="never closed"):
        to_in_toto(open_run(book.start().folder))


def test_durations_are_those_of_the_run(book):
    """And a part of a run has none to give."""
    run = book.run(book.test("a.py::x"), book.end())
    assert msgspec.json.decode(to_durations(run)) == msgspec.to_builtins(durations_of([run]))
    with pytest.raises(OvertError, match="tells no durations"):
        to_durations(book.run(book.test("a.py::x"), book.end(), shard="1/2"))


def test_every_export_is_the_same_twice(book):
    """Same run, same bytes."""
    run = book.run(book.test("a.py::x", "failed"), book.end(), commit=COMMIT)
    for write in EXPORTS.values():
        assert write(run) == write(open_run(run.folder))
