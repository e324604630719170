"""Reports in the words of whoever reads them."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import jsonschema
import pytest

from overt.evidence.importers.sarif import read_sarif
from overt.lint import Report, check
from overt.lint.formats import FORMATS, render
from overt.lint.formats.statistics import statistics
from overt.lint.formats.text import render as render_text
from overt.lint.settings import PlainAllow, PlainSettings

FILES = {
    "a.py": "# é\n_rows = []\n\n\ndef add(row):\n    _rows.append(row)\n",
    "b.py": "import threading\n\nhere = threading.local()  # overt: allow OV101 -- thread ends\n",
    "c.py": "def f(:\n",
    "d.py": "_old = []\n\n\ndef add(row):\n    _old.append(row)\n",
    "e.py": "import weakref\n\nrows = weakref.WeakSet()\n\n\ndef add(row):\n    rows.add(row)\n",
}


@pytest.fixture
def report(tmp_path: Path) -> Report:
    """Return a report with one finding of each standing, a note and an unreadable file."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "validation").mkdir()
    (tmp_path / "validation/hidden-state.ratchet").write_text("OV202|d.py|d|_old 1\n", "utf-8")
    return check(tmp_path, sorted(FILES), PlainSettings(), today="2026-01-01")


def test_text_shows_the_source_every_place_and_the_way_out(report: Report, tmp_path: Path) -> None:
    """Only what is new is listed."""
    shown = render("text", report, tmp_path)
    assert shown.startswith("a.py:2:1: warning OV202: the module's container `_rows` (list) is changed by `add`\n")
    assert "  2 | _rows = []\n    | ^\n  6 |     _rows.append(row)    <- append(...) in add\n" in shown
    assert "Let an object own it" in shown
    assert "overt explain OV202" in shown
    assert "c.py:1: could not be checked: cannot be parsed" in shown
    assert "_old" not in shown
    assert shown.endswith(
        "2 findings (1 warning, 1 note); 1 ratcheted, 1 allowed. Checked: 4 files, 21 lines.\n"
        "Could not be checked: 1 file. That is not a pass.\n"
    )


def test_colour_is_only_there_when_asked_for(report: Report, tmp_path: Path) -> None:
    """A pipe gets plain text."""
    assert "\x1b[" not in render_text(report, tmp_path)
    assert "\x1b[33mwarning\x1b[0m" in render_text(report, tmp_path, colour=True)


def test_source_that_would_drive_the_terminal_is_made_harmless(tmp_path: Path) -> None:
    """Escape sequences in file names, names and lines are not passed on."""
    name = "a\x1b[2J.py"
    (tmp_path / name).write_text("_rows = []  # \x1b]0;title\x07\u202e\ndef add(r):\n    _rows.append(r)\n", "utf-8")
    report = check(tmp_path, [name], PlainSettings())
    for each in ("text", "junit"):
        shown = render(each, report, tmp_path)
        assert "\x1b" not in shown
        assert "\u202e" not in shown
    ET.fromstring(render("junit", report, tmp_path))


def test_github_annotations_are_escaped(tmp_path: Path) -> None:
    """A comma or colon in a path cannot end a property."""
    name = "a,b:c%.py"
    (tmp_path / name).write_text(FILES["d.py"], "utf-8")
    shown = render("github", check(tmp_path, [name], PlainSettings()), tmp_path)
    assert shown.startswith("::warning file=a%2Cb%3Ac%25.py,line=1,col=1,title=OV202::the module's")
    assert shown.count("\n") == 1


def test_github_annotations_hold_nothing_that_a_terminal_obeys(tmp_path: Path) -> None:
    """The log of a job is read in terminals too."""
    (tmp_path / "a.py").write_text("import os\n\n\ndef f():\n    os.environ['\\x1b[31m'] = '1'\n", "utf-8")
    told = render("github", check(tmp_path, ["a.py"], PlainSettings()), tmp_path)
    assert "\ufffd[31m" in told
    assert "\x1b" not in told


def test_github_tells_what_could_not_be_checked(report: Report, tmp_path: Path) -> None:
    """As an error, on its line."""
    lines = render("github", report, tmp_path).splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::warning", "::notice", "::error"]
    assert "file=c.py,line=1" in lines[2]


def test_json_has_everything(report: Report, tmp_path: Path) -> None:
    """Every standing, every place, the exit status."""
    document = json.loads(render("json", report, tmp_path))
    assert document["exit"] == 1
    assert (document["files"], document["lines"]) == (4, 21)
    assert [(row["rule"], row["standing"]) for row in document["findings"]] == [
        ("OV202", "new"),
        ("OV101", "allowed"),
        ("OV202", "ratcheted"),
        ("OV202", "new"),
    ]
    assert document["findings"][0]["related"] == [{"line": 6, "column": 5, "message": "append(...) in add"}]
    assert document["unreadable"][0]["path"] == "c.py"


def test_sarif_is_read_back_by_our_own_importer(report: Report, tmp_path: Path) -> None:
    """What is allowed or ratcheted is suppressed, with its reason."""
    text = render("sarif", report, tmp_path)
    (tmp_path / "r.sarif").write_text(text, "utf-8")
    imported = read_sarif(tmp_path / "r.sarif", suite="s", root=tmp_path)
    assert len([record for record in imported.records if type(record).__name__ == "FindingSeen"]) >= 2
    run = json.loads(text)["runs"][0]
    assert [r.get("suppressions", [{}])[0].get("justification") for r in run["results"]] == [
        None,
        "thread ends",
        "ratchet",
        None,
    ]
    assert run["invocations"][0]["executionSuccessful"] is False
    codes = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert all(codes[result["ruleIndex"]] == result["ruleId"] for result in run["results"])


