"""Writes the generated reference pages of overt into its repository: the folder it is run in."""

from __future__ import annotations

import sys
from pathlib import Path

from overt.cli.reference.pages import write

if __name__ == "__main__":
    sys.stdout.write("".join(f"{name}\n" for name in write(Path())) or "nothing changed\n")
