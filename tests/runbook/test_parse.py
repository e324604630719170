"""A runbook is read exactly, and all that is wrong with one is told at once."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.markdown.attributes import read_info
from overt.model import Problems
from overt.runbook.front import read_duration, read_front
from overt.runbook.parse import is_runbook, parse_runbook

WHOLE = """\
---
id: restore
owner: "ops"   # who is asked
risk: high
rehearse_every: 30d
env:
  - STORE=a.db
  - TOKEN
inputs: [src/store, data.json]
tags: [x]
---
# Restore the store

## Save

```bash { .precheck timeout=2 }
test -e a.db
```
```bash { .step id=save timeout=1m confirm="the old copy" }
cp a.db b.db
```
~~~json { .expect for=save match=json }
{}
~~~
```python { .undo for=save timeout=500ms }
import os
```
"""


def problems(text: str) -> list[str]:
    with pytest.raises(Problems) as caught:
        parse_runbook("r.md", text)
    return [str(problem) for problem in caught.value.problems]


def test_everything_written_is_read() -> None:
    """Front matter, roles, attributes, bodies, lines and headings arrive as they are written."""
    runbook = parse_runbook("docs/r.md", WHOLE)
    assert (runbook.id, runbook.title, runbook.owner, runbook.risk) == ("restore", "Restore the store", "ops", "high")
    assert runbook.rehearse_every_ns == 30 * 86400 * 10**9
    assert (runbook.env, runbook.inputs) == (("STORE=a.db", "TOKEN"), ("src/store", "data.json"))
    assert [(b.role, b.id, b.target, b.language, b.timeout, b.location.line) for b in runbook.blocks] == [
        ("precheck", "precheck-1", "", "bash", 2.0, 16),
        ("step", "save", "", "bash", 60.0, 19),
        ("expect", "expect-save", "save", "json", None, 22),
        ("undo", "undo-save", "save", "python", 0.5, 25),
    ]
    assert [block.heading for block in runbook.blocks] == ["Save"] * 4
    assert (runbook.of("step")[0].confirm, runbook.of("step")[0].body) == ("the old copy", "cp a.db b.db\n")


def test_line_ends_of_windows_change_nothing_but_the_digest() -> None:
    """The blocks are the same; the digest is that of the bytes."""
    unix, windows = parse_runbook("r.md", WHOLE), parse_runbook("r.md", WHOLE.replace("\n", "\r\n"))
    assert unix.blocks == windows.blocks
    assert unix.text_sha256 != windows.text_sha256


def test_all_errors_are_told_at_once_with_lines_and_near_names() -> None:
    """Nobody mends a runbook one run at a time."""
    text = """\
---
id: a b
onwer: ops
risk: hihg
rehearse_every: soon
env: [1X]
---
```bash { .stpe id=a }
```
```bash { .step timout=3 id=a }
```
```sh { .step id=a timeout=never }
```
```bash { .check }
```
```text { .expect for=b match=regx }
```
```text { .expect for=a match=regex }
(
```
```bash { .undo for=aa oops }
"""
    assert problems(text) == [
        "r.md:2: id 'a b' is no name (letters, digits, `-`, `_` and `.`)",
        "r.md:3: unknown key 'onwer' in the front matter (did you mean 'owner'?)",
        "r.md:4: unknown risk 'hihg' (did you mean 'high'?)",
        "r.md:5: 'soon' is no duration (write it as `30d`, `12h` or `2w`)",
        "r.md:6: '1X' names no environment variable (write `NAME` or `NAME=value`)",
        "r.md:8: unknown role 'stpe' (did you mean 'step'?)",
        "r.md:10: unknown attribute 'timout' of role 'step' (did you mean 'timeout'?)",
        "r.md:12: language 'sh' does not run (write bash or python first)",
        "r.md:12: 'never' is no duration (write seconds, or `500ms`, `2m`)",
        "r.md:12: id 'a' is there twice (the first is in line 10)",
        "r.md:14: role 'check' does not say what it belongs to (write for=STEP)",
        "r.md:16: unknown match 'regx' (did you mean 'regex'?)",
        "r.md:16: expect for 'b', which is not there (known: a, check-1, undo-aa)",
        "r.md:18: no regular expression: missing ), unterminated subpattern",
        "r.md:21: the fence does not end (close it with the same marks)",
        "r.md:21: cannot read 'oops' in the braces (write key=value)",
        "r.md:21: undo for 'aa', which is not there (did you mean 'a'?)",
    ]


def test_a_page_without_id_or_step_is_refused() -> None:
    """A runbook that does nothing is a mistake."""
    assert problems("# Hello\n") == [
        "r.md: no step (write a fence ```bash { .step id=... timeout=... })",
        "r.md:1: no id in the front matter (begin the page with `---`, `id: NAME`, `---`)",
    ]


