"""A change of 5,000 files is reviewed in seconds."""

from __future__ import annotations

import ast
import os
import resource
import time
from pathlib import Path

import pytest

from overt.review.checklist import review
from overt.review.context import Context
from overt.review.markdown import COMMENT_LIMIT, to_markdown
from overt.review.read_changes import read_changes
from overt.review.rules import all_rules
from overt.review.span import read_span

from .repository import Content, Repository

SECONDS = 10
"""Seconds of processor time, of the review and the programs that it runs, below which it has to be."""
PARSES = 20
"""On a machine that is slow: how many times it may take as long as Python needs to parse the files."""
FUNCTION = 'def f{0}(a, b={0}):\n    """Return the sum."""\n    return a + b\n\n\n'
BODY = "\n\n" + "".join(FUNCTION.format(number) for number in range(8))


def used() -> float:
    """Return the seconds of processor time that this process and its children have used."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def many(word: str) -> dict[str, Content]:
    """Return 5,000 files: modules with functions, tests and pages."""
    files: dict[str, Content] = {f"src/shop/p{n % 50}/m{n}.py": f"{word} = {n}\n{BODY}" for n in range(4000)}
    files |= {f"tests/t{n % 20}/test_m{n}.py": f"def test_a():\n    assert {n}, '{word}'\n" for n in range(500)}
    return files | {f"docs/p{n}.md": f"# Page {n}\n\n{word}\n" for n in range(500)}


def parsing() -> float:
    """Return the seconds of processor time that Python takes to parse the files of both sides."""
    before = time.process_time()
    for word in ("OLD", "NEW"):
        for name, text in many(word).items():
            if name.endswith(".py"):
                ast.parse(str(text))
    return time.process_time() - before


@pytest.mark.timeout(900)
def test_five_thousand_files_take_seconds(tmp_path: Path) -> None:
    """Every rule looks at them, and the checklist still fits a comment."""
    repository = Repository(tmp_path / "many")
    repository.commit({**many("OLD"), "src/shop/__init__.py": ""})
    repository.commit(many("NEW"))
    before = used()
    changes = read_changes(repository.root, read_span(repository.root, "HEAD~1...HEAD"))
    checklist = review(Context(repository.root, changes, "nothing", os.environ), all_rules())
    shown = to_markdown(checklist, limit=COMMENT_LIMIT)
    seconds = used() - before

    groups = {item.id: item.group for item in checklist.items}
    assert checklist.files == 5000
    assert (groups["no-new-hidden-state"], groups["no-secrets"], groups["source-has-tests"]) == ("proved",) * 3
    assert (groups["api-is-told"], groups["small-enough"]) == ("proved", "refuted")
    assert len(shown.encode()) < COMMENT_LIMIT
    assert seconds < max(SECONDS, PARSES * parsing()), f"{seconds:.1f} s of processor time"
