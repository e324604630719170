"""Samples of documents: what is done with each fence, what it needs, and which text its digest stands for."""

from __future__ import annotations

import pytest

from overt.markdown import scan
from overt.markdown.samples import Sample, samples


def read(text: str) -> tuple[Sample, ...]:
    return samples(scan(text), "docs/a.md")


def fence(info: str, body: str = "x = 1\n") -> str:
    return f"```{info}\n{body}```\n"


@pytest.mark.parametrize(
    ("info", "body", "how"),
    [
        ("python { .run }", "x = 1\n", "script"),
        ("py", "x = 1\n", "parse"),
        ("python", ">>> 1\n1\n", "session"),
        ("pycon", ">>> 1\n1\n", "session"),
        ("console { .run }", "$ true\n", "console"),
        ("console", "$ true\n", "none"),
        ("bash { .run }", "true\n", "shell"),
        ("sh", "true\n", "parse"),
        ("elixir", "x = 1\n", "parse"),
        ("text", "x\n", "none"),
        ("", "x\n", "none"),
        ("bash { .step id=dump timeout=30 }", "true\n", "parse"),
        ("json { .expect for=dump match=json }", "{}\n", "none"),
    ],
)
def test_a_fence_is_run_only_when_it_says_so(info: str, body: str, how: str) -> None:
    """Only a mark or a prompt of Python makes a fence run; the blocks of runbooks are never run as samples."""
    assert [one.how for one in read(fence(info, body))] == [how]


@pytest.mark.parametrize(
    ("info", "body", "told"),
    [
        ("ruby { .run }", "x\n", "does not run"),
        ("python { .rum }", "x\n", "no mark .rum"),
        ("python { .run sesion=a }", "x\n", "'session'"),
        ("python { .run timeout=soon }", "x\n", "no number"),
        ("python { .run varies=durtions }", "x\n", "'durations'"),
        ("python { .run file=../x }", "x\n", "leaves its folder"),
        ("python { .run from=/etc }", "x\n", "leaves its folder"),
        ("python { .run what }", "x\n", "cannot read 'what'"),
        ("console { .run }", "ls\n", "begins with"),
    ],
)
def test_a_mark_that_cannot_be_read_is_told(info: str, body: str, told: str) -> None:
    """A sample that is marked wrongly is not silently left alone."""
    assert told in read(fence(info, body))[0].problem


def test_what_is_shown_belongs_to_the_sample_before_it() -> None:
    """A fence of output is no sample; without one before it, it is a fence like any other."""
    text = fence("python { .run }", "print(1)\n") + "\n" + fence("text { .output }", "1\n")
    assert [(one.how, one.shown) for one in read(text)] == [("script", "1\n")]
    assert [one.how for one in read(fence("text { .output }", "1\n"))] == ["none"]


def test_files_are_given_to_the_samples_behind_them() -> None:
    """A file without a session is there for all later samples, one with a session for that session alone."""
    text = fence("json { file=a.json }", "{}\n") + fence("toml { file=b.toml session=s }", "\n")
    text += fence("python { .run }") + fence("python { .run session=s }")
    given = [[name for name, _ in one.files] for one in read(text) if one.runs]
    assert given == [["a.json"], ["a.json", "b.toml"]]


@pytest.mark.parametrize(
    "change",
    [
        ("x = 1", "x = 2"),
        ("1\n```\n", "2\n```\n"),
        (".run session=s }\nx", ".run session=s exit=3 }\nx"),
        ("varies=sizes", "varies=times"),
        ("first = 0", "first = 1"),
        ('{"a": 1}', '{"a": 2}'),
    ],
)
def test_the_digest_stands_for_all_that_a_sample_needs(change: tuple[str, str]) -> None:
    """Its text, what it shows, its marks, its files and what ran before it in its session."""
    text = (
        fence("json { file=a.json }", '{"a": 1}\n')
        + fence("python { .run session=s }", "first = 0\n")
        + fence("python { .run session=s }")
        + fence("console { .run varies=sizes }", "$ echo 1\n1\n")
    )
    before, after = ({one.sha256 for one in read(each)} for each in (text, text.replace(*change)))
    assert text != text.replace(*change)
    assert before != after


def test_a_digest_does_not_depend_on_the_place() -> None:
    """A sample that only moved is the sample that was run."""
    text = fence("python { .run }")
    assert read(text)[0].sha256 == read("# Title\n\n" + text)[0].sha256
    assert read("# Title\n\n" + text)[0].line == 3
