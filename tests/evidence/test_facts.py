"""Named facts, each with how far it may be relied on."""

from __future__ import annotations

import msgspec
import pytest

from overt.campaign.records import Campaign, HiddenState, Suite
from overt.evidence.facts import gather
from overt.evidence.inputs import keep_lists, measure_inputs, settings_digest
from overt.evidence.ledger import open_ledger
from overt.evidence.manifest import Plan
from overt.evidence.records import (
    CommandRun,
    ComparisonSeen,
    ExerciseChecked,
    Measure,
    Reference,
    Rehearsal,
    Sample,
    Step,
)
from overt.model import State

DAY_NS = 86_400_000_000_000
FILES = ["src/a.py"]


@pytest.fixture
def project(book):
    """A project with one source file and a suite that is measured on it."""
    (book.root / "src").mkdir()
    (book.root / "src/a.py").write_text("x = 1\n")
    return book


def plan(book, name, suite):
    return book.planned(
        name,
        suite.kind,
        inputs=measure_inputs(book.root, FILES, ("src",)),
        settings_sha256=settings_digest(suite),
        required=suite.required,
    )


def facts_of(book, *, files=FILES, later_ns=0, hidden_state=None, **suites):
    campaign = Campaign(
        suites={name.replace("_", "-"): suite for name, suite in suites.items()},
        hidden_state=hidden_state or HiddenState(),
    )
    return gather(book.root, campaign, open_ledger(book.root), files=files, now_ns=book.clock.now + later_ns)


UNIT = Suite(kind="pytest")
LINT = Suite(kind="lint", command=("ruff",))
LINTER = Suite(kind="hidden-state")


def test_fresh_figures_are_proved_whatever_they_say(project):
    """A failed test is a measured fact."""
    run = project.run(
        project.test("a"), project.test("b", "failed"), project.end(), suites=(plan(project, "unit", UNIT),)
    )
    facts = facts_of(project, unit=UNIT)
    failed = facts.get("tests.failed")
    assert (failed.value, failed.unit, failed.state) == (1, "count", State.PROVED)
    assert failed.evidence == (f"{run.name}/test:unit:b",)
    assert facts.get("suites.unit.outcome").value == "refuted"
    assert facts.get("suites.unit.outcome").state is State.PROVED
    assert facts.get("tests.duration").value == 5_000_000
    assert (facts.get("suites.unit.duration").value, facts.get("suites.unit.duration").unit) == (5_000_000, "ns")


def test_every_suite_of_the_campaign_has_a_summary(project):
    """Also those that were never run, in the campaign's order."""
    project.run(project.test("a"), project.end(), suites=(plan(project, "unit", UNIT),))
    facts = facts_of(project, style=LINT, unit=UNIT)
    assert [(suite.name, suite.verdict.state) for suite in facts.suites] == [
        ("style", State.UNCHECKED),
        ("unit", State.PROVED),
    ]
    assert facts.get("suites.style.findings").value is None
    assert facts.get("suites.style.findings").state is State.UNCHECKED


def test_a_changed_input_makes_evidence_stale(project):
    """The value stays visible, and the reason says what changed."""
    project.run(project.test("a"), project.end(), suites=(plan(project, "unit", UNIT),))
    (project.root / "src/a.py").write_text("x = 2\n")
    fact = facts_of(project, unit=UNIT).get("tests.passed")
    assert (fact.value, fact.state) == (1, State.STALE)
    assert "its inputs changed since (1 file then, 1 file now)" in fact.reason


def listed_run(project, files):
    """Run on the files of today and keep the list of them, as `overt validate` does."""
    planned = project.planned("unit", "pytest", inputs=measure_inputs(project.root, files, ("src",)))
    with project.start(planned) as writer:
        keep_lists(writer, Plan(suites=(planned,)), project.root, files)
        writer.add(project.test("a"))
        writer.add(project.end())


def test_files_that_changed_are_named(project):
    """Up to three, with what became of those that are new or gone; the rest is counted."""
    names = [f"src/{letter}.py" for letter in "abcde"]
    for name in names:
        (project.root / name).write_text("x = 1\n")
    listed_run(project, names)
    for name in names[:2]:
        (project.root / name).write_text("x = 2\n")
    now = [*names[:4], "src/f.py"]
    (project.root / "src/f.py").write_text("")
    reason = facts_of(project, files=now, unit=UNIT).get("tests.passed").reason
    assert "its inputs changed since: src/a.py, src/b.py, src/e.py (gone) and 1 more" in reason
    reason = facts_of(project, files=[*names, "src/f.py"], unit=UNIT).get("tests.passed").reason
    assert "its inputs changed since: src/a.py, src/b.py, src/f.py (new) and its settings" in reason


