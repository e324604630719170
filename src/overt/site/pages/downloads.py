"""What the report rests on, as files for other tools: written from the same records as the pages."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from pathlib import Path

import msgspec

from overt.evidence.export_ctrf import to_ctrf
from overt.evidence.export_junit import to_junit
from overt.evidence.export_sarif import to_sarif
from overt.evidence.export_text import json_bytes
from overt.evidence.manifest import Plan
from overt.evidence.reader import Run
from overt.evidence.records import FindingSeen, Scan, TestCase
from overt.site.inputs import SiteInputs
from overt.site.markup import Markup, code, fill, join, link, paragraphs
from overt.site.paths import DATA, REPORT, relative
from overt.system.units import bytes_text, count

MOST_TESTS = 20_000
"""Tests above which their files are left out: a site is no archive."""

_TEXTS = {
    "tests.junit.xml": "every test, as JUnit XML",
    "tests.ctrf.json": "every test, as CTRF",
    "findings.sarif": "every finding, as SARIF",
    "facts.json": "every fact that was measured, with its state",
}


def downloads(inputs: SiteInputs) -> dict[str, bytes]:
    """Return the files: path relative to the documentation folder, POSIX, to content.

    Args:
        inputs: What the site is rendered from.
    """
    found: dict[str, bytes] = {}
    run = _latest(inputs)
    if run is not None:
        if 0 < _tests(inputs) <= MOST_TESTS:
            found["tests.junit.xml"], found["tests.ctrf.json"] = to_junit(run), to_ctrf(run)
        if any(view.of(Scan) or view.of(FindingSeen) for view in inputs.suites):
            found["findings.sarif"] = to_sarif(run)
    if inputs.facts is not None and inputs.facts.names():
        found["facts.json"] = json_bytes({"facts": [_fact(inputs, name) for name in sorted(inputs.facts.names())]})
    return {f"{DATA}/{name}": content for name, content in found.items()}


def section(inputs: SiteInputs, files: Mapping[str, bytes]) -> Markup:
    """Return the part of the report that leads to the files; empty when there is none.

    Args:
        inputs: What the site is rendered from.
        files: The files, see `downloads`.
    """
    if not files:
        return Markup("")
    lines = [
        fill("- {}: {} ({})", link(name, relative(REPORT, path)), _TEXTS[name], bytes_text(len(content)))
        for path, content in files.items()
        for name in (path.rpartition("/")[2],)
    ]
    if _tests(inputs) > MOST_TESTS:
        tests = count(_tests(inputs), "test")
        lines.append(fill("- {} are too many for a page: {} writes them", tests, code("overt evidence export")))
    return paragraphs(Markup("## Downloads"), join(lines, "\n"))


def _tests(inputs: SiteInputs) -> int:
    return sum(len(view.of(TestCase)) for view in inputs.suites)


def _latest(inputs: SiteInputs) -> Run | None:
    """Return what was recorded last of each suite as one run; None when nothing was."""
    views = [view for view in inputs.suites if view.manifest is not None]
    if not views:
        return None
    newest = max((view.manifest for view in views if view.manifest), key=lambda manifest: manifest.created_ns)
    planned = [
        suite
        for view in views
        if view.manifest
        for suite in view.manifest.plan.suites
        if suite.name == view.summary.name
    ]
    manifest = msgspec.structs.replace(newest, plan=Plan(suites=tuple(planned)))
    return Run(Path(), manifest, records=tuple(chain.from_iterable(view.records for view in views)))


def _fact(inputs: SiteInputs, name: str) -> dict[str, object]:
    assert inputs.facts is not None
    fact = inputs.facts.get(name)
    return {"name": name, "value": fact.value, "unit": fact.unit, "state": fact.state.value, "reason": fact.reason}
