"""What adopting a project means: the files that are to be written, each with its reason. Nothing is written here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import msgspec

from overt.campaign import adopt_ci, adopt_mkdocs, adopt_pages, adopt_runbook
from overt.campaign.adopt_ci import AS_FOUND, GITHUB, GITLAB, Wanted
from overt.campaign.adopt_toml import campaign_text
from overt.campaign.defaults import default_campaign
from overt.campaign.detect import Detected
from overt.campaign.known import Known, apply_known
from overt.campaign.loading import FILE
from overt.campaign.records import Campaign
from overt.campaign.tables import read_text

IGNORED = (".overt/", "/site/")
"""What git is to leave alone: the ledger of this machine and the built site."""

NOTHING = "Nothing to run was found, neither tests nor packages: declare a suite in overt.toml before overt validate."


@dataclass(frozen=True, slots=True)
class Change:
    """One file of an adoption.

    Args:
        path: Relative to the root, POSIX.
        action: `create`, `append` to an existing file, or `keep` what is there.
        reason: Why, a few words.
        text: What is written; empty when kept.
    """

    path: str
    action: Literal["create", "append", "keep"]
    reason: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Adoption:
    """Everything that adopting a project takes.

    Args:
        campaign: The campaign that is written.
        changes: The files, in the order in which they are written; the campaign last, so that an adoption that was
            cut off is taken up again.
        notes: What the user should know, one sentence each.
    """

    campaign: Campaign
    changes: tuple[Change, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def to_write(self) -> tuple[Change, ...]:
        """The files that are not kept."""
        return tuple(change for change in self.changes if change.action != "keep")


def place(root: Path, path: str, text: str, reason: str) -> Change:
    """Return the change that puts a file there, or the one that leaves what stands there.

    Args:
        root: Folder of the project.
        path: File, relative to the root, POSIX.
        text: What would be written.
        reason: Why.
    """
    target = root / path
    blocked = next((parent for parent in target.parents if parent != root and parent.is_file()), None)
    if target.exists() or target.is_symlink() or blocked is not None:
        why = f"{blocked.name} is a file" if blocked else "is there already"
        return Change(path, "keep", why)
    return Change(path, "create", reason, text)


def _ignore(root: Path, output: str) -> Change:
    target, path = root / ".gitignore", ".gitignore"
    wanted = [IGNORED[0], f"/{output.strip('/')}/"]
    if target.exists() and not target.is_file():
        return Change(path, "keep", "is not a file")
    present = {line.strip().strip("/") for line in read_text(target).splitlines()}
    missing = [line for line in wanted if line.strip("/") not in present]
    if not missing:
        return Change(path, "keep", "names the ledger and the built site")
    text = "# The evidence of this machine, and the built site.\n" + "".join(f"{line}\n" for line in missing)
    if not target.exists():
        return Change(path, "create", "the ledger and the built site stay out of git", text)
    lead = "" if read_text(target).endswith("\n") or not read_text(target) else "\n"
    return Change(path, "append", f"leave out {' and '.join(missing)}", lead + text)


def _free_output(files: Sequence[str]) -> str:
    """Return a folder for the site that holds no file of the project."""
    names = ("site", "overt-site", "overt-site-output")
    return next((name for name in names if not any(file.startswith(f"{name}/") for file in files)), names[-1])


def propose(root: Path, files: Sequence[str], detected: Detected, known: Known) -> Campaign:
    """Return the campaign that fits a project.

    Args:
        root: Its folder.
        files: Its files, relative to the root, POSIX.
        detected: What it is made of.
        known: What was measured today.
    """
    campaign = apply_known(default_campaign(detected), known)
    # A site/ with files of the project in it may not become the folder that builds replace.
    config, output = adopt_mkdocs.config_name(root, detected), _free_output(files)
    site = msgspec.structs.replace(campaign.site, config=config, output=output)
    return msgspec.structs.replace(campaign, site=site)


def _fresh(root: Path, detected: Detected, known: Known, campaign: Campaign, ci: Wanted) -> Iterator[Change]:
    """Yield what a project gets that has not been adopted yet."""
    folder = adopt_mkdocs.docs_folder(detected)
    if detected.docs.kind != "mkdocs":
        for path, text in adopt_pages.pages(detected, campaign, folder).items():
            yield place(root, path, text, adopt_pages.REASONS[path.removeprefix(f"{folder}/")])
    pages = folder if detected.docs.kind != "mkdocs" else ""
    yield place(root, adopt_runbook.runbook_path(pages), adopt_runbook.runbook(detected), adopt_runbook.REASON)
    yield place(root, "validation/README.md", adopt_pages.validation_readme(campaign, known), "what is run, and why")
    if known.ratchet:
        number = known.hidden_state or 0
        reason = (
            "the finding of today; it may only go"
            if number == 1
            else f"{number:,} findings of today; their number may only fall"
        )
        yield place(root, campaign.hidden_state.ratchet, known.ratchet, reason)
    yield from _workflow(root, detected, known, campaign, ci)


def _workflow(root: Path, detected: Detected, known: Known, campaign: Campaign, ci: Wanted) -> Iterator[Change]:
    workflow = adopt_ci.workflow(root, detected, known, campaign, ci)
    if workflow is not None:
        yield place(root, workflow.path, workflow.text, workflow.reason)


def plan(
    root: Path,
    files: Sequence[str],
    detected: Detected,
    known: Known,
    existing: Campaign | None,
    *,
    ci: Wanted = AS_FOUND,
) -> Adoption:
    """Return what adopting a project takes.

    Args:
        root: Its folder.
        files: Its files, relative to the root, POSIX.
        detected: What it is made of.
        known: What was measured today.
        existing: The campaign it has; None when it has none. A project with a campaign has been adopted: only what
            that campaign needs and does not have is written, and the workflow when one was asked for.
        ci: What was asked for on the CI service.
    """
    campaign = existing or propose(root, files, detected, known)
    changes: list[Change] = []
    if existing is None:
        changes += _fresh(root, detected, known, campaign, ci)
    elif ci.service:
        changes += _workflow(root, detected, known, campaign, ci)
    left = [change.path for change in changes if change.action == "keep" and change.path in {GITHUB, GITLAB}]
    config = adopt_mkdocs.config_text(root, files, detected, campaign)
    changes.append(place(root, campaign.site.config, config, adopt_mkdocs.reason(detected)))
    changes.append(_ignore(root, campaign.site.output))
    text = campaign_text(detected, campaign, known)
    changes.append(place(root, FILE, text, "suites and claims; the file you will edit"))
    nothing = () if campaign.suites else (NOTHING,)
    said = [adopt_ci.kept(path, ci) for path in left if ci.service]
    said += adopt_ci.notes(detected, ci) if not said and (existing is None or ci.service) else ()
    theirs = adopt_mkdocs.notes(root, detected) if existing is None else ()
    return Adoption(campaign, tuple(changes), (*nothing, *known.notes, *theirs, *said))
