"""The campaign of a project that has not written one: what was detected, and nothing else."""

from __future__ import annotations

import msgspec

from overt.campaign.detect import Detected
from overt.campaign.records import Campaign, ClaimTable, Project, Site, Suite

UNIT, RUFF, HIDDEN_STATE = "unit", "ruff", "hidden-state"


def default_suites(detected: Detected) -> dict[str, Suite]:
    """Return the suites that what was detected calls for.

    Args:
        detected: What the project is made of.
    """
    suites: dict[str, Suite] = {}
    if detected.runner:
        # pytest runs the tests of unittest too; naming their folder is what `unittest discover` would do.
        args = () if detected.runner_config else detected.tests
        suites[UNIT] = Suite(kind="pytest", title="Tests", args=args)
    if "ruff" in detected.linters:
        command = ("ruff", "check", "--output-format=sarif", ".")
        suites[RUFF] = Suite(kind="lint", title="Ruff", command=command, format="sarif")
    if detected.packages:
        suites[HIDDEN_STATE] = Suite(kind="hidden-state", title="Hidden state")
    return suites


def default_claims(suites: dict[str, Suite]) -> dict[str, ClaimTable]:
    """Return the claims that those suites can hold.

    Args:
        suites: Suites by name.
    """
    claims: dict[str, ClaimTable] = {}
    if UNIT in suites:
        claims["suite-green"] = ClaimTable(
            expect="tests.failed == 0 and tests.errors == 0 and tests.missing == 0 and tests.passed > 0",
            text="Every test that ran passed",
        )
    if RUFF in suites:
        claims["ruff-clean"] = ClaimTable(expect="suites.ruff.findings == 0", text="Ruff finds nothing")
    if HIDDEN_STATE in suites:
        claims["no-new-hidden-state"] = ClaimTable(
            expect="hidden_state.new == 0 and hidden_state.unreadable == 0",
            text="No hidden state beyond what is allowed or in the ratchet",
        )
    return claims


def complete(campaign: Campaign, detected: Detected) -> Campaign:
    """Return a campaign with the gaps of its project filled in from what was detected.

    Args:
        campaign: As it was written.
        detected: What the project is made of.
    """
    project = campaign.project
    filled = Project(
        name=project.name or detected.name,
        packages=project.packages or detected.packages,
        sources=project.sources or detected.sources,
        python=project.python or detected.python,
    )
    return msgspec.structs.replace(campaign, project=filled)


def default_campaign(detected: Detected) -> Campaign:
    """Return the campaign of a project that has none.

    Args:
        detected: What the project is made of.
    """
    suites = default_suites(detected)
    config = detected.docs.config if detected.docs.kind == "mkdocs" else "mkdocs.yml"
    return complete(Campaign(site=Site(config=config), suites=suites, claims=default_claims(suites)), detected)
