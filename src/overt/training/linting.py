"""The linter, asked about one text."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from overt.lint import check
from overt.lint.settings import PlainSettings
from overt.model import Exit, OvertError

_TEST = re.compile(r"^(async )?def test_", re.MULTILINE)


def rule_codes(text: str) -> frozenset[str]:
    """Return the codes of the rules that a text breaks; notes count too, and a text with tests is judged as tests.

    Args:
        text: Python source.

    Raises:
        OvertError: The linter cannot read it.

    Example:
        >>> sorted(rule_codes("import threading\\nhere = threading.local()\\n"))
        ['OV101']
    """
    with tempfile.TemporaryDirectory(prefix="overt-lint-") as folder:
        name = "test_answer.py" if _TEST.search(text) else "answer.py"
        (Path(folder) / name).write_text(text, "utf-8")
        report = check(Path(folder), [name], PlainSettings(), ratchet=False, whole=False)
    if report.unreadable:
        raise OvertError(f"the linter cannot read it: {report.unreadable[0].message}", exit=Exit.UNCHECKED)
    return frozenset(seen.finding.rule for seen in report.findings)
