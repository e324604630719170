"""Feature flags for programs that ask through OpenFeature; needs the package `openfeature-sdk`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from openfeature.evaluation_context import EvaluationContext
from openfeature.event import ProviderEvent, ProviderEventDetails
from openfeature.exception import ErrorCode, ProviderNotReadyError
from openfeature.flag_evaluation import FlagEvaluationDetails, FlagResolutionDetails, FlagType, Reason
from openfeature.hook import Hook, HookContext, HookHints
from openfeature.provider import AbstractProvider, FeatureProvider, Metadata

from overt.flags.feature_flags import FeatureFlags
from overt.flags.records import Change, StoreError, UnknownFlag, Value
from overt.runtime.telemetry import Telemetry


class OvertProvider(AbstractProvider):
    """Answers OpenFeature from `FeatureFlags`; the targeting key is the key of a percentage.

    A flag is asked for as a boolean, which is whether it is on, or as a number, which is its percentage. Other types
    are a type mismatch. Changes are emitted as changes of the configuration; while the store cannot be used the
    provider is stale and serves the last known values, or in error and serves nothing when there are none.

    Args:
        flags: The flags; closed by `shutdown()`.
        telemetry: Where evaluations are announced, see `EvaluationEvents`.

    Example:
        >>> from openfeature import api
        >>> from overt.flags import FeatureFlags, Flag, MemoryStore
        >>> flag = Flag("new-cart", owner="shop", purpose="the cart", created="2026-11-22", until="2027-06-30")
        >>> api.set_provider_and_wait(OvertProvider(FeatureFlags(MemoryStore(), [flag])))
        >>> api.get_client().get_boolean_value("new-cart", True)
        False
        >>> api.shutdown()
    """

    def __init__(self, flags: FeatureFlags, *, telemetry: Telemetry | None = None) -> None:
        super().__init__()
        self._flags = flags
        self._hooks: list[Hook] = [] if telemetry is None else [EvaluationEvents(telemetry)]
        self._unwatch: tuple[Callable[[], None], ...] = ()
        self._stale, self._never_read = False, ""

    def get_metadata(self) -> Metadata:
        """Return the name of the provider."""
        return Metadata("overt")

    def get_provider_hooks(self) -> list[Hook]:
        """Return what runs with every evaluation."""
        return self._hooks

    def attach(self, on_emit: Callable[[FeatureProvider, ProviderEvent, ProviderEventDetails], None]) -> None:
        """Begin to emit events; the client calls this before it initializes in a thread of its own."""
        super().attach(on_emit)
        self._stop_watching()
        problem = self._flags.problem
        self._never_read = "" if problem is None or self._flags.loaded else str(problem)
        self._stale = problem is not None and not self._never_read
        self._unwatch = (self._flags.watch(self._changed), self._flags.watch_store(self._store_changed))

    def initialize(self, evaluation_context: EvaluationContext) -> None:  # noqa: ARG002
        """Tell whether flags can be served.

        Raises:
            ProviderNotReadyError: The store cannot be read, and nothing is known; a later `PROVIDER_READY` tells when
                it can.
        """
        if self._never_read:
            raise ProviderNotReadyError(self._never_read)

    def shutdown(self) -> None:
        """Stop emitting and close the flags."""
        self._stop_watching()
        self._flags.close()

    def _stop_watching(self) -> None:
        watches, self._unwatch = self._unwatch, ()
        for unwatch in watches:
            unwatch()

    def _changed(self, change: Change) -> None:
        self.emit_provider_configuration_changed(ProviderEventDetails(flags_changed=[change.flag]))

    def _store_changed(self, problem: StoreError | None) -> None:
        if problem is None:
            self._stale, self._never_read = False, ""
            self.emit_provider_ready(ProviderEventDetails(message="the store of the flags can be used"))
        elif not self._never_read:
            self._stale = True
            self.emit_provider_stale(ProviderEventDetails(message=str(problem)))

    # -- evaluations ---------------------------------------------------------------------------------------------

    def resolve_boolean_details(
        self, flag_key: str, default_value: bool, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[bool]:
        """Return whether a flag is on for the targeting key."""
        key = evaluation_context.targeting_key if evaluation_context else None
        try:
            answer = self._flags.enabled(flag_key, key)
            reason = self._reason(self._flags.value(flag_key), has_key=key is not None)
        except UnknownFlag as error:
            return _missing(default_value, error)
        if self._never_read:
            return _failed(default_value, ErrorCode.PROVIDER_NOT_READY, self._never_read)
        return FlagResolutionDetails(answer, reason=reason, variant="on" if answer else "off")

    def resolve_float_details(
        self,
        flag_key: str,
        default_value: float,
        evaluation_context: EvaluationContext | None = None,  # noqa: ARG002
    ) -> FlagResolutionDetails[float]:
        """Return the percentage of a flag."""
        try:
            value = self._flags.value(flag_key)
        except UnknownFlag as error:
            return _missing(default_value, error)
        if self._never_read:
            return _failed(default_value, ErrorCode.PROVIDER_NOT_READY, self._never_read)
        percentage = 100.0 * value if isinstance(value, bool) else value
        # It is the same for everybody, so no key took part in it.
        return FlagResolutionDetails(percentage, reason=self._reason(True, has_key=False))  # noqa: FBT003

    def resolve_integer_details(
        self, flag_key: str, default_value: int, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[int]:
        """Return the percentage of a flag, when it is whole."""
        found = self.resolve_float_details(flag_key, float(default_value), evaluation_context)
        if found.error_code is not None:
            return _failed(default_value, found.error_code, found.error_message or "")
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
        return self._no_such_type(flag_key, default_value, "a text")

    def resolve_object_details(
        self,
        flag_key: str,
        default_value: Sequence[Any] | Mapping[str, Any],
        evaluation_context: EvaluationContext | None = None,  # noqa: ARG002
    ) -> FlagResolutionDetails[Any]:
        """Return a type mismatch: no flag is an object."""
        return self._no_such_type(flag_key, default_value, "an object")

    def _no_such_type(self, flag: str, default: Any, type_: str) -> FlagResolutionDetails[Any]:
        try:
            self._flags.value(flag)
        except UnknownFlag as error:
            return _missing(default, error)
        return _mismatch(default, f"{flag} is on, off or a percentage, not {type_}")

    def _reason(self, value: Value, *, has_key: bool) -> Reason:
        if self._stale:
            return Reason.STALE
        if isinstance(value, bool) or value in {0, 100}:
            return Reason.STATIC
        return Reason.SPLIT if has_key else Reason.DEFAULT


class EvaluationEvents(Hook):
    """Announces every evaluation as `("feature_flag", "evaluation")`, with OpenTelemetry's current attribute names.

    The value itself is told as the variant, or for numbers as the value; the targeting key is told only on request,
    because it may be a person's name.

    Args:
        telemetry: Where it is announced.
        with_key: Whether to tell the targeting key.
    """

    def __init__(self, telemetry: Telemetry, *, with_key: bool = False) -> None:
        self._telemetry, self._with_key = telemetry, with_key

    def finally_after(self, hook_context: HookContext, details: FlagEvaluationDetails[Any], hints: HookHints) -> None:  # noqa: ARG002
        """Announce an evaluation that has ended, well or not."""
        told: dict[str, Any] = {
            "feature_flag.key": details.flag_key,
            "feature_flag.result.reason": str(details.reason or Reason.UNKNOWN).lower(),
        }
        if hook_context.provider_metadata is not None:
            told["feature_flag.provider.name"] = hook_context.provider_metadata.name
        if details.variant:
            told["feature_flag.result.variant"] = details.variant
        elif hook_context.flag_type in {FlagType.INTEGER, FlagType.FLOAT}:
            told["feature_flag.result.value"] = details.value
        if self._with_key and hook_context.evaluation_context.targeting_key:
            told["feature_flag.context.id"] = hook_context.evaluation_context.targeting_key
        if details.error_code is not None:
            told["error.type"] = str(details.error_code).lower()
            told["feature_flag.error.message"] = details.error_message or ""
        self._telemetry.execute(("feature_flag", "evaluation"), {"count": 1}, told)


def _missing(default: Any, error: UnknownFlag) -> FlagResolutionDetails[Any]:
    return _failed(default, ErrorCode.FLAG_NOT_FOUND, str(error))


def _mismatch(default: Any, message: str) -> FlagResolutionDetails[Any]:
    return _failed(default, ErrorCode.TYPE_MISMATCH, message)


def _failed(default: Any, code: ErrorCode, message: str) -> FlagResolutionDetails[Any]:
    return FlagResolutionDetails(default, code, message, Reason.ERROR)
