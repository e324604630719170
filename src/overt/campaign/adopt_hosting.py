"""The steps that keep a history on a branch, build a preview of each change, and publish the site."""

from __future__ import annotations

import shlex

CHECKOUT = "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0"
SETUP_PYTHON = "actions/setup-python@e797f83bcb11b83ae66e0230d6156d7c80228e7c # v6.0.0"
UPLOAD = "actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2"
DOWNLOAD = "actions/download-artifact@d3f86a106a0bac45b974a628896c90dbdf5c8093 # v4.3.0"
UPLOAD_PAGES = "actions/upload-pages-artifact@7b1f4a764d45c48632c6b24a0339c27f5614fb0b # v4.0.0"
DEPLOY_PAGES = "actions/deploy-pages@d6db90164ac5ed86f2b6aed7e0febac5b3c0c03e # v4.0.5"

PUBLISH = "OVERT_PUBLISH"
"""Variable of the project on its CI service that lets the site be published when it is `true`."""

HISTORY = "OVERT_HISTORY"
"""Variable that lets the history be kept on its branch when it is `true`."""

BRANCH = "overt-history"
"""Branch that holds the history, and what the newest site of the default branch holds; nothing else is on it."""

TAKE = f"""\
mkdir -p .overt/main
for name in history.jsonl pages.json; do
  git cat-file blob "refs/remotes/origin/{BRANCH}:$name" > ".overt/main/$name" 2> /dev/null || rm -f ".overt/main/$name"
done
if test -s .overt/main/history.jsonl; then
  overt evidence history --merge .overt/main/history.jsonl || test $? -eq 3
fi
"""
"""Takes the history from the checkout, which has every branch: no network, no token."""

BUILD = """\
status=0
overt build --against .overt/main/pages.json --changes .overt/changes.md || status=$?
test "$status" -ne 1 || overt build --no-strict --against .overt/main/pages.json --changes .overt/changes.md
exit "$status"
"""
"""Builds the site; one that says what does not hold is built all the same to be looked at, and the step fails."""

HAND_OVER = """\
mkdir -p .overt/remember
cp .overt/history.jsonl <OUTPUT>/overt/pages.json .overt/remember/
"""

SUMMARY = """\
if test -n "$SITE"; then printf '[The site and its evidence](%s)\\n\\n' "$SITE" >> "$GITHUB_STEP_SUMMARY"; fi
if test -f .overt/changes.md; then cat .overt/changes.md >> "$GITHUB_STEP_SUMMARY"; fi
"""

REMEMBER = f"""\
set -eu
for name in history.jsonl pages.json; do
  if test -L ".overt/remember/$name" || ! test -f ".overt/remember/$name"; then
    echo "$name was not handed over" >&2
    exit 1
  fi
done
kept=$(mktemp -d)
export GIT_DIR="$kept/git" GIT_AUTHOR_NAME=overt GIT_AUTHOR_EMAIL=overt@localhost
export GIT_COMMITTER_NAME=overt GIT_COMMITTER_EMAIL=overt@localhost GIT_TERMINAL_PROMPT=0
git init -q --bare "$GIT_DIR"
git config credential.helper '!f() {{ echo "username=$LOGIN"; echo "password=$TOKEN"; }}; f'
branch=refs/heads/{BRANCH}
for try in 1 2 3 4 5 6 7 8 9 10; do
  there=0 parent='' newest=0
  : > "$kept/old"
  pages=$(git hash-object -w .overt/remember/pages.json)
  git ls-remote --exit-code "$FORGE" "$branch" > "$kept/seen" || there=$?
  if test "$there" -eq 0; then
    git fetch -q --depth 1 "$FORGE" "$branch"
    parent=$(git rev-parse FETCH_HEAD)
    git cat-file blob "$parent:history.jsonl" > "$kept/old"
    newest=$(git cat-file blob "$parent:number")
  elif test "$there" -ne 2; then
    exit 1
  fi
  if test "$newest" -gt "$NUMBER"; then
    pages=$(git rev-parse "$parent:pages.json")
  else
    newest=$NUMBER
  fi
  awk '!seen[$0]++' "$kept/old" .overt/remember/history.jsonl > "$kept/all"
  lines=$(git hash-object -w "$kept/all")
  number=$(printf '%s\\n' "$newest" | git hash-object -w --stdin)
  tree=$(printf '100644 blob %s\\t%s\\n' "$lines" history.jsonl "$number" number "$pages" pages.json | git mktree)
  commit=$(git commit-tree "$tree" ${{parent:+-p "$parent"}} -m "Remember $COMMIT")
  if git push -q ${{SILENT:+-o "$SILENT"}} "$FORGE" "$commit:$branch"; then exit 0; fi
  sleep "$try"
done
echo "others kept adding to {BRANCH}; run this job again" >&2
exit 1
"""
"""Adds to the branch without a checkout; a push that comes second is refused, and tried again on top of the first."""

