"""The job that validates a project and builds its site on its CI service."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from overt.campaign.adopt_hosting import (
    BRANCH,
    CHECKOUT,
    HISTORY,
    PUBLISH,
    SETUP_PYTHON,
    github_jobs,
    github_steps,
    gitlab_jobs,
    gitlab_script,
)
from overt.campaign.adopt_matrix import github_matrix, gitlab_matrix
from overt.campaign.detect import Detected
from overt.campaign.known import Known
from overt.campaign.records import Campaign
from overt.campaign.tables import read_toml, table

GITHUB, GITLAB = ".github/workflows/overt.yml", ".gitlab/overt.yml"

_NAMES = ("test", "tests", "testing", "dev")
_FILES = (
    *("requirements-test.txt", "requirements-tests.txt", "test-requirements.txt", "requirements/test.txt"),
    *("requirements/tests.txt", "requirements-dev.txt", "dev-requirements.txt", "requirements/dev.txt"),
)


SERVICES = ("github", "gitlab")
"""The services that a file is written for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for beyond what the project shows.

    Args:
        service: One of the services; empty for the one that the project uses.
        shards: In how many parts the suites run.
    """

    service: str = ""
    shards: int = 1


AS_FOUND = Wanted()
"""Nothing was asked for."""


@dataclass(frozen=True, slots=True)
class Workflow:
    """A file for a CI service: path relative to the root, its text, and why it is written."""

    path: str
    text: str
    reason: str


def install_commands(root: Path, detected: Detected, requirement: str) -> list[str]:
    """Return the commands that install overt, the project and what its tests need.

    Args:
        root: Folder of the project.
        detected: What it is made of.
        requirement: What pip installs overt from.
    """
    document = read_toml(root / "pyproject.toml")
    commands = [f'python -m pip install "{requirement}"']
    extras = table(document, "project.optional-dependencies")
    extra = next((name for name in _NAMES if name in extras), "")
    commands += [
        f"python -m pip install -e {json.dumps(f'./{folder}' if folder else '.')}" for folder in detected.projects
    ]
    if extra and "" in detected.projects:
        commands = [line.replace('-e "."', f'-e ".[{extra}]"') for line in commands]
    group = next((name for name in _NAMES if name in table(document, "dependency-groups")), "")
    if group:
        commands.append(f"python -m pip install --upgrade pip && python -m pip install --group {group}")
    elif not extra:
        commands += [f"python -m pip install -r {name}" for name in _FILES if (root / name).is_file()][:1]
    return commands


def _github(commands: list[str], output: str) -> str:
    steps = "".join(f"          {command}\n" for command in commands)
    return f"""\
name: overt
on:
  push:
  pull_request:
permissions: {{}}
concurrency:
  group: overt-${{{{ github.ref }}}}
  cancel-in-progress: ${{{{ github.ref_name != github.event.repository.default_branch }}}}
jobs:
  overt:
    runs-on: ubuntu-24.04
    timeout-minutes: 45
    permissions:
      contents: read
    steps:
      - uses: {CHECKOUT}
        with:
          fetch-depth: 0
          persist-credentials: false
      - uses: {SETUP_PYTHON}
        with:
          python-version: "3.13"
      - name: Install
        run: |
{steps}      - name: Run the suites and record evidence
        run: overt validate
{github_steps(output)}{github_jobs("overt")}"""


def _gitlab(commands: list[str], output: str) -> str:
    steps = "".join(f"    - {json.dumps(command)}\n" for command in commands)
    return f"""\
overt:
  image: python:3.13
  variables:
    GIT_DEPTH: "0"
  script:
{steps}    - status=0
    - overt validate || status=$?
{gitlab_script(output)}  artifacts:
    when: always
    paths:
      - {output}
      - .overt/runs
      - .overt/review
      - .overt/remember
    expire_in: 30 days

{gitlab_jobs(output)}"""


def workflow(
    root: Path, detected: Detected, known: Known, campaign: Campaign, wanted: Wanted = AS_FOUND
) -> Workflow | None:
    """Return the file for the CI service of a project; None when it has one that overt writes nothing for.

    Args:
        root: Folder of the project.
        detected: What it is made of. Without any CI service, GitHub's is assumed.
        known: What was measured today.
        campaign: Its campaign.
        wanted: What was asked for.
    """
    requirement = known.requirement or f"overt[site,validate]=={known.version}"
    commands = install_commands(root, detected, requirement)
    output, service = campaign.site.output, wanted.service or _service(detected)
    parts = f"validate in {wanted.shards} parts at once, join, build" if wanted.shards > 1 else "validate and build"
    if service == "github":
        text = github_matrix(commands, output, wanted.shards) if wanted.shards > 1 else _github(commands, output)
        return Workflow(GITHUB, text, f"{parts} on every push; publish when allowed; actions pinned")
    if service == "gitlab":
        text = gitlab_matrix(commands, output, wanted.shards) if wanted.shards > 1 else _gitlab(commands, output)
        return Workflow(GITLAB, text, f"{parts} on every push; publish when allowed")
    return None


def _service(detected: Detected) -> str:
    return next((name for name in SERVICES if name in detected.ci), "" if detected.ci else SERVICES[0])


def notes(detected: Detected, wanted: Wanted = AS_FOUND) -> tuple[str, ...]:
    """Return what is left for the user to do on the CI service, one sentence each.

    Args:
        detected: What it is made of.
        wanted: What was asked for.
    """
    service = wanted.service or _service(detected)
    said = []
    if service == "gitlab":
        said.append(f"Add to {detected.ci.get('gitlab', '.gitlab-ci.yml')}: include: [{{local: {GITLAB}}}]")
    if service:
        where = "a repository variable" if service == "github" else "a CI/CD variable"
        said.append(f"The site is published from the default branch once {where} {PUBLISH} is true.")
        said.append(f"The history is kept on the branch {BRANCH} once {HISTORY} is true.")
    if service and wanted.shards > 1:
        said.append(
            "Commit the durations.json of its artifacts as validation/durations.json: parts are balanced by it."
        )
    if not service:
        name, path = next(iter(detected.ci.items()))
        said.append(f"{path}: let {name} run `overt validate` and `overt build`; no file is written for it.")
    return tuple(said)


def kept(change: str, wanted: Wanted) -> str:
    """Return what to do about a file that was asked for and is there already.

    Args:
        change: Its path.
        wanted: What was asked for.
    """
    return (
        f"{change} is there already and was left as it is: move it away and run overt init --ci {wanted.service} again."
    )
