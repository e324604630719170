"""What a browser sends, read within limits."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from overt.flags.admin.settings import AdminSettings
from overt.flags.admin.visit import Refused
from overt.system.text import plain_text

MOST_FIELDS = 20
LONGEST_REASON = 500
LONGEST_NAME = 64


async def read_form(request: Request, settings: AdminSettings) -> dict[str, str]:
    """Return the fields of a form.

    Raises:
        Refused: It is of another kind than our forms, too large, too slow, or cannot be read.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise Refused(415, "That is no form of this page", "Forms are sent as application/x-www-form-urlencoded.")
    body = bytearray()
    try:
        async with asyncio.timeout(settings.body_seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > settings.body_bytes:
                    raise Refused(413, "The form is too large", f"It may have {settings.body_bytes:,} bytes.")
    except TimeoutError:
        raise Refused(408, "The form did not come in time", "Nothing was changed. Try again.") from None
    except ClientDisconnect:
        raise Refused(400, "The form did not come wholly", "Nothing was changed.") from None
    return parse_form(bytes(body))


def parse_form(body: bytes) -> dict[str, str]:
    """Return the fields of a form.

    Raises:
        Refused: It has too many fields, one twice, or bytes that are no text.

    Example:
        >>> parse_form(b"reason=too+slow&action=off")
        {'reason': 'too slow', 'action': 'off'}
    """
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Refused(400, "The form cannot be read", "Nothing was changed. Load the page again.") from None
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise Refused(400, "The form says something twice", "Nothing was changed. Load the page again.")
    return fields


def reason_of(form: Mapping[str, str]) -> str:
    """Return why a change is made, on one line.

    Raises:
        ValueError: There is no reason, or it is too long.
    """
    reason = " ".join(plain_text(form.get("reason", "")).split())
    if not reason:
        raise ValueError("Say why: the history keeps it.")
    if len(reason) > LONGEST_REASON:
        raise ValueError(f"A reason has at most {LONGEST_REASON} characters.")
    return reason


def percentage_of(form: Mapping[str, str], *, least: float = 0.0) -> float:
    """Return the percentage of a form.

    Args:
        form: Its fields.
        least: The percentage must be more than this, or this itself when it is 0.

    Raises:
        ValueError: It is no number from 0 to 100.

    Example:
        >>> percentage_of({"percentage": "12.5"})
        12.5
    """
    text = form.get("percentage", "").strip()
    try:
        number = float(text)
    except ValueError:
        raise ValueError("A percentage is a number from 0 to 100." if text else "Give a percentage.") from None
    if not least <= number <= 100:  # false for what is no number
        raise ValueError("A percentage is a number from 0 to 100.")
    return number


def number_of(text: str, *, default: int | None = None) -> int:
    """Return a whole number that is not negative.

    Raises:
        Refused: It is none, and there is no default.
    """
    if text.isascii() and text.isdecimal() and len(text) <= 9:
        return int(text)
    if default is None:
        raise Refused(400, "That is no number of a stage", "Nothing was changed. Load the page again.")
    return default


def name_of(text: str) -> str:
    """Return a name as it may stand in the history; empty when it is none.

    Example:
        >>> name_of("  Ann\\tLee "), name_of("x" * 65)
        ('Ann Lee', '')
    """
    name = " ".join(plain_text(text).split())
    return name if len(name) <= LONGEST_NAME else ""
