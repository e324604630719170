"""The first runbook of an adopted project: a release, and the way back; it holds when it is rehearsed as it stands."""

from __future__ import annotations

import re

from overt.campaign.adopt_pages import escaped
from overt.campaign.detect import Detected

NAME = "release-and-roll-back"
REASON = "a runbook to start from; overt rehearse --all tries it"

_TEXT = """\
---
id: release-and-roll-back
owner: maintainers
risk: medium
rehearse_every: 90d
---
# Release {title}, and roll back

A runbook to start from. It packs the files of the project, puts the new release beside the one that is there, and
switches to it; the way back is under each step. Put your own commands in their place and keep the shape: a step, a
check that fails before it and passes after it, an undo.

`overt rehearse {name}` carries all of it out in a scratch copy of the project, takes it back, and records whether both
did what this page says. `overt rehearse {name} --plan` shows the order and runs nothing.

## Before you begin

Nothing of an earlier attempt is left.

```bash {{ .precheck id=nothing-left timeout=10 }}
test ! -e {folder}/next
```

What is watched meanwhile: the releases that are there, and which of them is in use.

```bash {{ .state id=releases timeout=10 }}
ls -1 {folder} 2>/dev/null || echo "no release yet"
readlink {folder}/current 2>/dev/null || echo "none in use"
```

## 1. Pack

```bash {{ .step id=pack timeout=300 }}
mkdir -p {folder}/next
tar -czf {folder}/next/{archive}.tar.gz --exclude=./{folder} .
(cd {folder}/next && cksum {archive}.tar.gz > checksum)
```

The archive can be read, and is the one that the checksum was made of.

```bash {{ .check id=packed for=pack timeout=60 }}
tar -tzf {folder}/next/{archive}.tar.gz > {folder}/listing
rm {folder}/listing
(cd {folder}/next && cksum {archive}.tar.gz | cmp - checksum)
```

Take it back:

```bash {{ .undo for=pack timeout=30 confirm="the folder {folder}/next; a release that is in use stays" }}
rm -r {folder}/next
rmdir {folder} 2>/dev/null || true
```

## 2. Switch to it

```bash {{ .step id=switch timeout=30 }}
readlink {folder}/current > {folder}/next/before || true
ln -sfn next {folder}/current
```

```bash {{ .check id=in-use for=switch timeout=10 }}
test "$(readlink {folder}/current)" = next
```

**Look before you go on:** whatever tells you that users are well. When in doubt, roll back:

```bash {{ .undo for=switch timeout=30 confirm="the link {folder}/current, which is set to the release before" }}
before="$(cat {folder}/next/before)"
rm {folder}/current {folder}/next/before
if test -n "$before"; then ln -s "$before" {folder}/current; fi
```

## When something goes wrong

| What you see | What it means | What to do |
| --- | --- | --- |
| the precheck fails | an earlier release was not finished | find out why, then remove `{folder}/next` |
| the checksum differs | the archive was changed or cut off | pack again; look at the disk |
| the link does not change | somebody else holds the folder | look who owns `{folder}` |
"""


def runbook_path(folder: str) -> str:
    """Return where the runbook goes: below the pages when `overt rehearse` looks there, else in a folder of its own.

    Args:
        folder: Folder of the pages, relative to the root.
    """
    return f"docs/how-to/runbooks/{NAME}.md" if folder == "docs" else f"runbooks/{NAME}.md"


def runbook(detected: Detected) -> str:
    """Return the runbook as Markdown.

    Args:
        detected: What the project is made of.
    """
    archive = re.sub(r"[^A-Za-z0-9._-]+", "-", detected.name).strip("-.") or "project"
    return _TEXT.format(title=escaped(detected.name), name=NAME, folder="releases", archive=archive)
