"""What browsers send."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.flags.admin.reading import name_of, number_of, parse_form, percentage_of, reason_of
from overt.flags.admin.visit import Refused


@given(st.binary(max_size=300))
def test_any_bytes_are_a_form_or_refused(body: bytes) -> None:
    """Nothing but texts or a refusal comes out."""
    try:
        fields = parse_form(body)
    except Refused:
        fields = {}
    assert all(isinstance(part, str) for pair in fields.items() for part in pair)


@pytest.mark.parametrize("body", [b"a=%ff", b"a=\xc3\xa9", b"&".join(b"f%d=1" % n for n in range(21)), b"a=1&a=2"])
def test_forms_that_are_refused(body: bytes) -> None:
    """No text, not encoded, too many fields, a field twice."""
    with pytest.raises(Refused):
        parse_form(body)


@pytest.mark.parametrize("text", ["", "abc", "nan", "inf", "-1", "100.1", "1e3", "0x10", "12,5"])
def test_no_percentage(text: str) -> None:
    """Only a number from 0 to 100."""
    with pytest.raises(ValueError, match="percentage"):
        percentage_of({"percentage": text})
    with pytest.raises(ValueError, match="percentage"):
        percentage_of({"percentage": "0"}, least=0.001)


def test_a_reason_is_one_line_of_text() -> None:
    """Codes, turned text and breaks go; nothing, or nothing that can be seen, is no reason; neither is a book."""
    assert reason_of({"reason": " too\r\n\x1b[31mslow\u202e "}) == "too slow"
    for text in ("", " \n ", "\u202e", "x" * 501):
        with pytest.raises(ValueError, match=r"reason|why"):
            reason_of({"reason": text})


def test_numbers_and_names() -> None:
    """A number has digits only; a name is one short line."""
    assert (number_of("12"), number_of("x", default=1), number_of("-1", default=1), number_of("²", default=1)) == (
        12,
        1,
        1,
        1,
    )
    with pytest.raises(Refused):
        number_of("9" * 10)
    assert name_of("\u202eAnn\n Lee ") == "Ann Lee"
    assert name_of("x" * 65) == ""
