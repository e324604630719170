"""Diagrams: read from their sources, each box and arrow held against imports and evidence."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.audit.diagrams.check import DiagramSeen
from overt.audit.diagrams.find import Diagrams, diagram_sources
from overt.audit.diagrams.mermaid import read_flowchart
from overt.audit.diagrams.source import read_source
from overt.evidence.fact_records import Fact
from overt.evidence.facts import Facts
from overt.markdown import scan
from overt.model import Claim, Location, State, Verdict

FILES = {
    "src/shop/__init__.py": "",
    "src/shop/cart.py": "from shop import prices\n",
    "src/shop/prices.py": "def later():\n    from shop.bank import pay\n",
    "src/shop/bank/__init__.py": "",
    "src/shop/bank/pay.py": "",
}
CLAIMS = {
    "paid": (Claim("paid", "1 == 1", "", Location("overt.toml", 1)), Verdict(State.PROVED, "it was")),
    "lost": (Claim("lost", "1 == 2", "", Location("overt.toml", 2)), Verdict(State.STALE, "it was once")),
}
FACTS = Facts(
    (),
    {
        "tests.total": Fact("tests.total", 3, "count", State.PROVED),
        "tests.failed": Fact("tests.failed", 0, "count", State.PROVED),
    },
)


@pytest.fixture
def diagrams(tmp_path: Path) -> Diagrams:
    """Reads the diagrams of a small project."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return Diagrams(tmp_path, list(FILES), ["src/shop"], CLAIMS, FACTS)


def source(body: str) -> str:
    head = "from diagrams import Cluster, Diagram, Edge, Node\nfrom diagrams.onprem.inmemory import Redis\n"
    return f'{head}with Diagram("The shop", direction="TB"):\n{textwrap.indent(textwrap.dedent(body), "    ")}'


def check(diagrams: Diagrams, body: str) -> DiagramSeen:
    (diagrams._root / "docs/architecture").mkdir(parents=True, exist_ok=True)
    (diagrams._root / "docs/architecture/shop.py").write_text(source(body))
    (seen,) = diagrams.of_sources(["docs/architecture/shop.py"])
    return seen


def states(seen: DiagramSeen) -> list[tuple[str, str]]:
    return [(edge.text, edge.verdict.state.value) for edge in seen.edges]


def test_an_arrow_is_an_import(diagrams: Diagrams) -> None:
    """Imports, at once or later, prove an arrow; one the other way round is refuted with its line and a hint."""
    body = """\
        cart, prices = Node("shop.cart"), Node("shop.prices")
        bank = Node("shop.bank")
        cart >> prices >> bank
        prices >> cart
        cart >> bank
        """
    seen = check(diagrams, body)
    assert states(seen) == [
        ("shop.cart → shop.prices", "proved"),
        ("shop.prices → shop.bank", "proved"),
        ("shop.prices → shop.cart", "refuted"),
        ("shop.cart → shop.bank", "refuted"),
    ]
    assert str(seen.edges[2].location) == "docs/architecture/shop.py:7:1"
    assert "turn the arrow round" in seen.edges[2].hint
    assert "it imports" not in seen.edges[3].hint
    assert "shop.cart imports shop.prices" in seen.edges[3].hint


@pytest.mark.parametrize(
    ("label", "module"),
    [
        ("shop.cart", "shop.cart"),
        ("cart", "shop.cart"),
        ("The cart\n(shop.cart)", "shop.cart"),
        ("src/shop/bank", "shop.bank"),
        ("src/shop/bank/", "shop.bank"),
        ("src/shop/cart.py", "shop.cart"),
        ("A customer", ""),
        ("requests.api", ""),
    ],
)
def test_a_box_stands_for_a_module(diagrams: Diagrams, label: str, module: str) -> None:
    """By its dotted name, its path, or its short name; anything else is somebody else's."""
    seen = check(diagrams, f"Node({label!r})\n")
    assert dict(seen.modules) == ({label: module} if module else {})


