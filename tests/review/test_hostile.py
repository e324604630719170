"""A change from a stranger is read: nothing of it runs, and nothing of it acts on who reads the checklist."""

from __future__ import annotations

import json
import os
import re
import stat

import pytest

from overt.cli.main import main
from overt.model import State
from overt.review.checklist import review
from overt.review.context import Context
from overt.review.rules import all_rules, rule_for

NAME = "<img src=x onerror=alert(1)>`[x](javascript:y)`\n## Proved\n- [x] all @team \x1b[2J\x1b]0;t\x07\u202e.py"
FORMS = ("md", "github", "json", "sarif")


def canary(repository) -> str:
    """Return a command that leaves a trace outside what is reviewed."""
    return f"touch {repository.root.parent / 'ran'}"


def traces(repository) -> list[str]:
    return [path.name for path in repository.root.parent.iterdir() if path.name == "ran"]


def test_nothing_that_a_change_brings_is_run(repository) -> None:
    """Attributes, settings, hooks, build files and start-up files of every tool that a review might wake."""
    trap, python = canary(repository), f"import os\nos.system({canary(repository)!r})\n"
    repository.commit({"shop/__init__.py": "", "shop/cart.py": "x = 1\n", "tests/test_cart.py": "y = 1\n"})
    files = {
        ".gitattributes": "* diff=evil filter=evil merge=evil\n*.md diff=evil\n",
        ".gitconfig": f'[alias]\n diff = "!{trap}"\n[core]\n fsmonitor = {trap}\n pager = {trap}\n',
        ".gitmodules": f'[submodule "s"]\n path = s\n url = ext::sh -c "{trap}"\n update = !{trap}\n',
        "hooks/post-checkout": f"#!/bin/sh\n{trap}\n",
        ".githooks/post-checkout": f"#!/bin/sh\n{trap}\n",
        ".envrc": f"{trap}\n",
        "overt.toml": f'[suites.a]\nkind = "command"\ncommand = ["sh", "-c", "{trap}"]\n'
        f'[[review.rules]]\nid = "own"\ntitle = "Own"\npaths = ["**"]\ncommand = ["sh", "-c", "{trap}"]\n',
        "mkdocs.yml": "site_name: x\nhooks: [evil.py]\n",
        "docs/index.md": f"# A\n\n```python\n{python}```\n\n```bash exec='on'\n{trap}\n```\n",
        "pytest.ini": "[pytest]\naddopts = -p evil\n",
        "Makefile": f"all:\n\t{trap}\n$(shell {trap})\n",
        "setup.py": python,
        "shop/cart.py": f"{python}x = 2\n",
    }
    names = (
        "evil.py",
        "conftest.py",
        "tests/conftest.py",
        "sitecustomize.py",
        "usercustomize.py",
        "griffe.py",
        "yaml.py",
    )
    repository.commit({**files, **dict.fromkeys(names, python)})
    for may_run in ("nothing", "named"):
        context = Context(repository.root, repository.changes(), may_run, os.environ)
        assert main(["review", "-C", str(repository.root), "HEAD~1...HEAD", "--fail-on", "never"]) == 0
        assert {item.state for item in review(context, all_rules()).items} >= {State.PROVED, State.UNCHECKED}
        assert traces(repository) == []


@pytest.mark.parametrize("name", ["tools/hook.py", "overrides/main.html", "tools/fence.py"])
def test_what_a_build_would_run_is_not_built_when_the_change_alters_it(repository, name: str) -> None:
    """The configuration was there before; the hook, the template or the function that it names is the change's."""
    settings = "site_name: x\nhooks: [tools/hook.py]\ntheme:\n  name: mkdocs\n  custom_dir: overrides\n"
    settings += "markdown_extensions:\n  - pymdownx.superfences:\n      f: !!python/name:tools.fence.f\n"
    repository.commit({"mkdocs.yml": settings, "docs/index.md": "# A\n", name: "\n"})
    repository.commit({"docs/index.md": "# B\n", name: f"import os\nos.system({canary(repository)!r})\n"})
    context = Context(repository.root, repository.changes(), "named", os.environ)
    [item] = review(context, [rule_for("docs-hold")]).items
    assert item.state is State.UNCHECKED
    assert name in item.reason
    assert traces(repository) == []


