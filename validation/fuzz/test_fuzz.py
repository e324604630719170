"""Whatever a source is, `overt check` reads it or says why not: it never crashes, never hangs, never says 0 unread.

`OVERT_FUZZ_CASES=20000` asks for as many sources, random ones; without it there are fewer, the same ones each time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .checker import FORMATS, Checker
from .mutations import ELIXIR_PIECES, PYTHON_PIECES, elixir_files, mutated, python_files
from .programs import python_programs

CASES = int(os.environ.get("OVERT_FUZZ_CASES", "0"))
fuzzing = settings(
    max_examples=(CASES or 2000) // 4,
    deadline=None,
    derandomize=not CASES,
    database=None,
    suppress_health_check=list(HealthCheck),
)
forms = st.sampled_from(FORMATS)
pytestmark = pytest.mark.timeout(0 if CASES else 600)


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checker]:
    """Give a watched worker."""
    with closing(Checker(tmp_path_factory.mktemp("fuzz"))) as made:
        yield made


def test_programs_of_the_grammar_are_read(checker: Checker) -> None:
    """What the compiler takes is checked, in every format."""
    seen = set()

    @fuzzing
    @given(python_programs, forms)
    def run(source: bytes, form: str) -> None:
        seen.add(checker.hold(source, form, valid=True))

    run()
    assert len(seen) == 2 or CASES


def test_files_with_something_wrong_are_refused_or_read(checker: Checker) -> None:
    """Bytes changed, pieces lost, doubled, put in: read exactly when the compiler reads it."""
    seen = set()

    @fuzzing
    @given(mutated(python_files(), PYTHON_PIECES), forms)
    def run(source: bytes, form: str) -> None:
        seen.add(checker.hold(source, form))

    run()
    assert len(seen) == 3 or CASES


@pytest.mark.parametrize("suffix", [".ex", ".exs"])
def test_elixir_with_something_wrong_is_refused_or_read(checker: Checker, suffix: str) -> None:
    """The same for Elixir, whose parser goes on after errors."""
    pytest.importorskip("tree_sitter_elixir")
    seen = set()

    @fuzzing
    @given(mutated(elixir_files(), ELIXIR_PIECES), forms)
    def run(source: bytes, form: str) -> None:
        seen.add(checker.hold(source, form, suffix))

    run()
    assert len(seen) == 3 or CASES


def test_the_worker_that_dies_and_the_one_that_hangs_are_noticed(tmp_path: Path) -> None:
    """A checker that could not fail would prove nothing."""
    with closing(Checker(tmp_path)) as checker:
        checker.hold(b"x = 1\n")
        worker = checker.started()
        worker.kill()
        worker.wait()
        with pytest.raises(AssertionError, match="died"):
            checker.hold(b"x = 1\n")
        assert checker.hold(b"x = 1\n") == 0
        with pytest.raises(AssertionError):
            checker.hold(b"def f(:\n", valid=True)
    with closing(Checker(tmp_path, limit=0)) as checker, pytest.raises(AssertionError, match="hung"):
        checker.hold(b"x = 1\n")
