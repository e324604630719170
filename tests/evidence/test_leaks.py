"""Curves of the ledger are judged anew each time, and odd ones prove nothing."""

from __future__ import annotations

import msgspec
import pytest

from overt.campaign.records import Campaign, Suite
from overt.evidence.facts import gather
from overt.evidence.inputs import measure_inputs, settings_digest
from overt.evidence.leaks import leak_checks
from overt.evidence.ledger import open_ledger
from overt.evidence.records import Series
from overt.model import State

X = tuple(range(100, 2500, 100))


def series(curve, step=0, *, number=1, name="cart.add", **more):
    x = X if number == 1 else tuple(range(2500, 7300, 100))
    y = tuple(4_000_000 + round(step * at) for at in x)
    given = {"unit": "bytes", "x": x, "y": y, **more}
    return Series(id=f"{name}{curve}{number}", suite="unit", name=name, curve=curve, round=number, **given)


def leaking(name="cart.add"):
    once = [series("blocks", 1, name=name), series("resident", 1024, name=name)]
    return [*once, *(series(one.curve, step, number=2, name=name) for one, step in zip(once, (1, 1024), strict=True))]


def one(records):
    (found,) = leak_checks(records)
    return found


def test_curves_of_one_check_are_judged_together():
    """With the ids of all of them, and where it was allocated."""
    records = leaking()
    records[0] = msgspec.structs.replace(records[0], suspects=("cart.py:3",))
    found = one(records)
    assert (found.name, found.suite, found.growth.verdict) == ("cart.add", "unit", "leaks")
    assert found.growth.held.value == pytest.approx(1024)
    assert found.suspects == ("cart.py:3",)
    assert found.series == tuple(record.id for record in records)


def test_a_leak_within_the_tolerance_is_flat():
    """The strictest tolerance of a check counts."""
    allowed = [msgspec.structs.replace(record, tolerance=2048) for record in leaking()]
    assert one(allowed).growth.verdict == "flat"
    assert one([*allowed[1:], leaking()[0]]).growth.verdict == "leaks"


@pytest.mark.parametrize(
    "broken",
    [{"curve": "moon"}, {"x": X[:-1]}, {"x": (), "y": ()}, {"x": (5, *X[1:])[::-1]}, {"x": (0,) * 24}],
)
def test_a_curve_that_is_none_is_left_out(broken):
    """Of an unknown sort, with points that do not match or do not go on: then it was not measured."""
    records = [series("blocks"), msgspec.structs.replace(series("resident"), **broken)]
    assert one(records).growth.verdict == "not measured"


def test_checks_are_told_apart_by_suite_and_name():
    """In that order."""
    found = leak_checks([series("blocks", name="b"), series("blocks", name="a")])
    assert [check.name for check in found] == ["a", "b"]


def test_leaks_are_facts(book):
    """The verdict, the size with its interval, and how many are flat."""
    (book.root / "a.py").write_text("x = 1\n")
    suite = Suite(kind="pytest")
    inputs = measure_inputs(book.root, ["a.py"], ("a.py",))
    planned = book.planned("unit", "pytest", inputs=inputs, settings_sha256=settings_digest(suite), required=True)
    still = [series("blocks", name="cart.read"), series("resident", name="cart.read")]
    run = book.run(book.test("a"), *leaking(), *still, book.end(), suites=(planned,))
    campaign = Campaign(suites={"unit": suite})
    facts = gather(book.root, campaign, open_ledger(book.root), files=["a.py"], now_ns=book.clock.now)
    told = {name: (facts.get(name).value, facts.get(name).unit) for name in facts.names() if name.startswith("leaks.")}
    assert told == {
        "leaks.cart.add.bytes_per_iteration": (1024, "bytes"),
        "leaks.cart.add.high": (1024, "bytes"),
        "leaks.cart.add.iterations": (7200, "count"),
        "leaks.cart.add.low": (1024, "bytes"),
        "leaks.cart.add.verdict": ("leaks", "text"),
        "leaks.cart.read.bytes_per_iteration": (0, "bytes"),
        "leaks.cart.read.high": (0, "bytes"),
        "leaks.cart.read.iterations": (2400, "count"),
        "leaks.cart.read.low": (0, "bytes"),
        "leaks.cart.read.verdict": ("flat", "text"),
        "leaks.flat": (1, "count"),
        "leaks.total": (2, "count"),
    }
    assert f"{run.name}/cart.addblocks1" in facts.get("leaks.cart.add.verdict").evidence


def test_without_a_check_nothing_is_known(book):
    """No check is not the same as none that leaks."""
    facts = gather(book.root, Campaign(), open_ledger(book.root), files=[], now_ns=book.clock.now)
    assert facts.get("leaks.total").state is State.UNCHECKED
    assert facts.get("leaks.flat").value is None
