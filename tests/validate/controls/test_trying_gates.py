"""Defects planted in copies of small projects: real gates find them, and blind and nervous ones are found out."""

from __future__ import annotations

import json
import sys

import pytest

from overt.campaign import load
from overt.campaign.records import Campaign, Suite, SuiteControl
from overt.evidence.controls import gates_seen
from overt.model import OvertError
from overt.system.files import project_files
from overt.validate.context import Choice
from overt.validate.controls.gates import gates_of
from overt.validate.controls.request import with_controls
from overt.validate.run import validate

CONTROLS = '\n[suites.controls]\nkind = "controls"\n'


@pytest.fixture
def shop(tmp_path):
    """Return the folder of a project with a package and a test."""
    root = tmp_path / "shop"
    (root / "src/shop").mkdir(parents=True)
    (root / "tests").mkdir()
    (root / "src/shop/__init__.py").write_text('"""A shop."""\n')
    (root / "src/shop/cart.py").write_text('"""A cart."""\n\n\ndef total(x: int) -> int:\n    return x\n')
    (root / "tests/test_cart.py").write_text("def test_cart():\n    assert True\n")
    (root / "pytest.ini").write_text("[pytest]\ntestpaths = tests\n")
    return root


def tried(root, suites, **environment):
    """Try the gates of a project and return them by name, with the verdict of the suite of controls."""
    head = f'[project]\nname = "shop"\npython = "{sys.executable}"\npackages = ["src/shop"]\n'
    (root / "overt.toml").write_text(head + suites + CONTROLS)
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    done = validate(
        load(root),
        root,
        project_files(root),
        environment={"PATH": "/usr/bin:/bin", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **environment},
        choice=Choice(suites=("controls",)),
    )
    after = {path: path.read_bytes() for path in root.rglob("*") if path.is_file() and ".overt" not in path.parts}
    assert after == before, "the project itself was touched"
    (summary,) = done.summaries
    return {gate.name: gate for gate in gates_seen(done.run.records)}, summary.verdict


def unit(arguments=()):
    """Return a suite of tests."""
    return f'[suites.unit]\nkind = "pytest"\nat-least = 100\nargs = {json.dumps(list(arguments))}\n'


def test_every_kind_of_gate_is_tried(shop):
    """Tests, linters and programs alarm at what is planted for them, and at nothing else."""
    script = "import sys; sys.path.insert(0, 'src'); import shop.cart; sys.exit(shop.cart.total(1) != 1)"
    suites = (
        unit()
        + '[suites.style]\nkind = "lint"\ncommand = ["ruff", "check", "src"]\n'
        + '[suites.hidden]\nkind = "hidden-state"\n'
        + f'[suites.works]\nkind = "command"\ncommand = {json.dumps([sys.executable, "-c", script])}\n'
        + '[suites.works.control]\nfile = "src/shop/cart.py"\ntext = "\\n\\ntotal = float.hex\\n"\n'
        + '[suites.docs]\nkind = "command"\ncommand = ["true"]\n'
    )
    gates, verdict = tried(shop, suites)
    assert {name: gate.state.value for name, gate in gates.items()} == {
        **dict.fromkeys(("unit", "style", "hidden", "works"), "proved"),
        "docs": "open",
    }
    assert verdict.reason == "4 gates alarm at a planted defect and stay silent without; 1 without a control"
    assert gates["style"].seeded.planted.endswith("in src/shop/cart.py")
    assert "F821" in gates["style"].seeded.note
    assert "OV" in gates["hidden"].seeded.note


def test_gates_that_cannot_fail_are_found_out(shop):
    """Programs that always succeed and swallowed failures stay silent; a program that always fails alarms."""
    (shop / "tests/conftest.py").write_text(
        "import pytest\n\n"
        "@pytest.hookimpl(wrapper=True)\n"
        "def pytest_runtest_makereport(item, call):\n"
        "    report = yield\n"
        '    report.outcome = "passed"\n'
        "    return report\n"
    )
    seed = '\n[suites.{}.control]\nfile = "src/shop/bad.py"\ntext = "1 +"\n'
    suites = (
        unit()
        + f'[suites.blind]\nkind = "command"\ncommand = ["true"]\n{seed.format("blind")}'
        + f'[suites.nervous]\nkind = "command"\ncommand = ["false"]\n{seed.format("nervous")}'
    )
    gates, verdict = tried(shop, suites)
    assert {name: gate.state.value for name, gate in gates.items()} == dict.fromkeys(gates, "refuted")
    assert set(gates) == {"unit", "blind", "nervous"}
    assert "the gate unit stayed silent although it was given a test that fails" in verdict.reason
    assert "the gate nervous alarmed with no defect planted" in verdict.reason


