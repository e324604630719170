"""Checks one file after another for the fuzz tests, in a process of its own that may crash or hang.

Each line of standard input is a JSON list: file, format of the report. Each line of standard output is a JSON object:
exit status, the report, what was written to standard error, and whether the compiler takes the file.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import sys
import warnings
from pathlib import Path

from overt.cli.main import main


def compiles(path: Path) -> bool | None:
    """Tell whether the compiler takes a file; None for a file that is not Python."""
    if path.suffix != ".py":
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(path.read_bytes(), "x", "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    except (SyntaxError, ValueError, LookupError, RecursionError, MemoryError):
        return False
    return True


def checked(path: Path, form: str) -> dict[str, object]:
    """Run `overt check` on one file."""
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(["check", "-C", str(path.parent), "--no-cache", "--format", form, str(path)])
    told = out.buffer.getvalue().decode("utf-8")  # type: ignore[attr-defined]
    return {"exit": int(status), "report": told, "errors": err.getvalue(), "compiles": compiles(path)}


if __name__ == "__main__":
    for line in sys.stdin:
        name, wanted = json.loads(line)
        sys.stdout.write(json.dumps(checked(Path(name), wanted)) + "\n")
        sys.stdout.flush()
