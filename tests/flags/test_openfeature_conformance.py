"""What OpenFeature expects of a provider, asked through the real client: the scenarios of its specification in a table.

The specification has flags of every type; here a flag is on, off or a percentage, so that texts and objects are a
mismatch and numbers are percentages. Numbers in the docstrings are those of the requirements.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from openfeature import api
from openfeature.evaluation_context import EvaluationContext
from openfeature.event import EventDetails, ProviderEvent
from openfeature.exception import ErrorCode, ProviderNotReadyError
from openfeature.flag_evaluation import FlagEvaluationDetails, Reason
from openfeature.hook import Hook
from openfeature.provider import ProviderStatus
from opentelemetry.semconv._incubating.attributes import feature_flag_attributes

from overt.flags import FeatureFlags, Flag, MemoryStore, StoreError
from overt.flags.openfeature import EvaluationEvents, OvertProvider
from overt.flags.records import Snapshot
from overt.runtime import Telemetry
from overt.testing import assert_no_leaks, capture_telemetry, wait_for

NAMES = ("on", "off", "none", "half", "fine", "full", "default-on")
KEY = EvaluationContext("user-7", {"plan": "gold"})


class Store(MemoryStore):
    """A store that can be taken away."""

    broken = False

    def check(self) -> None:
        if self.broken:
            raise StoreError("the store is gone")

    def load(self) -> Any:
        self.check()
        return super().load()


def make(store: MemoryStore) -> FeatureFlags:
    about = {"owner": "shop", "purpose": "conformance", "created": "2026-11-22", "until": "2027-06-30"}
    return FeatureFlags(store, [Flag(name, default=name == "default-on", **about) for name in NAMES])  # type: ignore[arg-type]


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry()


@pytest.fixture
def flags(store: Store) -> FeatureFlags:
    made = make(store)
    made.apply({"on": True, "off": False, "none": 0, "half": 50, "fine": 12.5, "full": 100})
    return made


@pytest.fixture
def client(flags: FeatureFlags, telemetry: Telemetry) -> Iterator[Any]:
    """Give a client whose provider is ready; it is the SDK's own."""
    api.set_provider_and_wait(OvertProvider(flags, telemetry=telemetry), "conformance")
    yield api.get_client("conformance")
    api.shutdown()
    api.clear_providers()


class Row(NamedTuple):
    """A flag, how it is asked for, with which default, and what is to come of it."""

    kind: str
    flag: str
    default: Any
    context: EvaluationContext | None
    value: Any
    reason: Reason
    variant: str | None = None
    error: ErrorCode | None = None


BAD, MISSING = ErrorCode.TYPE_MISMATCH, ErrorCode.FLAG_NOT_FOUND
SCENARIOS = [
    # a value is the flag's, whatever the default, also when it looks like nothing
    Row("boolean", "on", False, None, True, Reason.STATIC, "on"),
    Row("boolean", "off", True, None, False, Reason.STATIC, "off"),
    Row("boolean", "none", True, None, False, Reason.STATIC, "off"),
    Row("boolean", "full", False, None, True, Reason.STATIC, "on"),
    Row("boolean", "default-on", False, None, True, Reason.STATIC, "on"),
    Row("float", "on", 0.1, None, 100.0, Reason.STATIC),
    Row("float", "off", 0.1, None, 0.0, Reason.STATIC),
    Row("float", "none", 0.1, None, 0.0, Reason.STATIC),
    Row("float", "fine", 0.1, None, 12.5, Reason.STATIC),
    Row("integer", "half", 1, None, 50, Reason.STATIC),
    Row("integer", "none", 1, None, 0, Reason.STATIC),
    Row("integer", "full", 1, None, 100, Reason.STATIC),
    # a context harms nothing where it says nothing, decides where a key is asked for, and may be missing
    Row("boolean", "on", False, KEY, True, Reason.STATIC, "on"),
    Row("boolean", "half", True, EvaluationContext(), False, Reason.DEFAULT, "off"),
    Row("boolean", "half", True, None, False, Reason.DEFAULT, "off"),
    Row("integer", "half", 1, KEY, 50, Reason.STATIC),
    # what cannot be answered gives the default, the right code, and no exception
    Row("boolean", "missing", True, None, True, Reason.ERROR, None, MISSING),
    Row("integer", "missing", 3, None, 3, Reason.ERROR, None, MISSING),
    Row("float", "missing", 0.1, None, 0.1, Reason.ERROR, None, MISSING),
    Row("string", "missing", "x", None, "x", Reason.ERROR, None, MISSING),
    Row("object", "missing", {"x": 1}, None, {"x": 1}, Reason.ERROR, None, MISSING),
    Row("string", "on", "x", None, "x", Reason.ERROR, None, BAD),
    Row("string", "half", "x", KEY, "x", Reason.ERROR, None, BAD),
    Row("object", "on", {"x": 1}, None, {"x": 1}, Reason.ERROR, None, BAD),
    Row("object", "off", [1], None, [1], Reason.ERROR, None, BAD),
    Row("integer", "fine", 1, None, 1, Reason.ERROR, None, BAD),
]