def test_a_list_that_no_longer_fits_names_nothing(project):
    """A file that changed between the plan and the list, or a list that was edited, gives no names."""
    planned = project.planned("unit", "pytest", inputs=measure_inputs(project.root, FILES, ("src",)))
    with project.start(planned) as writer:
        (project.root / "src/a.py").write_text("x = 2\n")
        keep_lists(writer, Plan(suites=(planned,)), project.root, FILES)
        writer.add(project.test("a"))
        writer.add(project.end())
    assert not list((writer.folder / "blobs").iterdir())
    reason = facts_of(project, unit=UNIT).get("tests.passed").reason
    assert "its inputs changed since (1 file then, 1 file now)" in reason


def test_an_added_file_makes_evidence_stale(project):
    """What was not there when it was measured was not measured."""
    project.run(project.test("a"), project.end(), suites=(plan(project, "unit", UNIT),))
    (project.root / "src/b.py").write_text("")
    facts = facts_of(project, files=[*FILES, "src/b.py"], unit=UNIT)
    assert "(1 file then, 2 files now)" in facts.suites[0].verdict.reason


def test_a_file_outside_the_inputs_changes_nothing(project):
    """Evidence rests on its own inputs only."""
    project.run(project.test("a"), project.end(), suites=(plan(project, "unit", UNIT),))
    (project.root / "README.md").write_text("new")
    assert facts_of(project, files=[*FILES, "README.md"], unit=UNIT).suites[0].verdict.state is State.PROVED


@pytest.mark.parametrize(
    ("changed", "stale"),
    [
        ({"args": ("-x",)}, True),
        ({"env": {"A": "1"}}, True),
        ({"inputs": ("src",)}, True),
        ({"title": "Tests"}, False),
        ({"timeout": 5.0}, False),
        ({"required": False}, False),
        ({"max_age_days": 30}, False),
    ],
)
def test_changed_settings_make_evidence_stale_when_they_matter(project, changed, stale):
    """What is run differently must run again; what is only judged differently need not."""
    project.run(project.test("a"), project.end(), suites=(plan(project, "unit", UNIT),))
    verdict = facts_of(project, unit=msgspec.structs.replace(UNIT, **changed)).suites[0].verdict
    assert verdict.state is (State.STALE if stale else State.PROVED)
    assert ("its settings in the campaign changed since" in verdict.reason) is stale


def test_settings_of_the_linter_belong_to_its_suites_only(project):
    """A new allow entry makes the linter's evidence stale, and nobody else's."""
    linter = plan(project, "linter", LINTER)
    project.run(
        project.test("a"),
        project.end(),
        project.scan("linter", files=1),
        project.end("linter"),
        suites=(plan(project, "unit", UNIT), linter),
    )
    now = facts_of(project, hidden_state=HiddenState(ignore=("OV101",)), unit=UNIT, linter=LINTER)
    assert [suite.verdict.state for suite in now.suites] == [State.PROVED, State.STALE]


@pytest.mark.parametrize(("days", "state"), [(6, State.PROVED), (8, State.STALE)])
def test_evidence_goes_stale_with_age(project, days, state):
    """Past `max-age-days` it no longer counts."""
    project.run(project.test("a"), project.end(), suites=(plan(project, "unit", UNIT),))
    suite = msgspec.structs.replace(UNIT, max_age_days=7)
    summary = facts_of(project, later_ns=days * DAY_NS, unit=suite).suites[0]
    assert summary.verdict.state is state
    assert ("it is 8 days old, at most 7 days are allowed" in summary.verdict.reason) is (days == 8)


def test_evidence_from_the_future_is_stale(project):
    """A clock that was wrong does not make evidence last for ever."""
    project.run(project.test("a"), project.end(), suites=(plan(project, "unit", UNIT),))
    suite = msgspec.structs.replace(UNIT, max_age_days=7)
    assert facts_of(project, later_ns=-2 * DAY_NS, unit=suite).suites[0].verdict.state is State.STALE


