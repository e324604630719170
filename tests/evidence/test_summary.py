"""What a suite came to, from its observations alone."""

from __future__ import annotations

import hashlib

import msgspec
import pytest

from overt.campaign.records import Suite
from overt.evidence.reader import open_run
from overt.evidence.records import Collected, CommandRun, Control, ExerciseChecked, Measure, Reference, Rehearsal, Step
from overt.evidence.summary import never_run, summarise
from overt.model import Severity, State


def judge(run, **more):
    return summarise(run, run.manifest.plan.suites[0], **more)


def command(suite="unit", **more):
    return CommandRun(id=f"command:{suite}", suite=suite, argv=("/usr/bin/tool", "-q"), **{"exit_code": 0, **more})


def collected(writer, *names, **more):
    listed = "\n".join(sorted(names)).encode()
    digest = hashlib.sha256(listed).hexdigest()
    given = {"id": "collected:unit", "count": len(names), "sha256": digest, "names_blob": writer.blob(listed)}
    return Collected(suite="unit", **{**given, **more})


def test_passing_tests_prove_their_suite(book):
    """Tests that ran and passed, in a suite that came to its end, hold."""
    summary = judge(book.run(book.test("a"), book.test("b", "skipped"), book.test("c", "xfailed"), book.end()))
    assert summary.verdict.state is State.PROVED
    assert summary.verdict.reason == "1 of 3 tests passed, 1 skipped, 1 failed as expected"
    assert summary.verdict.evidence == (f"{summary.run}/suite:unit",)
    assert (summary.counts.total, summary.counts.passed, summary.status) == (3, 1, "completed")
    assert (summary.commit, summary.duration_ns, summary.measured) == ("c0ffee", 5_000_000, State.PROVED)


@pytest.mark.parametrize(("outcome", "words"), [("failed", "1 failed of 2 tests"), ("error", "1 broke of 2 tests")])
def test_a_failure_refutes_and_names_its_record(book, outcome, words):
    """One failed or broken test refutes; its figures are still measured."""
    summary = judge(book.run(book.test("a"), book.test("b", outcome), book.end()))
    assert (summary.verdict.state, summary.verdict.reason) == (State.REFUTED, words)
    assert summary.verdict.evidence == (f"{summary.run}/test:unit:b",)
    assert summary.measured is State.PROVED


def test_zero_tests_prove_nothing(book):
    """A suite that ended well without a single test is unchecked."""
    summary = judge(book.run(command(), book.end()))
    assert (summary.verdict.state, summary.verdict.reason) == (State.UNCHECKED, "no test left a result")


def test_skipped_tests_alone_prove_nothing(book):
    """Skipping everything is not passing."""
    summary = judge(book.run(book.test("a", "skipped"), book.test("b", "skipped"), book.end()))
    assert summary.verdict.state is State.UNCHECKED
    assert summary.verdict.reason == "nothing ran: 2 tests skipped, no other"


@pytest.mark.parametrize(("least", "state"), [(2, State.PROVED), (3, State.UNCHECKED)])
def test_fewer_tests_than_asked_for_prove_nothing(book, least, state):
    """`at-least` counts the tests that ran; skipped ones do not help."""
    run = book.run(
        book.test("a"), book.test("b"), book.test("c", "skipped"), book.end(), suites=(book.planned(at_least=least),)
    )
    assert judge(run).verdict.state is state
    assert judge(run, suite=Suite(kind="pytest", at_least=least)).verdict.state is state


def test_the_campaign_of_today_says_how_many_are_enough(book):
    """A raised `at-least` counts at once; a lowered one too."""
    run = book.run(book.test("a"), book.end(), suites=(book.planned(at_least=5),))
    assert judge(run).verdict.state is State.UNCHECKED
    assert judge(run, suite=Suite(kind="pytest", at_least=1)).verdict.state is State.PROVED


def test_planned_tests_without_a_result_are_missing(book):
    """What was collected and left no result is counted and named."""
    with book.start() as writer:
        writer.add(collected(writer, "a", "b", "c"))
        writer.add(book.test("a"))
        writer.add(book.end())
    summary = judge(open_run(writer.folder))
    assert summary.verdict.state is State.UNCHECKED
    assert summary.verdict.reason == "2 of 3 planned tests left no result, for example b"
    assert (summary.counts.planned, summary.counts.missing) == (3, 2)
    assert summary.measured is State.UNCHECKED


def test_missing_tests_are_counted_without_their_names(book):
    """When the names were not kept, the number still tells."""
    plan = Collected(id="collected:unit", suite="unit", count=3, sha256="0" * 64)
    summary = judge(book.run(plan, book.test("a"), book.end()))
    assert (summary.counts.planned, summary.counts.missing) == (3, 2)
    assert summary.verdict.state is State.UNCHECKED


