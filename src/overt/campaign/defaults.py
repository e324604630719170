"""The campaign of a project that has not written one: what was detected, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from overt.campaign.detect import Detected
from overt.campaign.records import Campaign, ClaimTable, Project, Site, Suite

UNIT, RESULTS, RUFF, HIDDEN_STATE = "unit", "results", "ruff", "hidden-state"


def _home(path: str, projects: Sequence[str]) -> str:
    """Return the innermost project folder that a path is in."""
    around = (folder for folder in projects if folder and path.startswith(f"{folder}/"))
    return max(around, key=len, default="")


def _pytest(detected: Detected, tests: tuple[str, ...], title: str) -> Suite:
    # pytest runs the tests of unittest too, but finds fewer files than `unittest discover` unless told.
    found = ("-o", "python_files=test*.py") if detected.runner == "unittest" else ()
    return Suite(kind="pytest", title=title, args=(*found, *tests))


def _test_suites(detected: Detected) -> Iterator[tuple[str, Suite]]:
    """Yield one suite for a project, or one for each project of a monorepo: their test modules may share names."""
    homes: dict[str, list[str]] = {}
    for path in detected.tests:
        homes.setdefault(_home(path, detected.projects), []).append(path)
    if len(homes) < 2:
        yield UNIT, _pytest(detected, () if detected.runner_config else detected.tests, "Tests")
        return
    for home, tests in sorted(homes.items()):
        slug = re.sub(r"[^a-z0-9]+", "-", home.lower()).strip("-")
        title = f"Tests of {home}" if home else "Tests"
        yield (f"{UNIT}-{slug}" if slug else UNIT), _pytest(detected, tuple(tests), title)


def default_suites(detected: Detected) -> dict[str, Suite]:
    """Return the suites that what was detected calls for.

    Args:
        detected: What the project is made of.
    """
    suites: dict[str, Suite] = dict(_test_suites(detected)) if detected.runner else {}
    if detected.results:
        suites[RESULTS] = Suite(kind="import", title="Tests", format="junit", files=detected.results)
    if "ruff" in detected.linters:
        suites[RUFF] = Suite(kind="lint", title="Ruff", command=("ruff", "check"))
    if detected.packages:
        suites[HIDDEN_STATE] = Suite(kind="hidden-state", title="Hidden state")
    return suites


def default_claims(suites: dict[str, Suite]) -> dict[str, ClaimTable]:
    """Return the claims that those suites can hold.

    Args:
        suites: Suites by name.
    """
    claims: dict[str, ClaimTable] = {}
    if any(suite.kind in {"pytest", "import"} for suite in suites.values()):
        claims["suite-green"] = ClaimTable(
            expect="tests.failed == 0 and tests.errors == 0 and tests.missing == 0 and tests.passed > 0",
            text="Every test that ran passed",
        )
    if RUFF in suites and suites[RUFF].at_most:
        # The number of that day, written out: whoever changes what the suite allows does not change what is claimed.
        claims["ruff-no-more"] = ClaimTable(
            expect=f"suites.ruff.findings <= {suites[RUFF].at_most}",
            text="Ruff finds no more than on the day of adoption",
        )
    elif RUFF in suites:
        claims["ruff-clean"] = ClaimTable(expect="suites.ruff.findings == 0", text="Ruff finds nothing")
    if HIDDEN_STATE in suites:
        claims["no-new-hidden-state"] = ClaimTable(
            expect=f"hidden_state.files > 0 and suites.{HIDDEN_STATE}.outcome == 'proved'",
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
