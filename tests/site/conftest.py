"""Hand-made inputs for pages, and small projects for real builds."""

from __future__ import annotations

import functools
import os
import textwrap
from collections.abc import Callable
from html import escape
from pathlib import Path

import pytest

from overt.campaign import load
from overt.evidence.manifest import Host, Inputs, Manifest, Plan, PlannedSuite, Subject
from overt.evidence.records import AnyRecord, TestCase
from overt.evidence.summary import Counts, SuiteSummary
from overt.model import State, Verdict
from overt.site.inputs import SuiteView
from overt.system.files import project_files
from overt.system.process import run_process
from overt.validate.context import Choice
from overt.validate.run import validate

HOSTILE = (
    "<script>alert(1)</script>",
    "\x1b[31mred\x1b[0m",
    "{{ 7*7 }}{% raw %}",
    "[x](javascript:alert(1))",
    "a|b`c``d`|",
    ":::shop.cart\n::: shop",
    "<!-- not closed",
    "![i](http://evil.example/x.png)",
    "</pre></code><img src=x onerror=alert(2)>",
    "**bold** __under__ ~~s~~ ==m== ^^i^^",
    "www.evil.example http://evil.example",
    "&lt;b&gt; &#60;script&#62;",
    '" onmouseover="alert(3)',
    "[ref]: javascript:alert(4)",
    "--8<-- 'secret.txt'",
    "<svg onload=alert(5)><script>alert(6)</script></svg>",
    "<svg><a xlink:href='javascript:alert(7)'><text>x</text></a></svg>",
    "<iframe srcdoc='<script>parent.alert(8)</script>'></iframe>",
    "<style>@import 'http://evil.example/a.css'</style>",
    "<base href='http://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=http://evil.example/'>",
    "<object data='http://evil.example/o'></object><embed src='http://evil.example/e'>",
    "<form action='http://evil.example/'><button>go</button></form>",
    "<details open ontoggle=alert(9)>d</details>",
    "<math><mi xlink:href='data:text/html,<script>alert(10)</script>'>m</mi></math>",
    "';alert(11);//\";alert(12);//</script><script>alert(13)</script>",
    "]]><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    '../../../etc/passwd\\..\\..\\x.html#"><b>',
    "{: onclick=alert(14) .x #y }",
    "\u202egnp.exe\u2066\u200b\ufeff a\u0301\u0301",
)
HOST = Host(system="Linux", machine="x86_64", python="3.11.7", implementation="CPython", cores=2)
START_NS = 1_700_000_000_000_000_000


def make_case(name: str, outcome: str = "passed", *, attempt: int = 1, **more: object) -> TestCase:
    return TestCase(id=f"test:unit:{name}:{attempt}", suite="unit", name=name, outcome=outcome, attempt=attempt, **more)


def _counts(records: tuple[AnyRecord, ...]) -> Counts:
    outcomes = [record.outcome for record in records if isinstance(record, TestCase)]
    return Counts(
        total=len(outcomes),
        passed=outcomes.count("passed"),
        failed=outcomes.count("failed"),
        skipped=outcomes.count("skipped"),
    )


def make_view(
    *records: AnyRecord, name: str = "unit", before: tuple[AnyRecord, ...] | None = None, **more: object
) -> SuiteView:
    told: dict[str, object] = {
        "kind": "pytest",
        "required": True,
        "title": name.title(),
        "verdict": Verdict(State.PROVED, "all is well"),
        "measured": State.PROVED,
        "counts": _counts(records),
        "run": "run-1",
        "commit": "c0ffee" * 6,
        "status": "completed",
        "start_ns": START_NS,
        "duration_ns": 1_500_000_000,
    }
    summary = SuiteSummary(name=name, **{**told, **more})
    planned = PlannedSuite(name=name, suite_kind="pytest", inputs=Inputs(patterns=("src",), files=3, sha256="ab" * 32))
    manifest = Manifest(
        format=1,
        run="run-1",
        state="closed",
        created_ns=START_NS,
        subject=Subject(project="shop", commit="c0ffee" * 6),
        host=HOST,
        plan=Plan(suites=(planned,)),
        plan_sha256="cd" * 32,
    )
    return SuiteView(summary=summary, manifest=manifest, records=records, before=before)


@pytest.fixture(scope="session")
def hostile() -> tuple[str, ...]:
    """Texts that mean something to Markdown, HTML, a terminal or a template engine."""
    return HOSTILE


@pytest.fixture
def case() -> Callable[..., TestCase]:
    """Make a test as a recorder writes it: name, outcome."""
    return make_case


@pytest.fixture
def view() -> Callable[..., SuiteView]:
    """Make a suite whose latest run recorded something."""
    return make_view


def make_project(root: Path, files: dict[str, str] | None = None, toml: str = "") -> Path:
    """Write a small project: files by name, and what comes after `[project]` in overt.toml."""
    contents = {
        "overt.toml": '[project]\nname = "shop"\npackages = ["src/shop"]\n' + textwrap.dedent(toml),
        "src/shop/__init__.py": '"""A small shop."""\n\nfrom shop.money import cents\n\n__all__ = ["cents"]\n',
        "src/shop/money.py": '"""Money."""\n\n\ndef cents(euros: float) -> int:\n    """Return it in cents."""\n',
        "docs/start.md": "# Start\n\nHello.\n",
        **(files or {}),
    }
    for name, text in contents.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Path]:
    """Write a small project for one test."""
    return functools.partial(make_project, tmp_path / "shop")


@pytest.fixture(scope="module")
def shared_project(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Write a small project for all the tests of a module, which leave it as it is."""
    return lambda *told: make_project(tmp_path_factory.mktemp("shared") / "shop", *told)


@pytest.fixture(scope="session")
def run_suites() -> Callable[[Path], None]:
    """Run the suites of a project and record them."""

    def run(root: Path) -> None:
        loaded, files = load(root), project_files(root)
        validate(loaded, root, files, environment=dict(os.environ), choice=Choice())

    return run


@pytest.fixture
def committed() -> Callable[[Path], None]:
    """Put a project into a git repository of its own."""

    def commit(root: Path) -> None:
        (root / ".gitignore").write_text(".overt/\nsite/\n")
        who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        for arguments in (("init", "-q"), ("add", "-A"), (*who, "commit", "-qm", "first")):
            assert run_process(["git", *arguments], cwd=root).ok

    return commit


@pytest.fixture(scope="session")
def junit() -> Callable[..., str]:
    """Make a JUnit file from test names; those given as failures fail."""

    def make(passed: tuple[str, ...] = (), failed: tuple[str, ...] = ()) -> str:
        cases = [f'<testcase classname="t" name="{escape(_printable(name))}"/>' for name in passed]
        cases += [
            f'<testcase classname="t" name="{escape(_printable(name))}">'
            f'<failure message="{escape(_printable(name))}">{escape(_printable(name))}</failure></testcase>'
            for name in failed
        ]
        total = len(passed) + len(failed)
        return f'<testsuite name="s" tests="{total}" failures="{len(failed)}">{"".join(cases)}</testsuite>'

    return make


def _printable(text: str) -> str:
    """XML allows no control characters."""
    return "".join(char for char in text if char >= " ")
