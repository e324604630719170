"""Pages from templates that escape whatever they show."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from overt.flags.records import Value
from overt.flags.words import say_value
from overt.system.text import plain_text
from overt.system.units import count

_UNITS = (("day", 86_400), ("hour", 3600), ("minute", 60))


class Pages:
    """Renders the templates of this package.

    Args:
        title: What the flags belong to, for example the name of the project.
    """

    def __init__(self, title: str) -> None:
        made = Environment(
            loader=PackageLoader("overt.flags.admin"),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=_shown,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        made.globals.update(title=title, session=None, notices=(), trouble=(), here="")
        made.filters.update(value=say_value, moment=moment, ago=ago, exact=_exact, percent=_percent)
        self._templates = made

    def text(self, template: str, *, root: str, **values: Any) -> str:
        """Return a page.

        Args:
            template: Its template, without the ending.
            root: Path that the admin stands below; empty when it stands alone.
            values: What the template asks for.
        """
        return self._templates.get_template(f"{template}.html").render(
            url=lambda path, **query: address(root, path, **query), **values
        )

    def told(self, status: int, head: str, why: str, *, root: str = "", **values: Any) -> HTMLResponse:
        """Return a page that says what cannot be done, and why."""
        return HTMLResponse(self.text("told", root=root, status=status, head=head, why=why, **values), status)


def address(root: str, path: str, **query: object) -> str:
    """Return a path with a query; parts that are None or empty are left out.

    Example:
        >>> address("/admin", "/flag", name="a/b & c", page=None)
        '/admin/flag?name=a%2Fb+%26+c'
    """
    asked = urlencode({name: value for name, value in query.items() if value not in (None, "")})
    return f"{root}{path}" + (f"?{asked}" if asked else "")


def moment(seconds: float) -> Markup:
    """Return a moment as an element of HTML.

    Example:
        >>> moment(1_700_000_000)
        Markup('<time datetime="2023-11-14T22:13:20Z">2023-11-14 22:13:20</time>')
    """
    try:
        at = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):  # a store may hold what no clock shows
        return Markup("<span>at an unknown time</span>")
    return Markup('<time datetime="{}">{}</time>').format(f"{at:%Y-%m-%dT%H:%M:%SZ}", f"{at:%Y-%m-%d %H:%M:%S}")


def ago(seconds: float) -> str:
    """Return a length of time in words.

    Example:
        >>> ago(5), ago(200), ago(7200), ago(864_000)
        ('just now', '3 minutes ago', '2 hours ago', '10 days ago')
    """
    if not seconds >= 60:  # also what is no number, and what a clock that was set back has put ahead of us
        return "just now"
    unit, length = next((unit, length) for unit, length in _UNITS if seconds >= length)
    return f"{count(int(min(seconds, 1e11) // length), unit)} ago"


def _percent(value: Value) -> float:
    return 100.0 * value if isinstance(value, bool) else value


def _exact(text: str) -> Markup:
    """Return text escaped but otherwise as it is, for what a form sends back."""
    return escape(text)


def _shown(value: Any) -> Any:
    """Take out of text what could make it read as something else; Markup is ours."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return plain_text(value)
    return value
