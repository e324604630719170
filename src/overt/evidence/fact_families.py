"""The families of facts, each drawn from the suites that measure it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import isfinite

from overt.campaign.records import Campaign
from overt.evidence.benchmarks import benchmarks
from overt.evidence.fact_records import Fact, total
from overt.evidence.judging import exercise_state, rehearsal_state
from overt.evidence.measured import Measured
from overt.evidence.records import (
    ComparisonSeen,
    ExerciseChecked,
    FindingSeen,
    Measure,
    Reference,
    Rehearsal,
    Sample,
    Scan,
)
from overt.model import State, worst

COMPARED = ("new_calls", "legacy_calls", "fallbacks", "agreed", "mismatches", "ignored", "failed", "skipped")
"""What is counted of a comparison."""

_NAMED = 6
"""Samples that a fact names as its evidence."""

_TEST_COUNTS = (
    *("total", "passed", "failed", "errors", "skipped", "xfailed", "xpassed"),
    *("planned", "missing", "flaky", "quarantined"),
)


def suite_facts(one: Measured) -> Iterable[Fact]:
    """Yield `suites.<suite>.*`."""
    summary, head = one.summary, f"suites.{one.summary.name}"
    yield one.fact(f"{head}.outcome", summary.verdict.state.value, "text")
    for name in _TEST_COUNTS:
        yield one.fact(f"{head}.{name}", getattr(summary.counts, name), "count")
    yield one.fact(f"{head}.findings", summary.counts.findings, "count")
    yield one.fact(f"{head}.new", summary.counts.new_findings, "count")
    yield one.fact(f"{head}.notes", summary.counts.notes, "count")
    yield one.fact(f"{head}.duration", summary.duration_ns, "ns")
    if summary.exit_code is not None:
        yield one.fact(f"{head}.exit_code", summary.exit_code, "count")


def tests_facts(suites: Sequence[Measured], campaign: Campaign) -> Iterable[Fact]:
    """Yield `tests.*`: the sums over every suite that runs tests; one that is required and never ran leaves a gap."""
    testing = [one for one in suites if _runs_tests(one, campaign)]
    for name in _TEST_COUNTS:
        yield total(f"tests.{name}", [one.fact("", getattr(one.summary.counts, name), "count") for one in testing])
    yield total("tests.duration", [one.fact("", one.summary.duration_ns, "ns") for one in testing], "ns")


def _runs_tests(one: Measured, campaign: Campaign) -> bool:
    suite = campaign.suites[one.summary.name]
    if suite.kind == "samples":
        return False
    if one.summary.counts.total or one.summary.counts.planned:
        return True
    if not suite.required and not one.summary.run:
        return False
    expected = suite.format in {"junit", "ctrf"} or (suite.kind == "import" and not suite.format and not one.records)
    return suite.kind == "pytest" or expected


def hidden_state_facts(suites: Sequence[Measured]) -> Iterable[Fact]:
    """Yield `hidden_state.*` from the linter's suites, and `lint.findings` from the other tools'."""
    linter = [one for one in suites if one.summary.kind == "hidden-state"]
    for name in ("files", "lines", "unreadable"):
        yield total(f"hidden_state.{name}", [one.fact("", _scanned(one, name), "count") for one in linter])
    yield total("hidden_state.findings", [one.fact("", one.summary.counts.findings, "count") for one in linter])
    yield total("hidden_state.new", [one.fact("", one.summary.counts.new_findings, "count") for one in linter])
    yield total("hidden_state.notes", [one.fact("", one.summary.counts.notes, "count") for one in linter])
    for standing in ("ratcheted", "allowed"):
        parts = [one.fact("", *_standing(one, standing)) for one in linter]
        yield total(f"hidden_state.{standing}", parts)
    codes = {code for one in linter for scan in one.of(Scan) for code in scan.rules}
    codes |= {seen.finding.rule for one in linter for seen in one.of(FindingSeen)}
    for code in sorted(codes):
        counted = [sum(seen.finding.rule == code for seen in one.of(FindingSeen)) for one in linter]
        parts = [one.fact("", number, "count") for one, number in zip(linter, counted, strict=True)]
        yield total(f"hidden_state.rules.{code}", parts)
    others = [one for one in suites if one.summary.kind == "lint" or (one.of(Scan) and one not in linter)]
    yield total("lint.findings", [one.fact("", one.summary.counts.findings, "count") for one in others])


def _scanned(one: Measured, name: str) -> int:
    scans = one.of(Scan)
    if name == "unreadable":
        return sum(len(scan.unreadable) for scan in scans)
    return sum(scan.files if name == "files" else scan.lines for scan in scans)


def _standing(one: Measured, standing: str) -> tuple[int, str]:
    return sum(seen.standing == standing for seen in one.of(FindingSeen)), "count"


def measure_facts(suites: Sequence[Measured]) -> Iterable[Fact]:
    """Yield `measures.<name>`, and `coverage.*` under its own name; suites that disagree are a conflict."""
    by_name: dict[str, list[Fact]] = {}
    for one in suites:
        for measure in one.of(Measure):
            fact = one.fact(f"measures.{measure.name}", measure.value, measure.unit, (measure.id,))
            by_name.setdefault(measure.name, []).append(fact)
    for name, facts in sorted(by_name.items()):
        fact = _agreed(facts)
        yield fact
        if name.startswith("coverage."):
            yield Fact(name, fact.value, fact.unit, fact.state, fact.reason, fact.evidence)


def comparison_facts(suites: Sequence[Measured]) -> Iterable[Fact]:
    """Yield `measures.compare.<name>.*`: the sums over everything that compared under that name."""
    seen = [(one, record) for one in suites for record in one.of(ComparisonSeen)]
    for name in sorted({record.name for _, record in seen}):
        for figure in COMPARED:
            parts = [
                one.fact("", getattr(record, figure), "count", (record.id,))
                for one, record in seen
                if record.name == name
            ]
            yield total(f"measures.compare.{name}.{figure}", parts)


def benchmark_facts(suites: Sequence[Measured]) -> Iterable[Fact]:
    """Yield `benchmarks.<name>.*`: the ratio and the ends of its interval in parts per million, and the verdict."""
    for one in suites:
        for found in benchmarks(one.of(Sample)):
            head, ids = f"benchmarks.{found.name}", found.samples[:_NAMED]
            yield one.fact(f"{head}.verdict", found.verdict, "text", ids)
            if found.ratio is None or not isfinite(found.ratio.high):
                continue
            yield one.fact(f"{head}.pairs", found.ratio.pairs, "count", ids)
            for name in ("value", "low", "high"):
                fact = "ratio" if name == "value" else name
                yield one.fact(f"{head}.{fact}", round(getattr(found.ratio, name) * 1e6), "ppm", ids)


def _agreed(facts: Sequence[Fact]) -> Fact:
    first = facts[0]
    evidence = tuple(dict.fromkeys(one for fact in facts for one in fact.evidence))
    if len({(fact.value, fact.unit) for fact in facts}) > 1:
        values = ", ".join(sorted({str(fact.value) for fact in facts}))
        return Fact(first.name, None, first.unit, State.CONFLICT, f"suites disagree: {values}", evidence)
    worse = max(facts, key=lambda fact: fact.state is not State.PROVED)
    return Fact(first.name, first.value, first.unit, worst(fact.state for fact in facts), worse.reason, evidence)


def record_facts(suites: Sequence[Measured]) -> Iterable[Fact]:
    """Yield `rehearsals.*`, `exercises.*` and `references.*`; of each figure of a rehearsal the last one told."""
    rehearsed = [(one, record, rehearsal_state(record)) for one in suites for record in one.of(Rehearsal)]
    checked = [(one, record, exercise_state(record)) for one in suites for record in one.of(ExerciseChecked)]
    for one, record, state in rehearsed:
        yield one.fact(f"rehearsals.{record.runbook}.proved", state is State.PROVED, "flag", (record.id,))
        last = {figure.name: figure for step in record.steps for figure in step.figures}
        for figure in last.values():
            yield one.fact(f"rehearsals.{record.runbook}.{figure.name}", figure.value, figure.unit, (record.id,))
    for one, exercise, state in checked:
        yield one.fact(f"exercises.{exercise.exercise}.proved", state is State.PROVED, "flag", (exercise.id,))
    yield from _counted("rehearsals", [(one, state) for one, _, state in rehearsed])
    yield from _counted("exercises", [(one, state) for one, _, state in checked])
    yield from _reference_facts(suites)


def _counted(family: str, seen: Sequence[tuple[Measured, State]]) -> Iterable[Fact]:
    """Yield how many of a family there are and how many hold."""
    sources = list({id(one): one for one, _ in seen}.values())
    for name, wanted in (("total", tuple(State)), ("proved", (State.PROVED,))):
        parts = [
            one.fact("", sum(source is one and state in wanted for source, state in seen), "count") for one in sources
        ]
        yield total(f"{family}.{name}", parts)


def _reference_facts(suites: Sequence[Measured]) -> Iterable[Fact]:
    sources = [one for one in suites if one.of(Reference)]
    counted = {one.summary.run: Counter(record.state for record in one.of(Reference)) for one in sources}
    yield total("references.total", [one.fact("", counted[one.summary.run].total(), "count") for one in sources])
    for state in ("proved", "refuted", "unchecked"):
        parts = [one.fact("", counted[one.summary.run][state], "count") for one in sources]
        yield total(f"references.{state}", parts)


def run_facts(suites: Sequence[Measured]) -> Iterable[Fact]:
    """Yield `run.commit` and `run.dirty`; suites that rest on different commits are a conflict."""
    ran = [one for one in suites if one.summary.run]
    for name, unit in (("commit", "text"), ("dirty", "flag")):
        facts = [_subject_fact(one, name, unit) for one in ran]
        yield _agreed(facts) if facts else Fact(f"run.{name}", None, unit, State.UNCHECKED, "nothing was run")


def _subject_fact(one: Measured, name: str, unit: str) -> Fact:
    value = getattr(one.summary, name)
    known = State.PROVED if unit == "flag" or value else State.UNCHECKED
    reason = "" if known is State.PROVED else "the project is in no git repository"
    return Fact(f"run.{name}", value, unit, known, reason, one.summary.verdict.evidence)
