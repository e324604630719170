"""The page of a rule on the site is the text of `overt explain`."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from overt.cli.explain import main
from overt.lint import all_rules
from overt.site.pages.rules import rule


@pytest.mark.parametrize("code", ["OV202", "OV801", "OV900", "OVE101", "OVE602"])
def test_the_page_on_the_site_has_every_paragraph_of_overt_explain(
    code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the same order; only the near rules become links."""
    assert main([code]) == 0
    paragraphs = [part for part in capsys.readouterr().out.strip().split("\n\n") if not part.startswith("See also")]
    inputs = SimpleNamespace(suites=(), rules=all_rules(), project="shop")
    (found,) = [each for each in inputs.rules if each.code == code]
    page = str(rule(found, inputs))  # type: ignore[arg-type]
    places = [page.find(part) for part in paragraphs]
    assert -1 not in places
    assert places == sorted(places)
    assert all(f"]({near}.md)" in page for near in found.see)
