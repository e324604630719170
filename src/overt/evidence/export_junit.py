"""Tests as JUnit XML."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from overt.evidence.export_text import attempts_of, xml_text
from overt.evidence.reader import Run
from overt.evidence.records import TestCase
from overt.system.clock import iso_utc

_TAGS = {"failed": "failure", "error": "error", "skipped": "skipped", "xfailed": "skipped"}
_FLAKY = {"failed": "flakyFailure", "error": "flakyError"}
_RERUN = {"failed": "rerunFailure", "error": "rerunError"}


def to_junit(run: Run) -> bytes:
    """Return the tests of a run as JUnit XML, one `testsuite` for each suite that has tests or should have had some.

    Attempts at one test are one `testcase`: those before a pass are `flakyFailure`, those after a failure
    `rerunFailure`, as Maven writes them.

    Args:
        run: The run.
    """
    root = ET.Element("testsuites", name=xml_text(run.name))
    for planned in run.manifest.plan.suites:
        tests = [record for record in run.for_suite(planned.name) if isinstance(record, TestCase)]
        if tests or planned.suite_kind == "pytest":
            _suite(root, planned.name, attempts_of(tests), iso_utc(run.manifest.created_ns))
    ET.indent(root)
    text: str = ET.tostring(root, encoding="unicode")
    return f"<?xml version='1.0' encoding='utf-8'?>\n{text}\n".encode()


def _suite(root: ET.Element, name: str, tests: list[list[TestCase]], moment: str) -> None:
    ends = [attempts[-1] for attempts in tests]
    head = {
        "name": xml_text(name),
        "tests": str(len(ends)),
        "failures": str(sum(test.outcome == "failed" for test in ends)),
        "errors": str(sum(test.outcome == "error" for test in ends)),
        "skipped": str(sum(test.outcome in {"skipped", "xfailed"} for test in ends)),
        "time": _seconds(sum(test.duration_ns for test in ends)),
        "timestamp": moment,
    }
    element = ET.SubElement(root, "testsuite", head)
    for attempts in tests:
        _case(element, attempts)


def _case(parent: ET.Element, attempts: list[TestCase]) -> None:
    last = attempts[-1]
    owner, name = _names(xml_text(last.name))
    attributes = {"classname": owner, "name": name, "time": _seconds(last.duration_ns)}
    if last.path:
        attributes["file"] = xml_text(last.path)
    if last.line:
        attributes["line"] = str(last.line)
    element = ET.SubElement(parent, "testcase", attributes)
    if last.outcome in _FLAKY:
        first, *rest = attempts
        _told(element, _TAGS[first.outcome], first)
        for test in rest:
            _told(element, _RERUN[test.outcome], test)
        return
    for test in attempts[:-1]:
        _told(element, _FLAKY[test.outcome], test)
    if last.outcome in _TAGS:
        _told(element, _TAGS[last.outcome], last)


def _told(parent: ET.Element, tag: str, test: TestCase) -> None:
    kind = "pytest.xfail" if test.outcome == "xfailed" else test.outcome
    element = ET.SubElement(parent, tag, {"message": xml_text(test.message), "type": kind})
    element.text = xml_text(test.detail) or None


def _names(name: str) -> tuple[str, str]:
    """Return a class name and a name from which readers put the whole name together again.

    Example:
        >>> _names("tests/a.py::A::b[x::y]"), _names("a::ab"), _names("build")
        (('tests/a.py::A', 'b[x::y]'), ('a', 'a::ab'), ('build', 'build'))
    """
    head, bracket, rest = name.partition("[")
    owner, _, base = head.rpartition("::")
    base += bracket + rest
    if not owner:
        return name, name
    return owner, (name if base.startswith(owner) or not base else base)


def _seconds(nanoseconds: int) -> str:
    return f"{nanoseconds // 1_000_000_000}.{nanoseconds % 1_000_000_000:09d}"
