"""The navigation: the project's own pages as they are, and the generated ones added where nobody put them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from overt.site.inputs import SiteInputs
from overt.site.modules import Module
from overt.site.paths import (
    ARCHITECTURE,
    DIAGRAMS,
    EVIDENCE,
    FLAGS,
    GROUPS,
    LICENCES,
    REFERENCE,
    RULES,
    TRAINING,
    evidence_page,
    exercise_page,
    guide_page,
    rule_page,
)

Item = Any
"""What mkdocs takes: a path, or a mapping of one title to a path or a list of items."""


def listed(nav: Iterable[Item]) -> Iterator[str]:
    """Yield every path that a navigation names."""
    for item in nav:
        if isinstance(item, str):
            yield item
        elif isinstance(item, Mapping):
            for value in item.values():
                yield from listed(value if isinstance(value, list) else [value])


def _modules(modules: Sequence[Module]) -> list[Item]:
    """Public modules, nested as the packages are; a package's own page comes first."""
    names = {module.name for module in modules}
    children: dict[str, list[Module]] = {}
    for module in modules:
        parent = module.name.rpartition(".")[0]
        children.setdefault(parent if parent in names else "", []).append(module)

    def entry(module: Module) -> Item:
        short = module.name.rpartition(".")[2]
        inside = children.get(module.name, [])
        if not inside:
            return {short: module.page}
        return {short: [{module.name: module.page}, *map(entry, inside)]}

    return [entry(module) for module in children.get("", [])]


def _group(name: str, found: Iterable[tuple[str, str]]) -> list[Item]:
    """The pages of one group; those of a group without a name stand beside the groups."""
    entries: list[Item] = [{title: path} for title, path in found]
    return [{name: entries}] if name else entries


def generated(inputs: SiteInputs, pages: Iterable[str]) -> list[Item]:
    """Return the navigation of the generated pages.

    Args:
        inputs: What the site is made from.
        pages: Paths of the pages that were rendered.
    """
    evidence: list[Item] = [{"Overview": EVIDENCE}]
    evidence += [{escape(view.summary.title): evidence_page(view.name)} for view in inputs.suites]
    evidence += [{escape(view.summary.title): evidence_page(view.name)} for view in inputs.flag_states]
    validation: list[Item] = [
        *(entry for name, found in GROUPS for entry in _group(name, found)),
        {"Evidence": evidence},
        {"Made with": LICENCES},
    ]
    public = [module for module in inputs.modules if module.public]
    code: list[Item] = [
        {"Architecture": ARCHITECTURE},
        {"Diagrams": DIAGRAMS},
        {"Feature flags": FLAGS},
        {"API reference": [{"Overview": REFERENCE}, *_modules(public)]},
    ]
    rules: list[Item] = [{"Overview": RULES}]
    rules += [{escape(f"{rule.code} {rule.title}"): rule_page(rule.code)} for rule in inputs.rules]
    training: list[Item] = [{"Overview": TRAINING}]
    training += [{escape(guide.title): guide_page(guide.path)} for guide in inputs.rooms.guides]
    training += [{escape(lesson.item.title): exercise_page(lesson.item.name)} for lesson in inputs.rooms.lessons]
    whole: list[Item] = [
        {"Status": inputs.home},
        {"Validation": [*validation, {"Rules": rules}]},
        {"Code": code},
        {"Training": training},
    ]
    return without(whole, keep=frozenset(pages))


def without(nav: Iterable[Item], *, keep: frozenset[str]) -> list[Item]:
    """Return a navigation with only the pages that are wanted; sections that become empty go too."""
    kept: list[Item] = []
    for item in nav:
        for title, value in item.items():
            inside = without(value, keep=keep) if isinstance(value, list) else value
            if inside in keep if isinstance(inside, str) else inside:
                kept.append({title: inside})
    return kept


def merged(own: Sequence[Item], inputs: SiteInputs, pages: Iterable[str]) -> list[Item]:
    """Return a project's navigation with the generated pages that it does not name itself.

    Args:
        own: The project's navigation, or the one that mkdocs would make of its files.
        inputs: What the site is made from.
        pages: Paths of the pages that were rendered.
    """
    named = frozenset(listed(own))
    ours = generated(inputs, frozenset(pages) - named)
    first = [item for item in ours if inputs.home in item.values() and inputs.home == "index.md"]
    return [*first, *own, *(item for item in ours if item not in first)]
