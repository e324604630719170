"""Runbooks: read, looked over, rehearsed."""

from overt.runbook.load import Runbooks, depends_on, load_all, load_files
from overt.runbook.records import Block, Runbook

__all__ = ["Block", "Runbook", "Runbooks", "depends_on", "load_all", "load_files"]
