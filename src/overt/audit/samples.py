"""The samples of a document held against what running them came to; nothing is run here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from overt.audit.held import Held
from overt.campaign.documents import ENDINGS
from overt.campaign.records import Campaign
from overt.evidence.freshness import planned_in, staleness
from overt.evidence.inputs import changed_files, measure_inputs, settings_digest
from overt.evidence.ledger import Ledger
from overt.evidence.manifest import PlannedSuite
from overt.evidence.reader import Run
from overt.evidence.records import TestCase
from overt.markdown import Document
from overt.markdown.samples import Sample, samples
from overt.model import Location, OvertError, State, Verdict

_DAY_NS = 86_400 * 1_000_000_000
_STALE_HINT = "overt validate runs it anew"


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a sample when a suite looked at it.

    Args:
        case: The result.
        run: Name of the run.
        stale: Why it no longer counts, although the text is the same; empty when it does.
    """

    case: TestCase
    run: str
    stale: str = ""


@dataclass(frozen=True, slots=True)
class SampleEvidence:
    """What the ledger knows of samples.

    Args:
        suite: A suite that looks at samples; empty when the campaign has none.
        ran: Results by document and digest of the text.
        places: Documents and lines at which a sample stood.
    """

    suite: str = ""
    ran: Mapping[tuple[str, str], Ran] = field(default_factory=dict)
    places: frozenset[str] = frozenset()


NOTHING_RAN = SampleEvidence()
"""What the ledger knows where no suite looks at samples."""


def sample_evidence(
    root: Path, campaign: Campaign, ledger: Ledger, *, files: Sequence[str], now_ns: int
) -> SampleEvidence:
    """Return what the ledger knows of samples, from the newest run of each suite that looks at them.

    A sample is tied to its result by the digest of its text. So a change of documents makes no other sample stale,
    while a change of anything else that the suite is measured on does.

    Args:
        root: Folder of the project.
        campaign: Its campaign.
        ledger: Its evidence.
        files: Its files, relative to the root, POSIX.
        now_ns: Now, nanoseconds since 1970 UTC.
    """
    names = [name for name, suite in campaign.suites.items() if suite.kind == "samples"]
    ran: dict[tuple[str, str], Ran] = {}
    places: set[str] = set()
    for name in names:
        run = ledger.latest(name)
        planned = planned_in(run.manifest.plan.suites, name) if run else None
        if run is None or planned is None or run.damage or run.manifest.state == "running":
            continue
        stale = _stale(root, campaign, run, planned, files=files, now_ns=now_ns)
        for case in run.for_suite(name):
            if isinstance(case, TestCase) and case.sample is not None:
                ran[case.path, case.sample.text_sha256] = Ran(case, run.name, stale)
                places.add(case.name)
    return SampleEvidence(names[0] if names else "", ran, frozenset(places))


def _stale(
    root: Path, campaign: Campaign, run: Run, planned: PlannedSuite, *, files: Sequence[str], now_ns: int
) -> str:
    suite = campaign.suites[planned.name]
    changed = _changed(root, run, planned, files)
    unchanged = msgspec.structs.replace(planned.inputs, sha256="" if changed else planned.inputs.sha256)
    return staleness(
        planned,
        unchanged,
        settings_sha256=settings_digest(suite, campaign.hidden_state),
        max_age_ns=suite.max_age_days * _DAY_NS,
        measured_ns=run.manifest.created_ns,
        now_ns=now_ns,
        changed=changed,
    )


def _changed(root: Path, run: Run, planned: PlannedSuite, files: Sequence[str]) -> tuple[str, ...]:
    """Return the inputs that changed since, without the documents: their samples have digests of their own."""
    if measure_inputs(root, files, planned.inputs.patterns).sha256 == planned.inputs.sha256:
        return ()
    try:
        names = changed_files(root, files, planned.inputs.patterns, run.blob(planned.inputs.sha256))
    except OvertError:
        return ("files that were not listed",)
    return tuple(name for name in names if not name.split(" (")[0].lower().endswith(ENDINGS))


def held_samples(document: Document, path: str, known: SampleEvidence) -> Iterator[Held]:
    """Yield the samples of a document, each with what is known of it.

    Without a suite that looks at samples only those are told that say that they run.

    Args:
        document: A scanned document.
        path: Its file, relative to the root, POSIX.
        known: What the ledger knows.
    """
    for sample in samples(document, path):
        text = f"{sample.language or 'code'} ({_HOW[sample.how]})"
        where = Location(path, sample.line, 1)
        if sample.problem:
            yield Held("sample", text, where, Verdict(State.REFUTED, sample.problem))
        elif sample.how == "none" or (not known.suite and not sample.runs):
            if known.suite:
                yield Held("fence", text, where, Verdict(State.UNCHECKED, "it is neither run nor parsed"))
        elif not known.suite:
            hint = 'add [suites.samples] with kind = "samples"'
            yield Held("fence", text, where, Verdict(State.UNCHECKED, "no suite runs it"), hint)
        else:
            yield _judged(sample, text, where, known)


_HOW = {
    "script": "run",
    "session": "typed in",
    "console": "typed in",
    "shell": "run",
    "parse": "parsed",
    "none": "left alone",
}


def _judged(sample: Sample, text: str, where: Location, known: SampleEvidence) -> Held:
    ran = known.ran.get((sample.path, sample.sha256))
    hint = f"overt validate --suite {known.suite}"
    if ran is None:
        if sample.name in known.places:
            return Held("sample", text, where, Verdict(State.STALE, "its text is not the one that was run"), hint)
        return Held("sample", text, where, Verdict(State.UNCHECKED, "no result of it is known"), hint)
    case, evidence = ran.case, (f"{ran.run}/{ran.case.id}",)
    if case.outcome == "skipped":
        return Held("sample", text, where, Verdict(State.UNCHECKED, case.message or "it was left out", evidence))
    if case.outcome in {"failed", "error"}:
        began = int(case.name.rpartition(":")[2])
        there = Location(sample.path, sample.line + max(case.line - began, 0), 1)
        return Held("sample", text, there, Verdict(State.REFUTED, case.message or "it does not hold", evidence), hint)
    # Whether code parses depends on nothing but its text.
    if ran.stale and sample.runs:
        return Held("sample", text, where, Verdict(State.STALE, f"it held, but {ran.stale}", evidence), _STALE_HINT)
    said = "it parses" if sample.how == "parse" else "it runs and gives what it shows" if _shows(sample) else "it runs"
    return Held("sample", text, where, Verdict(State.PROVED, said, evidence))


def _shows(sample: Sample) -> bool:
    return sample.shown is not None or sample.how in {"session", "console"}
