"""Feature flags for programs that ask through OpenFeature; needs the package `openfeature-sdk`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openfeature.evaluation_context import EvaluationContext
from openfeature.exception import ErrorCode
from openfeature.flag_evaluation import FlagResolutionDetails, Reason
from openfeature.provider import AbstractProvider, Metadata

from overt.flags.feature_flags import FeatureFlags
from overt.flags.records import UnknownFlag


class OvertProvider(AbstractProvider):
    """Answers OpenFeature from `FeatureFlags`; the targeting key is the key of a percentage.

    A flag is asked for as a boolean, which is whether it is on, or as a number, which is its percentage. Other types
    are a type mismatch.

    Args:
        flags: The flags; closed by `shutdown()`.

    Example:
        >>> from openfeature import api
        >>> from overt.flags import FeatureFlags, Flag, MemoryStore
        >>> flag = Flag("new-cart", owner="shop", purpose="the cart", created="2026-11-22", until="2027-06-30")
        >>> api.set_provider(OvertProvider(FeatureFlags(MemoryStore(), [flag])))
        >>> api.get_client().get_boolean_value("new-cart", True)
        False
        >>> api.shutdown()
    """

    def __init__(self, flags: FeatureFlags) -> None:
        super().__init__()
        self._flags = flags

    def get_metadata(self) -> Metadata:
        """Return the name of the provider."""
        return Metadata("overt")

    def shutdown(self) -> None:
        """Close the flags."""
        self._flags.close()

    def resolve_boolean_details(
        self, flag_key: str, default_value: bool, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[bool]:
        """Return whether a flag is on for the targeting key."""
        key = evaluation_context.targeting_key if evaluation_context else None
        try:
            answer = self._flags.enabled(flag_key, key)
            return FlagResolutionDetails(answer, reason=self._reason(flag_key), variant="on" if answer else "off")
        except UnknownFlag as error:
            return _missing(default_value, error)

    def resolve_float_details(
        self,
        flag_key: str,
        default_value: float,
        evaluation_context: EvaluationContext | None = None,  # noqa: ARG002
    ) -> FlagResolutionDetails[float]:
        """Return the percentage of a flag."""
        try:
            percentage = self._flags.describe(flag_key).percentage
            return FlagResolutionDetails(percentage, reason=self._reason(flag_key))
        except UnknownFlag as error:
            return _missing(default_value, error)

    def resolve_integer_details(
        self, flag_key: str, default_value: int, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[int]:
        """Return the percentage of a flag, when it is whole."""
        found = self.resolve_float_details(flag_key, float(default_value), evaluation_context)
        if found.error_code is not None:
            return FlagResolutionDetails(default_value, found.error_code, found.error_message, Reason.ERROR)
        if found.value != int(found.value):
            return _mismatch(default_value, f"{flag_key} is at {found.value:g} %, which is no whole number")
        return FlagResolutionDetails(int(found.value), reason=found.reason)

    def resolve_string_details(
        self,
        flag_key: str,
        default_value: str,
        evaluation_context: EvaluationContext | None = None,  # noqa: ARG002
    ) -> FlagResolutionDetails[str]:
        """Return a type mismatch: no flag is a text."""
        return _mismatch(default_value, f"{flag_key} is on, off or a percentage, not a text")

    def resolve_object_details(
        self,
        flag_key: str,
        default_value: Sequence[Any] | Mapping[str, Any],
        evaluation_context: EvaluationContext | None = None,  # noqa: ARG002
    ) -> FlagResolutionDetails[Any]:
        """Return a type mismatch: no flag is an object."""
        return _mismatch(default_value, f"{flag_key} is on, off or a percentage, not an object")

    def _reason(self, flag: str) -> Reason:
        value = self._flags.all()[flag]
        if not isinstance(value, bool) and 0 < value < 100:
            return Reason.SPLIT
        return Reason.STALE if self._flags.problem is not None else Reason.STATIC


def _missing(default: Any, error: UnknownFlag) -> FlagResolutionDetails[Any]:
    return FlagResolutionDetails(default, ErrorCode.FLAG_NOT_FOUND, str(error), Reason.ERROR)


def _mismatch(default: Any, message: str) -> FlagResolutionDetails[Any]:
    return FlagResolutionDetails(default, ErrorCode.TYPE_MISMATCH, message, Reason.ERROR)
