"""Properties of tests become measurements of the ledger."""

from __future__ import annotations

import pytest

from overt.evidence.records import Measure, Sample, Series
from overt.testing.growth import Curve
from overt.testing.leaking import LEAKS, Leaks
from overt.testing.measures import MEASURE, measure_text
from overt.testing.paired import PROPERTY, Compared, Round, Spent
from overt.validate.properties import read_properties

ROUNDS = (
    Round(Spent(1, 2), Spent(3, 4), Spent(5, 6)),
    Round(Spent(7, 8), Spent(9, 10), Spent(11, 12)),
)


def test_a_comparison_becomes_its_samples() -> None:
    """Six of two rounds; the second round was measured backwards."""
    told = Compared("read", "old", "new", ROUNDS, operations=50, band=0.05).property_text()
    records, wrong = read_properties("speed", [(PROPERTY, told)])
    assert not wrong
    assert records[1] == Sample(
        id="sample:speed:read:1:candidate",
        suite="speed",
        benchmark="read",
        side="new",
        role="candidate",
        pair=1,
        order=2,
        wall_ns=3,
        cpu_ns=4,
        operations=50,
        band_ppm=50_000,
    )
    placed = [(one.side, one.role, one.pair, one.order) for one in records if isinstance(one, Sample)]
    assert placed == [
        ("old", "baseline", 1, 1),
        ("new", "candidate", 1, 2),
        ("old", "control", 1, 3),
        ("old", "baseline", 2, 3),
        ("new", "candidate", 2, 2),
        ("old", "control", 2, 1),
    ]


def test_a_check_for_leaks_becomes_its_curves() -> None:
    """One record a curve; where it was allocated stands in the first."""
    curves = (Curve("blocks", 1, (10, 20), (7, 8)), Curve("resident", 2, (30, 40), (4096, 8192)))
    told = Leaks("cart.add", curves, tolerance=32, suspects=("cart.py:3",)).property_text()
    records, wrong = read_properties("stress", [(LEAKS, told)])
    assert not wrong
    assert records == [
        Series(
            id="series:stress:cart.add:blocks:1",
            suite="stress",
            name="cart.add",
            curve="blocks",
            x=(10, 20),
            y=(7, 8),
            tolerance=32,
            suspects=("cart.py:3",),
        ),
        Series(
            id="series:stress:cart.add:resident:2",
            suite="stress",
            name="cart.add",
            curve="resident",
            round=2,
            unit="bytes",
            x=(30, 40),
            y=(4096, 8192),
            tolerance=32,
        ),
    ]


def test_a_number_becomes_a_measure() -> None:
    """Under its own name."""
    records, _ = read_properties("speed", [(MEASURE, measure_text("spans.lost", 3))])
    assert records == [Measure(id="measure:speed:spans.lost", suite="speed", name="spans.lost", value=3)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (PROPERTY, ""),
        (PROPERTY, '{"name":"a"}'),
        (LEAKS, '{"name":"a","tolerance":16,"curves":[["moon",1,[1],[1]]]}'),
        (MEASURE, '{"name":"a","value":1.5}'),
        (MEASURE, '{"name":"a","value":1,"unit":"ms"}'),
    ],
)
def test_what_cannot_be_read_is_said(name: str, text: str) -> None:
    """It is not lost in silence, and harms nothing else."""
    records, (wrong,) = read_properties("speed", [(name, text), (MEASURE, measure_text("a", 1)), ("overt.other", "")])
    assert len(records) == 1
    assert wrong.startswith(f"the property {name} cannot be read: ")
