"""The job that validates a project and builds its site on its CI service."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from overt.campaign.detect import Detected
from overt.campaign.known import Known
from overt.campaign.records import Campaign
from overt.campaign.tables import read_toml, table

GITHUB, GITLAB = ".github/workflows/overt.yml", ".gitlab/overt.yml"

CHECKOUT = "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0"
SETUP_PYTHON = "actions/setup-python@e797f83bcb11b83ae66e0230d6156d7c80228e7c # v6.0.0"
UPLOAD = "actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2"

_NAMES = ("test", "tests", "testing", "dev")
_FILES = (
    *("requirements-test.txt", "requirements-tests.txt", "test-requirements.txt", "requirements/test.txt"),
    *("requirements/tests.txt", "requirements-dev.txt", "dev-requirements.txt", "requirements/dev.txt"),
)


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
  cancel-in-progress: true
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
      - name: Build the site
        if: ${{{{ !cancelled() }}}}
        run: overt build
      - uses: {UPLOAD}
        if: ${{{{ !cancelled() }}}}
        with:
          name: site-and-evidence
          path: |
            {output}
            .overt/runs
          include-hidden-files: true
"""


def _gitlab(commands: list[str], output: str) -> str:
    steps = "".join(f"    - {json.dumps(command)}\n" for command in commands)
    return f"""\
overt:
  image: python:3.13
  variables:
    GIT_DEPTH: "0"
  script:
{steps}    - overt validate
    - overt build
  artifacts:
    when: always
    paths:
      - {output}
      - .overt/runs
"""


def workflow(root: Path, detected: Detected, known: Known, campaign: Campaign) -> Workflow | None:
    """Return the file for the CI service of a project; None when it has one that overt writes nothing for.

    Args:
        root: Folder of the project.
        detected: What it is made of. Without any CI service, GitHub's is assumed.
        known: What was measured today.
        campaign: Its campaign.
    """
    requirement = known.requirement or f"overt[site,validate]=={known.version}"
    commands = install_commands(root, detected, requirement)
    if "github" in detected.ci or not detected.ci:
        why = "validate and build on every push; actions pinned"
        return Workflow(GITHUB, _github(commands, campaign.site.output), why)
    if "gitlab" in detected.ci:
        return Workflow(GITLAB, _gitlab(commands, campaign.site.output), "validate and build on every push")
    return None


def notes(detected: Detected) -> tuple[str, ...]:
    """Return what is left for the user to do on the CI service, one sentence each.

    Args:
        detected: What it is made of.
    """
    if "github" in detected.ci or not detected.ci:
        return ()
    if "gitlab" in detected.ci:
        return (f"Add to {detected.ci['gitlab']}: include: [{{local: {GITLAB}}}]",)
    service, path = next(iter(detected.ci.items()))
    return (f"{path}: let {service} run `overt validate` and `overt build`; no file is written for it.",)
