"""Two small projects whose documents were written with mistakes on purpose, each of them labelled."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from overt.audit.audit import Inputs, audit
from overt.audit.report import Report
from overt.campaign.documents import documents_of
from overt.campaign.loading import load
from overt.evidence.facts import Facts
from overt.model import State
from overt.system.files import project_files

PLANTED = Path(__file__).parent / "planted"
PROJECTS = ("elixir", "python")
SUFFIX = ".planted"
"""Behind the name of every planted file, so that nothing else takes it for a part of this repository."""


@pytest.fixture(scope="module", params=PROJECTS)
def planted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, list[Any]]:
    """The audit of one of the projects, and its labels."""
    root = tmp_path_factory.mktemp(request.param)
    source = PLANTED / request.param
    for path in source.rglob(f"*{SUFFIX}"):
        target = root / path.relative_to(source).as_posix().removesuffix(SUFFIX)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    labels = [json.loads(line) for line in (source / "labels.jsonl").read_text("utf-8").splitlines()]
    files = project_files(root)
    loaded = load(root, files=files)
    documents = documents_of(files, loaded.campaign)
    inputs = Inputs(
        root=root,
        files=files,
        documents=documents,
        campaign=loaded.campaign,
        claims={},
        facts=Facts((), {}),
        today=date(2026, 6, 1),
        declared=False,
    )
    return audit(inputs), labels


def refuted(report: Report) -> Iterator[tuple[str, int, str]]:
    """Yield the place and the words of everything that is said to be wrong."""
    for ref in report.references:
        if ref.verdict.state is State.REFUTED:
            yield ref.location.path, ref.location.line, ref.text
    for one in report.contradictions:
        yield one.location.path, one.location.line, one.text


def meets(label: Any, told: tuple[str, int, str]) -> bool:
    """Tell whether what is told is what a label speaks of."""
    path, line, text = told
    if (path, line) != (label["file"], label["line"]):
        return False
    return label["text"].split()[-1] in text or text in label["text"] or text.split("/")[0] in label["text"]


def test_the_documents_are_what_was_labelled(planted: tuple[Report, list[Any]]) -> None:
    """Every label stands where it says, in a document that was audited, and there are enough of them."""
    report, labels = planted
    paths = {page.path for page in report.pages}
    assert not [label for label in labels if label["file"] not in paths]
    assert len(labels) >= 120
    assert {label["says"] for label in labels} == {"true", "false", "asserts", "plain"}


def test_false_references_are_refuted(planted: tuple[Report, list[Any]]) -> None:
    """At least 95 of 100 false references and numbers are said to be wrong."""
    report, labels = planted
    told = list(refuted(report))
    false = [label for label in labels if label["says"] == "false"]
    missed = [label for label in false if not any(meets(label, one) for one in told)]
    assert len(missed) <= len(false) * 0.05, missed


def test_true_references_are_left_alone(planted: tuple[Report, list[Any]]) -> None:
    """At most 2 of 100 true references are refuted, those counted that nobody labelled."""
    report, labels = planted
    false = [label for label in labels if label["says"] == "false"]
    true = [label for label in labels if label["says"] == "true"]
    wrong = [one for one in refuted(report) if not any(meets(label, one) for label in false)]
    assert len(wrong) <= len(true) * 0.02, wrong


def test_what_is_said_to_be_unbacked_asserts(planted: tuple[Report, list[Any]]) -> None:
    """At least 85 of 100 places that are said to lack evidence assert something that could be measured."""
    report, labels = planted
    asserting = {(label["file"], label["line"]) for label in labels if label["says"] == "asserts"}
    told = [(one.location.path, one.location.line) for one in report.unbacked]
    assert len(told) >= len(asserting) * 0.85
    assert sum(place in asserting for place in told) >= len(told) * 0.85
