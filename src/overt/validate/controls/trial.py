"""One trial: suites of the copy run as they always do, and are judged as they always are."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from overt.campaign import Loaded
from overt.campaign.records import Campaign, Suite
from overt.evidence.reader import Run
from overt.evidence.records import AnyRecord, FindingSeen, Measure, Sample, TestCase
from overt.evidence.summary import SuiteSummary
from overt.model import State
from overt.system.files import project_files
from overt.validate.context import Choice, Context
from overt.validate.controls.gates import Gate
from overt.validate.controls.seeds import TESTS

_NOT_JUDGED = frozenset({State.UNCHECKED, State.CONFLICT})


@dataclass(frozen=True, slots=True)
class Trial:
    """What a gate said.

    Args:
        alarmed: Whether it alarmed.
        note: What it said.
        unable: Why it could not be tried; empty when it was.
        figures: What was measured, with the ends of its interval; zeros when nothing was.
        unit: Its unit.
        duration_ns: How long its suite took.
    """

    alarmed: bool = False
    note: str = ""
    unable: str = ""
    figures: tuple[int, int, int] = (0, 0, 0)
    unit: Literal["", "ppm", "bytes"] = ""
    duration_ns: int = 0


@dataclass(frozen=True, slots=True)
class Bout:
    """Suites of the copy that have run.

    Args:
        run: Their run, in a ledger of the copy.
        summaries: What each came to.
    """

    run: Run
    summaries: Mapping[str, SuiteSummary]


class Ring:
    """Runs suites of the copy.

    Args:
        context: The suite of controls.
        copy: Folder of the copy.
        campaign: The campaign that holds for it.
        deadline_ns: When the controls must have ended, on the monotonic clock.
        cancel: Ends what runs.
    """

    def __init__(
        self, context: Context, copy: Path, campaign: Campaign, deadline_ns: int, cancel: threading.Event
    ) -> None:
        self._context, self.copy, self.campaign = context, copy, campaign
        self._deadline_ns, self._cancel = deadline_ns, cancel

    @property
    def left(self) -> float:
        """Seconds that are left; 0 when the run is to end now."""
        if self._cancel.is_set():
            return 0.0
        return max(0.0, (self._deadline_ns - self._context.clock.monotonic_ns()) / 1e9)

    def run(self, suites: Mapping[str, Suite], *, parallel: int = 1) -> Bout:
        """Run suites and return what they came to.

        Args:
            suites: Suites by name, as they are to run now.
            parallel: How many at a time.
        """
        from overt.validate.run import validate

        limit = max(1.0, self.left)
        timed = {name: msgspec.structs.replace(one, timeout=min(one.timeout, limit)) for name, one in suites.items()}
        done = validate(
            Loaded(msgspec.structs.replace(self.campaign, suites=timed)),
            self.copy,
            project_files(self.copy),
            environment=self._context.environment,
            choice=Choice(parallel=parallel),
            cancel=self._cancel,
            clock=self._context.clock,
        )
        return Bout(done.run, {one.name: one for one in done.summaries})


def judge(gate: Gate, bout: Bout, *, seeded: bool, planted: str = "", after: int = 0) -> Trial:
    """Return what a gate said, from the verdict of its suite and the records that the verdict rests on.

    Args:
        gate: The gate.
        bout: The suites that ran.
        seeded: Whether the defect was planted.
        planted: File that it was planted in; only an alarm there is one at the defect.
        after: Lines that the file had before.
    """
    summary, records = bout.summaries[gate.suite], bout.run.for_suite(gate.suite)
    if summary.verdict.state in _NOT_JUDGED:
        return Trial(unable=summary.verdict.reason, duration_ns=summary.duration_ns)
    if gate.sort == "benchmark":
        found = _benchmark(records)
    elif gate.plant:
        found = _test(gate, summary, records, seeded=seeded)
    else:
        found = _suite(summary, records, planted if seeded else "", after)
    return Trial(found.alarmed, found.note, found.unable, found.figures, found.unit, summary.duration_ns)


def _suite(summary: SuiteSummary, records: Sequence[AnyRecord], planted: str, after: int) -> Trial:
    refuted = summary.verdict.state is State.REFUTED
    seen = [one.finding for one in records if isinstance(one, FindingSeen) and one.standing == "new"]
    there = [one for one in seen if one.location.path == planted and one.location.line > after]
    if not planted or not seen or not refuted:
        return Trial(refuted, summary.verdict.reason)
    if not there:
        return Trial(alarmed=False, note=f"{summary.verdict.reason}, none of them where the defect is")
    codes = ", ".join(sorted({one.rule for one in there})[:6])
    return Trial(alarmed=True, note=f"{summary.verdict.reason}; at the defect: {codes}")


def _test(gate: Gate, summary: SuiteSummary, records: Sequence[AnyRecord], *, seeded: bool) -> Trial:
    wanted = f"overt_planted_{'defect' if gate.plant == 'test' else gate.plant}"
    case = next(
        (one for one in records if isinstance(one, TestCase) and one.name.rpartition("::")[2].endswith(wanted)),
        None,
    )
    if case is None:
        return Trial(unable="the planted test did not run: the suite's arguments do not select it")
    figures = _measured(records) if gate.plant == "leak" else (0, 0, 0)
    unit: Literal["", "bytes"] = "bytes" if any(figures) else ""
    if case.outcome == "passed":
        return Trial(note="the test passed", figures=figures, unit=unit)
    says = TESTS[gate.plant].says
    if seeded and (case.outcome != "failed" or says not in f"{case.message}\n{case.detail}"):
        return Trial(unable=f"the planted test {case.outcome} for another reason: {case.message}")
    alarmed = summary.verdict.state is State.REFUTED and case.outcome in {"failed", "error"}
    return Trial(alarmed, f"{summary.verdict.reason}: {case.message}", figures=figures, unit=unit)


def _measured(records: Sequence[AnyRecord]) -> tuple[int, int, int]:
    told = {one.name: one.value for one in records if isinstance(one, Measure)}
    value, low, high = (told.get(f"overt-planted.{name}", 0) for name in ("value", "low", "high"))
    return value, low, high


def _benchmark(records: Sequence[AnyRecord]) -> Trial:
    from overt.evidence.benchmarks import benchmarks

    found = next(iter(benchmarks(one for one in records if isinstance(one, Sample))), None)
    if found is None or found.ratio is None:
        failed = next((one.message for one in records if isinstance(one, TestCase) and one.message), "")
        return Trial(unable=f"nothing was measured{f': {failed}' if failed else ''}")
    if found.verdict in {"not comparable", "not measured"}:
        return Trial(unable=f"{found.verdict}: {found.reason}")
    ratio = found.ratio
    note = f"{found.verdict}: {ratio.value:.3f} ({ratio.low:.3f} to {ratio.high:.3f}) over {ratio.pairs} rounds"
    figures = (round(ratio.value * 1e6), round(ratio.low * 1e6), round(min(ratio.high, 1e9) * 1e6))
    return Trial(found.verdict in {"slower", "faster"}, note, figures=figures, unit="ppm")