ON_DEFAULT = "github.event_name == 'push' && github.ref_name == github.event.repository.default_branch"
WHEN_PUBLISHED = f"vars.{PUBLISH} == 'true' && {ON_DEFAULT}"
WHEN_REMEMBERED = f"!cancelled() && vars.{HISTORY} == 'true' && {ON_DEFAULT}"

_GITHUB_STEPS = """\
      - name: Take the history of the default branch
        if: ${{ !cancelled() }}
        run: |
<TAKE>      - name: Review the change on that evidence
        if: ${{ !cancelled() }}
        run: overt review --ci --fail-on never || test $? -eq 3
      - name: Build the site
        if: ${{ !cancelled() }}
        run: |
<BUILD>      - name: Keep the site and the evidence
        id: kept
        if: ${{ !cancelled() }}
        uses: <UPLOAD>
        with:
          name: site-and-evidence
          path: |
            <OUTPUT>
            .overt/runs
            .overt/review
<MORE>          include-hidden-files: true
          retention-days: 30
          overwrite: true
      - name: Tell what changed
        if: ${{ !cancelled() }}
        env:
          SITE: ${{ steps.kept.outputs.artifact-url }}
        run: |
<SUMMARY>      - name: Choose what is to be remembered
        if: ${{ <WHEN_REMEMBERED> }}
        run: |
<HAND_OVER>      - name: Hand it over
        if: ${{ <WHEN_REMEMBERED> }}
        uses: <UPLOAD>
        with:
          name: remember
          path: .overt/remember
          include-hidden-files: true
          if-no-files-found: error
          retention-days: 1
          overwrite: true
      - name: Hand the site over to be published
        if: ${{ <WHEN_PUBLISHED> }}
        uses: <UPLOAD_PAGES>
        with:
          path: <OUTPUT>
"""

_GITHUB_JOBS = """\
  remember:
    needs: <JOB>
    if: ${{ <WHEN_REMEMBERED> }}
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    permissions:
      contents: write
    steps:
      - uses: <DOWNLOAD>
        with:
          name: remember
          path: .overt/remember
      - name: Add to the history
        env:
          FORGE: ${{ github.server_url }}/${{ github.repository }}
          LOGIN: x-access-token
          TOKEN: ${{ github.token }}
          COMMIT: ${{ github.sha }}
          NUMBER: ${{ github.run_number }}
        run: |
<REMEMBER>  publish:
    needs: <JOB>
    if: ${{ <WHEN_PUBLISHED> }}
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

_GITLAB_SCRIPT = """\
    - |
<TAKE>    - overt review --ci --fail-on never || test $? -eq 3 || status=$?
    - |
      (
<BUILD>      ) || status=$?
    - |
      if test -n "$CI_COMMIT_BRANCH" && test "$CI_COMMIT_BRANCH" = "$CI_DEFAULT_BRANCH"; then
<HAND_OVER>      fi || status=$?
    - if test -f .overt/changes.md; then cat .overt/changes.md; fi
    - exit "$status"
"""

_GITLAB_JOBS = """\
overt-preview:
  image: python:3.13
  needs: [overt]
  variables:
    GIT_STRATEGY: none
  rules:
    - if: $CI_COMMIT_BRANCH && $CI_COMMIT_BRANCH != $CI_DEFAULT_BRANCH
      when: always
  allow_failure: true
  script:
    - test -f <OUTPUT>/overt/changes.html
  environment:
    name: review/$CI_COMMIT_REF_SLUG
    url: $CI_JOB_URL/artifacts/file/<PATH>/overt/changes.html
    auto_stop_in: 2 weeks
  artifacts:
    paths:
      - <PATH>
    expire_in: 2 weeks

