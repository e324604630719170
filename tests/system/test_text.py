"""Text from elsewhere becomes harmless."""

from hypothesis import given
from hypothesis import strategies as st

from overt.system.clock import SystemClock, iso_utc
from overt.system.text import did_you_mean, nearest, plain_text


@given(st.one_of(st.binary(), st.text(alphabet=st.characters(exclude_categories=()))))
def test_nothing_but_printable_text_newlines_and_tabs_is_left(raw: bytes | str) -> None:
    """Any bytes and any text come out as something a terminal and a file can hold."""
    text = plain_text(raw)
    text.encode("utf-8")
    assert not [char for char in text if (ord(char) < 32 and char not in "\n\t") or 0x7F <= ord(char) < 0xA0]
    assert plain_text(text) == text


def test_terminal_codes_go_with_their_parameters() -> None:
    """Neither colours nor titles nor links leave their remains."""
    assert plain_text("\x1b[1;31mred\x1b[0m \x1b]0;title\x07x\x1b]8;;http://e\x1b\\link\x1b]8;;\x1b\\") == "red xlink"


def test_text_direction_cannot_be_turned() -> None:
    """What is shown is what is there."""
    assert plain_text("user\u202e txt.exe") == "user txt.exe"


def test_a_near_name_is_offered_and_otherwise_all_are() -> None:
    """A typing error costs one look."""
    assert nearest("untit", ["unit", "lint"]) == "unit"
    assert did_you_mean("zzz", ["unit", "lint"]) == "known: lint, unit"
    assert did_you_mean("zzz", []) == ""


def test_moments_are_written_in_utc() -> None:
    """A time reads the same everywhere."""
    assert iso_utc(0) == "1970-01-01T00:00:00Z"
    assert SystemClock().monotonic_ns() <= SystemClock().monotonic_ns()
