"""Makes the pages of the guidelines that show files: `python examples/guidelines/pages.py`.

What they show is read from the files themselves, from the rules of the linter and from those of the review, so that
none of it is written twice. A test holds the pages against what this makes.
"""

from __future__ import annotations

import posixpath
import sys
import textwrap
import tomllib
from dataclasses import dataclass
from pathlib import Path

from overt.lint.rules import all_rules
from overt.review.rules import all_rules as all_review_rules

HERE = Path(__file__).resolve().parent
NOTE = "<!-- Made from `examples/guidelines` and the rules by `python examples/guidelines/pages.py`; edit them. -->"
DOCS = HERE.parents[1] / "docs"
FOLDER = "explanation/guidelines"
PICTURE = "assets/guidelines/which-form.svg"
QUESTIONS = (
    ("Does only this call need it?", "a parameter"),
    ("Does it change over the life of one object?", "an attribute"),
    ("Could it be computed again if it were lost?", "a cache of its owner"),
    ("Is it looked up by name, and does it go by itself?", "an entry of a registry"),
    ("Do many calls pass it on without looking at it?", "a context variable"),
    ("Does it choose between two behaviours for a while?", "a flag"),
    ("Is it work that goes on by itself?", "a task or thread"),
)
"""What the picture asks, from the top, and the form that a yes leads to."""
STYLE = """\
  .card { fill: #ffffff; stroke: #d0d7de; }
  .ask { fill: #f6f8fa; stroke: #57606a; }
  .form { fill: #ddf4ff; stroke: #0969da; }
  text { fill: #1f2328; font: 14px system-ui, sans-serif; }
  .mid { text-anchor: middle; }
  .line { stroke: #57606a; fill: none; stroke-width: 1.5; }
  .tip { fill: #57606a; }
  @media (prefers-color-scheme: dark) {
    .card { fill: #161b22; stroke: #3d444d; }
    .ask { fill: #21262d; stroke: #9198a1; }
    .form { fill: #0c2d4d; stroke: #4493f8; }
    text { fill: #f0f6fc; }
    .line { stroke: #9198a1; }
    .tip { fill: #9198a1; }
  }"""


@dataclass(frozen=True)
class Pair:
    """A pattern: two files, what tells them apart, and what is said of them."""

    name: str
    folder: Path
    title: str
    place: str
    purpose: str
    rules: tuple[str, ...]
    wrong: str
    instead: str
    exercise: str = ""
    see: tuple[str, ...] = ()

    @property
    def page(self) -> str:
        """Where it is shown, relative to the documents."""
        return f"{FOLDER}/{self.name}.md"


def read_pairs() -> list[Pair]:
    """Return all pairs, sorted by the codes of their rules."""
    pairs = []
    for path in HERE.rglob("pair.toml"):
        told = tomllib.loads(path.read_text("utf-8"))
        rules, see = tuple(told.pop("rules")), tuple(told.pop("see", ()))
        pairs.append(Pair(path.relative_to(HERE).parts[0], path.parent, rules=rules, see=see, **told))
    return sorted(pairs, key=lambda pair: (pair.rules, pair.name))


def link(page: str, target: str, text: str = "") -> str:
    """Return a link from a page to another one; its text is the heading of that page unless it is given."""
    path, _, anchor = target.partition("#")
    near = posixpath.relpath(path, posixpath.dirname(page))
    return f"[{text or heading(path)}]({near}{'#' if anchor else ''}{anchor})"


def heading(page: str) -> str:
    """Return the heading of a page."""
    return (DOCS / page).read_text("utf-8").partition("\n")[0].removeprefix("# ")


def fill(text: str) -> str:
    """Return a paragraph in lines of at most 120 characters."""
    return textwrap.fill(text, 120, break_long_words=False, break_on_hyphens=False)


def fence(path: Path) -> str:
    """Return a file as it is shown."""
    return f"```python\n{path.read_text('utf-8')}```"


def pair_page(pair: Pair) -> str:
    """Return the page of a pattern."""
    codes = ", ".join(link(pair.page, f"{FOLDER}/rules.md#{code.lower()}", code) for code in pair.rules)
    near = [f"- Rule: {codes}"]
    near += [f"- Instead: {link(pair.page, target)}" for target in pair.see]
    if pair.exercise:
        near.append(f"- To practise: {link(pair.page, 'tutorial/index.md#3-the-track', pair.exercise)}")
    parts = [
        *(f"# {pair.title}", pair.purpose),
        *("## Before", fence(pair.folder / "before.py"), fill(pair.wrong)),
        *("## After", fence(pair.folder / "after.py"), fill(pair.instead)),
        *("## What tells them apart", fence(pair.folder / "checks.py")),
        *("## See also", "\n".join(near)),
    ]
    return "\n\n".join(parts) + "\n"


