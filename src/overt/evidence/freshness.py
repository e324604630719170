"""Whether evidence still fits the project it was measured on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from overt.campaign.flag_states import with_states
from overt.campaign.records import Campaign
from overt.evidence.inputs import changed_files, measure_inputs, settings_digest
from overt.evidence.manifest import Inputs, PlannedSuite
from overt.evidence.quarantine import read_quarantine
from overt.model import OvertError

_DAY_NS = 86_400_000_000_000
_SKEW_NS = 3_600_000_000_000
_NAMED = 3
"""Changed files that are named before the rest is only counted."""


def staleness(
    planned: PlannedSuite,
    inputs: Inputs,
    *,
    settings_sha256: str,
    max_age_ns: int,
    measured_ns: int,
    now_ns: int,
    changed: Sequence[str] = (),
) -> str:
    """Return why evidence no longer fits, or an empty string when it does.

    Args:
        planned: The suite as it was planned.
        inputs: Its inputs as they are now.
        settings_sha256: Digest of its settings as they are now; empty skips the comparison.
        max_age_ns: Age at which evidence goes stale, nanoseconds; 0 for never.
        measured_ns: When it was measured, nanoseconds since 1970 UTC.
        now_ns: Now.
        changed: The inputs that are not what they were, as far as they are known.
    """
    reasons = []
    if inputs.sha256 != planned.inputs.sha256:
        counts = f"({_files(planned.inputs.files)} then, {_files(inputs.files)} now)"
        reasons.append(f"its inputs changed since{f': {_some(changed)}' if changed else f' {counts}'}")
    if settings_sha256 and not planned.settings_sha256:
        reasons.append("its settings were not recorded")
    elif settings_sha256 and settings_sha256 != planned.settings_sha256:
        reasons.append("its settings in the campaign changed since")
    if max_age_ns and now_ns - measured_ns > max_age_ns:
        reasons.append(f"it is {_days(now_ns - measured_ns)} old, at most {_days(max_age_ns)} are allowed")
    if max_age_ns and measured_ns - now_ns > _SKEW_NS:
        reasons.append("it was measured at a time that has not come yet")
    return " and ".join(reasons)


def _some(names: Sequence[str]) -> str:
    rest = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {rest:,} more" if rest > 0 else "")


def _files(number: int) -> str:
    return f"{number:,} file" if number == 1 else f"{number:,} files"


def _days(nanoseconds: int) -> str:
    days = nanoseconds // _DAY_NS
    return f"{days} day" if days == 1 else f"{days} days"


class Freshness:
    """Answers for many suites, measuring each set of inputs once.

    Args:
        root: Folder of the project.
        campaign: Its campaign now.
        files: Its files, relative to the root, POSIX.
        now_ns: Now, nanoseconds since 1970 UTC.
    """

    def __init__(self, root: Path, campaign: Campaign, files: Sequence[str], now_ns: int) -> None:
        self._root, self._campaign, self._files, self._now_ns = root, with_states(campaign), files, now_ns
        self._measured: dict[tuple[str, ...], Inputs] = {}
        self._changes: dict[tuple[tuple[str, ...], str], tuple[str, ...]] = {}
        self.quarantine = read_quarantine(root, campaign, now_ns)

    def inputs(self, patterns: tuple[str, ...]) -> Inputs:
        """Return what patterns match now."""
        if patterns not in self._measured:
            self._measured[patterns] = measure_inputs(self._root, self._files, patterns)
        return self._measured[patterns]

    def of(self, planned: PlannedSuite, measured_ns: int, blob: Callable[[str], bytes] | None = None) -> str:
        """Return why the evidence of a suite no longer fits, or an empty string.

        Args:
            planned: The suite as it was planned.
            measured_ns: When it was measured, nanoseconds since 1970 UTC.
            blob: Gives the bytes of a blob of its run, for the names of the files that changed.
        """
        suite = self._campaign.suites.get(planned.name)
        return staleness(
            planned,
            self.inputs(planned.inputs.patterns),
            settings_sha256=settings_digest(suite, self._campaign.hidden_state) if suite else "",
            max_age_ns=suite.max_age_days * _DAY_NS if suite else planned.max_age_ns,
            measured_ns=measured_ns,
            now_ns=self._now_ns,
            changed=self._changed(planned.inputs, blob) if blob else (),
        )

    def _changed(self, then: Inputs, blob: Callable[[str], bytes]) -> tuple[str, ...]:
        if self.inputs(then.patterns).sha256 == then.sha256:
            return ()
        asked = (then.patterns, then.sha256)
        if asked not in self._changes:
            try:
                listed = blob(then.sha256)
            except OvertError:
                return ()
            self._changes[asked] = changed_files(self._root, self._files, then.patterns, listed)
        return self._changes[asked]


def planned_in(suites: Sequence[PlannedSuite], name: str) -> PlannedSuite | None:
    """Return a suite of a plan by its name."""
    return next((suite for suite in suites if suite.name == name), None)
