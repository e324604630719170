"""The pytest plugin: flags in states, hidden state held, and measurements that enter the ledger."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from overt.flags import FeatureFlags
    from overt.testing.comparisons import Comparing, Following
    from overt.testing.flag_states import FlagsState
    from overt.testing.hidden_state import Guard
    from overt.testing.leaking import Leaks
    from overt.testing.paired import Compared

FOLLOWED: pytest.StashKey[list[Following]] = pytest.StashKey()
"""Comparisons that a test has asked to be entered."""

STATE: pytest.StashKey[FlagsState] = pytest.StashKey()
"""State of the feature flags that the run is in."""

_LEAK_INTO = "--overt-leak-into"

MARKER = "flag_matrix(*names, states=None): run the test once per state of these feature flags"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the option by which a check for leaks has memray look on in a process of its own."""
    text = "let memray look on while the check NAME runs (used by `measure_leaks` itself)"
    parser.getgroup("overt").addoption(_LEAK_INTO, metavar="NAME=FILE", default="", help=text)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker, and read which state the flags are to be in."""
    from overt.testing.flag_states import FlagsState

    config.addinivalue_line("markers", MARKER)
    try:
        config.stash[STATE] = FlagsState(os.environ)
    except ValueError as error:
        raise pytest.UsageError(str(error)) from None


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say which state the flags are in."""
    state = config.stash[STATE].name
    return [f"feature flags: {state}"] if state else []


def _states(marker: pytest.Mark) -> list[dict[str, Any]]:
    """Return the states that a marker asks for: those it lists, else every combination of on and off."""
    listed = marker.kwargs.get("states")
    if listed is not None:
        return [dict(state) for state in listed]
    names = [str(name) for name in marker.args]
    return [dict(zip(names, values, strict=True)) for values in itertools.product((False, True), repeat=len(names))]


