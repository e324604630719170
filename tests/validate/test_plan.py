"""What is going to run is fixed, digest and all, before anything does."""

from pathlib import Path

import pytest

from overt.campaign import Loaded
from overt.campaign.records import Campaign, Project, Suite
from overt.model import OvertError
from overt.validate.environment import project_python, suite_environment
from overt.validate.plan import make_plan, parse_shard, select_suites

SUITES = {"unit": Suite(kind="pytest"), "style": Suite(kind="lint"), "types": Suite(kind="command")}
CAMPAIGN = Campaign(suites=SUITES, project=Project(sources=("src",)))


def test_suites_keep_the_order_of_the_campaign() -> None:
    """However they were asked for, and however often."""
    assert select_suites(CAMPAIGN, ["types", "unit", "types"]) == ("unit", "types")
    assert select_suites(CAMPAIGN, []) == ("unit", "style", "types")


@pytest.mark.parametrize("text", ["", "0/3", "4/3", "1/0", "1", "a/b", "1/3/5", "01/3", " 1/3", "-1/3", "1/99999"])
def test_what_is_no_shard_is_refused(text: str) -> None:
    """With an example of what is one."""
    with pytest.raises(OvertError, match="is not a shard"):
        parse_shard(text)


def test_the_plan_says_what_each_suite_is_measured_on(tmp_path: Path) -> None:
    """A changed file and a changed setting are other digests; a changed title is not."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src/a.py").write_text("x = 1\n")
    files = ["src/a.py", "README.md"]

    def planned(**changes: object) -> tuple[str, str]:
        suite = Suite(kind="pytest", **changes)
        campaign = Campaign(suites={"unit": suite}, project=Project(sources=("src",)))
        (made,) = make_plan(Loaded(campaign), tmp_path, files, ["unit"]).suites
        return made.settings_sha256, made.inputs.sha256

    before = planned()
    assert planned(title="Tests") == before
    assert planned(args=("-x",))[0] != before[0]
    assert planned(inputs=("README.md",))[1] != before[1]
    (tmp_path / "src/a.py").write_text("x = 2\n")
    assert planned()[1] != before[1]


def test_without_sources_everything_is_what_it_is_measured_on(tmp_path: Path) -> None:
    """A suite is never measured on nothing by default."""
    (tmp_path / "a.txt").write_text("x")
    campaign = Campaign(suites={"unit": Suite(kind="command", max_age_days=2, timeout=1.5, at_least=4, at_most=7)})
    (made,) = make_plan(Loaded(campaign), tmp_path, ["a.txt"], ["unit"]).suites
    assert (made.inputs.patterns, made.inputs.files) == (("**", "!site"), 1)
    assert (made.max_age_ns, made.timeout_ns) == (172_800 * 10**9, 1_500_000_000)
    assert (made.at_least, made.at_most) == (4, 7)


def test_the_interpreter_is_found_in_order(tmp_path: Path) -> None:
    """The campaign's, the project's own, the active one, ours."""
    import sys

    active = tmp_path / "active"
    (active / "bin").mkdir(parents=True)
    (active / "bin/python").touch()
    environment = {"VIRTUAL_ENV": str(active)}
    assert project_python(tmp_path, Campaign(), {}) == sys.executable
    assert project_python(tmp_path, Campaign(), environment) == str(active / "bin/python")
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").touch()
    assert project_python(tmp_path, Campaign(), environment) == str(tmp_path / ".venv/bin/python")
    for named, expected in (("env/python", str(tmp_path / "env/python")), ("python3.12", "python3.12")):
        campaign = Campaign(project=Project(python=named))
        assert project_python(tmp_path, campaign, environment) == expected


def test_a_suite_gets_the_users_environment_and_its_own() -> None:
    """What the suite sets wins; tools beside the project's interpreter come first."""
    suite = Suite(kind="command", env={"A": "suite", "B": "suite"})
    made = suite_environment("/x/bin/python", suite, {"A": "user", "C": "user", "PATH": "/usr/bin"})
    assert (made["A"], made["B"], made["C"]) == ("suite", "suite", "user")
    assert made["PATH"].split(":")[:2] == ["/x/bin", "/usr/bin"]
    assert suite_environment("python3", suite, {"PATH": "/usr/bin"})["PATH"].startswith("/usr/bin")


def test_the_linter_is_measured_on_what_it_reads(tmp_path: Path) -> None:
    """A changed test does not make what the linter saw stale; changed code and a changed ratchet do."""
    project = Project(packages=("src/shop",), sources=("src", "tests"))
    suites = {"hidden": Suite(kind="hidden-state"), "one": Suite(kind="hidden-state", paths=("src/shop/a.py",))}
    loaded = Loaded(Campaign(suites=suites, project=project))
    plan = make_plan(loaded, tmp_path, [], ["hidden", "one"])
    assert [suite.inputs.patterns for suite in plan.suites] == [
        ("src/shop", "validation/hidden-state.ratchet"),
        ("src/shop/a.py", "validation/hidden-state.ratchet"),
    ]
