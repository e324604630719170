"""The labelled findings: what a person says about real code, and what the linter says of it."""

from __future__ import annotations

import importlib.util
import os
import sys
import sysconfig
from pathlib import Path
from types import ModuleType

import pytest

from overt.lint import all_rules, check
from overt.lint.settings import PlainSettings


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    """Return the program that measures with the labels."""
    path = Path(__file__).parents[2] / "validation/linter/labels.py"
    spec = importlib.util.spec_from_file_location("overt_labels", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_sample_is_large_and_names_each_state_once(bench: ModuleType) -> None:
    """At least 150 findings, of known rules, from the standard library and eight packages."""
    labels = bench.read_labels()
    sample = [each for each in labels if each.origin == "sample"]
    assert len(sample) >= 150
    assert len({each.key for each in labels}) == len(labels)
    assert {each.rule for each in labels} <= {rule.code for rule in all_rules()}
    assert len({each.project for each in labels}) >= 9


def test_the_shares_keep_to_their_limits(bench: ModuleType) -> None:
    """At most 10 % of the findings of OV202 and 15 % of all are false alarms; 95 % of what is there is found."""
    labels = bench.read_labels()
    wrong, reported = bench.false_alarms(labels, "OV202")
    assert reported >= 50
    assert wrong <= 0.10 * reported
    wrong, reported = bench.false_alarms(labels)
    assert reported >= 150
    assert wrong <= 0.15 * reported
    got, there = bench.found(labels)
    assert there >= 150
    assert got >= 0.95 * there


def test_the_held_out_labels_are_of_other_packages_and_give_their_reason(bench: ModuleType) -> None:
    """At least 120 findings, 50 of them of OV202, and 60 states found by other means; none of a package tuned on."""
    held, tuned = bench.read_labels(bench.HELD_OUT), bench.read_labels()
    sample = [each for each in held if each.origin == "sample"]
    assert len(sample) >= 120
    assert len([each for each in sample if each.rule == "OV202"]) >= 50
    assert len([each for each in held if each.origin == "search" and each.hidden]) >= 60
    assert {each.project for each in held}.isdisjoint(each.project for each in tuned)
    assert len({each.key for each in held}) == len(held)
    assert all(each.why and each.text and each.reported == bool(each.severity) for each in held)
    assert all(each.before and each.population for each in sample)


def test_the_held_out_shares_are_what_the_page_says(bench: ModuleType) -> None:
    """The page gives counts; a page that was not written anew fails."""
    held = bench.read_labels(bench.HELD_OUT)
    page = (Path(__file__).parents[2] / "docs/explanation/linter-accuracy.md").read_text("utf-8")
    for name, limit in bench.HELD_OUT_LIMITS.items():
        rule = "" if name == "all rules" else name
        wrong, reported = bench.false_alarms(held, rule)
        assert wrong <= limit * reported
        for few, many in (
            (wrong, reported),
            bench.at_first(held, rule),
            bench.failing(held, rule),
            bench.failing(held, rule, before=True),
        ):
            assert f"{few} of {many}" in page
    searched = [each for each in held if each.origin == "search"]
    got, there = bench.found(searched)
    assert got >= 0.95 * there
    assert f"{got} of {there}" in page


@pytest.mark.network
@pytest.mark.timeout(900)
@pytest.mark.skipif("OVERT_CORPUS" not in os.environ, reason="OVERT_CORPUS names no folder to keep the packages in")
def test_the_held_out_packages_are_reported_as_the_labels_say(bench: ModuleType) -> None:
    """Fetched when they are not there yet, and checked: each state as the file says, with its severity."""
    held = bench.read_labels(bench.HELD_OUT)
    corpus = Path(os.environ["OVERT_CORPUS"])
    bench.fetch(corpus, held)
    different = []
    for project, version in sorted({(each.project, each.version) for each in held}):
        now = bench.keys_of(project, bench.check_folder(corpus / f"{project}-{version}"))
        different += [each for each in held if each.project == project and bench.is_different(each, now)]
    assert different == []


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="the labels are of the standard library of Python 3.11")
def test_the_standard_library_is_reported_as_the_labels_say(bench: ModuleType) -> None:
    """What the file says is reported is reported, and what it says is not is not."""
    root = Path(sysconfig.get_paths()["stdlib"])
    labels = [each for each in bench.read_labels() if each.project == "stdlib" and (root / each.path).is_file()]
    assert len(labels) >= 100
    now = bench.keys_of("stdlib", check(root, sorted({each.path for each in labels}), PlainSettings()))
    assert [each for each in labels if (each.key in now) != each.reported] == []