def _label(state: Mapping[str, Any]) -> str:
    words = {True: "on", False: "off"}
    return ",".join(f"{name}={words.get(value, f'{value}%')}" for name, value in state.items())


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test of each flag state."""
    marker = metafunc.definition.get_closest_marker("flag_matrix")
    if marker is None:
        return
    states = _states(marker)
    if not states or not all(states):
        raise pytest.UsageError(f"{metafunc.definition.nodeid}: flag_matrix names no flag")
    run = metafunc.config.stash[STATE].name
    if "flag_state" not in metafunc.fixturenames:
        metafunc.fixturenames.append("flag_state")
    metafunc.parametrize("flag_state", _in_run(states, run), indirect=True)


def _in_run(states: list[dict[str, Any]], run: str) -> list[Any]:
    """Return the states that a run is about, named: all of them, or those of its own state of the flags."""
    from overt.testing.flag_states import kind_of

    chosen = [pytest.param(state, id=_label(state)) for state in states if not run or kind_of(state) == run]
    why = f"none of its states has its flags {run}"
    return chosen or [pytest.param({}, id=run, marks=pytest.mark.skip(reason=why))]


def pytest_itemcollected(item: pytest.Item) -> None:
    """Hold the flags also in a test that does not ask for its state."""
    names = getattr(item, "fixturenames", None)
    # pytest forgets names that were only added while the tests were generated.
    if names is not None and "flag_state" not in names and item.get_closest_marker("flag_matrix"):
        names.insert(0, "flag_state")


@pytest.fixture
def feature_flags(request: pytest.FixtureRequest) -> Iterator[FeatureFlags]:
    """Give feature flags in memory: those that `overt.toml` declares, and those of the test's `flag_matrix`.

    Define a fixture of this name in a conftest to test with the flags of the program itself. Whichever it is, under
    `overt validate --flags` its flags are held in that state.
    """
    from overt.flags import FeatureFlags, Flag, MemoryStore
    from overt.testing.flag_states import declared_names

    marker = request.node.get_closest_marker("flag_matrix")
    asked = {name for state in _states(marker) for name in state} if marker else set[str]()
    names = sorted({*asked, *declared_names(request.config.rootpath)})
    declared = [Flag(name, owner="tests", purpose="a test", created="2000-01-01", until="2999-12-31") for name in names]
    with FeatureFlags(MemoryStore(), declared) as flags:
        yield flags


@pytest.hookimpl(hookwrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest) -> Iterator[None]:
    """Hold the flags of a test in the state that the run is in."""
    outcome = yield
    state = request.config.stash[STATE]
    if fixturedef.argname != "feature_flags" or not state.name or outcome.excinfo:  # type: ignore[attr-defined]
        return
    from overt.flags import FeatureFlags

    flags = outcome.get_result()  # type: ignore[attr-defined]
    if isinstance(flags, FeatureFlags):
        held = ExitStack()
        held.enter_context(state.held(flags))
        fixturedef.addfinalizer(held.close)


@pytest.fixture(scope="session")
def flags_state(request: pytest.FixtureRequest) -> FlagsState:
    """Give the state that feature flags are to be in: its `name` is empty when the tests choose.

    For flags that are not of `overt.flags`: `values(names)` says what they are to be, and `asked(name)` tells that a
    test has asked one.
    """
    return request.config.stash[STATE]


@pytest.fixture
def flag_state(request: pytest.FixtureRequest, feature_flags: FeatureFlags) -> Iterator[Mapping[str, Any]]:
    """Give the flag state that this run of a `flag_matrix` test is about, and hold the flags in it."""
    state: Mapping[str, Any] = getattr(request, "param", {})
    with feature_flags.override(state):
        yield state


@pytest.fixture
def hidden_state_guard(request: pytest.FixtureRequest) -> Iterator[Guard]:
    """Fail the test when it changes what the process shares.

    Looked at: globals of the project's modules, environment, working folder, locale, warnings filters, signal
    handlers and `sys.path`. What a test changes and puts back is no change.
    """
    from overt.testing.hidden_state import Guard

    guard = Guard(request.config.rootpath)
    yield guard
    changes = guard.changes()
    if changes:
        listed = "\n".join(f"  - {change}" for change in changes)
        pytest.fail(f"the test changed state that the whole process shares:\n{listed}", pytrace=False)


@pytest.fixture
def record_measure(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Give a function that enters a measured number into the ledger: `record_measure("spans.lost", 0)`.

    Its arguments are those of `overt.testing.measures.measure_text`.
    """
    from overt.testing.measures import MEASURE, measure_text

    def record(name: str, value: int, unit: str = "count") -> None:
        # Not by record_property, which warns where a JUnit file is written as well.
        request.node.user_properties.append((MEASURE, measure_text(name, value, unit)))

    return record


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Forget what was asked before this test: of one that was skipped on the way nobody has taken it."""
    item.config.stash[STATE].taken()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Enter what a test asked and what its comparisons came to, when it has run and before it is reported."""
    yield
    state = item.config.stash[STATE]
    if state.name and (asked := state.taken()):
        from overt.testing.flag_states import PROPERTY

        item.user_properties.append((PROPERTY, " ".join(asked)))
    for followed in item.stash.get(FOLLOWED, []):
        from overt.testing.comparisons import COMPARISON

        item.user_properties.append((COMPARISON, followed.property_text()))


@pytest.fixture
def record_comparison(request: pytest.FixtureRequest) -> Callable[[Comparing], None]:
    """Give a function that enters into the ledger what a guard or a comparison comes to in the test.

    It counts from the call on, to the end of the test; claims speak of it as `measures.compare.<name>.*`.
    """
    from overt.testing.comparisons import Following

    def record(comparison: Comparing) -> None:
        followed = request.node.stash.setdefault(FOLLOWED, [])
        followed.append(Following(comparison, request.node.nodeid))

    return record


@pytest.fixture
def measure_leaks(request: pytest.FixtureRequest) -> Callable[..., Leaks]:
    """Give a function that does something again and again, and enters what it leaves behind into the ledger.

    Its arguments are those of `overt.testing.leaking.measure_leaks`, which it calls.
    """
    from overt.testing.below import Looking
    from overt.testing.leaking import LEAKS

    config, node = request.config, request.node
    looking = Looking(node.nodeid, config.rootpath, option=_LEAK_INTO, told=config.getoption(_LEAK_INTO))

    def measured(name: str, work: Callable[[], object], **options: Any) -> Leaks:
        found = looking.measure(name, work, **options)
        node.user_properties.append((LEAKS, found.property_text()))
        return found

    return measured


@pytest.fixture
def compare_speed(request: pytest.FixtureRequest) -> Callable[..., Compared]:
    """Give a function that measures two sides in turns and enters every measurement into the ledger.

    Its arguments are those of `overt.testing.paired.compare`, which it calls.
    """
    from overt.testing.paired import PROPERTY, compare

    def measured(name: str, **options: Any) -> Compared:
        done = compare(name, **options)
        request.node.user_properties.append((PROPERTY, done.property_text()))
        return done

    return measured
