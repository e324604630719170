"""The page of the review checklist: its items, how they went, and the newest review."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff
from types import MappingProxyType

from overt.model import State
from overt.review.records import Example, ReviewRule
from overt.site.inputs import SiteInputs
from overt.site.marks import state_mark
from overt.site.markup import Markup, block, code, fill, link, paragraphs, prose, table
from overt.site.pages.common import URGENCY, details, front, short, tally
from overt.site.paths import REVIEW, relative, slug
from overt.site.reviews import Reviewed, ReviewView, Tried, tried
from overt.system.units import count, moment

_LINES = 12
"""Lines of an example that are shown."""
_WIDE = 110
"""Characters of a line of an example that are shown."""
_FILES = 3
_MOST = 60
"""Items that are told one by one; a project may declare very many."""
_ITEMS = 80
"""Items of a recorded review that are shown."""
_WORDS = MappingProxyType({State.PROVED: "ticked", State.UNCHECKED: "could not run", State.OPEN: "asked"})
_TELLING = (State.PROVED, State.REFUTED, State.OPEN)
_DASH = Markup("&ndash;")


def _lines(example: Example) -> Iterator[str]:
    """Yield what an example changes, as git shows it."""
    names = sorted({*example.base, *example.head})
    changed = [name for name in names if example.base.get(name) != example.head.get(name)]
    for name in changed[:_FILES]:
        before, after = (side.get(name, "")[:4_000].splitlines() for side in (example.base, example.head))
        yield f"{name}{'' if name in example.head else ' (deleted)'}"
        yield from list(unified_diff(before, after, n=1, lineterm=""))[2:]
    if len(changed) > _FILES:
        yield f"and {count(len(changed) - _FILES, 'file')} more"


def _shown(example: Example) -> str:
    lines = list(_lines(example))
    cut = [f"and {count(len(lines) - _LINES, 'line')} more"] if len(lines) > _LINES else []
    return "\n".join([line[:_WIDE] for line in lines[:_LINES]] + cut)


def _examples(rule: ReviewRule) -> Markup:
    """Return the first example that ticks, that refutes and that asks as a difference, the others by their names."""
    first = [next((one for one in rule.examples if one.state is state), None) for state in _TELLING]
    told = [one for one in first if one is not None]
    folded = []
    for one in told:
        title = f"{_word(one.state)}: {one.name}"
        folded.append(details(title[:1].upper() + title[1:], block(_shown(one), label=title)))
    # A mark is drawn: one for each of a hundred examples would be most of the page.
    others = "; ".join(f"{_word(one.state)}: {one.name}" for one in rule.examples if one not in told)
    return paragraphs(*folded, fill("Tried as well. {}.", others[:1].upper() + others[1:]) if others else "")


def _word(state: State | None) -> str:
    return _WORDS.get(state, state.value) if state else "does not apply"


def _rule(rule: ReviewRule, view: ReviewView) -> Markup:
    page = view.pages.get(rule.id)
    guideline = fill(" {}.", link("The guideline", relative(REVIEW, page))) if page else ""
    remedy = prose(" ".join(rule.remedy.split()).rstrip("."))
    who = "A person answers it" if rule.human else "The program answers it, from the difference"
    # No table: twenty of them would be a third of the page.
    return paragraphs(
        fill('<a id="item-{}"></a>', Markup(slug(rule.id))),
        fill("### {}", rule.title),
        fill("{}{}", prose(" ".join(rule.why.split())), guideline),
        fill("If it does not hold: {}.", remedy),
        fill("{}; its id is {}{}.", who, code(rule.id), ", and the project itself declares it" if rule.own else ""),
        _examples(rule),
    )


def _history(view: ReviewView, inputs: SiteInputs) -> Markup:
    changes, found = tried(inputs.history, [rule.id for rule in view.rules])
    if not changes:
        return Markup("No review is recorded yet: `overt review --record` leaves one.")
    known = [(rule, found[rule.id]) for rule in view.rules if any(found[rule.id].counts.values())]
    rows = [_row(rule, one) for rule, one in sorted(known, key=lambda pair: -pair[1].counts["r"])[:_MOST]]
    return paragraphs(
        fill(
            "{} reviewed and remembered; one that was reviewed several times counts as it was left. An item that never "
            "refutes anything may be needless, or unable to.",
            count(changes, "change was", "changes were"),
        ),
        table(("Item", "Refuted", "Proved", "Asked", "Could not run", "Refuted last"), rows, align="lrrrrl"),
    )


def _row(rule: ReviewRule, one: Tried) -> tuple[object, ...]:
    item = Markup(f"#item-{slug(rule.id)}")
    figures = [f"{one.counts[letter]:,}" if one.counts[letter] else _DASH for letter in "rpou"]
    return link(rule.title, item), *figures, moment(one.refuted_ns) if one.refuted_ns else _DASH


def _newest(view: ReviewView) -> Markup:
    one = view.newest
    if one is None:
        return Markup("")
    titles = {rule.id: rule.title for rule in view.rules}
    states = [State(item.state) if item.state in set(State) else State.UNCHECKED for item in one.items]
    ordered = sorted(zip(states, one.items, strict=True), key=lambda pair: URGENCY.index(pair[0]))
    rows = [
        (state_mark(state), titles.get(item.item, item.item), short(item.reason, 300))
        for state, item in ordered[:_ITEMS]
    ]
    return paragraphs(
        Markup("## The newest review"),
        _of_what(one, current=view.current),
        tally(states),
        table(("State", "Item", "What was seen"), rows),
    )


def _of_what(one: Reviewed, *, current: bool) -> Markup:
    what = fill("commit {}", code(one.commit[:12])) if one.commit else Markup("a work tree with changes in no commit")
    this = "the commit that this site was built from" if current else "not the commit that this site was built from"
    return fill("Of {}, {}, since {}; made {}.", what, this, code(one.base[:12]), moment(one.created_ns))


def review(inputs: SiteInputs) -> Markup:
    """Return the page of the checklist."""
    view = inputs.rooms.review
    rules = view.rules
    program = sum(not rule.human for rule in rules)
    rest = count(len(rules) - _MOST, "item more", "items more")
    return paragraphs(
        front("Review checklist", "What every change is held to, and who answers each point."),
        Markup("# Review checklist"),
        fill(
            "A change is held to {} points. {} are answered by the program, which ticks only what it has proved; the "
            "others stay open until a person answers them.",
            len(rules),
            program,
        ),
        Markup("```console\n$ overt review main...HEAD\n```"),
        _newest(view),
        Markup("## How often each item refuted something"),
        _history(view, inputs),
        Markup("## The items"),
        *(_rule(rule, view) for rule in rules[:_MOST]),
        fill("And {}: `overt review --list-rules` has them all.", rest) if len(rules) > _MOST else "",
    )
