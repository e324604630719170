"""Hidden state is gone from this project, what is left is allowed by name and date, and new hidden state is caught."""

from __future__ import annotations

import ast
import shutil
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from overt.campaign import load
from overt.campaign.records import HiddenState
from overt.cli.main import main
from overt.flags.switched import NAMES
from overt.lint import Report, check
from overt.runtime import Runtime, legacy
from overt.system.files import project_files, select
from overt.system.process import run_process

ROOT = Path(__file__).parents[2]
LEGACY = "src/overt/runtime/legacy/"
SENTINEL = "src/overt/runtime/owners.py"


@pytest.fixture(scope="module")
def report() -> Report:
    """Give the check of the whole source with the settings that the project declares."""
    settings = load(ROOT).campaign.hidden_state
    return check(ROOT, select(project_files(ROOT), ["src/overt"]), settings)


def test_nothing_is_found_but_what_is_allowed(report: Report) -> None:
    """Every file was read, and no finding of weight is new."""
    assert report.files > 100
    assert report.unreadable == ()
    assert [str(seen.finding.location) for seen in report.findings if seen.fails] == []


def test_what_is_allowed_is_the_legacy_package_and_one_sentinel(report: Report) -> None:
    """Each allowance has its reason, and there is hidden state in the legacy package, or it would be no comparison."""
    allowed = [seen for seen in report.findings if seen.standing == "allowed"]
    assert all(seen.reason for seen in allowed)
    outside = [seen.finding for seen in allowed if not seen.finding.location.path.startswith(LEGACY)]
    assert [(finding.location.path, finding.rule) for finding in outside] == [(SENTINEL, "OV101")]
    assert len(allowed) > len(outside)


def test_the_legacy_package_does_not_outlive_its_date(report: Report) -> None:
    """Past the date, the allowance is a finding itself."""
    settings = load(ROOT).campaign.hidden_state
    assert [entry.until for entry in settings.allow if entry.path == LEGACY], "no allowance for the legacy package"
    late = check(ROOT, select(project_files(ROOT), ["src/overt"]), settings, today="2999-01-01")
    assert any(seen.fails for seen in late.findings)


def test_without_the_allowance_the_legacy_package_is_found() -> None:
    """The silence above is not blindness: each legacy module that keeps state is named."""
    files = select(project_files(ROOT), [LEGACY])
    found = {seen.finding.location.path for seen in check(ROOT, files, HiddenState(), whole=False).findings}
    keeping = {name for name in files if "threading.local" in _bases((ROOT / name).read_text(encoding="utf-8"))}
    assert keeping
    assert keeping <= found


def _bases(source: str) -> set[str]:
    """Return the base classes of the classes in a source, as they are written."""
    classes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef)]
    return {ast.unparse(base) for each in classes for base in each.bases}


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("import threading\n_STATE = threading.local()\n", 1),
        ("_TOTAL = 0\n\n\ndef add():\n    global _TOTAL\n    _TOTAL += 1\n", 1),
        ("def add(total):\n    return total + 1\n", 0),
        ("def broken(:\n", 3),
    ],
)
def test_enforcement_works(tmp_path: Path, source: str, status: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Planted state fails the command, clean code passes, and a file that cannot be read is never green."""
    (tmp_path / "module.py").write_text(source)
    assert main(["check", "-C", str(tmp_path), "--no-cache", str(tmp_path / "module.py")]) == status
    assert capsys.readouterr().out


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Give a copy of the source with the settings that go with it."""
    for name in (*select(project_files(ROOT), ["src/overt"]), "overt.toml", "pyproject.toml"):
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, place)
    return tmp_path


@pytest.mark.parametrize(
    "command",
    [
        ("check", "--no-cache"),
        ("check", "--no-cache", "src/overt/model/verdict.py"),
        ("validate", "--suite", "hidden-state"),
    ],
)
def test_hidden_state_in_one_module_of_the_source_fails_what_runs_in_ci(copy: Path, command: tuple[str, ...]) -> None:
    """Planted, it is named with file and line; taken out again, the same command passes."""
    module = copy / "src/overt/model/verdict.py"
    before = module.read_text(encoding="utf-8")
    planted = before + "\n\n_seen = []\n\n\ndef remember(verdict: object) -> None:\n    _seen.append(verdict)\n"
    run = partial(run_process, [sys.executable, "-m", "overt", *command], cwd=copy, timeout=120)
    assert run().exit_code == 0
    module.write_text(planted, encoding="utf-8")
    failed = run()
    assert failed.exit_code == 1
    line = planted.splitlines().index("_seen = []") + 1
    assert f"src/overt/model/verdict.py:{line}" in failed.output.decode()
    module.write_text(before, encoding="utf-8")
    assert run().exit_code == 0


def work(runtime: Runtime) -> None:
    """Use every system."""
    with runtime.context.with_context({"n": 1}), runtime.tracer.span("work"):
        runtime.registry.register("a", runtime)
        runtime.cache.set("a", 1)
        runtime.events.emit(("seen",))


def kept_in_threads(runtime: Any) -> dict[str, bool]:
    """Return of each switched system whether its legacy implementation, which keeps things in threads, did anything."""
    inside: list[bool] = []
    with runtime.context.with_context({"n": 1}):
        inside.append(not legacy.error_context.ENGINE.idle)
    pairs = {name: getattr(runtime, name)._pair for name in ("registry", "cache", "events", "tracer")}  # noqa: SLF001
    did = {"registry": "registered", "cache": "rows", "events": "emitted", "tracer": "started"}
    return {name: pair.legacy.stats()[did[name]] > 0 for name, pair in pairs.items()} | {"context": inside[0]}


def test_what_is_on_keeps_nothing_in_threads(systems: Any) -> None:
    """With the flag of a system on, its legacy implementation is not touched; off, it is the one that works."""
    if not systems.state:
        with systems.runtime() as runtime:
            assert not any(hasattr(getattr(runtime, name), "_pair") for name in NAMES)
        return
    with systems.runtime() as runtime:
        for _ in range(3):
            work(runtime)
            runtime.registry.unregister("a")
        used = kept_in_threads(runtime)
    for name in NAMES:
        assert systems.side(name) == "both" or used[name] is (systems.side(name) == "legacy"), name
    assert "both" in {systems.side(name) for name in NAMES} or len(set(used.values())) == 1


def test_the_runtime_keeps_its_thread_locals_to_itself() -> None:
    """Outside the legacy package the word stands in one place of the source."""
    files = [name for name in select(project_files(ROOT), ["src/overt"]) if name.endswith(".py")]
    using = [
        name
        for name in files
        if not name.startswith((LEGACY, "src/overt/lint/", "src/overt/training/"))
        and any(
            isinstance(node, ast.Attribute) and node.attr == "local" and ast.unparse(node.value) == "threading"
            for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8")))
        )
    ]
    assert using == [SENTINEL]