def test_gitlab_fingerprints_stay_when_lines_move_and_differ_from_each_other(tmp_path: Path) -> None:
    """Otherwise a merge request shows old findings as new."""
    (tmp_path / "a.py").write_text(FILES["a.py"] + FILES["d.py"], "utf-8")
    before = json.loads(render("gitlab", check(tmp_path, ["a.py"], PlainSettings()), tmp_path))
    (tmp_path / "a.py").write_text("\n\n" + FILES["a.py"] + FILES["d.py"], "utf-8")
    after = json.loads(render("gitlab", check(tmp_path, ["a.py"], PlainSettings()), tmp_path))
    prints = [issue["fingerprint"] for issue in before]
    assert prints == [issue["fingerprint"] for issue in after]
    assert len(set(prints)) == 2
    assert [issue["location"]["lines"]["begin"] for issue in after] == [4, 9]


def test_junit_fails_for_what_fails_and_errs_for_what_was_not_checked(report: Report, tmp_path: Path) -> None:
    """Notes are no failures."""
    root = ET.fromstring(render("junit", report, tmp_path))
    assert dict(root.attrib) == {"tests": "2", "failures": "1", "errors": "1"}
    assert [case.get("classname") for case in root.iter("testcase")] == ["a.py", "c.py"]


def test_junit_of_nothing_has_no_passing_case(tmp_path: Path) -> None:
    """Zero files are not a green test; a clean file is one."""
    nothing = ET.fromstring(render("junit", check(tmp_path, [], PlainSettings()), tmp_path))
    assert nothing.get("tests") == "0"
    (tmp_path / "a.py").write_text("x = 1\n", "utf-8")
    clean = ET.fromstring(render("junit", check(tmp_path, ["a.py"], PlainSettings()), tmp_path))
    assert clean.get("tests") == "1"


def test_statistics_count_by_rule_and_standing(report: Report, tmp_path: Path) -> None:
    """Most first, what fails nothing apart, and the sums; nothing at all when nothing was found."""
    rows = [line.split()[:5] for line in statistics(report).splitlines() if line]
    assert rows == [
        ["rule", "new", "notes", "ratcheted", "allowed"],
        ["OV202", "1", "1", "1", "0"],
        ["OV101", "0", "0", "0", "1"],
        ["all", "1", "1", "1", "1"],
    ]
    assert statistics(check(tmp_path, [], PlainSettings(), ratchet=False)) == ""


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_can_show_findings_outside_of_source_files(tmp_path: Path, name: str) -> None:
    """An unused entry of the allow-list has no line."""
    (tmp_path / "a.py").write_text("x = 1\n", "utf-8")
    unused = PlainAllow("old", "ann", "2099-01-01", path="gone.py")
    report = check(tmp_path, ["a.py"], PlainSettings(allow=(unused,)))
    assert "OV900" in render(name, report, tmp_path)


TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
PLACE = {
    "type": "object",
    "required": ["artifactLocation"],
    "additionalProperties": False,
    "properties": {
        "artifactLocation": {
            "type": "object",
            "required": ["uri"],
            "additionalProperties": False,
            "properties": {"uri": {"type": "string", "pattern": "^[^ :]+$"}, "uriBaseId": {"const": "SRCROOT"}},
        },
        "region": {
            "type": "object",
            "required": ["startLine"],
            "additionalProperties": False,
            "properties": {
                "startLine": {"type": "integer", "minimum": 1},
                "startColumn": {"type": "integer", "minimum": 1},
            },
        },
    },
}
RESULT = {
    "type": "object",
    "required": ["ruleId", "message", "locations", "level"],
    "additionalProperties": False,
    "properties": {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": {"enum": ["none", "note", "warning", "error"]},
        "message": TEXT,
        "locations": {"type": "array", "minItems": 1, "items": {"properties": {"physicalLocation": PLACE}}},
        "relatedLocations": {"type": "array", "items": {"required": ["id"], "properties": {"physicalLocation": PLACE}}},
        "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
        "baselineState": {"enum": ["new", "unchanged", "updated", "absent"]},
        "suppressions": {
            "type": "array",
            "items": {
                "required": ["kind"],
                "additionalProperties": False,
                "properties": {
                    "kind": {"enum": ["inSource", "external"]},
                    "status": {"enum": ["accepted", "underReview", "rejected"]},
                    "justification": {"type": "string", "minLength": 1},
                },
            },
        },
        "properties": {"type": "object"},
    },
}
"""What the standard asks of the parts that we write, stricter where it leaves room."""


def test_sarif_has_the_shape_of_the_standard(report: Report, tmp_path: Path) -> None:
    """Every result, with each standing; `validation/linter/sarif.py` holds it against the official schema."""
    log = json.loads(render("sarif", report, tmp_path))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert len({rule["id"] for rule in driver["rules"]}) == len(driver["rules"])
    assert {result["properties"]["standing"] for result in run["results"]} == {"new", "ratcheted", "allowed"}
    for result in run["results"]:
        jsonschema.validate(result, RESULT)
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert [each["level"] for each in invocation["toolExecutionNotifications"]] == ["error"]


def test_a_hook_that_passes_only_files_that_are_left_out_does_not_fail(tmp_path: Path) -> None:
    """They are left out on purpose; a whole project of which nothing is looked at was not checked."""
    (tmp_path / "a.py").write_text("rows = []\n\ndef f(x):\n    rows.append(x)\n", "utf-8")
    settings = PlainSettings(exclude=("a.py",))
    part = check(tmp_path, ["a.py"], settings, whole=False)
    assert (part.exit, part.left_out) == (0, 1)
    assert "leaves out 1 file" in render_text(part, tmp_path)
    assert check(tmp_path, ["a.py"], settings).exit == 3
    assert check(tmp_path, ["a.txt"], settings, whole=False).exit == 3