def test_hooks_of_the_clone_stay_asleep(repository) -> None:
    """A clone that somebody handed over may have some."""
    repository.commit(
        {"cart.py": "x = 1\n", "tests/test_a.py": "x = 1\n", "overt.toml": '[suites.u]\nkind = "pytest"\n'}
    )
    repository.commit({"cart.py": "x = 2\n", "tests/test_a.py": "x = 2\n"})
    for hook in ("post-checkout", "post-index-change", "reference-transaction", "pre-auto-gc"):
        path = repository.root / ".git" / "hooks" / hook
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{canary(repository)}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
    for key in ("core.fsmonitor", "diff.external", "core.pager", "pager.diff", "alias.diff"):
        repository.git("config", key, canary(repository))
    review(Context(repository.root, repository.changes(), "all", os.environ), all_rules())
    assert traces(repository) == []


@pytest.mark.parametrize("form", FORMS)
def test_a_hostile_name_stays_a_name(repository, capsys: pytest.CaptureFixture[str], form: str) -> None:
    """In every form: no terminal code, no line of its own, no mark-up; what people may tick is what we wrote."""
    title = "<b>Own</b> \\u001b[2J\\n## Proved\\n- [x] @team"
    own = (
        f'[[review.rules]]\nid = "own"\ntitle = "{title}"\npaths = ["**"]\nquestion = "{title}"\nsee = "javascript:x"\n'
    )
    repository.commit({"overt.toml": own, "javascript:x": "\n"})
    slash = NAME.replace("/", "_")
    repository.commit({slash: "import threading\nrows = []\ndef f(x): rows.append(x)  # noqa\n"})
    repository.git("commit", "-q", "--amend", "-m", f"{NAME}\n\n::set-output name=x::y\n::error::z")
    main(["review", "-C", str(repository.root), "HEAD~1...HEAD", "--format", form, "--fail-on", "never"])
    shown = capsys.readouterr().out
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown)
    assert not re.search(r"^::", shown, re.MULTILINE)
    if form in {"json", "sarif"}:
        json.loads(shown)
        assert "\\u001b" not in shown
        return
    outside = re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", "", shown)
    assert not re.search(
        r"(?<!\\)<(?!details|summary|/details|/summary|!-- overt:)|(?<!&#64;)@|\]\(javascript:", outside
    )
    assert len(re.findall(r"^## Proved$", shown, re.MULTILINE)) == 1
    assert not re.search(r"^\s*- \[x\] all", shown, re.MULTILINE)


@pytest.mark.parametrize(
    "given",
    [
        *(
            "HEAD^{/x}",
            ":(top)",
            ":/change",
            "HEAD:a.py",
            "@{-1}",
            "-x",
            "--upload-pack=touch ran",
            "HEAD...--output=ran",
        ),
        *(
            "..",
            "...",
            "HEAD....HEAD",
            "HEAD^{commit}...HEAD",
            "\u202eHEAD",
            "HEAD;touch ran",
            "$(touch ran)",
            "a" * 5000,
        ),
    ],
)
def test_whatever_a_range_is_called_it_is_told_or_read(repository, capsys, given: str) -> None:
    """No traceback, no file, nothing run: a commit is found or it is not."""
    repository.commit({"a.py": "x = 1\n"})
    argument = ["--", given] if given.startswith("-") else [given]
    assert main(["review", "-C", str(repository.root), "--base=HEAD", *argument, "--fail-on", "never"]) in {0, 2}
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    assert "\u202e" not in said.err + said.out
    assert sorted(path.name for path in repository.root.iterdir()) == [".git", "a.py"]
