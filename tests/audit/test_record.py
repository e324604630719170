"""What an audit saw is left in the ledger, and goes stale with what it was seen in."""

from pathlib import Path

from overt.audit.audit import audit
from overt.audit.record import record_audit
from overt.campaign import load
from overt.cli.audit_inputs import find_inputs
from overt.evidence.facts import Facts, gather
from overt.evidence.ledger import open_ledger
from overt.model import State
from overt.system.clock import SystemClock
from overt.system.files import project_files


def facts(root: Path) -> Facts:
    """Return what is known of a project now."""
    files = project_files(root)
    return gather(root, load(root, files=files).campaign, open_ledger(root), files=files, now_ns=SystemClock().now_ns())


def recorded(root: Path, document: str) -> Facts:
    """Return what is known after an audit of one document was recorded."""
    (root / "src/shop").mkdir(parents=True, exist_ok=True)
    (root / "src/shop/__init__.py").write_text("")
    (root / "README.md").write_text(document)
    inputs = find_inputs(root, [])
    record_audit(inputs, audit(inputs), environment={}, clock=SystemClock())
    return facts(root)


def test_references_become_facts(tmp_path: Path) -> None:
    """A claim can say that no document names what is not there."""
    seen = recorded(tmp_path, "# Shop\n\nSee [the code](src/shop/__init__.py) and [more](src/shop/till.py).\n")
    assert (seen.get("references.total").value, seen.get("references.total").state) == (2, State.PROVED)
    assert seen.get("references.refuted").value == 1
    assert seen.get("references.proved").value == 1


def test_a_changed_document_makes_them_stale(tmp_path: Path) -> None:
    """What was seen in other words is not known of these."""
    recorded(tmp_path, "# Shop\n\nSee [the code](src/shop/__init__.py).\n")
    (tmp_path / "README.md").write_text("# Shop\n\nSee [the code](src/shop/till.py).\n")
    assert facts(tmp_path).get("references.refuted").state is State.STALE
