"""`overt evidence list` and `show`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import msgspec

from overt.cli.evidence_say import columns, number_of, problem_json, say, say_json
from overt.cli.options import wants_colour
from overt.cli.validate_report import counted
from overt.cli.validate_words import mark, seconds
from overt.evidence.ledger import Ledger, open_ledger
from overt.evidence.reader import Run
from overt.evidence.records import AnyRecord, FindingSeen, TestCase
from overt.evidence.summary import SuiteSummary, summarise
from overt.model import Exit, OvertError, exit_for, worst
from overt.system.clock import iso_utc
from overt.system.text import did_you_mean

_NOTHING = "no evidence yet: overt validate records some, overt evidence import FILE takes in another tool's results"


def list_runs(options: argparse.Namespace) -> int:
    """List the runs of a project, the newest first."""
    ledger = open_ledger(options.root)
    runs = ledger.runs[: options.number] if options.number > 0 else ledger.runs
    judged = [(run, [summarise(run, planned) for planned in run.manifest.plan.suites]) for run in runs]
    if options.json:
        say_json({"runs": [_head(*one) for one in judged], "damage": [problem_json(one) for one in ledger.damage]})
    else:
        say(_list_lines(ledger, judged))
    return Exit.UNCHECKED if ledger.damage else Exit.PROVED


def _list_lines(ledger: Ledger, judged: list[tuple[Run, list[SuiteSummary]]]) -> Iterator[str]:
    yield from (f"damaged: {problem}" for problem in ledger.damage)
    if not judged:
        yield _NOTHING
        return
    yield from columns([("RUN", "WHEN (UTC)", "COMMIT", "STATE", "SUITES"), *(_row(*one) for one in judged)], indent="")
    if len(judged) < len(ledger.runs):
        yield f"{number_of(len(ledger.runs) - len(judged), 'older run')} not shown: --number 0 shows all"


def _row(run: Run, suites: list[SuiteSummary]) -> tuple[str, ...]:
    subject = run.manifest.subject
    commit = (subject.commit[:10] or "-") + ("*" if subject.dirty else "")
    state = "damaged" if run.damage else {"running": "unclosed"}.get(run.manifest.state, run.manifest.state)
    shown = ", ".join(f"{suite.name} {suite.verdict.state.value}" for suite in suites)
    return run.name, iso_utc(run.manifest.created_ns).rstrip("Z").replace("T", " "), commit, state, shown


def _head(run: Run, suites: list[SuiteSummary]) -> dict[str, Any]:
    head = run.manifest
    return {
        "run": run.name,
        "state": head.state,
        "created_ns": head.created_ns,
        "closed_ns": head.closed_ns,
        "commit": head.subject.commit,
        "dirty": head.subject.dirty,
        "shard": head.plan.shard,
        "merged_from": list(head.merged_from),
        "damage": [problem_json(one) for one in run.damage],
        "notes": [problem_json(one) for one in run.notes],
        "suites": [asdict(suite) for suite in suites],
    }


def show_run(options: argparse.Namespace) -> int:
    """Show one run, suite by suite; the exit status is that of its required suites, as they were measured then."""
    run = open_ledger(options.root).find(options.run)
    names = [suite.name for suite in run.manifest.plan.suites]
    if options.suite and options.suite not in names:
        raise OvertError(f"the run has no suite {options.suite!r}", hint=did_you_mean(options.suite, names))
    planned = [suite for suite in run.manifest.plan.suites if options.suite in {None, suite.name}]
    suites = [summarise(run, suite) for suite in planned]
    if options.json:
        details = {suite.name: [_detail(one) for one in _bad(run, suite.name)] for suite in suites}
        say_json({**_head(run, suites), "failures": details, "host": _host(run)})
    else:
        say(_show_lines(run, suites, options.limit, colour=wants_colour(options.color)))
    return exit_for(suite.verdict.state for suite in suites if suite.required or options.suite)


def _host(run: Run) -> dict[str, Any]:
    host = run.manifest.host
    return {name: getattr(host, name) for name in host.__struct_fields__}


def _show_lines(run: Run, suites: list[SuiteSummary], limit: int, *, colour: bool) -> Iterator[str]:
    head, host = run.manifest, run.manifest.host
    subject = head.subject
    yield f"{run.name}: {worst(suite.verdict.state for suite in suites).value}"
    dirty = " with uncommitted changes" if subject.dirty else ""
    yield from columns(
        [
            ("project", subject.project),
            ("commit", (subject.commit or "none") + dirty),
            ("when", f"{iso_utc(head.created_ns)}, {head.state}"),
            ("where", f"{host.system} {host.machine}, {host.implementation} {host.python}, {host.cores} cores"),
            ("shard", head.plan.shard + (f", merged from {', '.join(head.merged_from)}" if head.merged_from else "")),
        ]
    )
    yield from (f"  damaged: {problem}" for problem in run.damage)
    yield from (f"  note: {problem}" for problem in run.notes)
    for suite in suites:
        yield ""
        figures = ", ".join(filter(None, (counted(suite.counts, suite.at_most), seconds(suite.duration_ns))))
        yield f"{mark(suite.verdict.state, sys.stdout, colour=colour)} {suite.name}  ({suite.kind}; {figures})"
        yield f"  {suite.verdict.reason}"
        bad = _bad(run, suite.name)
        for record in bad[:limit]:
            yield from _bad_lines(record)
        if len(bad) > limit:
            yield f"    {len(bad) - limit:,} more: --limit {len(bad)} shows them"


def _bad(run: Run, suite: str) -> list[AnyRecord]:
    return [record for record in run.for_suite(suite) if _is_bad(record)]


def _is_bad(record: AnyRecord) -> bool:
    if isinstance(record, TestCase):
        return record.outcome in {"failed", "error"}
    return isinstance(record, FindingSeen) and record.standing == "new"


def _bad_lines(record: AnyRecord) -> Iterator[str]:
    if isinstance(record, TestCase):
        again = f" (attempt {record.attempt})" if record.attempt > 1 else ""
        yield f"    {record.outcome}  {record.name}{again}"
        if record.message:
            yield f"            {record.message}"
    elif isinstance(record, FindingSeen):
        yield f"    {record.finding.location}: {record.finding.rule} {record.finding.message}"


def _detail(record: AnyRecord) -> dict[str, Any]:
    built: dict[str, Any] = msgspec.to_builtins(record)
    return built
