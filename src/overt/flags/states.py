"""The states that a suite of tests is run in: every flag on, every flag off, or some of each.

`overt validate --flags` hands the state to the processes of a suite in two variables of the environment: `OVERT_FLAGS`
is its name, `OVERT_FLAG_VALUES` the values of the flags that `overt.toml` declares, as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Final

from overt.flags.records import Value

STATES: Final = ("on", "off", "mixed")
"""The states, in the order in which they are run."""

STATE_VARIABLE: Final = "OVERT_FLAGS"
"""Variable that holds the name of the state."""

VALUES_VARIABLE: Final = "OVERT_FLAG_VALUES"
"""Variable that holds the values of the declared flags, as a JSON object."""

_MIXED: Final[tuple[Value, ...]] = (50.0, True, False)
"""What the flags of `mixed` are, in turn: one alone differs by key."""


def values_in(state: str, names: Iterable[str]) -> dict[str, Value]:
    """Return the value of each flag in a state.

    In `mixed` the flags, by name, are in turn on for half of the keys, on, and off.

    Args:
        state: `on`, `off` or `mixed`.
        names: Names of the flags.

    Raises:
        ValueError: There is no such state.

    Example:
        >>> values_in("mixed", ["new-cart", "new-search", "new-total"])
        {'new-cart': 50.0, 'new-search': True, 'new-total': False}
    """
    if state not in STATES:
        raise ValueError(f"{state!r} is no state of flags: {', '.join(STATES)}")
    chosen = {"on": (True,), "off": (False,), "mixed": _MIXED}[state]
    return {name: chosen[place % len(chosen)] for place, name in enumerate(sorted(set(names)))}


def state_variables(state: str, names: Iterable[str]) -> dict[str, str]:
    """Return the variables that hand a state to a process.

    Args:
        state: `on`, `off` or `mixed`.
        names: Names of the declared flags.

    Example:
        >>> state_variables("off", ["new-cart"])
        {'OVERT_FLAGS': 'off', 'OVERT_FLAG_VALUES': '{"new-cart": false}'}
    """
    return {STATE_VARIABLE: state, VALUES_VARIABLE: json.dumps(values_in(state, names))}


def state_values(environment: Mapping[str, str], names: Iterable[str]) -> dict[str, Value]:
    """Return what flags are to be in the state that an environment asks for; nothing when it asks for none.

    A program that is started by a test holds its flags in that state so:

    `with flags.override(state_values(os.environ, [flag.name for flag in flags.declared])): ...`

    Args:
        environment: The environment of the process.
        names: Names of the flags; those that are not declared in `overt.toml` are in the state all the same.

    Raises:
        ValueError: The environment asks for a state that there is not, or its values are none.

    Example:
        >>> state_values({"OVERT_FLAGS": "on"}, ["new-cart"]), state_values({}, ["new-cart"])
        ({'new-cart': True}, {})
    """
    state = environment.get(STATE_VARIABLE, "")
    if not state:
        return {}
    given = _given(environment.get(VALUES_VARIABLE, ""))
    known = list(names)
    return {name: given.get(name, value) for name, value in values_in(state, known).items()}


def _given(text: str) -> dict[str, Value]:
    """Return the values that stand in a variable."""
    found = json.loads(text or "{}")
    if not isinstance(found, dict) or not all(isinstance(value, bool | int | float) for value in found.values()):
        raise ValueError(f"{VALUES_VARIABLE} holds no values of flags: {text[:100]}")
    return found
