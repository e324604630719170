"""OpenFeature's own client gets the answers that the flags give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from openfeature import api
from openfeature.evaluation_context import EvaluationContext
from openfeature.exception import ErrorCode
from openfeature.flag_evaluation import Reason

from overt.flags import FeatureFlags, Flag, MemoryStore
from overt.flags.openfeature import OvertProvider

DATES = {"created": "2026-11-22", "until": "2027-06-30"}


@pytest.fixture
def flags() -> FeatureFlags:
    return FeatureFlags(MemoryStore(), [Flag("a", owner="", purpose="", **DATES)])


@pytest.fixture
def client(flags: FeatureFlags) -> Iterator[Any]:
    """Give a client of the real SDK over the provider."""
    api.set_provider(OvertProvider(flags), "overt-tests")
    yield api.get_client("overt-tests")
    api.shutdown()


def test_a_boolean_follows_the_flag(flags: FeatureFlags, client: Any) -> None:
    """Whatever the default of the caller is."""
    assert client.get_boolean_value("a", True) is False
    flags.enable("a")
    details = client.get_boolean_details("a", False)
    assert (details.value, details.reason, details.variant) == (True, Reason.STATIC, "on")


def test_the_targeting_key_is_the_key_of_a_percentage(flags: FeatureFlags, client: Any) -> None:
    """The same answers as without OpenFeature, with the reason that it is a split."""
    flags.set_percentage("a", 50)
    for number in range(100):
        details = client.get_boolean_details("a", False, EvaluationContext(str(number)))
        assert (details.value, details.reason) == (flags.enabled("a", number), Reason.SPLIT)
    assert client.get_boolean_value("a", True) is False


def test_a_number_is_the_percentage(flags: FeatureFlags, client: Any) -> None:
    """As a float, and as an integer when it is whole."""
    flags.set_percentage("a", 12.5)
    assert client.get_float_value("a", 0.0) == 12.5
    details = client.get_integer_details("a", 7)
    assert (details.value, details.error_code) == (7, ErrorCode.TYPE_MISMATCH)
    flags.enable("a")
    assert client.get_integer_value("a", 0) == 100


def test_mistakes_give_the_default_and_say_why(client: Any) -> None:
    """An unknown flag with its neighbour, and a type that no flag has."""
    for details in (client.get_boolean_details("b", True), client.get_float_details("b", True)):
        assert (details.value, details.error_code, details.reason) == (True, ErrorCode.FLAG_NOT_FOUND, Reason.ERROR)
        assert "there is no flag 'b'" in details.error_message
    assert client.get_integer_details("b", 3).error_code == ErrorCode.FLAG_NOT_FOUND
    assert client.get_string_details("a", "x").error_code == ErrorCode.TYPE_MISMATCH
    assert client.get_object_details("a", {"x": 1}).error_code == ErrorCode.TYPE_MISMATCH


def test_shutdown_closes_the_flags(flags: FeatureFlags, client: Any) -> None:
    """The provider owns them."""
    assert client.provider.get_metadata().name == "overt"
    api.shutdown()
    with pytest.raises(Exception, match="closed"):
        flags.enable("a")
