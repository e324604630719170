"""Results that lie in a project that no Python runner tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from overt.campaign import load
from overt.campaign.detect_results import find_results
from overt.system.files import project_files

JUNIT = '<?xml version="1.0"?>\n<testsuites><testsuite name="s" tests="1"/></testsuites>\n'


def write(root: Path, *names: str, text: str = JUNIT) -> Path:
    """Write files of one content."""
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["junit.xml"], ("junit.xml",)),
        (["build/b.xml", "build/a.xml"], ("build/a.xml", "build/b.xml")),
        ([f"target/surefire-reports/TEST-{n}.xml" for n in range(4)], ("target/surefire-reports/*.xml",)),
        ([f"r{n}.xml" for n in range(4)], ("*.xml",)),
        (["a/b/c/d/deep.xml"], ()),
    ],
)
def test_results_are_found_where_runners_put_them(tmp_path: Path, names: list[str], expected: tuple[str, ...]) -> None:
    """A few are named one by one, many of a folder by a glob."""
    assert find_results(write(tmp_path, *names), []) == expected


def test_results_elsewhere_are_found_when_they_belong_to_the_project(tmp_path: Path) -> None:
    """A file that is listed counts wherever it is, as long as it is not too deep."""
    write(tmp_path, "ci/out.xml", "ci/deep/deeper/out.xml")
    assert find_results(tmp_path, project_files(tmp_path)) == ("ci/out.xml",)


def test_other_xml_is_no_result(tmp_path: Path) -> None:
    """A layout, a file that cannot be read and an empty one are passed over."""
    write(tmp_path, "pom.xml", text="<project/>")
    write(tmp_path, "empty.xml", text="")
    (tmp_path / "lost.xml").symlink_to("nowhere.xml")
    assert find_results(tmp_path, ["pom.xml", "empty.xml", "lost.xml"]) == ()


def test_a_project_of_results_has_a_suite_and_a_claim(tmp_path: Path) -> None:
    """Nothing has to be written by hand; a project whose tests can be run runs them instead."""
    write(tmp_path, "build/junit.xml")
    campaign = load(tmp_path).campaign
    (suite,) = campaign.suites.values()
    assert (suite.kind, suite.format, suite.files) == ("import", "junit", ("build/junit.xml",))
    assert list(campaign.claims) == ["suite-green"]
    write(tmp_path, "tests/test_a.py", text="def test_a(): pass\n")
    assert [suite.kind for suite in load(tmp_path).campaign.suites.values()] == ["pytest"]
