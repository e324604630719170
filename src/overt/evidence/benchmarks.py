"""What the samples of a benchmark decide: worked out anew each time, from the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from overt.evidence.records import Sample
from overt.testing.ratio import FEWEST, Ratio, Verdict, ratio


@dataclass(frozen=True, slots=True)
class Benchmark:
    """Two sides compared.

    Args:
        name: Its name.
        suite: The suite that measured it.
        baseline: Name of the side that is compared with.
        candidate: Name of the side that is judged.
        baseline_ns: Median time of one operation, nanoseconds; 0 when it was not measured.
        candidate_ns: The same of the candidate.
        clock: `processor` or `wall`.
        ratio: Candidate by baseline; None when it was not measured.
        control: Baseline by baseline, measured alike; None when it was not measured.
        band: Share by which sides may differ and still count as the same.
        verdict: What it decides.
        reason: Why it decides nothing; empty when it does.
        samples: Ids of the records it rests on.
    """

    name: str
    suite: str
    baseline: str
    candidate: str
    baseline_ns: float
    candidate_ns: float
    clock: str
    ratio: Ratio | None
    control: Ratio | None
    band: float
    verdict: Verdict
    reason: str
    samples: tuple[str, ...]


def benchmarks(samples: Iterable[Sample]) -> list[Benchmark]:
    """Return the benchmarks that samples belong to, by suite and name."""
    grouped: dict[tuple[str, str], list[Sample]] = {}
    for sample in samples:
        grouped.setdefault((sample.suite, sample.benchmark), []).append(sample)
    return [_benchmark(grouped[key]) for key in sorted(grouped)]


def _benchmark(samples: Sequence[Sample]) -> Benchmark:
    timed = all(sample.cpu_ns for sample in samples)
    rounds: dict[int, dict[str, float]] = {}
    for sample in samples:
        spent = sample.cpu_ns if timed else sample.wall_ns
        rounds.setdefault(sample.pair, {})[sample.role] = spent / max(1, sample.operations)
    judged, control = _pairs(rounds, "candidate"), _pairs(rounds, "control")
    names = {role: {sample.side for sample in samples if sample.role == role} for role in ("baseline", "candidate")}
    band = max(sample.band_ppm for sample in samples) / 1e6
    found = ratio(judged) if judged else None
    same = ratio(control) if control else None
    verdict, reason = _verdict(found, same, band, mixed=any(len(name) > 1 for name in names.values()))
    return Benchmark(
        name=samples[0].benchmark,
        suite=samples[0].suite,
        baseline=" / ".join(sorted(names["baseline"])),
        candidate=" / ".join(sorted(names["candidate"])),
        baseline_ns=median([second for _, second in judged]) if judged else 0.0,
        candidate_ns=median([first for first, _ in judged]) if judged else 0.0,
        clock="processor" if timed else "wall",
        ratio=found,
        control=same,
        band=band,
        verdict=verdict,
        reason=reason,
        samples=tuple(sample.id for sample in samples),
    )


def _pairs(rounds: dict[int, dict[str, float]], role: str) -> list[tuple[float, float]]:
    """Return the measurements of a role and of the baseline next to it, of whole rounds only."""
    return [
        (one[role], one["baseline"])
        for _, one in sorted(rounds.items())
        if one.get(role, 0) > 0 and one.get("baseline", 0) > 0
    ]


def _verdict(found: Ratio | None, control: Ratio | None, band: float, *, mixed: bool) -> tuple[Verdict, str]:
    if found is None or found.pairs < FEWEST:
        return "not measured", f"{found.pairs if found else 0} pairs are fewer than {FEWEST}"
    if mixed:
        return "not comparable", "its samples name different sides"
    if control is not None and control.verdict(band) in {"slower", "faster"}:
        return "not comparable", f"the baseline differed from itself: {control.low:.3f} to {control.high:.3f}"
    verdict = found.verdict(band)
    return verdict, "the interval does not decide" if verdict == "inconclusive" else ""
