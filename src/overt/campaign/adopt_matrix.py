"""The jobs that run the suites in parts on several machines of a CI service, join the ledgers, build and publish."""

from __future__ import annotations

import json

CHECKOUT = "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0"
SETUP_PYTHON = "actions/setup-python@e797f83bcb11b83ae66e0230d6156d7c80228e7c # v6.0.0"
UPLOAD = "actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2"
DOWNLOAD = "actions/download-artifact@d3f86a106a0bac45b974a628896c90dbdf5c8093 # v4.3.0"
UPLOAD_PAGES = "actions/upload-pages-artifact@7b1f4a764d45c48632c6b24a0339c27f5614fb0b # v4.0.0"
DEPLOY_PAGES = "actions/deploy-pages@d6db90164ac5ed86f2b6aed7e0febac5b3c0c03e # v4.0.5"

PUBLISH = "OVERT_PUBLISH"
"""Variable of the project on its CI service that lets the site be published when it is `true`."""

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
  cancel-in-progress: true
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
      - name: Review the change on that evidence
        if: ${{ !cancelled() }}
        run: overt review --ci --fail-on never || test $? -eq 3
      - name: Build the site
        if: ${{ !cancelled() }}
        run: overt build
      - name: Keep the site and the evidence
        if: ${{ !cancelled() }}
        uses: <UPLOAD>
        with:
          name: site-and-evidence
          path: |
            <OUTPUT>
            .overt/runs
            .overt/review
            durations.json
          include-hidden-files: true
          overwrite: true
      - name: Hand the site over to be published
        if: ${{ <WHEN> }}
        uses: <UPLOAD_PAGES>
        with:
          path: <OUTPUT>
  publish:
    needs: report
    if: ${{ <WHEN> }}
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    permissions:
      pages: write
      id-token: write
    environment:
      name: github-pages
      url: ${{ steps.deployment.outputs.page_url }}
    steps:
      - id: deployment
        uses: <DEPLOY_PAGES>
"""
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
_WHEN = (
    f"vars.{PUBLISH} == 'true' && github.event_name == 'push' "
    "&& github.ref_name == github.event.repository.default_branch"
)

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
    - overt review --ci --fail-on never || test $? -eq 3 || status=$?
    - overt build || status=$?
    - exit "$status"
  artifacts:
    when: always
    paths:
      - <OUTPUT>
      - .overt/runs
      - .overt/review
      - durations.json

pages:
  image: python:3.13
  needs: [overt]
  rules:
    - if: <WHEN>
  script:
    - mv <OUTPUT> public
  artifacts:
    paths:
      - public
"""


def github_matrix(commands: list[str], output: str, shards: int) -> str:
    """Return a workflow for GitHub with one job for each part.

    Args:
        commands: Commands that install everything.
        output: Folder of the built site.
        shards: How many parts.
    """
    lines = "".join(f"          {command}\n" for command in commands)
    parts = {
        "SETUP": _filled(_SETUP, {"COMMANDS": lines, "CHECKOUT": CHECKOUT, "SETUP_PYTHON": SETUP_PYTHON}),
        "NUMBERS": ", ".join(map(str, range(1, shards + 1))),
        "SHARDS": str(shards),
        "UPLOAD": UPLOAD,
        "DOWNLOAD": DOWNLOAD,
        "UPLOAD_PAGES": UPLOAD_PAGES,
        "DEPLOY_PAGES": DEPLOY_PAGES,
        "WHEN": _WHEN,
        "OUTPUT": output,
    }
    return _filled(_GITHUB, parts)


def gitlab_matrix(commands: list[str], output: str, shards: int) -> str:
    """Return jobs for GitLab, one of them in as many copies as there are parts.

    Args:
        commands: Commands that install everything.
        output: Folder of the built site.
        shards: How many parts.
    """
    lines = "".join(f"    - {json.dumps(command)}\n" for command in commands)
    when = f'$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH && ${PUBLISH} == "true"'
    parts = {"COMMANDS": lines, "SHARDS": str(shards), "OUTPUT": output, "WHEN": when}
    return _filled(_GITLAB, parts)


def _filled(text: str, parts: dict[str, str]) -> str:
    for name, value in parts.items():
        text = text.replace(f"<{name}>", value)
    return text