overt-remember:
  image: python:3.13
  needs: [overt]
  variables:
    GIT_STRATEGY: none
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH && $<HISTORY> == "true"
      when: always
  script:
    - export FORGE="$CI_PROJECT_URL.git" COMMIT="$CI_COMMIT_SHA" NUMBER="$CI_PIPELINE_IID" SILENT=ci.skip
    - export LOGIN=gitlab-ci-token TOKEN="$CI_JOB_TOKEN"
    - if test -n "${OVERT_HISTORY_TOKEN-}"; then export LOGIN=oauth2 TOKEN="$OVERT_HISTORY_TOKEN"; fi
    - |
<REMEMBER>
pages:
  image: python:3.13
  needs: [overt]
  variables:
    GIT_STRATEGY: none
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH && $<PUBLISH> == "true"
  script:
    - mv <OUTPUT> public
  artifacts:
    paths:
      - public
"""


def filled(text: str, parts: dict[str, str]) -> str:
    """Return a template with its `<NAME>` filled in.

    Args:
        text: The template.
        parts: Each name to what takes its place.
    """
    for name, value in parts.items():
        text = text.replace(f"<{name}>", value)
    return text


def indented(script: str, by: int) -> str:
    """Return the lines of a script behind so many blanks.

    Args:
        script: The script, each line with its end.
        by: How many.
    """
    return "".join(" " * by + line for line in script.splitlines(keepends=True))


def _parts(output: str, indent: int) -> dict[str, str]:
    scripts = {"TAKE": TAKE, "BUILD": BUILD, "SUMMARY": SUMMARY, "REMEMBER": REMEMBER}
    scripts["HAND_OVER"] = filled(HAND_OVER, {"OUTPUT": shlex.quote(output)})
    return {name: indented(script, indent) for name, script in scripts.items()}


def github_steps(output: str, more: str = "") -> str:
    """Return the steps of a workflow of GitHub that come after the evidence is there.

    Args:
        output: Folder of the built site.
        more: One more file to keep; empty for none.
    """
    parts = {
        **_parts(output, 10),
        "MORE": f"            {more}\n" if more else "",
        "UPLOAD_PAGES": UPLOAD_PAGES,
        "UPLOAD": UPLOAD,
        "WHEN_PUBLISHED": WHEN_PUBLISHED,
        "WHEN_REMEMBERED": WHEN_REMEMBERED,
        "OUTPUT": output,
    }
    return filled(_GITHUB_STEPS, parts)


def github_jobs(job: str) -> str:
    """Return the jobs of a workflow of GitHub that have a right to write, and run nothing of the project.

    Args:
        job: Name of the job that hands over what they write.
    """
    parts = {
        **_parts("", 10),
        "JOB": job,
        "DOWNLOAD": DOWNLOAD,
        "DEPLOY_PAGES": DEPLOY_PAGES,
        "WHEN_PUBLISHED": WHEN_PUBLISHED,
        "WHEN_REMEMBERED": WHEN_REMEMBERED,
    }
    return filled(_GITHUB_JOBS, parts)


def gitlab_script(output: str) -> str:
    """Return the lines of a script of GitLab that come after the evidence is there; `status` is what it came to.

    Args:
        output: Folder of the built site.
    """
    parts = _parts(output, 8)
    return filled(_GITLAB_SCRIPT, {**parts, "TAKE": indented(TAKE, 6)})


def gitlab_jobs(output: str) -> str:
    """Return the jobs of GitLab that preview, remember and publish; none has the project's code.

    Args:
        output: Folder of the built site.
    """
    parts = {
        **_parts(output, 6),
        "PATH": output,
        "OUTPUT": shlex.quote(output),
        "HISTORY": HISTORY,
        "PUBLISH": PUBLISH,
    }
    return filled(_GITLAB_JOBS, parts)