def compare(row: Row, details: FlagEvaluationDetails[Any]) -> None:
    got = (details.value, details.reason, details.variant, details.error_code)
    assert got == (row.value, row.reason, row.variant, row.error)
    assert type(details.value) is type(row.value)
    assert bool(details.error_message) is (row.error is not None), "a message stands beside an error, and only there"
    assert details.flag_key == row.flag


@pytest.mark.parametrize("row", SCENARIOS, ids=lambda row: f"{row.kind} {row.flag}")
def test_every_evaluation_comes_to_what_is_expected(client: Any, row: Row) -> None:
    """2.2.1-2.2.7, 1.4.3-1.4.10: value, reason, variant, code and message, asked for at once and awaited."""
    details = getattr(client, f"get_{row.kind}_details")(row.flag, row.default, row.context)
    compare(row, details)
    assert getattr(client, f"get_{row.kind}_value")(row.flag, row.default, row.context) == row.value
    compare(row, asyncio.run(getattr(client, f"get_{row.kind}_details_async")(row.flag, row.default, row.context)))


def test_the_targeting_key_decides_a_percentage(client: Any, flags: FeatureFlags) -> None:
    """2.2.1: from the call, from the client and from the API, and each time as the flags themselves would answer."""
    answers = set()
    for number in range(50):
        details = client.get_boolean_details("half", True, EvaluationContext(f"user-{number}"))
        assert (details.value, details.reason) == (flags.enabled("half", f"user-{number}"), Reason.SPLIT)
        assert details.variant == ("on" if details.value else "off")
        answers.add(details.value)
    assert answers == {True, False}
    inside = next(str(number) for number in range(50) if flags.enabled("half", str(number)))
    client.context = EvaluationContext(inside)
    assert client.get_boolean_value("half", False) is True
    client.context = EvaluationContext()
    api.set_evaluation_context(EvaluationContext(inside))
    try:
        assert client.get_boolean_value("half", False) is True
    finally:
        api.set_evaluation_context(EvaluationContext())


