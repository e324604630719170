"""The plugin, as a project that uses it sees it."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]


def run(pytester: pytest.Pytester, text: str, *options: str) -> pytest.RunResult:
    """Run a test file in a pytest of its own, in this process's interpreter but not in this process."""
    pytester.makepyfile(test_it=text)
    return pytester.runpytest_subprocess("-q", "-p", "no:randomly", "--strict-markers", "-W", "error", *options)


def test_a_flag_matrix_runs_once_per_state(pytester: pytest.Pytester) -> None:
    """Two flags make four tests, each named after its state and held in it."""
    result = run(
        pytester,
        """
        import pytest

        @pytest.mark.flag_matrix("cart", "new-search")
        def test_both(feature_flags, flag_state):
            assert feature_flags.all() == flag_state

        @pytest.mark.flag_matrix("cart")
        def test_without_asking_for_the_state(feature_flags):
            assert feature_flags.enabled("cart") in (True, False)

        @pytest.mark.flag_matrix(states=[{"cart": 25}])
        def test_listed(feature_flags):
            assert feature_flags.all() == {"cart": 25.0}
        """,
        "-vv",
    )
    result.assert_outcomes(passed=7)
    result.stdout.fnmatch_lines(["*test_both?cart=off,new-search=on? PASSED*", "*test_listed?cart=25%? PASSED*"])


def test_a_flag_matrix_uses_the_flags_of_the_program(pytester: pytest.Pytester) -> None:
    """A fixture named feature_flags takes the place of the plugin's, and a failing state is seen."""
    result = run(
        pytester,
        """
        import pytest
        from overt.flags import FeatureFlags, Flag, MemoryStore

        @pytest.fixture
        def feature_flags():
            flag = Flag("cart", owner="shop", purpose="", created="2026-01-01", until="2027-01-01")
            with FeatureFlags(MemoryStore(), [flag]) as flags:
                yield flags

        @pytest.mark.flag_matrix("cart")
        def test_off_only(feature_flags):
            assert not feature_flags.enabled("cart")

        @pytest.mark.flag_matrix("crat")
        def test_typo(feature_flags):
            pass
        """,
    )
    result.assert_outcomes(passed=1, failed=1, errors=2)
    result.stdout.fnmatch_lines(["*did you mean 'cart'?*"])


def test_a_flag_matrix_without_a_flag_is_refused(pytester: pytest.Pytester) -> None:
    """It would run nothing, and nothing is not a pass."""
    result = run(pytester, "import pytest\n@pytest.mark.flag_matrix\ndef test_it(): pass\n")
    assert result.ret != 0
    result.stdout.fnmatch_lines(["*flag_matrix names no flag*"])


CHANGES = {
    "global": ("shop.TOTAL = 2", "shop.TOTAL was 1, is 2"),
    "container": ("shop.CARTS.append(1)", "shop.CARTS holds other things"),
    "new name": ("shop.EXTRA = 1", "shop.EXTRA is new"),
    "lost name": ("del shop.TOTAL", "shop.TOTAL is gone"),
    "environment": ("os.environ['SHOP'] = '1'", "environment variable SHOP was None, is '1'"),
    "folder": ("os.chdir(tmp_path)", "process working folder was"),
    "warnings": ("warnings.simplefilter('ignore')", "process warnings filters"),
    "signal": ("signal.signal(signal.SIGUSR1, signal.SIG_IGN)", "signal handler of SIGUSR1"),
    "path": ("sys.path.append('/nowhere')", "process sys.path"),
    "locale": ("locale.setlocale(locale.LC_ALL, 'C.UTF-8' if now == 'C' else 'C')", "process locale"),
}


def test_the_guard_fails_a_test_that_changes_shared_state(pytester: pytest.Pytester) -> None:
    """Each kind of change is found and named, and only in the test that made it."""
    pytester.makepyfile(shop="TOTAL = 1\nCARTS = []\nORDERS = {'a': [1]}\n")
    head = "import locale, os, signal, sys, warnings\nimport shop\n"
    tests = [
        f"def test_{number}(hidden_state_guard, tmp_path):\n"
        f"    now = locale.setlocale(locale.LC_ALL, None)\n    {statement}\n"
        for number, (statement, _) in enumerate(CHANGES.values())
    ]
    result = run(pytester, head + "\n".join(tests))
    result.assert_outcomes(passed=len(CHANGES), errors=len(CHANGES))
    result.stdout.fnmatch_lines([f"*  - {message}*" for _, message in CHANGES.values()])


def test_the_guard_lets_a_clean_test_pass(pytester: pytest.Pytester) -> None:
    """What is put back is no change; imports and allowed names are none either."""
    pytester.makepyfile(shop="TOTAL = 1\n", later="X = 1\n")
    result = run(
        pytester,
        """
        import shop

        def test_restored(hidden_state_guard, monkeypatch):
            with monkeypatch.context() as patch:
                patch.setenv("SHOP", "1")
                patch.setattr(shop, "TOTAL", 2)
            import later
            assert later.X == 1

        def test_allowed(hidden_state_guard):
            hidden_state_guard.allow("shop.TOTAL")
            shop.TOTAL += 1

        def test_watched(hidden_state_guard):
            import json
            hidden_state_guard.watch(json)
            json.mark = 1
            try:
                assert hidden_state_guard.changes() == ["json.mark is new: 1"]
            finally:
                del json.mark
        """,
    )
    result.assert_outcomes(passed=3)


def test_measurements_travel_as_properties(pytester: pytest.Pytester) -> None:
    """Whoever records the test finds them, in a JUnit file too."""
    result = run(
        pytester,
        """
        def test_speed(compare_speed, record_measure):
            done = compare_speed("sum", rounds=6, at_least_ns=1, slow=lambda n: sum(range(n * 99)), quick=lambda n: n)
            record_measure("sum.rounds", len(done.rounds))
        """,
        "--junit-xml=out.xml",
    )
    result.assert_outcomes(passed=1)
    written = (pytester.path / "out.xml").read_text()
    assert 'name="overt.benchmark" value="{&quot;name&quot;:&quot;sum&quot;' in written
    assert "{&quot;name&quot;:&quot;sum.rounds&quot;,&quot;value&quot;:6,&quot;unit&quot;:&quot;count&quot;}" in written
