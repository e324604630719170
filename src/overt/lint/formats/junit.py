"""JUnit XML, which every CI service shows: one case a file, a failure for each finding."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from overt.lint.formats.text import printable
from overt.lint.report import Report, Seen


def render(report: Report, _root: Path) -> str:
    """Return a test suite; files without findings are counted in its properties, not listed."""
    by_path: dict[str, list[Seen]] = {}
    for seen in report.findings:
        if seen.fails:
            by_path.setdefault(seen.finding.location.path, []).append(seen)
    cases = [_case(path, found) for path, found in sorted(by_path.items())]
    cases += [
        f"    <testcase classname={_quoted(each.path)} name='can be checked'>\n"
        f"      <error message={_quoted(each.message)}/>\n    </testcase>"
        for each in report.unreadable
    ]
    if not by_path and not report.unreadable and report.files:
        cases.append('    <testcase classname="overt" name="no new hidden state"/>')
    failures = sum(map(len, by_path.values()))
    tests = failures + len(report.unreadable) + (not by_path and not report.unreadable and bool(report.files))
    head = f'tests="{tests}" failures="{failures}" errors="{len(report.unreadable)}"'
    properties = (
        f'    <properties><property name="files" value="{report.files}"/>'
        f'<property name="lines" value="{report.lines}"/></properties>'
    )
    body = "\n".join([properties, *cases])
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<testsuites {head}>\n  <testsuite name="overt check" {head}>\n{body}\n  </testsuite>\n</testsuites>\n'
    )


def _quoted(text: str) -> str:
    return quoteattr(printable(text))


def _case(path: str, found: list[Seen]) -> str:
    cases = []
    for seen in found:
        finding = seen.finding
        name = f"{finding.rule} {finding.symbol}".strip()
        text = escape(printable(f"{finding.location}: {finding.message}"))
        cases.append(
            f"    <testcase classname={_quoted(path)} name={_quoted(name)}>\n"
            f"      <failure type={_quoted(finding.rule)} message={_quoted(finding.message)}>{text}</failure>\n"
            "    </testcase>"
        )
    return "\n".join(cases)
