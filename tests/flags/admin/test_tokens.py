"""Who may come in with what."""

from __future__ import annotations

from pathlib import Path

import pytest

from overt.flags.admin.tokens import Tokens, new_token, parse_tokens, read_tokens
from overt.model import OvertError

FIRST, SECOND = "the-first-long-token", "the-second-long-token"


def test_a_token_is_found_wherever_it_stands() -> None:
    """The first and the last are found with their names; a part of one, or more than one, is not."""
    tokens = Tokens([("ann", FIRST), ("", SECOND)])
    assert [tokens.find(given) for given in (FIRST, SECOND, FIRST[:-1], FIRST + "x", "", FIRST.upper())] == [
        "ann",
        "",
        None,
        None,
        None,
        None,
    ]
    assert tokens.find("\udcff" * 20) is None


def test_no_token_is_kept_in_memory() -> None:
    """What is kept are digests."""
    tokens = Tokens([("ann", FIRST)])
    assert FIRST not in repr(vars(tokens))


def test_made_tokens_differ() -> None:
    """Each has 256 bits."""
    made = {new_token() for _ in range(50)}
    assert len(made) == 50
    assert min(map(len, made)) >= 43


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("short", "t:1: a token has at least 16 characters"),
        ("# nobody\n\n", "there is no token in t"),
        (f"ann {FIRST}\n\nbob {FIRST}\n", "t:3: the same token stands there twice"),
        (f"ann {FIRST}\nANN {SECOND}\n", "t:2: 'ANN' has two tokens"),
    ],
)
def test_what_is_wrong_with_tokens_is_told_without_them(text: str, said: str) -> None:
    """The line is named, never what stands in it."""
    with pytest.raises(OvertError) as caught:
        parse_tokens(text, "t")
    assert said in str(caught.value)
    assert FIRST not in str(caught.value)


def test_a_file_of_tokens(tmp_path: Path) -> None:
    """Names may have several words; comments and empty lines do not count; the group may read it."""
    path = tmp_path / "tokens"
    path.write_text(f"# who\n\nAnn  Lee  {FIRST}\n{SECOND}\n")
    path.chmod(0o640)
    tokens = read_tokens(path)
    assert (tokens.find(FIRST), tokens.find(SECOND), tokens.shared) == ("Ann Lee", "", True)
    assert tokens.is_bound("ann LEE")


def test_a_file_that_everybody_may_read_is_refused(tmp_path: Path) -> None:
    """As ssh does with keys, with what to do; so are a missing one and one that is no text."""
    path = tmp_path / "tokens"
    path.write_text(FIRST)
    path.chmod(0o644)
    with pytest.raises(OvertError, match="chmod 600"):
        read_tokens(path)
    path.write_bytes(b"\xff\xfe" * 20)
    path.chmod(0o600)
    with pytest.raises(OvertError, match="no UTF-8"):
        read_tokens(path)
    with pytest.raises(OvertError, match="cannot be read"):
        read_tokens(tmp_path / "none")