def test_the_newest_run_that_planned_a_suite_counts(project):
    """A later run of another suite does not hide it, a later failure does."""
    project.run(project.test("a"), project.end(), suites=(plan(project, "unit", UNIT),))
    project.run(project.scan("style", files=1), project.end("style"), suites=(plan(project, "style", LINT),))
    assert facts_of(project, unit=UNIT).suites[0].verdict.state is State.PROVED
    project.run(project.test("a", "failed"), project.end(), suites=(plan(project, "unit", UNIT),))
    assert facts_of(project, unit=UNIT).suites[0].verdict.state is State.REFUTED


def test_a_killed_run_hides_the_one_before(project):
    """The last attempt at measuring did not end, so nothing is known."""
    project.run(project.test("a"), project.end(), suites=(plan(project, "unit", UNIT),))
    project.clock.now += 10**9
    project.start(plan(project, "unit", UNIT)).add(project.test("a"))
    assert facts_of(project, unit=UNIT).get("tests.passed").state is State.UNCHECKED


def test_destroying_a_newer_run_does_not_bring_the_older_one_back(project):
    """A manifest that cannot be read may have been of a failing run."""
    project.run(project.test("a"), project.end(), suites=(plan(project, "unit", UNIT),))
    failing = project.run(project.test("a", "failed"), project.end(), suites=(plan(project, "unit", UNIT),))
    (failing.folder / "manifest.json").write_bytes(b"{")
    fact = facts_of(project, unit=UNIT).get("tests.failed")
    assert fact.state is State.UNCHECKED
    assert failing.name in fact.reason


def test_an_older_unreadable_run_harms_nobody(project):
    """What was measured later is not in doubt."""
    old = project.run(project.test("a"), project.end(), suites=(plan(project, "unit", UNIT),))
    project.run(project.test("a"), project.end(), suites=(plan(project, "unit", UNIT),))
    (old.folder / "manifest.json").write_bytes(b"{")
    assert facts_of(project, unit=UNIT).suites[0].verdict.state is State.PROVED


def test_zero_failures_of_zero_tests_are_not_proved(project):
    """An empty suite measures nothing, not even that nothing failed."""
    project.run(project.end(), suites=(plan(project, "unit", UNIT),))
    assert facts_of(project, unit=UNIT).get("tests.failed").state is State.UNCHECKED


def test_totals_are_sums_and_as_doubtful_as_their_parts(project):
    """Two suites add up; one that never ran leaves the sum without a value."""
    project.run(
        project.test("a"),
        project.end(),
        project.test("b", suite="slow"),
        project.end("slow"),
        suites=(plan(project, "unit", UNIT), plan(project, "slow", UNIT)),
    )
    assert facts_of(project, unit=UNIT, slow=UNIT).get("tests.passed").value == 2
    gap = facts_of(project, unit=UNIT, slow=UNIT, other=UNIT).get("tests.passed")
    assert (gap.value, gap.state) == (None, State.UNCHECKED)
    optional = msgspec.structs.replace(UNIT, required=False)
    assert facts_of(project, unit=UNIT, slow=UNIT, other=optional).get("tests.passed").value == 2


def test_an_exit_status_is_a_fact(project):
    """Of suites that run a program."""
    suite = Suite(kind="command", command=("mypy",))
    ran = CommandRun(id="command:types", suite="types", argv=("mypy",), exit_code=1)
    project.run(ran, project.end("types"), suites=(plan(project, "types", suite),))
    fact = facts_of(project, types=suite).get("suites.types.exit_code")
    assert (fact.value, fact.state) == (1, State.PROVED)


def test_hidden_state_is_counted_by_standing_and_rule(project):
    """Rules that found nothing count zero, since they were applied."""
    records = [
        project.scan("linter", files=4, lines=90, rules=("F401", "F811")),
        project.finding("linter", 1),
        project.finding("linter", 2, standing="ratcheted"),
        project.finding("linter", 3, standing="allowed"),
        project.end("linter"),
    ]
    project.run(*records, suites=(plan(project, "linter", LINTER),))
    facts = facts_of(project, linter=LINTER)
    wanted = {"findings": 3, "new": 1, "ratcheted": 1, "allowed": 1, "files": 4, "lines": 90, "unreadable": 0}
    assert {name: facts.get(f"hidden_state.{name}").value for name in wanted} == wanted
    assert (facts.get("hidden_state.rules.F401").value, facts.get("hidden_state.rules.F811").value) == (3, 0)
    assert facts.get("hidden_state.new").state is State.PROVED


