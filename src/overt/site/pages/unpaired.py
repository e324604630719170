"""The part of before and after that other tools have measured: numbers, and no verdict."""

from __future__ import annotations

from overt.evidence.records import Timing
from overt.evidence.unpaired import Unpaired, unpaired
from overt.model import State
from overt.site.inputs import SiteInputs
from overt.site.marks import state_mark
from overt.site.markup import Markup, code, fill, paragraphs, table
from overt.system.units import count, duration

_WHY = Markup(
    "These times were read from the files of other tools, which measure one side alone. Between two of their runs the "
    "machine, its load and the code may all have changed, so the change is a hint and no verdict: nothing here is "
    "shown to be slower or faster. Measured in turns, with `compare_speed`, it would be."
)


def found_unpaired(inputs: SiteInputs) -> list[Unpaired]:
    """Return what other tools have measured, in the latest runs and the ones before them."""
    return [
        one
        for view in inputs.suites
        for one in unpaired(view.of(Timing), [record for record in view.before or () if isinstance(record, Timing)])
    ]


def unpaired_headline(measured: list[Unpaired]) -> tuple[State, str]:
    """Return the state of a page that has nothing but these, and how many there are."""
    return State.INCONCLUSIVE, f"{count(len(measured), 'benchmark')}, unpaired: numbers, and no comparison"


def unpaired_section(measured: list[Unpaired]) -> Markup:
    """Return them as a table, each marked as unpaired."""
    heads = ("Grade", "Benchmark", "Run before", "Now", "Change")
    return paragraphs(
        Markup("## Measured by other tools, unpaired"),
        _WHY,
        table(heads, [_row(one) for one in measured], align="llrrr"),
    )


def _row(one: Unpaired) -> tuple[object, ...]:
    return (
        state_mark(State.INCONCLUSIVE, word="unpaired"),
        fill("{}<br><small>{}, {}</small>", code(one.name), one.tool, count(one.runs, "run")),
        _time(one.before_ns) if one.before_ns else "–",
        _now(one),
        fill("{}×<br><small>unpaired</small>", f"{one.ratio:.2f}") if one.ratio else "–",
    )


def _now(one: Unpaired) -> Markup:
    """Return the median with its quartiles; there are none of a tool that kept the median alone."""
    spread = fill("<br><small>{} to {}</small>", _time(one.low_ns), _time(one.high_ns))
    return fill("**{}**{}", _time(one.median_ns), spread if one.low_ns < one.high_ns else Markup(""))


def _time(nanoseconds: float) -> str:
    """Return a length of time, also one below a nanosecond."""
    return duration(round(nanoseconds)) if nanoseconds >= 100 else f"{nanoseconds:.3g} ns"
