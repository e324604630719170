"""The first pages of an adopted project, one of each kind: short, true today, and useful."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from overt.campaign.defaults import HIDDEN_STATE
from overt.campaign.detect import Detected
from overt.campaign.known import Known
from overt.campaign.records import Campaign, Suite

TUTORIAL, HOW_TO = "tutorial/first-steps.md", "how-to/check-a-change.md"
REFERENCE, EXPLANATION = "reference/what-is-measured.md", "explanation/how-claims-work.md"

REASONS = {
    TUTORIAL: "tutorial: from a checkout to a first result",
    HOW_TO: "how-to: check a change before it is shared",
    REFERENCE: "reference: the suites and the claims",
    EXPLANATION: "explanation: why every claim is a link",
}

_KINDS = {
    "pytest": "tests, run by pytest",
    "command": "a command",
    "lint": "a linter",
    "hidden-state": "the hidden-state linter",
    "import": "results that another tool wrote",
}


def import_names(campaign: Campaign) -> list[str]:
    """Return the names under which the packages are imported."""
    names = [PurePosixPath(package).name.removesuffix(".py") for package in campaign.project.packages]
    return [name for name in names if name.isidentifier()]


def escaped(text: str) -> str:
    r"""Return one line of text that Markdown shows as it is.

    Example:
        >>> print(escaped("a|b <i> [x](y)"))
        a\|b \<i> \[x\](y)
    """
    return re.sub(r"([\\`*_\[\]<|#])", r"\\\1", " ".join(text.split()))


def _claims(campaign: Campaign) -> str:
    rows = (f"- [{escaped(claim.text or claim.expect)}](claim:{name})" for name, claim in campaign.claims.items())
    return "\n".join(rows) or "None yet: declare one in `overt.toml` as `[claims.NAME]`."


def _what(detected: Detected) -> str:
    text = escaped(detected.description).rstrip(".")
    return f"{text}.\n\n" if text else ""


def _tutorial(detected: Detected, campaign: Campaign) -> str:
    names = import_names(campaign)
    try_it = ""
    if names and detected.projects:
        try_it = (
            "## Import it\n\nFrom the project's folder, in an environment of its own:\n\n"
            f'```bash\npython -m pip install -e .\npython -c "import {names[0]}"\n```\n\n'
        )
    if len(detected.projects) > 1:
        try_it = ""
    return (
        f"# First steps with {escaped(campaign.project.name)}\n\n{_what(detected)}{try_it}"
        "## See what holds today\n\n"
        "```bash\novert validate\novert build\n```\n\n"
        "The first command runs the suites and records what it sees. The second turns the record into this site: it\n"
        f"is in `{campaign.site.output}/`, and its status page shows what was measured, and when.\n\n"
        f"What the project claims:\n\n{_claims(campaign)}\n"
    )


def _how_to(campaign: Campaign) -> str:
    single = next(iter(campaign.suites), "")
    one = f"To run one suite alone:\n\n```bash\novert validate --suite {single}\n```\n\n" if single else ""
    hidden = (
        "To see hidden state that the change adds, with the reason why it hurts:\n\n```bash\novert check\n```\n\n"
        if HIDDEN_STATE in campaign.suites
        else ""
    )
    return (
        "# Check a change\n\nBefore a change is shared, run what the project claims to pass:\n\n"
        f"```bash\novert validate\n```\n\n{one}{hidden}"
        "Then build the site. A claim that no longer holds stops the build and is named with its file and line:\n\n"
        "```bash\novert build\n```\n\n"
        "The exit status says which it was: 0 holds, 1 refuted, 2 configuration, 3 could not be checked.\n"
    )


def _suite_row(name: str, suite: Suite) -> str:
    required = "yes" if suite.required else "no"
    return f"| `{name}` | {escaped(suite.title or name)} | {_KINDS[suite.kind]} | {required} |"


def suite_table(campaign: Campaign) -> str:
    """Return the suites of a campaign as a Markdown table."""
    if not campaign.suites:
        return "No suite is declared yet; `overt.toml` says how.\n"
    rows = "\n".join(_suite_row(name, suite) for name, suite in campaign.suites.items())
    return f"| suite | title | what it is | required |\n| --- | --- | --- | --- |\n{rows}\n"


def _reference(campaign: Campaign) -> str:
    claims = "\n".join(
        f"| `{name}` | [{escaped(claim.text or name)}](claim:{name}) | `{claim.expect}` |"
        for name, claim in campaign.claims.items()
    )
    table = f"| claim | in words | must be true |\n| --- | --- | --- |\n{claims}\n" if claims else "None yet.\n"
    return (
        f"# What is measured\n\nThe suites and claims of `overt.toml`.\n\n## Suites\n\n{suite_table(campaign)}\n"
        f"## Claims\n\n{table}\n"
        "The modules, classes and functions of the project have pages of their own, made from the source.\n"
    )


def _explanation(campaign: Campaign) -> str:
    example = next(iter(campaign.claims), "suite-green")
    return (
        "# How claims work here\n\n"
        "A page of this site may only state about the project what was measured. Such a statement is a link to its\n"
        f"evidence, written `[its words](claim:{example})`; the claim is declared once, in `overt.toml`, with an\n"
        "expression that must be true.\n\n"
        "When the site is built, each such link gets a mark: whether the evidence holds it, refutes it, is older than\n"
        "the code, or is missing. A link that does not hold stops the build, so a page cannot go on saying what is no\n"
        "longer so.\n\n"
        "Evidence is written by `overt validate`: what ran, on which commit, with which outcome. `overt build` runs\n"
        "nothing of the project; it reads files and evidence.\n"
    )


def pages(detected: Detected, campaign: Campaign, folder: str) -> dict[str, str]:
    """Return the first pages: path, relative to the root, to Markdown.

    Args:
        detected: What the project is made of.
        campaign: Its campaign.
        folder: Folder of its pages, relative to the root.
    """
    return {
        f"{folder}/{TUTORIAL}": _tutorial(detected, campaign),
        f"{folder}/{HOW_TO}": _how_to(campaign),
        f"{folder}/{REFERENCE}": _reference(campaign),
        f"{folder}/{EXPLANATION}": _explanation(campaign),
    }


def validation_readme(campaign: Campaign, known: Known) -> str:
    """Return what `validation/README.md` says.

    Args:
        campaign: The campaign.
        known: What was measured today.
    """
    ratchet = (
        f"`{PurePosixPath(campaign.hidden_state.ratchet).name}` holds the hidden-state findings of the day of\n"
        "adoption. `overt check` accepts them and refuses new ones; their number may only fall.\n\n"
        if known.ratchet
        else ""
    )
    return (
        f"# Validation of {escaped(campaign.project.name)}\n\n"
        "What is run to hold the project's claims; declared in `overt.toml`, run by `overt validate`.\n\n"
        f"{suite_table(campaign)}\n{ratchet}"
        "Suites that are about the project as a whole (benchmarks, stress, recovery) belong in this folder.\n"
    )
