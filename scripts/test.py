"""Set everything up and run every check of this repository: style, types, rooms, hidden state, review, tests.

Needs Python 3.11 or newer with pip. Run it from anywhere:

    python3 scripts/test.py                    everything
    python3 scripts/test.py tests/lint -k ...  only pytest, with these arguments
"""

from __future__ import annotations

import os
import shutil
import sys
import time

from build import ROOT, run, set_up, venv_program

NEEDED = {"chromium": ("chromium", "chromium-driver"), "redis-server": ("redis-server",)}
"""Programs that tests start, and the Debian packages they come from."""


def provide_programs() -> list[str]:
    """Install what the tests start where that is possible; return what is missing afterwards."""
    missing = [program for program in NEEDED if not shutil.which(program)]
    if missing and shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        packages = [package for program in missing for package in NEEDED[program]]
        print(f"Installing {', '.join(packages)} ...", flush=True)
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        run(
            "sh",
            "-c",
            'apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1',
            "sh",
            *packages,
            **quiet,
        )
    return [program for program in NEEDED if not shutil.which(program)]


def check(title: str, *command: str) -> bool:
    """Run one check, say how it went and how long it took."""
    program, *arguments = command
    started = time.monotonic()
    status = run(venv_program(program), *arguments)
    print(f"{'ok    ' if status == 0 else 'FAILED'} {title} ({time.monotonic() - started:.1f} s)", flush=True)
    return status == 0


TOLERATED = ("no-new-hidden-state", "no-secrets", "small-enough", "suppression-has-reason")
"""Items of the review that are told and fail nothing here; docs/decisions/0009-review-in-ci.md says why, one by one."""


def review() -> bool:
    """Review what is about to land; where nothing can be reviewed, or only guessed, that is told and is no failure."""
    tolerated = [part for name in TOLERATED for part in ("--tolerate", name)]
    started = time.monotonic()
    status = run(venv_program("overt"), "review", "--ci", "--no-run", "--fail-on", "refuted", *tolerated)
    word = {0: "ok    ", 3: "UNCHECKED:"}.get(status, "FAILED")
    print(f"{word} review ({time.monotonic() - started:.1f} s)", flush=True)
    return status in {0, 3}


def run_tests(arguments: list[str]) -> bool:
    """Run pytest; everything in random order on two processes unless told otherwise."""
    return check("tests", "pytest", *(arguments or ["-n", "2", "--dist", "loadfile", "-q"]))


def main(arguments: list[str]) -> int:
    """Run the checks; the status says whether all of them held."""
    if arguments in (["-h"], ["--help"]):
        print(__doc__)
        return 0
    set_up()
    missing = provide_programs()
    for program in missing:
        print(
            f"UNCHECKED: {program} is not here and cannot be installed; the tests that need it cannot run", flush=True
        )
    if missing and os.environ.get("CI"):
        return 3
    if arguments:
        return 0 if run_tests(arguments) else 1
    style = [
        check("style", "ruff", "check", "--quiet"),
        check("format", "ruff", "format", "--check", "--quiet"),
        check("types", "mypy", "--no-error-summary"),
        check("rooms", "lint-imports", "--no-logo"),
        check("hidden state", "overt", "check", "--statistics"),
        review(),
    ]
    tests = run_tests([])
    if not all(style):
        print("One of the checks before the tests failed: see above.")
    return 0 if tests and all(style) else 1


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main(sys.argv[1:]))
