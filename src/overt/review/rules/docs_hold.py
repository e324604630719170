"""A document changed, so it was held against code and evidence, and the site was built strictly."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath

from overt.model import Location, State
from overt.review.changes import FileChange
from overt.review.context import Context
from overt.review.copy import copied
from overt.review.docs_audit import audit_documents
from overt.review.docs_site import build_site, builders, has_site, kept_from
from overt.review.recorded import ended, hold
from overt.review.records import Example, Outcome, ReviewRule
from overt.review.said import counted


@contextmanager
def _after(context: Context) -> Iterator[Path]:
    """Give the project as it is after the change, with the user's evidence: where it lies, or a copy to build in."""
    if context.changes.span.dirty or (context.checked_out and kept_from(context)):
        yield Path(context.root).resolve()
        return
    with copied(context) as copy:
        copy.lend_evidence()
        yield copy.folder


def _left(file: FileChange) -> bool:
    """Tell whether there is nothing any more where a file was."""
    return bool(file.old_path) and (file.status == "D" or file.path != file.old_path)


def _pointing(folder: Path, pages: Sequence[str], names: set[str]) -> list[str]:
    """Return the pages that speak of a file that is gone."""
    found = []
    for page in pages if names else ():
        try:
            text = (folder / page).read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        found += [page] if any(name in text for name in names) else []
    return found


def prove(context: Context) -> Outcome:
    """Audit the changed documents, then take the recorded build of this commit, or build in a copy of it."""
    from overt.campaign.documents import documents_of

    campaign, changes = context.campaign, context.changes
    present = documents_of([file.path for file in changes.files if file.exists], campaign)
    gone = documents_of([file.old_path for file in changes.files if file.old_path and not file.exists], campaign)
    settings = [file.path for file in changes.files if file.path == campaign.site.config]
    touched = list(dict.fromkeys((*present, *gone, *settings)))
    if not touched:
        return Outcome(None, "no document changed")
    places = tuple(Location(path) for path in touched[:5])
    names = {PurePosixPath(file.old_path).name for file in changes.files if _left(file)}
    with _after(context) as folder:
        audited = audit_documents(folder, present)
        pointing = _pointing(folder, documents_of(changes.head_names, campaign), names - {""})
        missed = audit_documents(folder, [page for page in pointing if page not in present]).wrong if pointing else []
        wrong = [*audited.wrong, *((at, text) for at, text in missed if PurePosixPath(text).name in names)]
        if wrong:
            told = "; ".join(text for _, text in wrong[:5])
            reason = f"{counted(len(wrong), 'statement does', 'statements do')} not hold: {told}"
            return Outcome(State.REFUTED, reason, tuple(at for at, _ in wrong))
        if audited.unread:
            reason = (
                f"{counted(len(audited.unread), 'document was', 'documents were')} not read whole: {audited.unread[0]}"
            )
            return Outcome(State.UNCHECKED, reason, places)
        return _with_site(context, folder, present, places)


def _with_site(context: Context, folder: Path, present: list[str], places: tuple[Location, ...]) -> Outcome:
    """Return what an audit that holds comes to together with the site."""
    shown = " ".join(shlex.quote(page) for page in present[:3]) + (" ..." if len(present) > 3 else "")
    audited = f"{counted(len(present), 'document holds', 'documents hold')} against code and evidence"
    command = f"overt audit {shown}"
    if not has_site(context) and not present:
        return Outcome(None, "a document went, and no other names it")
    if not has_site(context):
        return Outcome(State.PROVED, f"{audited}; there is no site", places, command)
    site = _site(context, folder)
    told = f"{audited}; {site.reason}" if present else site.reason
    commands = f"{command} && {site.command}" if present else site.command
    return replace(site, reason=told, places=places, command=commands if site.command else "")


def _site(context: Context, folder: Path) -> Outcome:
    names = builders(context.campaign)
    recorded = hold(context, names) if names else None
    if recorded is not None and recorded.state in {State.PROVED, State.REFUTED}:
        return recorded
    kept = kept_from(context)
    return Outcome(State.UNCHECKED, f"the site was not built: {kept}") if kept else build_site(context, folder)


_SITE = "site_name: Shop\nnav:\n  - index.md\n"
_BASE = {"mkdocs.yml": _SITE, "docs/index.md": "# Shop\n"}
_TYPED = """\
[suites.types]
kind = "command"
command = ["mypy"]
inputs = ["a.py"]

[claims.typed]
text = "Typed"
expect = "suites.types.exit_code == 0"
"""
_STATED = {**_BASE, "a.py": "x = 1\n", "overt.toml": _TYPED, "docs/index.md": "# Shop\n\n[Typed](claim:typed)\n"}
_BUILT = {"overt.toml": '[suites.docs]\nkind = "command"\ncommand = ["mkdocs", "build", "--strict"]\n', **_BASE}

RULE = ReviewRule(
    id="docs-hold",
    title="What documents say holds",
    why="A page that names what is gone, or a site that cannot be built, sends every reader the wrong way.",
    prove=prove,
    remedy="mend what `overt audit` and `overt build` tell",
    see="docs/explanation/guidelines.md#tell-users-what-changes-for-them",
    examples=(
        Example("a link leads to a file", {"a.md": "See [b](b.md).\n", "b.md": "# B\n"}, State.PROVED),
        Example("a link leads nowhere", {"a.md": "See [b](b.md).\n"}, State.REFUTED),
        Example("a page larger than what is read", {"a.md": "x\n" * 1_000_001}, State.UNCHECKED),
        Example(
            "a strict build makes the page, and evidence of the commit holds its claim",
            _STATED,
            State.PROVED,
            _BASE,
            {"types": ended("types", 0)},
        ),
        Example("evidence refutes what the page states", _STATED, State.REFUTED, _BASE, {"types": ended("types", 1)}),
        Example("nothing was measured for what the page states", _STATED, State.UNCHECKED, _BASE),
        Example("a page that no navigation leads to", {**_BASE, "docs/lost.md": "# Lost\n"}, State.REFUTED, _BASE),
        Example(
            "a suite that builds the site held on the commit",
            {**_BUILT, "docs/index.md": "# The shop\n"},
            State.PROVED,
            _BUILT,
            {"docs": ended("docs", 0)},
        ),
        Example(
            "a page goes to which another leads",
            {"a.md": "See [b](b.md).\n"},
            State.REFUTED,
            {"a.md": "See [b](b.md).\n", "b.md": "# B\n"},
        ),
        Example(
            "a page goes that another names, whose fault is an old one",
            {"a.md": "No b.md. See [x](x.md).\n"},
            None,
            {"a.md": "No b.md. See [x](x.md).\n", "b.md": "# B\n"},
        ),
        Example("a page goes to which none leads", {"a.md": "# A\n"}, None, {"a.md": "# A\n", "b.md": "# B\n"}),
        Example("no page changes", {"a.py": "x = 1\n"}, None),
    ),
)
