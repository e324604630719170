"""API reference: one page a module, nested by package; mkdocstrings fills them in from the source."""

from __future__ import annotations

import json

from overt.model import State
from overt.site.inputs import SiteInputs
from overt.site.marks import state_mark
from overt.site.markup import Markup, code, fill, join, link, paragraphs, prose, table
from overt.site.modules import Module
from overt.site.pages.common import front
from overt.site.paths import ARCHITECTURE, REFERENCE, relative
from overt.system.units import count

_NAMES = 3
"""Names that stand for a module without a docstring."""


def documented(inputs: SiteInputs) -> list[Module]:
    """Return the modules that get a page: the public ones."""
    return [module for module in inputs.modules if module.public]


def _options(inputs: SiteInputs) -> str:
    """Options of mkdocstrings for a page, as JSON, which is YAML on one line."""
    options: dict[str, object] = {
        "show_root_heading": True,
        "show_root_full_path": True,
        "heading_level": 1,
        "show_source": False,
        "show_if_no_docstring": True,
        "show_submodules": False,
        "show_labels": False,
        "members_order": "source",
        "docstring_style": inputs.docstring_style,
        # What is wrong with a docstring is a linter's to say; it must not stop the site.
        "docstring_options": {"warnings": False},
        "filters": ["!^_"],
        "extensions": ["overt.site.docstrings"],
        "show_root_toc_entry": False,
    }
    return json.dumps(options)


def dotted(name: str) -> Markup:
    """Return a dotted name as code that is broken at its dots where a line is too short for it."""
    return fill("<code>{}</code>", join(name.split("."), Markup(".<wbr>")))


def _inside(module: Module, inputs: SiteInputs) -> list[Module]:
    below = f"{module.name}."
    return [
        other
        for other in inputs.modules
        if other.name.startswith(below) and "." not in other.name[len(below) :] and other.public
    ]


def purpose(found: Module, inputs: SiteInputs) -> Markup:
    """Return what a module says it is for; of one that says nothing, what is in it.

    Args:
        found: The module.
        inputs: What the site is made from.
    """
    if found.failure:
        return fill("{} could not be read", state_mark(State.UNCHECKED))
    if found.summary:
        return prose(found.summary)
    if found.holds:
        more = f" and {len(found.holds) - _NAMES} more" if len(found.holds) > _NAMES else ""
        return fill("<small>holds {}{}</small>", join(map(code, found.holds[:_NAMES]), ", "), more)
    inside = len(_inside(found, inputs))
    return fill("<small>{}</small>", f"holds {count(inside, 'module')}" if inside else "has no docstring")


def _children(module: Module, inputs: SiteInputs) -> Markup:
    page = module.page
    inside = _inside(module, inputs)
    if not inside:
        return Markup("")
    rows = [(link(dotted(other.name), relative(page, other.page)), purpose(other, inputs)) for other in inside]
    return paragraphs(Markup("## Modules"), table(("Module", "What it is for"), rows))


def module(found: Module, inputs: SiteInputs) -> Markup:
    """Return the page of a module.

    Args:
        found: The module.
        inputs: What the site is made from.
    """
    head = front(found.name, found.summary or f"Reference of {found.name}.")
    if found.failure:
        mark = state_mark(State.UNCHECKED)
        return paragraphs(head, fill("# {}", found.name), fill("{} It could not be read: {}.", mark, found.failure))
    # A dotted name of identifiers only: nothing in it needs escaping, and mkdocstrings must read it as it is.
    block = Markup(f"::: {found.name}\n    options: {_options(inputs)}")
    return paragraphs(head, block, _children(found, inputs))


def index(inputs: SiteInputs) -> Markup:
    """Return the list of all modules."""
    modules = documented(inputs)
    rows = [
        (link(dotted(found.name), relative(REFERENCE, found.page)), purpose(found, inputs), f"{found.lines:,}")
        for found in modules
    ]
    return paragraphs(
        front("API reference", f"The public modules of {inputs.project}."),
        Markup("# API reference"),
        fill(
            "{}; how modules hang together is on the page of the {}.",
            count(len(modules), "public module"),
            link("architecture", relative(REFERENCE, ARCHITECTURE)),
        ),
        table(("Module", "What it is for", "Lines"), rows, align="llr")
        if rows
        else Markup("No public module was found."),
    )