def test_fences_that_are_shown_only_are_left_alone() -> None:
    """Samples inside a longer fence, in a comment, or with the site's own attributes have no role."""
    shown = "````markdown\n```bash { .step id=x }\n```\n````\n<!--\n```bash { .step id=y }\n```\n-->\n"
    styled = '```bash { .no-copy title="x" hl_lines="1" }\nls\n```\n'
    assert [block.id for block in parse_runbook("r.md", WHOLE + shown + styled).of("step")] == ["save"]


def test_a_step_in_a_list_runs_without_its_indentation() -> None:
    """What a reader sees as code is what runs, and it belongs to the heading above it."""
    fence = "    ```bash { .step id=copy timeout=5 }\n    if true; then\n      ls\n    fi\n    ```\n"
    listed = f"## Save\n\n1.  Copy it:\n\n{fence}"
    step = next(block for block in parse_runbook("r.md", WHOLE + listed).of("step") if block.id == "copy")
    assert (step.body, step.heading) == ("if true; then\n  ls\nfi\n", "Save")


def test_a_page_is_a_runbook_by_its_id_or_its_roles() -> None:
    """An index page beside runbooks is none."""
    assert is_runbook("r.md", WHOLE)
    assert is_runbook("r.md", "```bash { .step id=a }\n```\n")
    assert not is_runbook("r.md", "---\ntitle: Runbooks\n---\n# Runbooks\n```bash\nls\n```\n")


def test_an_open_front_matter_is_told() -> None:
    """The whole page would be taken for it."""
    assert "r.md:1: the front matter does not end (close it with a line `---`)" in problems("---\nid: a\n# Hi\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30", 30 * 10**9),
        ("1.5", 1_500_000_000),
        ("500ms", 500_000_000),
        ("2w", 14 * 86400 * 10**9),
        ("0", None),
        ("-1", None),
        ("", None),
    ],
)
def test_durations(text: str, expected: int | None) -> None:
    """A duration is a number above zero with a unit."""
    assert read_duration(text) == expected


@given(st.text(alphabet="`~ {}.=\"'#\n-<>!abid:[],step", max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Whatever is written, a runbook or its problems come out."""
    with contextlib.suppress(Problems):
        assert parse_runbook("r.md", text).of("step")


@given(
    st.dictionaries(
        st.from_regex(r"[a-z][a-z-]{0,8}", fullmatch=True),
        st.text(st.characters(exclude_characters='"\r\n', exclude_categories=("Cs",)), max_size=12),
        max_size=4,
    )
)
def test_attributes_survive_being_written_and_read(values: dict[str, str]) -> None:
    """Quoted values may hold anything but the quote, also braces and equals signs."""
    written = " ".join(f'{key}="{value}"' for key, value in values.items())
    assert read_info(f"bash {{ .step {written} }}").values == values


@given(st.lists(st.from_regex(r"[A-Z][A-Z0-9]{0,5}=[a-z0-9./]{0,6}", fullmatch=True), max_size=4))
def test_lists_in_the_front_matter_read_the_same_in_both_spellings(values: list[str]) -> None:
    """`[a, b]` and one `- item` a line are the same."""
    inline = f"---\nenv: [{', '.join(values)}]\n---\n"
    lines = "---\nenv:\n" + "".join(f"  - {value}\n" for value in values) + "---\n"
    assert read_front("r.md", inline)[0].values == read_front("r.md", lines)[0].values == {"env": values}