def test_nothing_is_missing_when_all_planned_tests_ran(book):
    """Planned and run agree."""
    with book.start() as writer:
        writer.add(collected(writer, "a", "b"))
        writer.add(book.test("a"))
        writer.add(book.test("b"))
        writer.add(book.end())
    assert judge(open_run(writer.folder)).verdict.state is State.PROVED


@pytest.mark.parametrize("status", ["timeout", "interrupted", "crashed", "unable", "not-run"])
def test_a_suite_that_did_not_come_to_its_end_proves_nothing(book, status):
    """However many tests had passed by then."""
    summary = judge(book.run(book.test("a"), book.end(status=status, reason="because")))
    assert summary.verdict.state is State.UNCHECKED
    assert summary.verdict.reason.endswith(": because")
    assert (summary.status, summary.reason, summary.measured) == (status, "because", State.UNCHECKED)


def test_a_suite_that_was_cut_short_after_a_failure_is_refuted(book):
    """The failure was seen, but the figures are not complete."""
    summary = judge(book.run(book.test("a", "failed"), book.end(status="timeout")))
    assert (summary.verdict.state, summary.measured) == (State.REFUTED, State.UNCHECKED)


def test_a_suite_without_an_end_proves_nothing(book):
    """A run that was killed wrote no end."""
    summary = judge(book.run(book.test("a")))
    assert summary.verdict.state is State.UNCHECKED
    assert summary.status == "running"


def test_a_run_that_was_never_closed_proves_nothing(book):
    """Nothing seals what it recorded."""
    writer = book.start()
    writer.add(book.test("a"))
    writer.add(book.end())
    assert "never closed" in judge(open_run(writer.folder)).verdict.reason
    assert judge(open_run(writer.folder)).verdict.state is State.UNCHECKED


@pytest.mark.parametrize("outcome", ["passed", "failed"])
def test_a_damaged_run_proves_and_refutes_nothing(book, outcome):
    """What may not be what was written says nothing at all."""
    run = book.run(book.test("a", outcome), book.end())
    path = run.folder / "records/1-of-1.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"a"', b'"b"'))
    summary = judge(open_run(run.folder))
    assert summary.verdict.state is State.UNCHECKED
    assert "its evidence is damaged: .overt/runs/" in summary.verdict.reason
    assert summary.measured is State.UNCHECKED


def test_one_test_failed_and_passed_is_a_conflict(book):
    """Two records of one attempt that disagree prove neither."""
    run = book.run(book.test("a"), book.test("a", "skipped", id="test:unit:a~2"), book.end())
    assert judge(run).verdict.state is State.CONFLICT
    assert judge(run).verdict.reason == "two records disagree about a"
    both = judge(book.run(book.test("a"), book.test("a", "failed", id="test:unit:a~2"), book.end()))
    assert both.verdict.state is State.REFUTED
    assert both.measured is State.CONFLICT


def test_one_id_with_two_outcomes_is_a_conflict(book):
    """The same record written twice with different content is named."""
    assert judge(book.run(book.test("a"), book.test("a", "skipped"), book.end())).verdict.state is State.CONFLICT


def test_a_retried_test_counts_once_and_as_flaky(book):
    """The last attempt decides, and that there was an earlier one is counted."""
    tries = [book.test("a", "failed", attempt=1), book.test("a", "failed", attempt=2), book.test("a", attempt=3)]
    summary = judge(book.run(*tries, book.test("b"), book.end()))
    assert summary.verdict.state is State.PROVED
    assert (summary.counts.total, summary.counts.passed, summary.counts.failed, summary.counts.flaky) == (2, 2, 0, 1)
    assert "1 only after another attempt" in summary.verdict.reason


def test_a_test_that_fails_at_last_has_failed(book):
    """An earlier pass does not help."""
    summary = judge(book.run(book.test("a"), book.test("a", "failed", attempt=2), book.end()))
    assert (summary.counts.failed, summary.counts.flaky) == (1, 0)
    assert summary.verdict.state is State.REFUTED


def test_unexpected_passes_are_counted(book):
    """A test that was expected to fail and passed is no failure unless its runner says so."""
    summary = judge(book.run(book.test("a", "xpassed"), book.end()))
    assert summary.verdict.state is State.PROVED
    assert summary.counts.xpassed == 1