def index_page(pairs: list[Pair]) -> str:
    """Return the page that lists the patterns."""
    rows = [
        f"| [{pair.title}]({pair.name}.md) | {', '.join(f'[{code}](rules.md#{code.lower()})' for code in pair.rules)} "
        f"| {pair.place} |"
        for pair in pairs
    ]
    return "\n".join(
        [
            "# Before and after",
            "",
            "This page lists the patterns that take the place of hidden state, each as two files that you can run.",
            "",
            "| hidden state | rule | what takes its place |",
            "| --- | --- | --- |",
            *rows,
            "",
            "## How each pair is held",
            "",
            "The files are in `examples/guidelines`. The linter finds the declared rule in `before.py`, once, and",
            "nothing in `after.py`. `checks.py` says what both have to do. `alone` is one after the other, and both",
            "files pass it. `together` is two at a time, and only `after.py` passes it: threads and tasks meet at a",
            "barrier, inside of the critical place, so that no luck and no sleep is needed for the defect to show.",
            "`tests/documents/test_guidelines.py` runs all of it.",
            "",
        ]
    )


def rules_page(pairs: list[Pair]) -> str:
    """Return the page that leads from a finding to what to do."""
    page = f"{FOLDER}/rules.md"
    parts = [
        "# From a finding to its remedy",
        fill(
            "This page says for each rule of the [linter](../../reference/linter.md) what to write instead, and where "
            "that is shown. `overt explain OV201` prints the same rule with its reason and its code."
        ),
    ]
    for rule in all_rules():
        shown = [pair for pair in pairs if rule.code in pair.rules]
        parts += [f"## {rule.code}", fill(f"*{rule.title}.* {rule.instead}")]
        if shown:
            parts.append(fill(f"Shown in: {', '.join(link(page, pair.page, pair.title) for pair in shown)}."))
        if tools := sorted({target for pair in shown for target in pair.see}):
            parts.append(fill(f"With: {', '.join(link(page, target) for target in tools)}."))
    return "\n\n".join(parts) + "\n"


def checklist_page() -> str:
    """Return the page that says why each item of the review is there."""
    page = f"{FOLDER}/checklist.md"
    rules = all_review_rules()

    def rows(*, human: bool) -> list[str]:
        return [
            f"| {link(page, rule.see.removeprefix('docs/'), rule.title)} | {rule.why} | {rule.remedy} |"
            for rule in rules
            if rule.human is human
        ]

    head = ["| item | why it is there | when it does not hold |", "| --- | --- | --- |"]
    parts = [
        "# Why each item of the review is there",
        fill(
            "This page gives the reason for each line of the checklist that `overt review` writes under a change; the "
            "[reference](../../reference/review.md) says how each is decided."
        ),
        "## What a program can see",
        "\n".join([*head, *rows(human=False)]),
        "## What only a person can answer",
        "A reviewer answers for the lines that the question is about. When these lines change, it is open again.",
        "\n".join([*head, *rows(human=True)]),
    ]
    return "\n\n".join(parts) + "\n"


def picture() -> str:
    """Return the decision as a drawing: a column of questions, and beside each the form that a yes leads to."""
    step, top = 58, 20
    height = top + step * len(QUESTIONS) + 44
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 {height}" role="img" aria-labelledby="t d">',
        '<title id="t">Which form state takes</title>',
        f'<desc id="d">{" ".join(f"{question} Yes: {form}." for question, form in QUESTIONS)}</desc>',
        f"<style>\n{STYLE}\n</style>",
        "<defs>",
        '<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">',
        '<path class="tip" d="M0 0 L8 4 L0 8 z"/></marker>',
        "</defs>",
        f'<rect class="card" x="0.5" y="0.5" width="759" height="{height - 1}" rx="10"/>',
    ]
    for number, (question, form) in enumerate(QUESTIONS):
        y = top + step * number
        parts += [
            f'<rect class="ask" x="24" y="{y}" width="410" height="36" rx="6"/>',
            f'<text x="38" y="{y + 23}">{number + 1}. {question}</text>',
            f'<path class="line" marker-end="url(#tip)" d="M436 {y + 18} H512"/>',
            f'<text class="mid" x="472" y="{y + 12}">yes</text>',
            f'<rect class="form" x="516" y="{y}" width="220" height="36" rx="6"/>',
            f'<text class="mid" x="626" y="{y + 23}">{form}</text>',
            f'<path class="line" marker-end="url(#tip)" d="M229 {y + 38} V{y + step - 2}"/>',
            f'<text x="240" y="{y + 52}">no</text>',
        ]
    parts.append(f'<text class="mid" x="229" y="{height - 26}">It outlives the program: a database or a file.</text>')
    return "\n".join([*parts, "</svg>", ""])


def pages() -> dict[str, str]:
    """Return everything that is made: path relative to the documents to text."""
    pairs = read_pairs()
    made = {
        f"{FOLDER}/index.md": index_page(pairs),
        f"{FOLDER}/rules.md": rules_page(pairs),
        f"{FOLDER}/checklist.md": checklist_page(),
        **{pair.page: pair_page(pair) for pair in pairs},
    }
    return {path: text.replace("\n\n", f"\n\n{NOTE}\n\n", 1) for path, text in made.items()} | {PICTURE: picture()}


def main() -> int:
    """Write the pages."""
    for name, text in pages().items():
        path = DOCS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
