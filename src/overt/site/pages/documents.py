"""The page that answers whether the documents can be trusted: first in one screen, then document by document."""

from __future__ import annotations

from collections.abc import Sequence

from overt.model import State
from overt.site.badge import badge_path, badge_text
from overt.site.inputs import SiteInputs
from overt.site.marks import state_mark
from overt.site.markup import Markup, code, fill, join, link, paragraphs, table
from overt.site.pages.common import front, lead, measured_on, method, short
from overt.site.paths import DIAGRAMS, DOCUMENTS, document_anchor, relative
from overt.site.trust import WORDS, DocumentTrust, Tally, Told, Trust
from overt.system.units import count

_ROWS = 25
_DOCUMENTS = 30
_BAR = 120
_TONES = {
    "proved": State.PROVED,
    "refuted": State.REFUTED,
    "stale": State.STALE,
    "unbacked": State.INCONCLUSIVE,
    "unchecked": State.UNCHECKED,
}
_MEANINGS = (
    ("proved", "It was looked up in the code, run, or measured, and holds for the files as they are."),
    (
        "refuted",
        "It names what is not there, shows what does not come out, or says a number that something contradicts.",
    ),
    ("stale", "It held when it was measured, and what it was measured on has changed since."),
    ("unbacked", "It asserts something that could be measured, and links to nothing that measures it."),
    ("unchecked", "It could not be decided: it belongs to somebody else, is made at run time, or was never run."),
)


def documents(inputs: SiteInputs) -> Markup:
    """Return the page of documents."""
    trust = inputs.trust or Trust()
    tally = trust.tally
    return paragraphs(
        front("Can you trust these documents?", f"What the documents of {inputs.project} state, and whether it holds."),
        Markup("# Can you trust these documents?"),
        lead(tally.state, _headline(tally), _detail(tally, trust), measured_on(DOCUMENTS, inputs.suites)),
        _marks(tally),
        _bar(tally, 600, 18),
        Markup("## Document by document"),
        _overview(trust.documents),
        _holding(trust.documents),
        _diagrams(trust),
        _contradicted(trust),
        _wanting(trust),
        _samples(trust),
        _skipped(trust),
        Markup("## What the words mean"),
        table(("", ""), ((state_mark(_TONES[word], word=word), meaning) for word, meaning in _MEANINGS)),
        _badges(trust),
        method(
            "What is stated is found by rules that read prose: a statement that they do not know as one is not "
            "counted, and a paragraph can be wrong though each thing in it that was looked up holds."
        ),
    )


def _headline(tally: Tally) -> str:
    if not tally.total:
        return "They state nothing that could be checked."
    decided = tally.total - tally.unchecked
    if tally.refuted:
        return (
            f"Not everywhere: {count(tally.refuted, 'thing')} in them {'is' if tally.refuted == 1 else 'are'} not so."
        )
    if tally.stale:
        return f"As of an earlier state: {tally.stale:,} of {count(decided, 'thing')} were measured on other files."
    if tally.unmeasured:
        return f"Not yet: {count(tally.unmeasured, 'statement or sample', 'statements and samples')} were not measured."
    if not tally.proved:
        return "Nothing in them could be decided."
    if tally.unbacked:
        return f"Mostly: {count(tally.unbacked, 'assertion')} {'has' if tally.unbacked == 1 else 'have'} no evidence."
    holds = "holds" if decided == 1 else "hold"
    return f"Yes: {tally.proved:,} of {count(decided, 'thing')} that could be decided {holds}."


def _detail(tally: Tally, trust: Trust) -> str:
    return (
        f"{count(tally.total, 'statement, reference, sample or arrow', 'statements, references, samples and arrows')} "
        f"in {count(len(trust.documents), 'document')}, held against code and evidence when this site was built."
    )


def _marks(tally: Tally) -> Markup:
    marks = [state_mark(_TONES[word], word=f"{getattr(tally, word):,} {word}") for word in WORDS]
    return Markup(f'<p class="ov-tally">{"".join(marks)}</p>')


def _bar(tally: Tally, width: int = _BAR, height: int = 10) -> Markup:
    """Return the shares of a document as a bar; the words beside it say the same."""
    if not tally.total:
        return Markup("")
    parts, at = [], 0.0
    for word in WORDS:
        wide = width * getattr(tally, word) / tally.total
        if wide:
            tone = _TONES[word].value
            parts.append(f'<rect class="ov-{tone}" x="{at:.1f}" width="{wide:.1f}" height="{height}"/>')
        at += wide
    said = ", ".join(f"{number:,} {word}" for word in WORDS if (number := getattr(tally, word)))
    return Markup(
        f'<svg class="ov-shares" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'preserveAspectRatio="none" aria-label="{said}">{"".join(parts)}</svg>'
    )


def _wants(document: DocumentTrust) -> bool:
    return document.tally.proved < document.tally.total


def _wanting_most(documents: Sequence[DocumentTrust]) -> list[DocumentTrust]:
    wanting = filter(_wants, documents)
    return sorted(wanting, key=lambda one: (-one.tally.refuted, -one.tally.stale, -one.tally.unbacked, one.path))


def _overview(documents: Sequence[DocumentTrust]) -> Markup:
    """Return the documents in which something is wanting, the worst first."""
    rows = [
        (
            fill('<a id="{}"></a>{}{}', Markup(document_anchor(one.path)), _name(one), _bar(one.tally)),
            *(getattr(one.tally, word) or "" for word in WORDS),
        )
        for one in _wanting_most(documents)[:_DOCUMENTS]
    ]
    return table(("Document", *(word.capitalize() for word in WORDS)), rows, align="lrrrrr") if rows else Markup("")


