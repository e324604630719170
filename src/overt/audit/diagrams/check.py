"""Diagrams held against the code and the evidence: each box is there, each arrow is an import or names its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from overt.audit.claims import JudgedClaims
from overt.audit.diagrams.code import Code
from overt.audit.diagrams.record import Diagram, Edge
from overt.audit.facts import FactsLike, is_fact_name, near_fact
from overt.audit.held import Held
from overt.model import Location, State, Verdict
from overt.system.text import did_you_mean
from overt.system.units import count

_NO_EVIDENCE = "an arrow between what is no module of the project needs evidence"


@dataclass(frozen=True, slots=True)
class DiagramSeen:
    """A diagram with what is known of its parts.

    Args:
        diagram: As its source describes it.
        nodes: What there is to say of its boxes; of those that stand for nothing in the code, nothing.
        edges: What there is to say of its arrows, one for each, in order.
        unread: Lines that could not be followed.
        modules: The module that a box stands for, by its key.
        undrawn: Imports between what is drawn that have no arrow, as importer and imported part.
    """

    diagram: Diagram
    nodes: tuple[Held, ...] = ()
    edges: tuple[Held, ...] = ()
    unread: tuple[Held, ...] = ()
    modules: tuple[tuple[str, str], ...] = ()
    undrawn: tuple[tuple[str, str], ...] = ()

    @property
    def held(self) -> tuple[Held, ...]:
        """All that there is to say, in the order of the source."""
        return tuple(sorted((*self.nodes, *self.edges, *self.unread), key=lambda one: one.location))


def check_diagram(diagram: Diagram, code: Code, claims: JudgedClaims, facts: FactsLike) -> DiagramSeen:
    """Hold a diagram against the code and the evidence.

    Args:
        diagram: The diagram.
        code: The project's modules and imports.
        claims: Every declared claim with its verdict.
        facts: What was measured.
    """
    modules: dict[str, str] = {}
    wrong: set[str] = set()
    nodes: list[Held] = []
    for node in diagram.nodes:
        module, lost, hint = code.find(node, exact=diagram.exact)
        where = Location(diagram.path, node.line, 1)
        if module:
            modules[node.key] = module
            nodes.append(Held("node", module, where, Verdict(State.PROVED, "it is part of the code")))
        elif lost:
            wrong.add(node.key)
            nodes.append(Held("node", lost, where, Verdict(State.REFUTED, f"there is no module {lost!r}"), hint))
    edges = tuple(_Edges(diagram, code, modules, wrong).judge(edge, claims, facts) for edge in diagram.edges)
    unread = tuple(
        Held("diagram", diagram.title, Location(diagram.path, line, 1), Verdict(State.UNCHECKED, why))
        for line, why in diagram.unread
    )
    return DiagramSeen(
        diagram, tuple(nodes), edges, unread, tuple(modules.items()), tuple(_undrawn(diagram, code, modules))
    )


def _undrawn(diagram: Diagram, code: Code, modules: dict[str, str]) -> Iterator[tuple[str, str]]:
    drawn = {(modules.get(edge.start), modules.get(edge.to)) for edge in diagram.edges}
    drawn |= {(to, start) for start, to in drawn}
    for edge in code.among(dict.fromkeys(modules.values())):
        if edge not in drawn:
            yield edge


@dataclass(frozen=True, slots=True)
class _Edges:
    diagram: Diagram
    code: Code
    modules: dict[str, str]
    wrong: set[str]

    def judge(self, edge: Edge, claims: JudgedClaims, facts: FactsLike) -> Held:
        start, to = (self.modules.get(key, key) for key in (edge.start, edge.to))
        text = f"{start} → {to}".replace("\n", " ")
        verdict, hint = self._verdict(edge, claims, facts)
        return Held("edge", text, Location(self.diagram.path, edge.line, 1), verdict, hint)

    def _verdict(self, edge: Edge, claims: JudgedClaims, facts: FactsLike) -> tuple[Verdict, str]:
        if self.wrong & {edge.start, edge.to}:
            return Verdict(State.UNCHECKED, "one of its ends does not exist"), ""
        if edge.evidence:
            return judge_evidence(edge.evidence, claims, facts)
        start, to = self.modules.get(edge.start, ""), self.modules.get(edge.to, "")
        if not (start and to):
            return Verdict(State.UNCHECKED, _NO_EVIDENCE), 'Edge(href="claim:NAME")' if self.diagram.exact else ""
        found = self.code.between(start, to) or ([] if edge.directed else self.code.between(to, start))
        if found:
            importer, imported = found[0]
            more = f", and {count(len(found) - 1, 'more import')}" if len(found) > 1 else ""
            return Verdict(State.PROVED, f"{importer} imports {imported}{more}"), ""
        if edge.label and not self.diagram.exact:
            return Verdict(State.UNCHECKED, "no import leads there, and its label may mean something else"), ""
        return Verdict(State.REFUTED, f"nothing in {start} imports {to}"), self._hint(start, to)

    def _hint(self, start: str, to: str) -> str:
        if self.code.between(to, start):
            return f"{to} imports {start}: turn the arrow round"
        there = [name for name in dict.fromkeys(self.modules.values()) if self.code.between(start, name)]
        known = f"of what is drawn, {start} imports {', '.join(there[:6])}; " if there else ""
        return f'{known}what happens at run time names its evidence: Edge(href="claim:NAME")'


def judge_evidence(target: str, claims: JudgedClaims, facts: FactsLike) -> tuple[Verdict, str]:
    """Return whether the evidence that an arrow names holds, and a hint.

    Args:
        target: `claim:NAME` or `evidence:NAME`.
        claims: Every declared claim with its verdict.
        facts: What was measured.
    """
    kind, _, name = target.partition(":")
    if kind == "claim":
        if name not in claims:
            return Verdict(State.REFUTED, f"there is no claim {name!r}"), did_you_mean(name, claims)
        verdict = claims[name][1]
        return Verdict(verdict.state, f"claim {name}: {verdict.reason}", verdict.evidence), ""
    fact = facts.get(name)
    if fact.value is None and not is_fact_name(name, facts):
        return Verdict(State.REFUTED, f"there is no fact {name!r}"), near_fact(name, facts.names())
    if fact.value is None or fact.state != State.PROVED:
        state = State(fact.state) if fact.state != State.PROVED else State.UNCHECKED
        return Verdict(state, fact.reason or f"{name} was not measured", fact.evidence), "overt validate measures it"
    if not fact.value:
        return Verdict(State.REFUTED, f"{name} is {fact.value}", fact.evidence), ""
    return Verdict(State.PROVED, f"{name} is {fact.value}", fact.evidence), ""


def by_document(seen: Sequence[DiagramSeen], path: str) -> tuple[Held, ...]:
    """Return what there is to say of the diagrams in one file."""
    return tuple(one for diagram in seen if diagram.diagram.path == path for one in diagram.held)