def test_without_the_linter_hidden_state_is_unknown(project):
    """Not zero."""
    facts = facts_of(project, unit=UNIT)
    assert (facts.get("hidden_state.findings").value, facts.get("hidden_state.findings").state) == (
        None,
        State.UNCHECKED,
    )


def test_findings_of_other_tools_add_up(project):
    """`lint.findings` is the sum over the tools."""
    project.run(
        project.scan("style", files=1),
        project.finding("style"),
        project.end("style"),
        suites=(plan(project, "style", LINT),),
    )
    assert facts_of(project, style=LINT).get("lint.findings").value == 1


COVERED = Measure(id="measure:unit:coverage.lines", suite="unit", name="coverage.lines", value=912_000, unit="ppm")


def test_measures_have_their_own_names(project):
    """And coverage a short one."""
    project.run(project.test("a"), COVERED, project.end(), suites=(plan(project, "unit", UNIT),))
    facts = facts_of(project, unit=UNIT)
    for name in ("measures.coverage.lines", "coverage.lines"):
        assert (facts.get(name).value, facts.get(name).unit, facts.get(name).state) == (912_000, "ppm", State.PROVED)


def test_suites_that_measure_differently_are_in_conflict(project):
    """Nobody can say which of two values is right."""
    other = Measure(id="measure:slow:coverage.lines", suite="slow", name="coverage.lines", value=1, unit="ppm")
    records = [project.test("a"), COVERED, project.end(), project.test("b", suite="slow"), other, project.end("slow")]
    project.run(*records, suites=(plan(project, "unit", UNIT), plan(project, "slow", UNIT)))
    fact = facts_of(project, unit=UNIT, slow=UNIT).get("coverage.lines")
    assert (fact.value, fact.state, fact.reason) == (None, State.CONFLICT, "suites disagree: 1, 912000")


def rehearsed(book, runbook, *, ok=True):
    planned = book.planned("rehearsal", "rehearsal", inputs=measure_inputs(book.root, FILES, ("src",)), at_least=1)
    record = Rehearsal(
        id=f"rehearsal:{runbook}",
        suite="rehearsal",
        runbook=runbook,
        path=f"docs/{runbook}.md",
        text_sha256="ab",
        steps=(Step(id="one", role="step", ok=ok),),
        changed=True,
        restored=True,
    )
    return book.run(record, book.end("rehearsal"), suites=(planned,))


def test_the_newest_rehearsal_of_each_runbook_counts(project):
    """Runbooks that were rehearsed in different runs are counted together."""
    rehearsed(project, "restore", ok=False)
    rehearsed(project, "deploy")
    assert facts_of(project).get("rehearsals.proved").value == 1
    rehearsed(project, "restore")
    facts = facts_of(project)
    assert (facts.get("rehearsals.total").value, facts.get("rehearsals.proved").value) == (2, 2)
    assert facts.get("rehearsals.restore.proved").value is True
    assert facts.get("rehearsals.restore.proved").state is State.PROVED


def test_a_rehearsal_goes_stale_with_what_it_depends_on(project):
    """A changed input makes it doubtful."""
    rehearsed(project, "restore")
    (project.root / "src/a.py").write_text("changed")
    assert facts_of(project).get("rehearsals.restore.proved").state is State.STALE


def test_exercises_and_references_are_counted(project):
    """Each from its newest record."""
    exercise = ExerciseChecked(
        id="exercise:cache",
        suite="training",
        exercise="cache",
        text_sha256="ab",
        solution_passes=True,
        start_fails=True,
        wrong_rejected=1,
        wrong_total=1,
    )
    inputs = measure_inputs(project.root, FILES, ("src",))
    project.run(exercise, project.end("training"), suites=(project.planned("training", "training", inputs=inputs),))
    references = [
        Reference(
            id=f"reference:{number}", suite="audit", path="README.md", line=number, text="x", sort="path", state=state
        )
        for number, state in enumerate(("proved", "refuted", "refuted", "unchecked"))
    ]
    project.run(*references, project.end("audit"), suites=(project.planned("audit", "audit", inputs=inputs),))
    facts = facts_of(project)
    assert (facts.get("exercises.total").value, facts.get("exercises.proved").value) == (1, 1)
    counted = {name: facts.get(f"references.{name}").value for name in ("total", "proved", "refuted", "unchecked")}
    assert counted == {"total": 4, "proved": 1, "refuted": 2, "unchecked": 1}