@pytest.mark.parametrize(
    ("ending", "state", "words"),
    [
        ({"exit_code": 0}, State.PROVED, "it ran to its end"),
        ({"exit_code": 3}, State.REFUTED, "tool exited 3"),
        ({"exit_code": None, "signal": 11}, State.REFUTED, "tool was ended by signal 11"),
        ({"exit_code": None, "timed_out": True}, State.UNCHECKED, "time limit"),
        ({"exit_code": None, "failure": "no such file"}, State.UNCHECKED, "could not be started: no such file"),
        ({"exit_code": None}, State.UNCHECKED, "did not end"),
    ],
)
def test_a_command_holds_when_it_exits_zero(book, ending, state, words):
    """Any other end refutes, or could not be measured."""
    run = book.run(command(**ending), book.end(), suites=(book.planned(kind="command"),))
    summary = judge(run, suite=Suite(kind="command", command=("tool",)))
    assert summary.verdict.state is state
    assert words in summary.verdict.reason
    assert summary.exit_code == ending["exit_code"]


@pytest.mark.parametrize("form", ["", "junit", "ctrf"])
def test_a_command_that_should_have_written_results_proves_nothing_without_them(book, form):
    """Exit 0 is not enough when result files were promised."""
    run = book.run(command(), book.end(), suites=(book.planned(kind="command"),))
    suite = Suite(kind="command", command=("tool",), files=("out/*.xml",), format=form)
    assert judge(run, suite=suite).verdict.state is State.UNCHECKED


def test_a_command_that_wrote_results_and_failed_is_refuted(book):
    """Passing tests do not outweigh the exit status."""
    run = book.run(command(exit_code=1), book.test("a"), book.end(), suites=(book.planned(kind="command"),))
    assert judge(run).verdict.state is State.REFUTED


@pytest.mark.parametrize(
    ("code", "outcome", "state"),
    [
        (0, "passed", State.PROVED),
        (1, "failed", State.REFUTED),
        (1, "passed", State.REFUTED),
        (3, "passed", State.UNCHECKED),
    ],
)
def test_a_test_runner_must_exit_as_its_tests_say(book, code, outcome, state):
    """Exit 1 without a failure is one nobody recorded; any other status is a broken run."""
    assert judge(book.run(command(exit_code=code), book.test("a", outcome), book.end())).verdict.state is state


def lint(book, *records, kind="lint"):
    return judge(book.run(*records, book.end("lint"), suites=(book.planned("lint", kind),)))


def test_a_clean_scan_proves(book):
    """A linter that read files and found nothing new holds."""
    assert lint(book, book.scan(files=3)).verdict.state is State.PROVED
    known = book.finding(standing="ratcheted")
    assert lint(book, book.scan(files=3), known).verdict.reason == "no new finding, 1 known"


def test_a_new_finding_refutes(book):
    """New findings of weight refute; ratcheted, allowed and notes do not."""
    summary = lint(book, book.scan(files=3), book.finding(line=1), book.finding(line=2, standing="allowed"))
    assert (summary.verdict.state, summary.verdict.reason) == (State.REFUTED, "1 new finding")
    assert (summary.counts.findings, summary.counts.new_findings, summary.counts.notes) == (2, 1, 0)
    noted = lint(book, book.scan(files=3), book.finding(severity=Severity.NOTE))
    assert noted.verdict.state is State.PROVED
    assert (noted.counts.findings, noted.counts.new_findings, noted.counts.notes) == (1, 0, 1)


@pytest.mark.parametrize(
    ("at_most", "state", "reason"),
    [
        (0, State.REFUTED, "3 new findings"),
        (2, State.REFUTED, "3 findings, at most 2 allowed"),
        (3, State.PROVED, "3 findings, at most 3 allowed"),
        (1_234, State.PROVED, "3 findings, at most 1,234 allowed"),
    ],
)
def test_as_many_findings_as_are_allowed_prove(book, at_most, state, reason):
    """What is in the ratchet and what is only a note does not count; the campaign of today decides."""
    seen = [book.finding(line=line) for line in range(3)]
    others = [book.finding(line=7, standing="ratcheted"), book.finding(line=8, severity=Severity.NOTE)]
    planned = book.planned("lint", "lint", at_most=at_most)
    run = book.run(
        *(book.scan(files=3), command("lint", exit_code=1), *seen, *others, book.end("lint")), suites=(planned,)
    )
    for summary in (judge(run), judge(run, suite=Suite(kind="lint", at_most=at_most))):
        assert (summary.verdict.state, summary.verdict.reason) == (state, reason)
        assert (summary.counts.new_findings, summary.at_most) == (3, at_most)
    assert judge(run, suite=Suite(kind="lint", at_most=9)).verdict.state is State.PROVED


