"""Where records have to end up."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier


def filed(module, base, cases, seal, clerks):
    """File a record for each case and return what lies in the folders."""
    folders = [Path(base, case) for case in cases]
    for folder in folders:
        folder.mkdir()
    with ThreadPoolExecutor(clerks) as court:
        jobs = [court.submit(module.file_record, str(folder), folder.name, seal) for folder in folders]
    for job in jobs:
        job.result()
    return [[path.read_text("utf-8") for path in folder.iterdir()] for folder in folders]


def alone(module):
    """One clerk files two records."""
    with TemporaryDirectory() as base:
        assert filed(module, base, ["rex", "roe"], Barrier(1).wait, 1) == [["rex"], ["roe"]]


def together(module):
    """Two clerks seal at the same time."""
    both = Barrier(2)
    with TemporaryDirectory() as base:
        assert filed(module, base, ["rex", "roe"], lambda: both.wait(60), 2) == [["rex"], ["roe"]]
