"""Hold documents against the repository and its evidence: reads, and does nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from overt.audit.allowed import without_allowed
from overt.audit.assertions import unbacked
from overt.audit.claims import JudgedClaims
from overt.audit.contradictions import Contradiction, contradictions
from overt.audit.diagrams.check import DiagramSeen, by_document
from overt.audit.diagrams.find import Diagrams
from overt.audit.facts import FactsLike
from overt.audit.links import occurrences, updated
from overt.audit.project import MAX_BYTES, Project
from overt.audit.references.find import MOST, References
from overt.audit.references.ignores import read_ignores
from overt.audit.references.record import Ref
from overt.audit.report import Page, Report
from overt.audit.samples import NOTHING_RAN, SampleEvidence, held_samples
from overt.campaign.records import Campaign
from overt.markdown import Document, scan
from overt.model import Location, Problem, State, Verdict
from overt.system.atomic import write_atomic

_MOST = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What an audit works on.

    Args:
        root: Folder of the project.
        files: Its files, relative to the root, POSIX.
        documents: Those of them that are audited.
        campaign: Its campaign.
        claims: Every declared claim with its verdict.
        facts: What was measured.
        today: The date that ends of ignore comments are held against.
        generated: Pages that a build adds, relative to the root, POSIX.
        declared: Whether the claims are the project's own; those that were only detected count where a document
            links them.
        samples: What the ledger knows of samples.
        diagrams: Sources of diagrams that are audited beside the documents, relative to the root, POSIX.
        docstrings: Whether the docstrings of the project's Python packages are read like documents.
        allow_lines: The line in `overt.toml` of each entry that the audit is to keep quiet about.
    """

    root: Path
    files: Sequence[str]
    documents: Sequence[str]
    campaign: Campaign
    claims: JudgedClaims
    facts: FactsLike
    today: date
    generated: Sequence[str] = ()
    declared: bool = True
    samples: SampleEvidence = NOTHING_RAN
    diagrams: Sequence[str] = ()
    docstrings: bool = False
    allow_lines: Sequence[int] = ()


def audit(inputs: Inputs) -> Report:
    """Audit documents.

    Args:
        inputs: What to audit, and against what.

    Returns:
        Everything found; nothing was run, imported or fetched.
    """
    project = Project(inputs.root, inputs.files, campaign=inputs.campaign, generated=inputs.generated)
    documents, skipped = _read(project, inputs.documents)
    diagrams = _diagrams(inputs, documents, list(project.packages.values()))
    references = References(project, documents)
    reading = _Reading(inputs, references, contradictions(documents, inputs.facts), diagrams)
    pages = [reading.page(path, document) for path, document in documents.items()]
    pages += [Page(path, held=held) for path in inputs.diagrams if (held := by_document(diagrams, path))]
    if inputs.docstrings:
        pages += [Page(path, references=tuple(refs)) for path, refs in references.of_docstrings() if refs]
    kept, wrong = without_allowed(pages, inputs.campaign.audit.allow, inputs.today, inputs.allow_lines)
    claims = tuple(inputs.claims.values()) if inputs.declared else ()
    return Report(kept, claims, tuple(skipped), tuple(diagrams), wrong)


def _diagrams(inputs: Inputs, documents: Mapping[str, Document], packages: Sequence[str]) -> list[DiagramSeen]:
    found = Diagrams(inputs.root, inputs.files, packages, inputs.claims, inputs.facts)
    return [*found.of_sources(inputs.diagrams), *found.of_documents(documents)]


def update(inputs: Inputs) -> list[tuple[str, int]]:
    """Set every drifted number of the documents right, each file in one step.

    Args:
        inputs: What to audit, and against what.

    Returns:
        The files that were changed, each with how many numbers were.
    """
    project = Project(inputs.root, inputs.files, campaign=inputs.campaign)
    changed = []
    for path in inputs.documents:
        text = project.read(path)
        if text is None or "evidence:" not in text:
            continue
        found = occurrences(scan(text), path, inputs.claims, inputs.facts)
        new = updated(text, found)
        if new != text:
            write_atomic((inputs.root / path).resolve(), new.encode("utf-8"))
            changed.append((path, sum(one.update is not None for one in found)))
    return changed


def _read(project: Project, paths: Sequence[str]) -> tuple[dict[str, Document], list[Problem]]:
    documents: dict[str, Document] = {}
    skipped = [
        Problem(f"only the first {_MOST:,} documents are audited", Location(path))
        for path in list(paths)[_MOST : _MOST + 1]
    ]
    for path in list(paths)[:_MOST]:
        text = project.read(path)
        if text is None:
            hint = f"a document is UTF-8, inside the repository and at most {MAX_BYTES:,} bytes"
            skipped.append(Problem("cannot be read", Location(path), hint))
        else:
            documents[path] = document = scan(text)
            if len(document.links) > MOST or len(document.spans) > MOST:
                skipped.append(Problem(f"only its first {MOST:,} references are followed", Location(path)))
    return documents, skipped


class _Reading:
    """Reads one document after the other, with what concerns them all."""

    def __init__(
        self,
        inputs: Inputs,
        references: References,
        contradicted: list[Contradiction],
        diagrams: Sequence[DiagramSeen],
    ) -> None:
        self._inputs, self._references = inputs, references
        self._contradicted: dict[str, list[Contradiction]] = {}
        for one in contradicted:
            self._contradicted.setdefault(one.location.path, []).append(one)
        self._diagrams = diagrams

    def page(self, path: str, document: Document) -> Page:
        """Return what there is to say of a document."""
        inputs = self._inputs
        ignores = read_ignores(document, path, inputs.today)
        stated = tuple(occurrences(document, path, inputs.claims, inputs.facts))
        named, asserted = self._references.of(document, path), unbacked(document, path)
        differing = self._contradicted.get(path, [])
        wrong = [one.location.line for one in named if one.verdict.state is not State.PROVED]
        wrong += [one.location.line for one in asserted] + [one.location.line for one in differing]
        held = (*held_samples(document, path, inputs.samples), *by_document(self._diagrams, path))
        wrong += [one.location.line for one in held if one.verdict.state is not State.PROVED]
        kept = [ref for ref in named if ref.verdict.state is State.PROVED or not ignores.covers(ref.location.line)]
        kept += [*ignores.wrong, *(_unused(path, line) for line in ignores.unused(wrong))]
        return Page(
            path,
            stated,
            tuple(sorted(kept, key=lambda ref: ref.location)),
            tuple(one for one in asserted if not ignores.covers(one.location.line)),
            tuple(one for one in differing if not ignores.covers(one.location.line)),
            tuple(one for one in held if one.verdict.state is State.PROVED or not ignores.covers(one.location.line)),
        )


def _unused(path: str, line: int) -> Ref:
    verdict = Verdict(State.REFUTED, "this ignore comment covers nothing that is wrong")
    return Ref("ignore", "overt: ignore", Location(path, line, 1), verdict, "take it away")
