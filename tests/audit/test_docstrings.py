"""Names in docstrings, and what `overt.toml` has the audit keep quiet about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from overt.audit.allowed import without_allowed
from overt.audit.assertions import unbacked
from overt.audit.project import Project
from overt.audit.references.docstrings import docstring_names
from overt.audit.references.find import References
from overt.audit.references.record import Mention, proved, refuted
from overt.audit.report import Page
from overt.campaign.records import AuditAllow
from overt.markdown import scan
from overt.model import Location
from overt.system.files import project_files

SOURCE = '''\
"""See :func:`cut`, :class:`~mill.Saw`, ``mill.Saw.turn``, ``mill.Saw.spin`` and [`Saw`][mill.Saw].

``mill.gone`` was removed.
"""


def cut():
    """Not :func:`mill.sew`; `single` and ``plain words`` and :class:`dict` are nobody's."""
    return "``mill.string``"


class Saw:
    """:meth:`turn` and :meth:`Saw.turn`, not :meth:`Saw.trun`; ``src/mill/half.py``, not ``src/mill/saws.py``."""

    def turn(self):
        """:attr:`mill.Saw.turn`"""
'''


def test_names_of_docstrings_are_looked_up(tmp_path: Path) -> None:
    """Cross-references are meant from where they stand; text of the program is no docstring."""
    (tmp_path / "src/mill").mkdir(parents=True)
    (tmp_path / "src/mill/__init__.py").write_text(SOURCE)
    (tmp_path / "src/mill/half.py").write_text('def f(:\n """``mill.x``"""')
    project = Project(tmp_path, project_files(tmp_path))
    found = dict(References(project, {}).of_docstrings())
    told = [(ref.location.line, ref.text, ref.verdict.state.value) for ref in found["src/mill/__init__.py"]]
    assert sorted((line, text) for line, text, state in told if state == "refuted") == [
        (1, "mill.Saw.spin"),
        (8, "mill.sew"),
        (13, "Saw.trun"),
        (13, "src/mill/saws.py"),
    ]
    assert (3, "mill.gone", "unchecked") in told
    assert {text for _, text, state in told if state == "proved"} >= {
        "cut",
        "mill.Saw",
        "turn",
        "Saw.turn",
        "mill.Saw.turn",
    }
    assert not {text for _, text, _ in told} & {"single", "plain words", "dict", "mill.string"}
    assert found["src/mill/half.py"] == []


def test_places_in_docstrings_are_exact() -> None:
    """Line and column of the reference in the file."""
    (one,) = docstring_names('def f():\n    """A.\n\n    See ``a.b``.\n    """\n', "m", "m.py")
    assert one.mention.location == Location("m.py", 4, 9)
    assert one.scopes == ("m",)


def entry(text: str, until: str = "2026-12-31", path: str = "") -> AuditAllow:
    """Return an entry of `[[audit.allow]]`."""
    return AuditAllow(text=text, reason="why", until=until, path=path)


def test_what_is_allowed_is_not_told() -> None:
    """Names exactly, assertions by their words, in the documents that a glob names."""
    mention = Mention("a/b.py", Location("docs/a.md", 3, 1), "code")
    loose = tuple(unbacked(scan("All tests pass."), "docs/a.md"))
    page = Page(
        "docs/a.md", references=(refuted("path", mention, "no"), proved("path", mention, "yes")), unbacked=loose
    )
    entries = [entry("a/b.py"), entry("tests pass", path="docs/*.md"), entry("a/b.py", path="other/*.md")]
    (kept,), wrong = without_allowed([page], entries, date(2026, 6, 1), [7, 8, 9])
    assert [ref.verdict.reason for ref in kept.references] == ["yes"]
    assert kept.unbacked == ()
    assert [(str(ref.location), ref.verdict.reason) for ref in wrong] == [
        ("overt.toml:9", "the entry covers nothing that is wrong")
    ]


def test_an_entry_past_its_end_is_not_heeded() -> None:
    """It is refuted itself, and what it covered is told again; a part of a name is no name."""
    page = Page("a.md", references=(refuted("path", Mention("a/b.py", Location("a.md", 1, 1), "code"), "no"),))
    kept, wrong = without_allowed([page], [entry("a/b.py", "2026-05-31")], date(2026, 6, 1))
    assert kept == (page,)
    assert [ref.verdict.reason for ref in wrong] == ["the entry ended on 2026-05-31"]
    kept, _ = without_allowed([replace(page)], [entry("b.py")], date(2026, 6, 1))
    assert kept == (page,)
