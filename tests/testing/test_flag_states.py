"""The plugin in a state of feature flags, as a project that uses it sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from overt.flags import FeatureFlags, Flag, MemoryStore
from overt.testing.flag_states import PROPERTY, FlagsState, declared_names

pytest_plugins = ["pytester"]

ASKS = """
def pytest_runtest_logreport(report):
    told = [value for name, value in report.user_properties if name == "overt.flags"]
    if report.when == "call":
        print(f"\\n{report.nodeid.partition('::')[2]} asked {told}")
"""
TOML = '[flags.new-cart]\nowner = "shop"\n[flags.new-search]\nowner = "shop"\n'


def run(pytester: pytest.Pytester, text: str, state: str, monkeypatch: pytest.MonkeyPatch) -> pytest.RunResult:
    """Run a test file in a state, in a session of its own."""
    pytester.makeconftest(ASKS)
    pytester.makepyfile(test_it=text)
    monkeypatch.delenv("OVERT_FLAG_VALUES", raising=False)
    monkeypatch.setenv("OVERT_FLAGS", state)
    return pytester.runpytest_inprocess("-s", "-p", "no:randomly", "--strict-markers", "-W", "error")


def flags_of(*names: str) -> FeatureFlags:
    """Return flags in memory."""
    about = {"owner": "shop", "purpose": "it", "created": "2026-01-01", "until": "2027-01-01"}
    return FeatureFlags(MemoryStore(), [Flag(name, **about) for name in names])


@pytest.mark.parametrize(
    ("state", "expected"), [("on", (True, True)), ("off", (False, False)), ("mixed", (50.0, True))]
)
def test_the_flags_of_a_test_are_in_the_state(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, state: str, expected: tuple[object, ...]
) -> None:
    """Those that overt.toml declares, and those of the project's own fixture; who reads one has asked it."""
    pytester.makefile(".toml", overt=TOML)
    result = run(
        pytester,
        f"""
        import pytest
        from overt.flags import FeatureFlags, Flag, MemoryStore

        def test_declared(feature_flags):
            assert tuple(feature_flags.all().values()) == {expected}
            feature_flags.enabled("new-search")

        class TestOwn:
            @pytest.fixture
            def feature_flags(self):
                flag = Flag("own", owner="shop", purpose="", created="2026-01-01", until="2027-01-01")
                with FeatureFlags(MemoryStore(), [flag]) as flags:
                    yield flags

            @pytest.fixture
            def program(self, feature_flags):
                return feature_flags.enabled("own")

            def test_own(self, program, feature_flags):
                assert feature_flags.all() == {{"own": {expected[0]}}}

        def test_other(): pass
        """,
        state,
        monkeypatch,
    )
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(
        [
            f"feature flags: {state}",
            "*test_declared asked [[]'new-search'[]]*",
            "*test_own asked [[]'own'[]]*",
            "*test_other asked [[][]]*",
        ]
    )


def test_what_is_not_of_this_library_tells_what_it_asked(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through `flags_state`, which says what flags are to be; what a skipped test told is forgotten."""
    result = run(
        pytester,
        """
        import pytest

        @pytest.fixture
        def service(flags_state):
            flags_state.asked("x")
            return flags_state.values(["x"]) or {"x": "default"}

        @pytest.fixture
        def absent(service):
            pytest.skip("not here")

        def test_1_skipped(absent): pass
        def test_2_plain(): pass
        def test_3(service): assert service == {"x": False}
        """,
        "off",
        monkeypatch,
    )
    result.assert_outcomes(passed=2, skipped=1)
    result.stdout.fnmatch_lines(["*test_2_plain asked [[][]]*", "*test_3 asked [[]'x'[]]*"])


def test_a_flag_matrix_runs_the_states_that_fit(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """All on, all off, or the others; where there is none it is skipped, and says so."""
    text = """
        import pytest

        @pytest.mark.flag_matrix("a", "b")
        def test_both(feature_flags, flag_state):
            assert feature_flags.all() == flag_state

        @pytest.mark.flag_matrix("a")
        def test_one(feature_flags, flag_state):
            assert feature_flags.all() == flag_state
        """
    seen = {}
    for state in ("on", "off", "mixed"):
        result = run(pytester, text, state, monkeypatch)
        seen[state] = result.parseoutcomes()
    assert seen["on"]["passed"] == seen["off"]["passed"] == 2
    assert (seen["mixed"]["passed"], seen["mixed"]["skipped"]) == (2, 1)


def test_without_a_state_nothing_is_held_and_nothing_told(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tests choose."""
    pytester.makefile(".toml", overt=TOML)
    result = run(
        pytester,
        """
        def test_it(feature_flags, flags_state):
            assert not feature_flags.enabled("new-cart")
            assert (flags_state.name, flags_state.values(["new-cart"])) == ("", {})
        """,
        "",
        monkeypatch,
    )
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*test_it asked [[][]]*"])
    assert "feature flags:" not in result.stdout.str()


def test_a_state_that_there_is_not_is_refused(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would run in no state at all."""
    result = run(pytester, "def test_it(): pass", "onn", monkeypatch)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*'onn' is no state of flags: on, off, mixed*"])


def test_what_is_read_is_taken_once_and_not_forgotten_with_the_flags() -> None:
    """Also reads of flags that are closed before anybody takes them."""
    state = FlagsState({"OVERT_FLAGS": "on"})
    with flags_of("a", "b") as flags:
        with state.held(flags):
            assert flags.enabled("a")
            assert state.taken() == ["a"]
            assert state.taken() == []
            flags.enabled("b")
        assert not flags.enabled("a")
    assert (state.taken(), state.taken()) == (["b"], [])
    assert PROPERTY == "overt.flags"


@pytest.mark.parametrize("text", [None, "flags = 1", "[flags", "\xff"])
def test_a_file_that_declares_no_flags_has_none(tmp_path: Path, text: str | None) -> None:
    """What is wrong with it is for overt to say."""
    if text is not None:
        (tmp_path / "overt.toml").write_text(text, encoding="latin-1")
    assert declared_names(tmp_path) == []