def test_what_cannot_be_tried_is_unchecked(shop):
    """A program that is missing says nothing about its gate; neither do tests that arguments leave out."""
    suites = unit(["-k", "cart"]) + (
        '[suites.gone]\nkind = "command"\ncommand = ["no-such-program"]\n'
        '[suites.gone.control]\nfile = "a.py"\ntext = "1 +"\n'
    )
    gates, verdict = tried(shop, suites)
    assert {name: gate.state.value for name, gate in gates.items()} == {"unit": "unchecked", "gone": "unchecked"}
    assert "could not be tried" in verdict.reason


def test_tests_are_planted_as_the_project_collects_them(shop):
    """Its own names of files and functions, and a file that is named in the arguments, lead to where they go."""
    (shop / "pytest.ini").write_text("[pytest]\npython_files = check_*.py\npython_functions = it_*\n")
    (shop / "tests/check_cart.py").write_text("def it_adds():\n    assert False, 'not for us'\n")
    gates, _ = tried(shop, unit(["tests/check_cart.py"]) + unit(["tests"]).replace("unit", "more"))
    assert {name: gate.state.value for name, gate in gates.items()} == {"unit": "proved", "more": "proved"}


def test_leaks_slowness_and_recovery_are_gates_of_their_own(shop):
    """A kilobyte a cycle, twenty per cent and a child that stays dead are noticed, with their figures."""
    plugins = ["-p", "overt.testing.plugin"]
    suites = unit(plugins) + 'control = { plant = ["benchmark", "leak", "recovery"] }\n'
    gates, verdict = tried(shop, suites)
    assert {name: gate.state.value for name, gate in gates.items()} == {
        "unit.benchmark": "proved",
        "unit.leak": "proved",
        "unit.recovery": "proved",
    }, verdict.reason
    slow, leak = gates["unit.benchmark"].seeded, gates["unit.leak"].seeded
    assert 1_000_000 < slow.low < slow.high
    assert abs(leak.value - 1024) < 102
    assert leak.low <= leak.value <= leak.high


def test_the_defects_of_a_suite_are_those_it_declares():
    """Tests by default; a program without a declared defect has none, and a state of flags no gate of its own."""
    suites = {
        "unit": Suite(kind="pytest"),
        "speed": Suite(kind="pytest", control=SuiteControl(plant=("benchmark",))),
        "types": Suite(kind="command", command=("mypy",)),
        "other": Suite(kind="lint", command=("eslint", "--format", "sarif")),
        "unit@off": Suite(kind="pytest"),
        "controls": Suite(kind="controls"),
    }
    found = {gate.name: gate.seed is not None for gate in gates_of(Campaign(suites=suites))}
    assert found == {"unit": True, "speed.benchmark": True, "types": False, "other": False}
    assert [gate.name for gate in gates_of(Campaign(suites=suites), ["types"])] == ["types"]


def test_controls_can_be_asked_for_without_declaring_them(shop):
    """What is not declared is made for the run; some gates alone leave the whole as it was."""
    loaded = load(shop)
    _, names = with_controls(loaded, [])
    made, some = with_controls(loaded, ["unit"])
    assert (names, some) == (("controls",), ("controls-unit",))
    assert made.campaign.suites["controls-unit"].gates == ("unit",)
    (shop / "overt.toml").write_text(unit() + CONTROLS)
    assert with_controls(load(shop), [])[1] == ("controls",)
    (shop / "overt.toml").write_text(unit() + CONTROLS + 'gates = ["unit"]\n')
    made, every = with_controls(load(shop), [])
    assert (every, made.campaign.suites["controls-all"].gates) == (("controls-all",), ())
    with pytest.raises(OvertError, match="there is no suite 'unti'"):
        with_controls(loaded, ["unti"])
