"""The jobs that run the suites in parts on several machines of a CI service, join the ledgers, build and publish."""

from __future__ import annotations

import json

from overt.campaign.adopt_hosting import (
    CHECKOUT,
    DOWNLOAD,
    SETUP_PYTHON,
    UPLOAD,
    filled,
    github_jobs,
    github_steps,
    gitlab_jobs,
    gitlab_script,
)

MOST = 64
"""Most parts that a workflow is written for."""

_GITHUB = """\
name: overt
on:
  push:
  pull_request:
permissions: {}
concurrency:
  group: overt-${{ github.ref }}
  cancel-in-progress: ${{ github.ref_name != github.event.repository.default_branch }}
jobs:
  shard:
    runs-on: ubuntu-24.04
    timeout-minutes: 45
    permissions:
      contents: read
    strategy:
      fail-fast: false
      matrix:
        shard: [<NUMBERS>]
    steps:
<SETUP>      - name: Run a part of the suites
        run: overt validate --shard ${{ matrix.shard }}/<SHARDS>
      - name: Keep its evidence
        if: ${{ !cancelled() }}
        uses: <UPLOAD>
        with:
          name: evidence-${{ matrix.shard }}
          path: .overt/runs
          include-hidden-files: true
          if-no-files-found: error
          overwrite: true
  report:
    needs: shard
    if: ${{ !cancelled() }}
    runs-on: ubuntu-24.04
    timeout-minutes: 45
    permissions:
      contents: read
    steps:
<SETUP>      - uses: <DOWNLOAD>
        with:
          pattern: evidence-*
          path: .overt/parts
      - name: Join the parts
        run: overt evidence merge .overt/parts/*
      - name: Judge the whole
        if: ${{ !cancelled() }}
        run: overt evidence show latest
      - name: Tell how long everything took
        if: ${{ !cancelled() }}
        run: overt evidence export latest --format durations --output durations.json
<STEPS><JOBS>"""
_SETUP = """\
      - uses: <CHECKOUT>
        with:
          fetch-depth: 0
          persist-credentials: false
      - uses: <SETUP_PYTHON>
        with:
          python-version: "3.13"
      - name: Install
        run: |
<COMMANDS>"""
_GITLAB = """\
.overt:
  image: python:3.13
  variables:
    GIT_DEPTH: "0"
  before_script:
<COMMANDS>
overt-shard:
  extends: .overt
  parallel: <SHARDS>
  script:
    - overt validate --shard "$CI_NODE_INDEX/$CI_NODE_TOTAL"
  after_script:
    - mkdir -p .overt/parts && mv .overt/runs ".overt/parts/$CI_NODE_INDEX"
  artifacts:
    when: always
    paths:
      - .overt/parts

overt:
  extends: .overt
  needs: [overt-shard]
  rules:
    - when: always
  script:
    - status=0
    - overt evidence merge .overt/parts/* || status=$?
    - overt evidence show latest || status=$?
    - overt evidence export latest --format durations --output durations.json || status=$?
<SCRIPT>  artifacts:
    when: always
    paths:
      - <OUTPUT>
      - .overt/runs
      - .overt/review
      - .overt/remember
      - durations.json
    expire_in: 30 days

<JOBS>"""


def github_matrix(commands: list[str], output: str, shards: int) -> str:
    """Return a workflow for GitHub with one job for each part.

    Args:
        commands: Commands that install everything.
        output: Folder of the built site.
        shards: How many parts.
    """
    lines = "".join(f"          {command}\n" for command in commands)
    parts = {
        "SETUP": filled(_SETUP, {"COMMANDS": lines, "CHECKOUT": CHECKOUT, "SETUP_PYTHON": SETUP_PYTHON}),
        "NUMBERS": ", ".join(map(str, range(1, shards + 1))),
        "SHARDS": str(shards),
        "UPLOAD": UPLOAD,
        "DOWNLOAD": DOWNLOAD,
        "STEPS": github_steps(output, "durations.json"),
        "JOBS": github_jobs("report"),
    }
    return filled(_GITHUB, parts)


def gitlab_matrix(commands: list[str], output: str, shards: int) -> str:
    """Return jobs for GitLab, one of them in as many copies as there are parts.

    Args:
        commands: Commands that install everything.
        output: Folder of the built site.
        shards: How many parts.
    """
    lines = "".join(f"    - {json.dumps(command)}\n" for command in commands)
    parts = {"COMMANDS": lines, "SHARDS": str(shards), "SCRIPT": gitlab_script(output), "JOBS": gitlab_jobs(output)}
    parts["OUTPUT"] = output
    return filled(_GITLAB, parts)
