"""What `overt audit` works on: files, campaign, evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from overt.audit.audit import Inputs
from overt.audit.claims import judge_all
from overt.audit.diagrams.find import diagram_sources
from overt.audit.samples import sample_evidence
from overt.campaign.documents import documents_of
from overt.campaign.loading import load
from overt.evidence.facts import gather
from overt.evidence.ledger import open_ledger
from overt.model import OvertError
from overt.system.clock import Clock, SystemClock
from overt.system.files import project_files
from overt.system.text import did_you_mean, nearest


def find_inputs(root: Path, paths: Sequence[str], clock: Clock | None = None, *, docstrings: bool = False) -> Inputs:
    """Return what the command line asks for.

    Args:
        root: Folder of the project.
        paths: Documents and folders, from the current folder or from the root; all documents when empty.
        clock: Where the time comes from.
        docstrings: Whether docstrings of Python are read, too.

    Raises:
        OvertError: A path leads to no document, or the campaign is wrong.
    """
    if not root.is_dir():
        raise OvertError(f"{root} is not a folder", hint="give the project's folder with -C")
    now = (clock or SystemClock()).now_ns()
    files = project_files(root)
    loaded = load(root, files=files)
    ledger = open_ledger(root)
    facts = gather(root, loaded.campaign, ledger, files=files, now_ns=now)
    sources = diagram_sources(files)
    return Inputs(
        root=root,
        files=files,
        documents=_chosen(root, paths, files, sources) if paths else documents_of(files, loaded.campaign),
        campaign=loaded.campaign,
        claims=judge_all(loaded, facts),
        facts=facts,
        today=datetime.fromtimestamp(now // 10**9, UTC).date(),
        declared=not loaded.detected,
        docstrings=docstrings,
        allow_lines=[loaded.where("audit", "allow", number).line for number in range(len(loaded.campaign.audit.allow))],
        samples=sample_evidence(root, loaded.campaign, ledger, files=files, now_ns=now),
        diagrams=_named(root, paths, sources) if paths else sources,
    )


def _named(root: Path, paths: Sequence[str], sources: Sequence[str]) -> list[str]:
    """Return the sources of diagrams that are named, or lie in a folder that is."""
    names = [_from_root(root, path) for path in paths]
    return [file for file in sources if any(name in {"", ".", file} or file.startswith(f"{name}/") for name in names)]


def _chosen(root: Path, paths: Sequence[str], files: Sequence[str], sources: Sequence[str]) -> list[str]:
    known, chosen = set(files), dict[str, None]()
    for path in paths:
        name = _from_root(root, path)
        if name in sources:
            continue
        if name in known:
            chosen[name] = None
            continue
        inside = [file for file in files if name in {"", "."} or file.startswith(f"{name}/")]
        documents = [file for file in inside if file.lower().endswith((".md", ".markdown", ".mdown"))]
        if not inside:
            near = nearest(name, files)
            raise OvertError(f"there is no document {path}", hint=did_you_mean(name, [near]) if near else "")
        if not documents and not _named(root, [path], sources):
            raise OvertError(f"there is no Markdown in {path}", hint="documents end in .md")
        chosen.update(dict.fromkeys(documents))
    return list(chosen)


def _from_root(root: Path, path: str) -> str:
    """Return a path relative to the root: as given from the current folder, else as given from the root."""
    top = root.resolve()
    for candidate in (Path(path).resolve(), (top / path).resolve()):
        if candidate.is_relative_to(top) and candidate.exists():
            return candidate.relative_to(top).as_posix()
    return path.strip("/")
