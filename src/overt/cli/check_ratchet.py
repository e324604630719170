"""`overt check --write-ratchet` and `--prune-ratchet`."""

from __future__ import annotations

from overt.cli.check_project import Scope
from overt.lint.ratchet import Ratchet, grown, pruned, read_ratchet, render_ratchet
from overt.lint.report import Report
from overt.model.errors import OvertError
from overt.system.atomic import write_if_changed


def update(scope: Scope, report: Report, *, prune: bool) -> str:
    """Write the ratchet anew and return what to tell.

    Args:
        scope: What was checked.
        report: Its findings, not yet held against the ratchet.
        prune: Whether it may only shrink.

    Raises:
        OvertError: Something could not be checked, or there is no ratchet to prune.
    """
    name = scope.settings.ratchet
    path = scope.root / name
    if not name:
        raise OvertError("no ratchet is named", hint="give one with --ratchet FILE")
    old = read_ratchet(path, name) if path.is_file() else None
    if prune and old is None:
        raise OvertError(f"{name}: there is no ratchet", hint="overt check --write-ratchet makes one")
    new = pruned(report, old) if prune and old is not None else grown(report, old)
    before, after = _places(old), _places(new)
    changed = write_if_changed(path, render_ratchet(new))
    told = f"{name}: {after} places in {len(new.entries)} lines"
    if old is not None:
        told += f" ({before} before)"
    return told + ("" if changed else "; nothing changed") + "\n"


def _places(ratchet: Ratchet | None) -> int:
    return sum(entry.count for entry in ratchet.entries) if ratchet is not None else 0
