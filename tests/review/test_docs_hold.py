"""Documents are held in a copy of the commit, and nothing that the change alters decides what is run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from overt.model import State
from overt.review.checklist import review
from overt.review.context import Context, MayRun
from overt.review.docs_site import _judged, builders, kept_from
from overt.review.recorded import ended
from overt.review.records import Item
from overt.review.rules import rule_for
from overt.system.process import Completed

SITE = "site_name: Shop\n"
HOOK = "open('ran', 'w').close()\n"


def held(repository, may_run: MayRun = "named") -> Item:
    context = Context(repository.root, repository.changes(), may_run, os.environ)
    [item] = review(context, [rule_for("docs-hold")]).items
    return item


@pytest.mark.parametrize("file", ["mkdocs.yml", "parent.yml", "overt.toml"])
def test_a_change_does_not_decide_what_a_build_runs(repository, file: str) -> None:
    """Not by the configuration of mkdocs, nor by one it inherits from, nor by naming another."""
    hooked = f"{SITE}hooks: [hook.py]\n"
    other = {
        "mkdocs.yml": hooked,
        "parent.yml": hooked,
        "overt.toml": '[site]\nconfig = "other.yml"\n',
    }[file]
    inherits = f"INHERIT: ./parent.yml\n{SITE}theme: !!python/object/apply:os.mkdir [ran]\n"
    before = {"mkdocs.yml": inherits, "parent.yml": SITE, "overt.toml": "", "other.yml": hooked}
    repository.commit({**before, "hook.py": HOOK, "docs/index.md": "# Shop\n"})
    repository.commit({file: other, "docs/index.md": "# The shop\n"})
    item = held(repository)
    assert item.state is State.UNCHECKED
    assert "the site was not built" in item.reason
    assert "overt review --run" in item.reason
    assert not list(repository.root.rglob("ran"))


def test_nothing_is_built_when_nothing_may_be_run(repository) -> None:
    """The audit still is made, and says what to do."""
    repository.commit({"mkdocs.yml": SITE, "docs/index.md": "# Shop\n"})
    repository.commit({"docs/index.md": "# The shop\n"})
    item = held(repository, "nothing")
    assert (item.state, item.proof) == (State.UNCHECKED, None)
    assert item.reason.endswith("the site was not built: nothing may be run; by hand: overt build")
    repository.commit({"docs/index.md": "# See [it](gone.md)\n"})
    assert held(repository, "nothing").state is State.REFUTED


@pytest.mark.parametrize(
    ("settings", "built"),
    [
        ("site_description: tools\nnav: [index.md, tools/index.md]\n", True),
        ("hooks: [tools/hook.py]\n", False),
        ("theme: {name: material, custom_dir: tools}\n", False),
        ("markdown_extensions:\n  - toc: {slugify: !!python/name:tools.hook.slug ''}\n", False),
        ("plugins:\n  - macros\n", False),
        ("hooks: [tools/hook.py\n", False),
    ],
)
def test_a_file_that_the_settings_only_tell_readers_of_is_not_run(repository, settings: str, built: bool) -> None:
    """One that they name for anything else may be: what a change alters of it is not built."""
    before = {"mkdocs.yml": SITE + settings, "docs/index.md": "# Shop\n", "tools/hook.py": "x = 1\n"}
    repository.commit(before)
    repository.commit({"docs/index.md": "# The shop\n", "tools/hook.py": "x = 2\n"})
    context = Context(repository.root, repository.changes(), "named", os.environ)
    assert (kept_from(context) == "") is built


@pytest.mark.parametrize("gone", ["docs/more.md", "mkdocs.yml"])
def test_what_goes_is_a_change_of_the_documents_too(repository, gone: str) -> None:
    """A page that others lead to, and the settings of the site."""
    repository.commit({"mkdocs.yml": SITE, "docs/index.md": "# Shop\n", "docs/more.md": "# More\n"})
    repository.commit({gone: None})
    item = held(repository, "nothing")
    assert item.state is State.UNCHECKED
    assert [str(place) for place in item.places] == [gone]


def test_a_recorded_build_of_this_commit_is_taken_before_anything_is_run(repository) -> None:
    """When it failed, too; one of another commit is not."""
    toml = '[suites.docs]\nkind = "command"\ncommand = ["python", "-m", "mkdocs", "build"]\n'
    repository.commit({"overt.toml": toml, ".gitignore": ".overt/\n", "mkdocs.yml": SITE, "docs/index.md": "# Shop\n"})
    repository.leave("docs", ended("docs", 0))
    repository.commit({"docs/index.md": "# The shop\n"})
    assert held(repository, "nothing").state is State.UNCHECKED
    repository.leave("docs", ended("docs", 0))
    item = held(repository, "nothing")
    assert item.state is State.PROVED
    assert item.proof is not None
    assert item.proof.command == "overt audit docs/index.md && overt validate --suite docs"
    repository.leave("docs", ended("docs", 1))
    assert held(repository, "nothing").state is State.REFUTED


def test_a_copy_of_the_reviewed_commit_is_looked_at_not_what_lies_in_the_folder(repository) -> None:
    """And it leaves nothing behind."""
    repository.commit({"docs/index.md": "# Shop\n"})
    repository.commit({"docs/index.md": "# See [it](gone.md)\n"})
    repository.write({"docs/gone.md": "# Here, but in no commit\n"})
    assert held(repository).state is State.REFUTED
    assert len(repository.git("worktree", "list").splitlines()) == 1
    assert repository.git("status", "--porcelain") == "?? docs/gone.md"


def completed(exit_code: int | None, output: bytes = b"", *, timed_out: bool = False) -> Completed:
    return Completed((), exit_code, None, timed_out, 0, 0, 0, 0, output, len(output))


@pytest.mark.parametrize(
    ("done", "state", "told"),
    [
        (completed(None, timed_out=True), State.UNCHECKED, "ran out of time"),
        (completed(3), State.UNCHECKED, "could not be built: here mkdocs is missing"),
        (completed(1), State.REFUTED, "cannot be built: here mkdocs is missing"),
        (completed(0, b"Built."), State.UNCHECKED, "something else than a build"),
        (completed(0, b'{"pages": 1, "warnings": ["w"], "unheld": {}}'), State.REFUTED, "1 warning: w"),
        (completed(0, b'{"pages": 1, "warnings": [], "unheld": {"conflict": 1, "stale": 1}}'), State.REFUTED, "1 stat"),
        (completed(0, b'{"pages": 1, "warnings": [], "unheld": {"stale": 2}}'), State.UNCHECKED, "2 stale"),
        (completed(0, b'{"pages": 7, "warnings": [], "unheld": {}}'), State.PROVED, "7 pages"),
    ],
)
def test_only_a_build_without_a_complaint_proves(done: Completed, state: State, told: str) -> None:
    """One that could not run, or said something else, proves and refutes nothing."""
    outcome = _judged(done, "/copy/here mkdocs is missing\n", Path("/copy"))
    assert outcome.state is state
    assert told in outcome.reason
    assert bool(outcome.command) is (state is State.PROVED)


def test_suites_that_build_documents_are_known_by_their_command() -> None:
    """Also behind `uv run`; a server of pages is none of them."""
    from overt.campaign.loading import parse_campaign

    commands = {
        "a": '["mkdocs", "build"]',
        "b": '["uv", "run", "sphinx-build", "docs", "out"]',
        "c": '["overt", "build"]',
        "d": '["mkdocs", "serve"]',
        "e": '["make", "build"]',
    }
    text = "".join(f'[suites.{name}]\nkind = "command"\ncommand = {words}\n' for name, words in commands.items())
    assert builders(parse_campaign(text)[0]) == ["a", "b", "c"]