def test_a_box_that_does_not_exist_is_refuted(diagrams: Diagrams) -> None:
    """A dotted name below a package of the project is a promise; the nearest name is offered."""
    seen = check(diagrams, 'Node("shop.cart") >> Node("shop.price")\n')
    (wrong,) = [node for node in seen.nodes if node.verdict.state is State.REFUTED]
    assert (wrong.text, wrong.location.line, wrong.hint) == ("shop.price", 4, "did you mean 'shop.prices'?")
    assert states(seen) == [("shop.cart → shop.price", "unchecked")]


@pytest.mark.parametrize(
    ("target", "state", "hint"),
    [
        ("claim:paid", "proved", ""),
        ("claim:lost", "stale", ""),
        ("claim:pad", "refuted", "paid"),
        ("evidence:tests.total", "proved", ""),
        ("evidence:tests.failed", "refuted", ""),
        ("evidence:tests.passed", "unchecked", "overt validate"),
        ("evidence:tests.pased", "refuted", ""),
        ("https://example.org", "unchecked", "href"),
        ("", "unchecked", "href"),
    ],
)
def test_what_happens_at_run_time_names_its_evidence(diagrams: Diagrams, target: str, state: str, hint: str) -> None:
    """A claim or a fact stands for an arrow that is no import; one that does not exist is refuted."""
    seen = check(diagrams, f'Node("shop.cart") >> Edge(label="pays", href={target!r}) >> Redis("bank account")\n')
    assert [edge.verdict.state.value for edge in seen.edges] == [state]
    assert hint in seen.edges[0].hint


def test_evidence_outweighs_imports(diagrams: Diagrams) -> None:
    """An arrow between modules that is no import may name evidence, too."""
    assert states(check(diagrams, 'Node("shop.cart") >> Edge(href="claim:paid") >> Node("shop.bank")\n')) == [
        ("shop.cart → shop.bank", "proved")
    ]


@pytest.mark.parametrize(
    ("body", "edges"),
    [
        ("a >> b", [("a", "b")]),
        ("a << b", [("b", "a")]),
        ("a >> [b, c]", [("a", "b"), ("a", "c")]),
        ("[a, b] >> c", [("a", "c"), ("b", "c")]),
        ("a >> b >> c", [("a", "b"), ("b", "c")]),
        ('a >> Edge(label="x") >> [b, c]', [("a", "b"), ("a", "c")]),
        ('a << Edge(label="x") << b', [("b", "a")]),
        ("a - b", [("a", "b")]),
        ("[a, b] << c", [("c", "a"), ("c", "b")]),
        ('x = a >> Node("d")\nx >> b', [("a", "d"), ("d", "b")]),
        ('with Cluster("k"):\n    d = Node("d")\n    with Cluster("l"):\n        d >> a', [("d", "a")]),
    ],
)
def test_arrows_lead_where_diagrams_draws_them(body: str, edges: list[tuple[str, str]]) -> None:
    """Every way of writing arrows means what the library makes of it."""
    (diagram,) = read_source(source(f'a, b, c = Node("a"), Node("b"), Node("c")\n{body}\n'), "d.py")
    assert [(edge.start, edge.to) for edge in diagram.edges] == edges
    assert diagram.unread == ()


def test_clusters_and_directions_are_kept() -> None:
    """What a picture needs is read as well."""
    (diagram,) = read_source(source('with Cluster("A"):\n    with Cluster("B"):\n        Node("a")\n'), "d.py")
    assert (diagram.title, diagram.direction, diagram.nodes[0].cluster) == ("The shop", "TB", ("A", "B"))


