"""The systems of the runtime behind feature flags."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from overt.runtime.runtime import Runtime

if TYPE_CHECKING:
    from overt.flags.feature_flags import FeatureFlags

NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "registry": "new-registry",
        "cache": "new-cache",
        "context": "new-context",
        "events": "new-events",
        "tracer": "new-tracer",
    }
)
"""The flag that switches each system, unless another one is named."""


def switched_runtime(flags: FeatureFlags, *, names: Mapping[str, str] | None = None, **options: Any) -> Runtime:
    """Return a `Runtime` whose systems go from legacy to new, and back, with the flags.

    Args:
        flags: The flags.
        names: Name of the flag by system. By default those of `NAMES` that are declared; a system without a flag is the
            new implementation alone.
        options: Further options of `Runtime`.

    Raises:
        UnknownFlag: A flag that was named is not declared.
        ValueError: There is no such system.

    Example:
        >>> from overt.flags import FeatureFlags, Flag, MemoryStore
        >>> flag = Flag("new-cache", owner="shop", purpose="one cache", created="2026-11-22", until="2027-06-30")
        >>> with FeatureFlags(MemoryStore(), [flag]) as flags, switched_runtime(flags) as runtime:
        ...     type(runtime.cache).__name__, type(runtime.registry).__name__
        ('SwitchedCache', 'AgentRegistry')
    """
    if names is None:
        declared = {flag.name for flag in flags.declared}
        names = {system: name for system, name in NAMES.items() if name in declared}
    return Runtime(switches={system: flags.switch(name) for system, name in names.items()}, **options)
