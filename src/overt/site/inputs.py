"""What the site is rendered from: read beforehand, so that rendering touches nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, TypeVar

from overt.audit.migration import MigrationView
from overt.campaign.records import Allow, FlagTable, StageTable
from overt.evidence.control_history import GateHistory
from overt.evidence.facts import Facts
from overt.evidence.history import History
from overt.evidence.manifest import Manifest, PlannedSuite, Subject
from overt.evidence.quarantine import Quarantine
from overt.evidence.records import AnyRecord, Performed, Record, Rehearsal
from overt.evidence.summary import SuiteSummary
from overt.lint.records import Rule
from overt.model import Claim, Problem, State, Verdict
from overt.runbook.records import Runbook
from overt.site.diagram import Draw
from overt.site.modules import Module
from overt.site.reviews import ReviewView
from overt.site.trust import Trust
from overt.training.records import Exercise, Quiz

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Past:
    """What one earlier run of a suite counted, for curves over time.

    Args:
        run: Its name.
        created_ns: When it began, nanoseconds since 1970 UTC.
        total: Tests run, or findings seen.
        bad: Tests that failed, or findings that are new.
    """

    run: str
    created_ns: int
    total: int
    bad: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteView:
    """A suite with what its latest run recorded.

    Args:
        summary: Its verdict and counts.
        manifest: Head of that run; None when it never ran.
        records: What was observed.
        before: What the run before it observed; None when there was none.
        past: Earlier runs, the oldest first.
    """

    summary: SuiteSummary
    manifest: Manifest | None = None
    records: tuple[AnyRecord, ...] = ()
    before: tuple[AnyRecord, ...] | None = None
    past: tuple[Past, ...] = ()
    _by_kind: Mapping[type, list[Any]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Pages ask for kinds again and again, and there may be very many records.
        sorted_out: dict[type, list[AnyRecord]] = {}
        for kind, some in groupby(self.records, key=type):
            sorted_out.setdefault(kind, []).extend(some)
        object.__setattr__(self, "_by_kind", sorted_out)

    @property
    def name(self) -> str:
        """Name of the suite."""
        return self.summary.name

    @property
    def planned(self) -> PlannedSuite | None:
        """What was planned for it; None when it never ran."""
        suites: Sequence[PlannedSuite] = self.manifest.plan.suites if self.manifest else ()
        return next((suite for suite in suites if suite.name == self.name), None)

    def of(self, kind: type[R]) -> list[R]:
        """Return its records of one kind."""
        found: list[R] = self._by_kind.get(kind, [])
        return list(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSeen:
    """A `claim:` or `evidence:` link of a document, with what became of it.

    Args:
        path: The document, relative to the root, POSIX.
        line: Line of the link, from 1.
        target: As written, for example `claim:suite-green`.
        state: Its verdict.
        reason: One sentence.
        page: Path of its page on the site; empty when it is not a page.
    """

    path: str
    line: int
    target: str
    state: State
    reason: str
    page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunbookView:
    """A runbook with its newest rehearsal.

    Args:
        runbook: As it is written.
        verdict: Whether it holds.
        rehearsal: Its newest rehearsal; None when there was none.
        subject: What that was rehearsed on; None when there was none.
        performed: What came of it for real, the newest of each environment.
        page: Path of its page on the site; empty when it is not a page.
    """

    runbook: Runbook
    verdict: Verdict
    rehearsal: Rehearsal | None = None
    subject: Subject | None = None
    performed: tuple[Performed, ...] = ()
    page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """An exercise or a quiz of the track, with what the ledger says of it.

    Args:
        item: As it is written.
        verdict: Whether it does what it promises.
        stage: Name of the part of the track that it belongs to; empty when the track has no parts.
        answer: The right option of a quiz, as it was computed; empty when it was not.
        checked: What it was checked on; None when it was not.
        checked_ns: When that was, nanoseconds since 1970 UTC.
        see: Titles and places of pages to read on; places relative to the documentation folder.
    """

    item: Exercise | Quiz
    verdict: Verdict
    stage: str = ""
    answer: str = ""
    checked: Subject | None = None
    checked_ns: int = 0
    see: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """A guideline that a team keeps beside its exercises.

    Args:
        path: Its file, relative to the root, POSIX.
        title: Its first heading, else the name of the file.
        text: Markdown, as it is written.
    """

    path: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """What stands beside suites and claims.

    Args:
        runbooks: Runbooks with their rehearsals.
        lessons: Exercises and quizzes of the track; none when the project has no track.
        guides: Guidelines that stand beside the exercises.
        review: The review checklist, with what became of it.
        migration: Where the migration stands; None when no flag is declared.
        flags: Feature flags, by name.
        stages: Stages of the migration.
        gates: Gates of the suites, with the times that each was tried.
    """

    runbooks: tuple[RunbookView, ...] = ()
    lessons: tuple[Lesson, ...] = ()
    guides: tuple[Guide, ...] = ()
    review: ReviewView = field(default_factory=lambda: ReviewView((), {}))
    migration: MigrationView | None = None
    flags: Mapping[str, FlagTable] = field(default_factory=dict)
    stages: tuple[StageTable, ...] = ()
    gates: tuple[GateHistory, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteInputs:
    """Everything that pages are made from.

    Args:
        project: Name of the project.
        suites: Its suites, in the order of the campaign.
        claims: Name to the claim and its verdict.
        facts: What was measured; None shows no single values.
        links: Links of documents to claims and evidence.
        modules: The project's modules.
        rules: Rules of the linter.
        blobs: Digest to content, of the outputs that pages show.
        damage: What is wrong with the ledger.
        draw: Makes pictures from DOT descriptions; None leaves pictures out.
        home: Path of the status page.
        reference: Whether API reference pages are made.
        hidden_state_details: Whether findings are listed one by one.
        allowed: Hidden state that the campaign allows for now.
        docstring_style: How docstrings are written: `google`, `numpy` or `sphinx`.
        rooms: Runbooks, lessons, review rules, flags.
        history: What is remembered of all runs.
        quarantine: Tests whose failure refutes nothing, for now.
        trust: What an audit of the documents found; None when there are none.
        flag_states: The suites in the states of feature flags that they are declared for.
    """

    project: str
    suites: tuple[SuiteView, ...] = ()
    claims: Mapping[str, tuple[Claim, Verdict]] = field(default_factory=dict)
    facts: Facts | None = None
    links: tuple[LinkSeen, ...] = ()
    modules: tuple[Module, ...] = ()
    rules: tuple[Rule, ...] = ()
    blobs: Mapping[str, bytes] = field(default_factory=dict)
    damage: tuple[Problem, ...] = ()
    draw: Draw | None = None
    home: str = "index.md"
    reference: bool = True
    hidden_state_details: bool = True
    allowed: tuple[Allow, ...] = ()
    docstring_style: str = "google"
    rooms: Rooms = Rooms()
    flag_states: tuple[SuiteView, ...] = ()
    history: History = field(default_factory=History)
    quarantine: Quarantine = field(default_factory=Quarantine)
    trust: Trust | None = None
