"""Where generated pages stand, and how one leads to another."""

from __future__ import annotations

import posixpath
import re
from pathlib import PurePosixPath

REPORT = "validation/index.md"
CASES = "validation/cases.md"
SPEED = "validation/speed.md"
LEAKS = "validation/leaks.md"
CLAIMS = "validation/claims.md"
SLOWEST = "validation/slowest.md"
NOT_CHECKED = "validation/not-checked.md"
CONTROLS = "validation/controls.md"
HIDDEN_STATE = "validation/hidden-state.md"
TRENDS = "validation/trends.md"
EVIDENCE = "validation/evidence/index.md"
ARCHITECTURE = "code/architecture.md"
REFERENCE = "code/index.md"
RULES = "rules/index.md"
RUNBOOKS = "validation/runbooks.md"
REVIEW = "validation/review.md"
DOCUMENTS = "validation/documents.md"
TRAINING = "training/index.md"
FLAGS = "code/flags.md"
FLAG_STATES = "validation/flag-states.md"
MIGRATION = "validation/migration.md"
DATA = "validation/data"
PICTURES = "code/pictures"
BADGES = "validation/badges"
DIAGRAMS = "code/diagrams.md"
ASSETS = "overt"
LICENCES = "licences.md"

GROUPS = (
    ("", (("Report", REPORT), ("Not checked", NOT_CHECKED), ("Claims", CLAIMS))),
    ("Tests", (("Cases", CASES), ("Slowest", SLOWEST), ("By flag state", FLAG_STATES), ("Findings", HIDDEN_STATE))),
    ("Measurements", (("Before and after", SPEED), ("Leaks", LEAKS), ("Trends", TRENDS))),
    ("Roll-out", (("Migration", MIGRATION), ("Runbooks", RUNBOOKS))),
    (
        "Trust",
        (("Controls", CONTROLS), ("Can you trust these documents?", DOCUMENTS), ("Review checklist", REVIEW)),
    ),
)
"""The pages of the validation report as the navigation groups them; those without a group stand first."""
VALIDATION = tuple(page for _, pages in GROUPS for page in pages)
"""The same pages in the order of the navigation; those that were not rendered are left out."""


def evidence_page(suite: str) -> str:
    """Return the path of a suite's evidence page.

    Example:
        >>> evidence_page("unit"), evidence_page("../Odd name")
        ('validation/evidence/unit.md', 'validation/evidence/odd-name.md')
        >>> evidence_page("unit@on")
        'validation/evidence/flags/unit-on.md'
    """
    name, _, state = suite.partition("@")
    return f"validation/evidence/{f'flags/{slug(name)}-{slug(state)}' if state else slug(name)}.md"


def module_page(name: str, *, package: bool = False) -> str:
    """Return the path of a module's reference page; a package's page is the index of its folder.

    Example:
        >>> module_page("shop.cart"), module_page("shop", package=True), module_page("shop.index")
        ('code/shop/cart.md', 'code/shop/index.md', 'code/shop/index_.md')
    """
    path = name.replace(".", "/")
    if package:
        return f"code/{path}/index.md"
    return f"code/{path}_.md" if path.endswith("/index") else f"code/{path}.md"


def rule_page(code: str) -> str:
    """Return the path of a rule's page."""
    return f"rules/{code}.md"


def relative(page: str, target: str) -> str:
    """Return a link from one page to another, as it stands in Markdown.

    Args:
        page: Path of the page that holds the link.
        target: Path of the page it leads to; may end in an anchor.

    Example:
        >>> relative("validation/evidence/unit.md", "validation/claims.md#a")
        '../claims.md#a'
    """
    return posixpath.relpath(target, posixpath.dirname(page) or ".")


def slug(text: str) -> str:
    """Return text as a part of a file name or an anchor: lower-case letters, digits, `-`, `_`, `.`."""
    return re.sub(r"[^a-z0-9_.-]+", "-", text.lower()).strip("-.") or "unnamed"


def claim_anchor(name: str) -> str:
    """Return the place of a claim on the page of claims."""
    return f"{CLAIMS}#claim-{slug(name)}"


def document_anchor(path: str) -> str:
    """Return the place of a document on the page of documents.

    Example:
        >>> document_anchor("docs/how-to/adopt.md")
        'document-docs-how-to-adopt.md'
    """
    return f"document-{slug(path)}"


def guide_page(path: str) -> str:
    """Return the path of the page of a guideline beside the exercises.

    Example:
        >>> guide_page("training/How we count.md")
        'training/guide-how-we-count.md'
    """
    return f"training/guide-{slug(PurePosixPath(path).stem)}.md"


def exercise_page(name: str) -> str:
    """Return the path of an exercise's page.

    Example:
        >>> exercise_page("01-ticket-desk")
        'training/01-ticket-desk.md'
    """
    return f"training/{slug(name)}.md"