def test_the_commit_is_a_fact_when_all_suites_rest_on_it(project):
    """Two commits are a conflict."""
    project.run(project.test("a"), project.end(), suites=(plan(project, "unit", UNIT),), commit="aaaa")
    assert facts_of(project, unit=UNIT).get("run.commit").value == "aaaa"
    assert facts_of(project, unit=UNIT).get("run.dirty").value is False
    project.run(
        project.scan("style", files=1), project.end("style"), suites=(plan(project, "style", LINT),), commit="bbbb"
    )
    fact = facts_of(project, unit=UNIT, style=LINT).get("run.commit")
    assert (fact.value, fact.state) == (None, State.CONFLICT)


def test_a_fact_that_nobody_measured_is_unchecked(project):
    """Asking for it is no error."""
    fact = facts_of(project).get("measures.nothing")
    assert (fact.value, fact.state, fact.reason) == (None, State.UNCHECKED, "measures.nothing was not measured")


def test_names_are_sorted_and_each_leads_to_its_fact(project):
    """What is listed can be asked for."""
    project.run(project.test("a"), project.end(), suites=(plan(project, "unit", UNIT),))
    facts = facts_of(project, unit=UNIT)
    assert facts.names() == sorted(facts.names())
    assert all(facts.get(name).name == name for name in facts.names())
    assert {"tests.flaky", "suites.unit.missing", "run.dirty", "lint.findings"} <= set(facts.names())


def test_a_benchmark_is_known_by_its_ratio_interval_and_verdict(project):
    """Ratios in parts per million, with the samples they rest on."""
    samples = [
        Sample(
            id=f"s{pair}{role}",
            suite="unit",
            benchmark="registry.get",
            side=role,
            role=role,
            pair=pair,
            order=1,
            wall_ns=spent,
            cpu_ns=spent,
        )
        for pair in range(8)
        for role, spent in (("baseline", 1000), ("candidate", 2000 + pair), ("control", 1000))
    ]
    project.run(project.test("a"), *samples, project.end(), suites=(plan(project, "unit", UNIT),))
    facts = facts_of(project, unit=UNIT)
    assert facts.get("benchmarks.registry.get.verdict").value == "slower"
    assert facts.get("benchmarks.registry.get.pairs").value == 8
    found = [facts.get(f"benchmarks.registry.get.{name}") for name in ("low", "ratio", "high")]
    assert 2_000_000 <= found[0].value < found[1].value < found[2].value <= 2_007_000
    assert all((fact.unit, fact.state) == ("ppm", State.PROVED) for fact in found)
    assert found[0].evidence[0].endswith("/s0baseline")


def test_comparisons_of_one_name_add_up(project):
    """Over tests and suites; claims can ask whether both branches ran and nothing differed."""
    first = ComparisonSeen(id="c:1", suite="unit", name="new-cart", new_calls=3, agreed=3)
    second = ComparisonSeen(id="c:2", suite="unit", name="new-cart", legacy_calls=2, agreed=1, mismatches=1)
    third = ComparisonSeen(id="c:3", suite="shadow", name="new-cart", agreed=10)
    shadow = Suite(kind="import", files=("compared.json",))
    project.run(project.test("a"), first, second, project.end(), suites=(plan(project, "unit", UNIT),))
    project.run(third, project.end("shadow"), suites=(plan(project, "shadow", shadow),))
    facts = facts_of(project, unit=UNIT, shadow=shadow)
    seen = {name: facts.get(f"measures.compare.new-cart.{name}") for name in ("new_calls", "agreed", "mismatches")}
    assert {name: (fact.value, fact.state) for name, fact in seen.items()} == {
        "new_calls": (3, State.PROVED),
        "agreed": (14, State.PROVED),
        "mismatches": (1, State.PROVED),
    }
    assert len(seen["agreed"].evidence) == 3
    assert facts.get("suites.shadow.outcome").value == "proved"
