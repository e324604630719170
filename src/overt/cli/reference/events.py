"""The page of telemetry events: what is announced, with what, and when."""

from __future__ import annotations

from types import MappingProxyType

from overt.cli.reference.heard import heard

WHEN = MappingProxyType(
    {
        (
            "PREFIX",
            "BATCHED",
        ): "A batch of `SampledEvents` is full, flushed, or its time is over.",
        ("PREFIX", "NAME", "start"): "A block of `SampledEvents.span` begins; metadata are those that it was given.",
        ("PREFIX", "NAME", "stop"): "The block ends; `status` is `ok` or `error`.",
        ("overt", "cache", "evicted"): "A value made room for another one.",
        ("overt", "cache", "expired"): "A value was taken out because its time was over or its owner died.",
        ("overt", "cache", "hit"): "A value was asked for and was there.",
        ("overt", "cache", "miss"): "A value was asked for and was not there.",
        ("overt", "compare", "mismatch"): "The new and the legacy implementation gave different answers to one call.",
        ("overt", "flags", "changed"): "A flag has another value, also when another process set it.",
        ("overt", "flags", "keyless"): "A flag that is on for a percentage of keys was read without one; told once.",
        ("overt", "flags", "store_failed"): "The store could not be used; the last known values are served.",
        ("overt", "guard", "call"): "A guarded call ended; `result` is `ok` or `error`.",
        ("overt", "migration", "advance"): "A stage was entered.",
        ("overt", "migration", "automatic"): "The monitor went back by itself, because health was bad.",
        ("overt", "migration", "emergency"): "Everything was turned off at once.",
        ("overt", "migration", "rollback"): "Somebody went back to an earlier stage.",
        ("overt", "registry", "expire"): "An entry is gone because its owner died.",
        ("overt", "registry", "lookup"): "A key was looked up; `result` is `ok` or `not_registered`.",
        ("overt", "registry", "register"): "An agent was registered; `result` is `ok` or `already_registered`.",
        ("overt", "registry", "unregister"): "An agent was taken out; `result` is `ok` or `not_registered`.",
        ("overt", "registry", "update"): "Metadata were replaced; `result` is `ok` or `not_registered`.",
        ("overt", "span", "start"): "A span began.",
        ("overt", "span", "stop"): "A span ended; `status` is `ok`, `error` or `abandoned`.",
        ("overt", "telemetry", "detached"): "A handler raised, and hears nothing from now on.",
    }
)
"""Each event, and when it is announced."""

_HEAD = """\
# Telemetry events

<!-- Made by `python -m overt.cli.reference`, which makes each system announce its events and keeps what it heard. -->

What the systems of `overt.runtime` and `overt.flags` announce to the [`Telemetry`](runtime.md#telemetry) that they are
given. An event has a name, a tuple of texts; measurements, which are numbers; and metadata. Names that end in `_ns` are
nanoseconds, `at` is seconds since 1970 UTC. `implementation` is `new` or `legacy`.

`PREFIX`, `NAME` and `BATCHED` stand for names that the program chooses.

| event | measurements | metadata | when |
| --- | --- | --- | --- |
"""

_FOOT = """
With OpenFeature, the hook of `overt.flags.openfeature` announces each evaluation as `("feature_flag", "evaluation")`,
with the attribute names of OpenTelemetry as metadata: [feature flags](flags.md).
"""


def _spelled(name: tuple[str, ...]) -> str:
    """A name as it stands in code; parts in capitals stand for something else. With spaces it would be a command."""
    return f"({', '.join(part if part.isupper() else repr(part) for part in name)})".replace("'", '"')


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def events_page() -> str:
    """Return the page of events in Markdown."""
    rows = [
        f"| `{_spelled(name)}` | {_names(measurements)} | {_names(metadata)} | {WHEN.get(name, '')} |\n"
        for name, (measurements, metadata) in heard().items()
    ]
    return _HEAD + "".join(rows) + _FOOT
