"""What the audit asks of the evidence: named facts, each with its state."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol

from overt.system.text import did_you_mean, nearest


class FactLike(Protocol):
    """One thing that was, or was not, measured."""

    @property
    def name(self) -> str:
        """Its dotted name, for example `tests.failed`."""

    @property
    def value(self) -> int | str | bool | None:
        """What was measured, in `unit`; None when nothing was."""

    @property
    def unit(self) -> str:
        """`count`, `ns`, `bytes`, `ppm`, `text` or `flag`."""

    @property
    def state(self) -> str:
        """`proved` when measured and fresh; else why it may not be relied on."""

    @property
    def reason(self) -> str:
        """One sentence about the state."""

    @property
    def evidence(self) -> tuple[str, ...]:
        """The records it rests on, as `RUN/RECORD-ID`."""


class FactsLike(Protocol):
    """All facts there are."""

    def get(self, path: str) -> FactLike:
        """Return a fact; one that was never measured is `unchecked`."""

    def names(self) -> list[str]:
        """Return the names of the facts that are known."""


_COUNTS = "total|passed|failed|errors|skipped|xfailed|xpassed|planned|missing|flaky|quarantined|duration"
_FAMILIES = re.compile(
    rf"""tests\.(?:{_COUNTS})
    | hidden_state\.(?:findings|new|ratcheted|allowed|files|lines|unreadable|rules\.OVE?\d+)
    | lint\.findings | coverage\.(?:lines|branches) | rehearsals\.(?:total|proved) | exercises\.(?:total|proved)
    | flag_states\.(?:on|off|mixed)\.(?:.+\.)?(?:outcome|suites|proved|asked|{_COUNTS})
    | samples\.(?:total|run|passed|parsed|failed|unchecked)
    | references\.(?:total|proved|refuted|unchecked) | run\.(?:commit|dirty)
    | measures\..+ | benchmarks\..+\.(?:verdict|ratio|low|high|pairs) | timings\..+\.(?:median|low|high|runs)
    | rehearsals\..+\.[a-z][a-z0-9_-]* | exercises\..+\.proved
    | controls\.(?:total|proved|without|.+\.(?:proved|alarmed|silent|value|low|high))
    | leaks\.(?:total|flat|.+\.(?:verdict|bytes_per_iteration|low|high|iterations))""",
    re.VERBOSE,
)
_SUITE = re.compile(rf"suites\.(.+)\.(?:outcome|{_COUNTS}|findings|new|exit_code)")


def is_fact_name(name: str, facts: FactsLike) -> bool:
    """Tell whether a name is that of a fact, measured or not.

    A fact that could be measured but was not is unchecked; one that cannot exist is a mistake in the document.
    """
    if name in facts.names() or _FAMILIES.fullmatch(name):
        return True
    suite = _SUITE.fullmatch(name)
    return suite is not None and suite[1] in {one.name for one in getattr(facts, "suites", ())}


def near_fact(name: str, names: Iterable[str]) -> str:
    """Return a hint towards a fact that exists.

    Facts are many, so that without a near name only those of the same family are listed.

    Example:
        >>> near_fact("tests.faild", ["tests.failed", "tests.total"])
        "did you mean 'tests.failed'?"
    """
    known = list(names)
    if nearest(name, known):
        return did_you_mean(name, known)
    family = [known_name for known_name in known if known_name.split(".")[0] == name.split(".")[0]]
    heads = sorted({f"{known_name.split('.')[0]}.…" for known_name in known})
    return f"known: {', '.join(sorted(family)[:12] or heads)}" if known else "nothing was measured yet"