def test_allowed_findings_do_not_excuse_a_broken_linter(book):
    """A status that findings do not explain leaves the suite unchecked."""
    planned = book.planned("lint", "lint", at_most=5)
    run = book.run(
        *(book.scan(files=3), command("lint", exit_code=2), book.finding(), book.end("lint")), suites=(planned,)
    )
    assert judge(run).verdict.state is State.UNCHECKED
    assert judge(run).verdict.reason == "tool exited 2, which findings alone do not explain"


def test_a_clean_scan_says_how_much_was_looked_at(book):
    """A reader sees that something was read."""
    assert lint(book, book.scan(files=1_200)).verdict.reason == "no finding in 1,200 files"
    assert lint(book, book.scan(files=1)).verdict.reason == "no finding in 1 file"


def test_no_findings_without_a_scan_prove_nothing(book):
    """Silence of a tool that says nothing about what it read is no proof."""
    assert lint(book).verdict.reason == "nothing says what was looked at"
    assert lint(book, command("lint")).verdict.state is State.UNCHECKED


def test_a_scan_of_no_file_proves_nothing(book):
    """Unless the tool's exit status says that it ran; our own linter must always say."""
    assert lint(book, book.scan()).verdict.reason == "no file was looked at"
    assert lint(book, book.scan(), command("lint")).verdict.state is State.PROVED
    assert lint(book, book.scan(), command("lint"), kind="hidden-state").verdict.state is State.UNCHECKED


def test_files_that_could_not_be_read_leave_a_scan_unchecked(book):
    """A file that was not read is not clean."""
    summary = lint(book, book.scan(files=3, unreadable=("src/b.py",)))
    assert (summary.verdict.state, summary.measured) == (State.UNCHECKED, State.UNCHECKED)
    assert "src/b.py" in summary.verdict.reason


@pytest.mark.parametrize(
    ("code", "records", "state"),
    [(1, ["allowed"], State.PROVED), (1, [], State.UNCHECKED), (2, ["allowed"], State.UNCHECKED)],
)
def test_a_linter_must_exit_as_its_findings_say(book, code, records, state):
    """Exit 1 needs a finding; any other status but 0 is a broken run."""
    seen = [book.finding(standing=standing) for standing in records]
    assert lint(book, book.scan(files=2), command("lint", exit_code=code), *seen).verdict.state is state


def test_measures_alone_prove_that_they_were_taken(book):
    """An imported coverage file has no tests and needs none."""
    measure = Measure(id="measure:unit:coverage.lines", suite="unit", name="coverage.lines", value=900_000, unit="ppm")
    suites = (book.planned(kind="import"),)
    suite = Suite(kind="import", files=("coverage.xml",))
    assert judge(book.run(measure, book.end(), suites=suites), suite=suite).verdict.state is State.PROVED
    assert judge(book.run(book.end(), suites=suites), suite=suite).verdict.state is State.UNCHECKED


def test_an_end_alone_proves_nothing(book):
    """A suite of any kind must have recorded something."""
    summary = judge(book.run(book.end(), suites=(book.planned(kind="audit"),)))
    assert (summary.verdict.state, summary.verdict.reason) == (State.UNCHECKED, "it recorded nothing but its end")


def test_two_different_records_of_one_name_are_a_conflict(book):
    """Whatever sort they are."""
    one = Measure(id="measure:unit:size", suite="unit", name="size", value=1)
    run = book.run(book.test("a"), one, msgspec.structs.replace(one, value=2), book.end())
    assert (judge(run).verdict.state, judge(run).measured) == (State.CONFLICT, State.CONFLICT)


def test_a_gate_that_stayed_silent_refutes(book):
    """A control that had to alarm and did not shows that the gate is broken."""
    silent = Control(id="control:unit:leak", suite="unit", gate="leak", must_alarm=True, alarmed=False)
    summary = judge(book.run(book.test("a"), silent, book.end()))
    assert (summary.verdict.state, summary.verdict.reason) == (State.REFUTED, "the gate leak stayed silent")


def rehearsal(**more):
    steps = (Step(id="dump", role="step", ok=True),)
    given = {"id": "rehearsal:restore", "runbook": "restore", "steps": steps, "changed": True, "restored": True, **more}
    return Rehearsal(suite="rehearsal", path="docs/restore.md", text_sha256="ab", **given)


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({}, State.PROVED),
        ({"restored": False}, State.REFUTED),
        ({"changed": False}, State.REFUTED),
        ({"steps": (Step(id="dump", role="step", ok=False),)}, State.REFUTED),
        ({"steps": ()}, State.UNCHECKED),
        ({"steps": (Step(id="first", role="precheck", ok=True),)}, State.UNCHECKED),
    ],
)
def test_a_rehearsal_holds_when_every_step_did_and_all_was_taken_back(book, more, state):
    """A rehearsal without a step is none."""
    planned = book.planned("rehearsal", "rehearsal", at_least=1)
    assert judge(book.run(rehearsal(**more), book.end("rehearsal"), suites=(planned,))).verdict.state is state