@pytest.mark.parametrize(
    "body", ["for x in y:\n    Node(x)", "Node(name())", "a.b()", "def f(): pass", "x = [Node(n) for n in y]"]
)
def test_what_cannot_be_followed_is_told(diagrams: Diagrams, body: str) -> None:
    """A source that computes what it draws is not half read in silence; nothing of it is run."""
    seen = check(diagrams, f"{body}\n")
    assert [one.verdict.state.value for one in seen.unread] == ["unchecked"]


def test_imports_that_are_not_drawn_are_listed(diagrams: Diagrams) -> None:
    """What exists between the boxes and has no arrow can be looked up."""
    assert check(diagrams, 'Node("shop.cart")\nNode("shop.prices")\n').undrawn == (("shop.cart", "shop.prices"),)
    assert check(diagrams, 'Node("shop.cart") >> Node("shop.prices")\n').undrawn == ()


def test_a_source_that_is_none_is_passed_over() -> None:
    """Other Python is no diagram; broken Python is told."""
    assert read_source("import os\n", "d.py") == []
    assert read_source("diagrams = 1\n", "d.py") == []
    assert read_source("from diagrams import (\n", "d.py")[0].unread
    assert diagram_sources(["docs/architecture/a/b.py", "docs/a.py", "src/docs/architecture/a.py"]) == [
        "docs/architecture/a/b.py"
    ]


CHARTS = {
    "a --> b": [("a", "b", "", True)],
    "a -->|asks| b": [("a", "b", "asks", True)],
    "a -- asks --> b": [("a", "b", "asks", True)],
    "a[shop.cart] --> b(shop.prices)": [("a", "b", "", True)],
    'a["x y"] -.-> b': [("a", "b", "", True)],
    "a ==> b & c": [("a", "b", "", True), ("a", "c", "", True)],
    "a & b --> c --> d": [("a", "c", "", True), ("b", "c", "", True), ("c", "d", "", True)],
    "a --- b": [("a", "b", "", False)],
    "a --> b; b --> c": [("a", "b", "", True), ("b", "c", "", True)],
    "subgraph one\n  a --> b\nend": [("a", "b", "", True)],
    "%% a comment\nclassDef x fill:#fff\na:::x --> b": [("a", "b", "", True)],
}


@pytest.mark.parametrize("chart", CHARTS)
@pytest.mark.parametrize("head", ["flowchart TD", "graph LR", "flowchart"])
def test_flow_charts_are_read(chart: str, head: str) -> None:
    """The arrows that Mermaid draws, with their words."""
    diagram = read_flowchart(f"{head}\n{chart}\n", "a.md", 2)
    assert diagram is not None
    assert [(edge.start, edge.to, edge.label, edge.directed) for edge in diagram.edges] == CHARTS[chart]
    assert diagram.unread == ()


def test_flow_charts_are_held_to_dotted_names_alone(diagrams: Diagrams) -> None:
    """In a document a single word may mean anything, and an arrow with words of its own, too."""
    arrows = ["a[shop.cart] --> b[shop.prices]", "b --> a", "cart --> prices", "a -->|pays| c[shop.bank]"]
    text = "\n".join(["# T", "", "```mermaid", "flowchart LR", *arrows, "```", ""])
    text += "\n```mermaid\nsequenceDiagram\n  a->>b: hello\n```\n"
    (seen,) = diagrams.of_documents({"a.md": scan(text)})
    assert [(edge.location.line, edge.verdict.state.value) for edge in seen.edges] == [
        (5, "proved"),
        (6, "refuted"),
        (7, "unchecked"),
        (8, "unchecked"),
    ]


@given(st.text(alphabet="ab->|[](){}&;=.-<x \n\"'", max_size=60))
def test_any_text_is_read_as_a_flow_chart(text: str) -> None:
    """Whatever stands in a fence, reading it ends, and every arrow has two boxes."""
    diagram = read_flowchart(f"flowchart TD\n{text}", "a.md", 1)
    assert diagram is not None
    keys = {node.key for node in diagram.nodes}
    assert all({edge.start, edge.to} <= keys for edge in diagram.edges)
