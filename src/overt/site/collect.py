"""Reads what a site is made from: the only part of rendering that touches the disk."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from overt.audit.audit import Inputs as Audited
from overt.audit.audit import audit
from overt.audit.claims import JudgedClaims, judge_all
from overt.audit.diagrams.find import diagram_sources
from overt.audit.links import Occurrence
from overt.audit.samples import sample_evidence
from overt.campaign.documents import documents_of
from overt.campaign.loading import Loaded, load
from overt.evidence.facts import Facts, gather
from overt.evidence.history_file import whole_history
from overt.evidence.ledger import Ledger, open_ledger
from overt.evidence.quarantine import read_quarantine
from overt.evidence.reader import Run
from overt.evidence.records import AnyRecord, CommandRun, FindingSeen, TestCase
from overt.evidence.summary import SuiteSummary
from overt.lint.records import Rule
from overt.model import OvertError, Problem
from overt.site.diagram import Draw
from overt.site.inputs import Past, SiteInputs, SuiteView
from overt.site.memo import Memo
from overt.site.migration import read_migration
from overt.site.modules import Module, read_modules
from overt.site.rooms import read_rooms
from overt.site.statements import claim_problems, problem_of, seen, statements
from overt.site.trust import Trust, trust_of
from overt.system.files import project_files, select

_PAST = 30
"""Earlier runs of a suite that are counted for its curve."""


@dataclass(frozen=True, slots=True)
class Collected:
    """What was read.

    Args:
        inputs: What pages are made from.
        loaded: The campaign.
        problems: What does not hold, each with its place; a strict build fails on them.
        newest_ns: Moment of the newest evidence, nanoseconds since 1970 UTC; 0 when there is none.
    """

    inputs: SiteInputs
    loaded: Loaded
    problems: tuple[Problem, ...]
    newest_ns: int


def _past(name: str, runs: Iterable[Run]) -> tuple[Past, ...]:
    points = []
    for run in runs:
        records = run.for_suite(name)
        findings = [record for record in records if isinstance(record, FindingSeen) and record.standing != "allowed"]
        tests = [record for record in records if isinstance(record, TestCase)]
        total = len(findings) or len(tests)
        bad = sum(record.standing == "new" for record in findings) + sum(
            test.outcome in {"failed", "error"} for test in tests
        )
        points.append(Past(run.name, run.manifest.created_ns, total, bad))
    return tuple(reversed(points))


def _view(summary: SuiteSummary, ledger: Ledger, root: str) -> SuiteView:
    runs = [run for run in ledger.runs if any(planned.name == summary.name for planned in run.manifest.plan.suites)]
    now = next((run for run in runs if run.name == summary.run), None)
    if now is None:
        return SuiteView(summary=summary)
    older = runs[runs.index(now) + 1 :]
    finds = summary.kind in {"hidden-state", "lint"}
    return SuiteView(
        summary=summary,
        manifest=now.manifest,
        records=tuple(
            [
                record
                if type(record) is TestCase and not (record.message or record.detail)
                else _without_root(record, root)
                for record in now.for_suite(summary.name)
            ]
        ),
        before=tuple(older[0].for_suite(summary.name)) if older else None,
        past=_past(summary.name, [now, *older[: _PAST - 1]]) if finds else (),
    )


def _without_root(record: AnyRecord, root: str) -> AnyRecord:
    """A record that does not name the folder the project was in: pages are for others, too."""
    if type(record) is TestCase:
        if root not in record.detail and root not in record.message:
            return record
        message, detail = record.message.replace(root, ""), record.detail.replace(root, "")
        return msgspec.structs.replace(record, message=message, detail=detail)
    if isinstance(record, CommandRun) and any(root in one for one in record.argv):
        return msgspec.structs.replace(record, argv=tuple(one.replace(root, "") for one in record.argv))
    return record


def _blobs(views: Sequence[SuiteView], ledger: Ledger, root: str) -> tuple[dict[str, bytes], list[Problem]]:
    """Outputs of programs, without the folder the project was in; of one that cannot be read the damage is told."""
    runs = {run.name: run for run in ledger.runs}
    found: dict[str, bytes] = {}
    damage: list[Problem] = []
    for view in views:
        for command in view.of(CommandRun):
            if not command.output_blob:
                continue
            try:
                blob = runs[view.summary.run].blob(command.output_blob)
                found[command.output_blob] = blob.replace(root.encode(), b"")
            except OvertError as error:
                damage += error.problems
    return found, damage


def read_sources(root: Path, files: Sequence[str], packages: Sequence[str]) -> dict[str, bytes]:
    """Return the Python files of packages: path to content; one that cannot be read is left out."""
    found: dict[str, bytes] = {}
    for name in select(files, packages) if packages else ():
        if name.endswith(".py"):
            try:
                found[name] = (root / name).read_bytes()
            except OSError:
                continue
    return found


_STYLES = (
    ("sphinx", re.compile(rb"^\s*:(?:param|returns?|rtype|raises?)\b", re.MULTILINE)),
    ("numpy", re.compile(rb"^\s*(?:Parameters|Returns)\n\s*-{3,}", re.MULTILINE)),
    ("google", re.compile(rb"^\s*(?:Args|Returns|Raises):\s*$", re.MULTILINE)),
)


def docstring_style(sources: Mapping[str, bytes]) -> str:
    """Return how most docstrings of some files are written: `google`, `numpy` or `sphinx`."""
    counted = {name: sum(len(shape.findall(source)) for source in sources.values()) for name, shape in _STYLES}
    best = max(counted, key=lambda name: counted[name])
    return best if counted[best] else "google"


def _rules() -> tuple[Rule, ...]:
    from overt.lint.rules import all_rules

    return tuple(all_rules())


def collect(
    root: Path,
    *,
    now_ns: int,
    documents: Mapping[str, str],
    pages: Mapping[str, str],
    home: str,
    draw: Draw | None,
    files: Sequence[str] | None = None,
) -> Collected:
    """Read campaign, ledger and source of a project.

    Args:
        root: Folder of the project.
        now_ns: Now, nanoseconds since 1970 UTC: evidence may have an age limit.
        documents: Hand-written pages: path relative to the root, POSIX, to text.
        pages: The same paths to the paths of their pages on the site.
        home: Path of the status page.
        draw: Makes pictures.
        files: The project's files; found when None.

    Raises:
        OvertError: The campaign is wrong.
    """
    listed = project_files(root) if files is None else list(files)
    loaded, ledger, memo = load(root, files=listed), open_ledger(root), Memo(root, listed)
    campaign = loaded.campaign
    facts = gather(root, campaign, ledger, files=listed, now_ns=now_ns)
    claims = judge_all(loaded, facts)
    here = f"{root.resolve()}/"
    views = [_view(summary, ledger, here) for summary in facts.suites]
    in_states = [_view(summary, ledger, here) for summary in facts.states]
    blobs, blob_damage = _blobs([*views, *in_states], ledger, here)
    sources = read_sources(root, listed, campaign.project.packages)
    found = statements(documents, claims, facts)
    rooms = read_rooms(root, campaign, ledger, facts, files=listed, pages=pages)
    inputs = SiteInputs(
        project=campaign.project.name,
        suites=tuple(views),
        claims=claims,
        facts=facts,
        links=tuple(seen(one, pages) for one in found),
        modules=_modules(memo, sources, campaign.project.packages),
        rules=_rules(),
        blobs=blobs,
        damage=(*ledger.damage, *_run_damage([*views, *in_states], ledger), *blob_damage),
        draw=draw,
        home=home,
        reference=campaign.site.reference,
        hidden_state_details=campaign.site.hidden_state_details,
        allowed=campaign.hidden_state.allow,
        docstring_style=docstring_style(sources),
        rooms=replace(rooms, migration=read_migration(root, loaded, facts, files=listed, now_ns=now_ns, memo=memo)),
        flag_states=tuple(in_states),
        history=whole_history(root, ledger.runs),
        quarantine=read_quarantine(root, campaign, now_ns),
        trust=_trust(root, loaded, ledger, facts, claims, files=listed, now_ns=now_ns, pages=pages),
    )
    memo.save()
    return Collected(inputs, loaded, _problems(inputs, found), _newest(ledger))


def _modules(memo: Memo, sources: Mapping[str, bytes], packages: Sequence[str]) -> tuple[Module, ...]:
    return memo.of(tuple[Module, ...], lambda: read_modules(sources, packages), "modules", *packages)


def _newest(ledger: Ledger) -> int:
    """Return the moment of the newest evidence, nanoseconds since 1970 UTC; 0 when there is none."""
    return max((run.manifest.closed_ns or run.manifest.created_ns for run in ledger.runs), default=0)


def _trust(
    root: Path,
    loaded: Loaded,
    ledger: Ledger,
    facts: Facts,
    claims: JudgedClaims,
    *,
    files: Sequence[str],
    now_ns: int,
    pages: Mapping[str, str],
) -> Trust | None:
    """Audit the documents: it reads, and nothing else."""
    names, sources = documents_of(files, loaded.campaign), diagram_sources(files)
    if not names and not sources:
        return None
    report = audit(
        Audited(
            root=root,
            files=files,
            documents=names,
            campaign=loaded.campaign,
            claims=claims,
            facts=facts,
            today=datetime.fromtimestamp(now_ns // 10**9, UTC).date(),
            declared=not loaded.detected,
            samples=sample_evidence(root, loaded.campaign, ledger, files=files, now_ns=now_ns),
            diagrams=sources,
        )
    )
    return trust_of(report, pages)


def _run_damage(views: Sequence[SuiteView], ledger: Ledger) -> list[Problem]:
    shown = {view.summary.run for view in views}
    return [problem for run in ledger.runs if run.name in shown for problem in run.damage]


def _problems(inputs: SiteInputs, found: Sequence[Occurrence]) -> tuple[Problem, ...]:
    stated = [problem_of(one) for one in found if not one.verdict.holds]
    return (*claim_problems(inputs), *stated)