def test_a_runbook_that_was_not_rehearsed_leaves_its_suite_unchecked(book):
    """The plan says how many there are."""
    planned = book.planned("rehearsal", "rehearsal", at_least=2)
    summary = judge(book.run(rehearsal(), book.end("rehearsal"), suites=(planned,)))
    assert summary.verdict.reason == "1 of 2 runbooks were rehearsed"


@pytest.mark.parametrize(("rejected", "state"), [(2, State.PROVED), (1, State.REFUTED)])
def test_an_exercise_holds_when_its_checker_tells_right_from_wrong(book, rejected, state):
    """Every wrong answer must be rejected."""
    checked = ExerciseChecked(
        id="exercise:cache",
        suite="training",
        exercise="cache",
        text_sha256="ab",
        solution_passes=True,
        start_fails=True,
        wrong_rejected=rejected,
        wrong_total=2,
    )
    run = book.run(checked, book.end("training"), suites=(book.planned("training", "training"),))
    assert judge(run).verdict.state is state


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (("proved", "proved"), State.PROVED),
        (("proved", "refuted"), State.REFUTED),
        (("proved", "unchecked"), State.PROVED),
        (("unchecked", "unchecked"), State.UNCHECKED),
        (("open", "conflict"), State.UNCHECKED),
    ],
)
def test_references_count_when_they_were_decided(book, states, expected):
    """One that does not exist refutes; one that could not be told says nothing, and nothing else is no proof."""
    references = [
        Reference(id=f"reference:{number}", suite="audit", path="a.md", line=1, text="x", sort="path", state=state)
        for number, state in enumerate(states)
    ]
    run = book.run(*references, book.end("audit"), suites=(book.planned("audit", "audit"),))
    assert judge(run).verdict.state is expected


@pytest.mark.parametrize("outcome", ["passed", "failed"])
def test_stale_evidence_neither_proves_nor_refutes(book, outcome):
    """It says what it said and why that no longer counts."""
    summary = judge(book.run(book.test("a", outcome), book.end()), stale="its inputs changed since")
    held = "it held" if outcome == "passed" else "it did not hold"
    assert (summary.verdict.state, summary.verdict.reason) == (State.STALE, f"{held}, but its inputs changed since")
    assert summary.measured is State.STALE


def test_what_follows_from_a_suite_that_broke_off_is_not_told_again(book):
    """The reason is the one thing to mend; with several tests lost their number is told as well."""
    unable = judge(book.run(command(exit_code=1), book.end(status="unable", reason="no such option")))
    assert unable.verdict.reason == "it could not run: no such option"
    with book.start() as writer:
        writer.add(collected(writer, "a", "b"))
        writer.add(book.test("a"))
        writer.add(book.end(status="timeout"))
    reason = judge(open_run(writer.folder)).verdict.reason
    assert reason == "its time limit ended it; 1 of 2 planned tests left no result, for example b"
    killed = judge(open_run(book.start().folder))
    assert killed.verdict.reason == "its run was never closed: it was killed, or is still going"


def test_stale_and_incomplete_is_unchecked(book):
    """What never held cannot go stale."""
    assert judge(book.run(book.end()), stale="its inputs changed since").verdict.state is State.UNCHECKED


def test_a_part_of_a_run_proves_nothing_alone(book):
    """Until its other shards are merged with it."""
    summary = judge(book.run(book.test("a"), book.end(), shard="1/3"))
    assert (summary.verdict.state, summary.verdict.reason) == (State.UNCHECKED, "shard 2, 3 of the run is not there")


def test_a_suite_that_was_never_run_is_unchecked():
    """It has a summary all the same."""
    summary = never_run("unit", Suite(kind="pytest", title="Unit tests", required=False))
    assert (summary.verdict.state, summary.title, summary.required, summary.run) == (
        State.UNCHECKED,
        "Unit tests",
        False,
        "",
    )


def test_title_and_weight_come_from_the_campaign(book):
    """What is only shown needs no new run."""
    summary = judge(book.run(book.test(), book.end()), suite=Suite(kind="pytest", title="Tests", required=False))
    assert (summary.title, summary.required) == ("Tests", False)
