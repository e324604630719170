"""A court files its records, each case in a folder of its own."""

import os
from collections.abc import Callable


def file_record(folder: str, text: str, seal: Callable[[], object]) -> None:
    """Seal a record and file it."""
    os.chdir(folder)
    seal()
    with open("record.txt", "w", encoding="utf-8") as record:
        record.write(text)
