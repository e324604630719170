"""Tests whose ids hold secrets stay tests of their own, from pytest to the report."""

from __future__ import annotations

import pytest

from overt.evidence.records import TestCase
from overt.evidence.redact import Redactor
from overt.evidence.summary import summarise
from overt.evidence.verify import verify
from overt.site.collect import collect
from overt.site.render import render
from overt.system.clock import SystemClock
from overt.validate.names import Safe

ONE, TWO = "ghp_" + "a1B2" * 9, "ghp_" + "z9Y8" * 9
SECRET_IDS = """\
import pytest

@pytest.mark.parametrize("token", ["{one}", "{two}", "open"])
def test_token(token):
    assert token != "{two}"

def test_other():
    assert True
"""


def test_each_stays_a_test_of_its_own(project) -> None:
    """None is missing, the one that failed is told from the one that passed, and the pages name both."""
    project.write("test_a.py", SECRET_IDS.format(one=ONE, two=TWO))
    project.campaign('[suites.unit]\nkind = "pytest"\n')
    done = project.run()
    cases = {case.name: case.outcome for case in done.run.of(TestCase)}
    assert cases == {
        "test_a.py::test_token[[redacted-1]]": "passed",
        "test_a.py::test_token[[redacted-2]]": "failed",
        "test_a.py::test_token[open]": "passed",
        "test_a.py::test_other": "passed",
    }
    counts = summarise(done.run, done.run.manifest.plan.suites[0]).counts
    assert (counts.total, counts.planned, counts.missing) == (4, 4, 0)
    assert verify(done.run).intact
    everything = b"".join(path.read_bytes() for path in done.run.folder.rglob("*") if path.is_file())
    assert not any(secret.encode() in everything for secret in (ONE, TWO))
    seen = collect(
        project.root,
        now_ns=SystemClock().now_ns(),
        documents={},
        pages={},
        home="index.md",
        draw=None,
        files=["test_a.py"],
    )
    pages = b"".join(render(seen.inputs).values())
    assert b"redacted-1" in pages
    assert b"redacted-2" in pages
    assert not any(secret.encode() in pages for secret in (ONE, TWO))


@pytest.fixture
def safe() -> Safe:
    """Return names as a run without secret variables holds them."""
    return Safe(Redactor({}).text)


def test_the_number_is_the_place_in_the_plan(safe: Safe) -> None:
    """Whatever the secrets are, and in whatever order the tests end."""
    safe.plan([f"t[{TWO}]", "t[a]", f"t[{ONE}]", f"u[{ONE}]"])
    assert [safe.name(name) for name in (f"t[{ONE}]", f"t[{TWO}]", f"u[{ONE}]", "t[a]")] == [
        "t[[redacted-2]]",
        "t[[redacted-1]]",
        "u[[redacted]]",
        "t[a]",
    ]


def test_a_tear_down_bears_the_number_of_its_test(safe: Safe) -> None:
    """So does a subtest, and what nobody planned is redacted all the same."""
    safe.plan([f"t[{ONE}]", f"t[{TWO}]"])
    assert safe.name(f"t[{TWO}] (teardown)") == "t[[redacted-2]] (teardown)"
    assert safe.name(f"t[{ONE}] [{TWO}]") == "t[[redacted-1]] [[redacted]]"
    assert safe.name(f"v[{ONE}]") == "v[[redacted]]"


@pytest.mark.parametrize(
    "text",
    [
        "a://b:[redacted-2]@c",
        "token=[redacted-2]",
        "authorization: [redacted-2]",
        'password="[redacted-2]"',
        "x[[redacted-2]] api_key: [redacted-13]",
    ],
)
def test_a_number_is_no_secret(text: str) -> None:
    """What was numbered stays so when it is redacted again, as every record is when it is written."""
    assert Redactor({}).text(text) == text