def test_a_flag_can_be_read_without_the_store(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """No kind of evaluation looks into the store; the helper that watches it does."""

    def refuse(self: Store, *_: Any) -> Any:
        if threading.current_thread() is threading.main_thread():
            raise AssertionError("an evaluation looked into the store")
        return Snapshot(self.word[0] // 2, dict(self._values))

    for name in ("load", "last", "history", "notes", "check"):
        monkeypatch.setattr(Store, name, refuse)
    assert client.get_boolean_value("on", False) is True
    assert client.get_boolean_details("half", False, KEY).reason == Reason.SPLIT
    assert client.get_float_value("fine", 0.0) == 12.5
    assert client.get_integer_value("half", 0) == 50


def test_hooks_run_around_an_evaluation_and_may_give_the_key(client: Any, flags: FeatureFlags) -> None:
    """4.3: before, after and finally, or before, error and finally; what `before` returns joins the context."""
    inside = next(str(number) for number in range(50) if flags.enabled("half", str(number)))
    seen: list[str] = []

    class Seeing(Hook):
        def before(self, *_: Any, **__: Any) -> EvaluationContext:
            seen.append("before")
            return EvaluationContext(inside)

        def after(self, *_: Any, **__: Any) -> None:
            seen.append("after")

        def error(self, *_: Any, **__: Any) -> None:
            seen.append("error")

        def finally_after(self, *_: Any, **__: Any) -> None:
            seen.append("finally")

    client.add_hooks([Seeing()])
    assert client.get_boolean_value("half", False) is True
    assert client.get_boolean_value("missing", True) is True
    assert seen == ["before", "after", "finally", "before", "error", "finally"]


class Heard:
    """Handlers of every event, for one client."""

    def __init__(self, client: Any) -> None:
        self.events: list[tuple[ProviderEvent, EventDetails]] = []
        for event in ProviderEvent:
            client.add_handler(event, self._handler(event))

    def _handler(self, event: ProviderEvent) -> Callable[[EventDetails], None]:
        return lambda details: self.events.append((event, details))

    def wait(self, event: ProviderEvent, count: int = 1) -> EventDetails:
        """Return the details of the so many-th event of that kind."""
        found = wait_for(lambda: [details for kind, details in self.events if kind is event][count - 1 :], timeout=5)
        return found[0]


def test_a_change_is_signalled_and_applied(client: Any, flags: FeatureFlags) -> None:
    """5.1, 5.3: the event names the flag, the next evaluation has the new value, and READY is told to who is late."""
    heard = Heard(client)
    heard.wait(ProviderEvent.PROVIDER_READY)
    assert client.get_boolean_value("off", True) is False
    flags.enable("off", by="ann")
    details = heard.wait(ProviderEvent.PROVIDER_CONFIGURATION_CHANGED)
    assert (details.flags_changed, details.provider_name) == (["off"], "overt")
    assert client.get_boolean_value("off", False) is True


def test_a_change_that_another_process_made_is_signalled(client: Any, store: Store) -> None:
    """5.1: the source of truth changed, whoever changed it, and nobody has to evaluate for it to be heard."""
    heard = Heard(client)
    with make(store) as other:
        other.disable("on", by="bob")
        assert heard.wait(ProviderEvent.PROVIDER_CONFIGURATION_CHANGED).flags_changed == ["on"]
    assert client.get_boolean_value("on", True) is False


def test_losing_the_store_makes_stale_and_regaining_it_ready(client: Any, store: Store) -> None:
    """5.3.5, 1.7: the last known values are served meanwhile, and say that they are stale."""
    heard = Heard(client)
    heard.wait(ProviderEvent.PROVIDER_READY)
    store.broken = True
    assert "the store is gone" in str(heard.wait(ProviderEvent.PROVIDER_STALE).message)
    assert client.get_provider_status() is ProviderStatus.STALE
    for flag, key in (("on", None), ("half", KEY), ("off", None)):
        assert client.get_boolean_details(flag, False, key).reason == Reason.STALE
    assert client.get_boolean_value("on", False) is True
    store.broken = False
    heard.wait(ProviderEvent.PROVIDER_READY, 2)
    wait_for(lambda: client.get_provider_status() is ProviderStatus.READY)
    assert client.get_boolean_details("on", False).reason == Reason.STATIC


def test_a_provider_whose_store_was_never_there_is_in_error_until_it_is() -> None:
    """1.7.4, 2.4: initializing fails observably and promptly, defaults are served as errors, then it becomes ready."""
    store = Store()
    store.broken = True
    with pytest.raises(ProviderNotReadyError, match="the store is gone"):
        api.set_provider_and_wait(OvertProvider(make(store)), "never")
    client = api.get_client("never")
    heard = Heard(client)
    assert client.get_provider_status() is ProviderStatus.ERROR
    for kind, default in (("boolean", True), ("float", 0.5), ("integer", 5)):
        details = getattr(client, f"get_{kind}_details")("on", default)
        assert (details.value, details.reason) == (default, Reason.ERROR)
        assert details.error_code == ErrorCode.PROVIDER_NOT_READY
    store.broken = False
    heard.wait(ProviderEvent.PROVIDER_READY)
    assert client.get_boolean_details("on", True).value is False
    api.shutdown()
    api.clear_providers()


def test_domains_have_providers_of_their_own(client: Any) -> None:
    """1.1.3, 1.1.4: two domains answer differently; replacing one shuts only its provider down."""
    first, second = make(Store()), make(Store())
    first.enable("off")
    api.set_provider_and_wait(OvertProvider(first), "one")
    assert api.get_client("one").get_boolean_value("off", False) is True
    assert client.get_boolean_value("off", True) is False
    api.set_provider_and_wait(OvertProvider(second), "one")
    assert api.get_client("one").get_boolean_value("off", True) is False
    wait_for(lambda: first._closed, timeout=5)
    assert client.get_boolean_value("on", False) is True


def test_shutdown_leaves_no_thread_and_no_watch(flags: FeatureFlags) -> None:
    """1.6: what initializing began, shutting down ends; again is harmless, and nothing is emitted afterwards."""
    emitted: list[ProviderEvent] = []
    with assert_no_leaks():
        again = make(Store())
        provider = OvertProvider(again)
        provider.attach(lambda _provider, event, _details: emitted.append(event))
        provider.initialize(EvaluationContext())
        again.enable("on")
        wait_for(lambda: emitted == [ProviderEvent.PROVIDER_CONFIGURATION_CHANGED])
        provider.shutdown()
        provider.shutdown()
    flags.close()


def test_a_provider_says_what_it_is(client: Any) -> None:
    """2.1.1: it has a name."""
    assert client.provider.get_metadata().name == "overt"


def test_evaluations_are_announced_with_names_that_are_not_deprecated(client: Any, telemetry: Telemetry) -> None:
    """Each attribute is a current one of OpenTelemetry's conventions; the key of a person is not among them."""
    names = {
        value
        for value in vars(feature_flag_attributes).values()
        if isinstance(value, str) and value.startswith("feature_flag.")
    }
    source = Path(feature_flag_attributes.__file__).read_text(encoding="utf-8")
    deprecated = set(re.findall(r'"(feature_flag\.[a-z._]+)"\n"""\nDeprecated', source))
    assert len(deprecated) >= 3
    with capture_telemetry(telemetry, ("feature_flag", "evaluation")) as events:
        client.get_boolean_value("half", False, KEY)
        client.get_float_value("fine", 0.0)
        client.get_boolean_value("missing", True)
    told = [event.metadata for event in events]
    for attributes in told:
        assert set(attributes) <= (names - deprecated) | {"error.type"}
        assert "user-7" not in str(attributes)
    assert told[0]["feature_flag.result.reason"] == "split"
    assert told[1]["feature_flag.result.value"] == 12.5
    assert told[2]["error.type"] == "flag_not_found"
    assert told[2]["feature_flag.provider.name"] == "overt"


def test_the_key_is_announced_on_request(client: Any, telemetry: Telemetry) -> None:
    """For whoever has keys that are nobody's name."""
    client.add_hooks([EvaluationEvents(telemetry, with_key=True)])
    with capture_telemetry(telemetry, ("feature_flag", "evaluation")) as events:
        client.get_boolean_value("half", False, KEY)
    assert [event.metadata.get("feature_flag.context.id") for event in events] == [None, "user-7"]