def _holding(documents: Sequence[DocumentTrust]) -> Markup:
    """Return the documents in which everything holds, in a few lines."""
    held = [one for one in documents if one.tally.total and not _wants(one)]
    less = _wanting_most(documents)[_DOCUMENTS:]
    silent = [one for one in documents if not one.tally.total]
    parts = [
        fill("{} {}: {}.", Markup(f"**{text}**"), f"({len(some)})", join(map(_placed, some), ", "))
        for text, some in (
            ("Something in them is wanting too", less),
            ("Everything in them holds", held),
            ("They state nothing that could be checked", silent),
        )
        if some
    ]
    return paragraphs(*parts)


def _placed(one: DocumentTrust) -> Markup:
    number = f" {one.tally.proved:,}" if one.tally.proved else ""
    return fill('<a id="{}"></a>{}{}', Markup(document_anchor(one.path)), _name(one), number)


def _name(document: DocumentTrust) -> Markup:
    return link(document.path, relative(DOCUMENTS, document.page)) if document.page else code(document.path)


def _place(one: Told, trust: Trust) -> Markup:
    text = f"{one.where.path}:{one.where.line}"
    page = next((document.page for document in trust.documents if document.path == one.where.path), "")
    return link(text, relative(DOCUMENTS, page)) if page else code(text)


def _all(trust: Trust) -> list[Told]:
    return [one for document in trust.documents for one in document.told]


def _wanting(trust: Trust) -> Markup:
    """Everything that does not hold, the most urgent first."""
    order = ("refuted", "stale", "unbacked", "unchecked")
    wanting = sorted(
        (one for one in _all(trust) if one.word in order and one.sort != "fence"),
        key=lambda one: (order.index(one.word), one.where),
    )
    if not wanting:
        return Markup("")
    rows = [
        (
            state_mark(_TONES[one.word], word=one.word),
            _place(one, trust),
            fill("{} {}", one.sort, code(short(one.text))),
            _reason(one),
        )
        for one in wanting[:_ROWS]
    ]
    more = len(wanting) - len(rows)
    return paragraphs(
        Markup("## What does not hold, or could not be decided"),
        table(("State", "Where", "What", "Why"), rows),
        fill("And {} more: `overt audit --all` names them.", f"{more:,}") if more else Markup(""),
    )


def _reason(one: Told) -> str:
    reason = short(one.reason, 240)
    return f"{reason} ({one.hint})" if one.hint and one.word == "refuted" else reason


def _samples(trust: Trust) -> Markup:
    samples = [one for one in _all(trust) if one.sort in {"sample", "fence"}]
    if not samples:
        return Markup("")
    ran = [one for one in samples if one.sort == "sample" and "(parsed)" not in one.text]
    parsed = [one for one in samples if one.sort == "sample" and "(parsed)" in one.text]
    fences = [one for one in samples if one.sort == "fence"]
    rows = [
        (
            _name(document),
            state_mark(_TONES[word], word=f"{len(lines)} {word}"),
            join((fill("{}", line) for line in lines), ", "),
        )
        for document in trust.documents
        for word in WORDS
        if (lines := [one.where.line for one in ran if one.where.path == document.path and one.word == word])
    ]
    held = sum(one.word == "proved" for one in ran)
    return paragraphs(
        Markup("## Samples"),
        fill(
            "{} run, {} of them as shown; {} parsed, {} of them without a mistake; {} left alone.",
            count(len(ran), "sample"),
            held,
            len(parsed),
            sum(one.word == "proved" for one in parsed),
            len(fences),
        ),
        table(("Document", "Run", "Lines"), rows) if rows else Markup(""),
    )


def _diagrams(trust: Trust) -> Markup:
    if not trust.diagrams:
        return Markup("")
    edges = [edge for seen in trust.diagrams for edge in seen.edges]
    held = sum(edge.verdict.state is State.PROVED for edge in edges)
    return fill(
        "{} with {} were held against the imports: {} hold. {}",
        count(len(trust.diagrams), "diagram"),
        count(len(edges), "arrow"),
        held,
        link("The diagrams, arrow by arrow", relative(DOCUMENTS, DIAGRAMS)),
    )


def _contradicted(trust: Trust) -> Markup:
    numbers = [one for one in _all(trust) if one.sort == "number"]
    if not numbers:
        return Markup("")
    certain = sum(one.word == "refuted" for one in numbers)
    return fill(
        "{} by evidence, by another number or by the sum of {} parts: {} for certain.",
        count(len(numbers), "number is contradicted", "numbers are contradicted"),
        "its" if len(numbers) == 1 else "their",
        f"{certain:,}",
    )


def _skipped(trust: Trust) -> Markup:
    if not trust.skipped:
        return Markup("")
    lines = [fill("- {}: {}", code(problem.where or ""), problem.message) for problem in trust.skipped]
    return paragraphs(Markup("## Not read"), join(lines, "\n"))


def _badges(trust: Trust) -> Markup:
    whole = badge_path("")
    return paragraphs(
        Markup("## Badges"),
        Markup("A badge is a small picture on this site that says the same. Each document has one of its own."),
        fill("![{}]({})", f"documents: {badge_text(trust.tally)}", Markup(relative(DOCUMENTS, whole))),
        fill("In a README: {}", code(f"![documents](https://HOST/{whole})")),
    )
