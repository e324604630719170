"""Set everything up, validate this project and build its site.

Needs Python 3.11 or newer with pip; nothing else. Run it from anywhere:

    python3 scripts/build.py [ARGUMENTS FOR overt build]

The environment lives in `.venv`; a second run finds it ready and starts at once.
"""

from __future__ import annotations

import compileall
import hashlib
import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
OLDEST_PYTHON = (3, 11)


def venv_program(name: str) -> Path:
    """Return the path of a program installed in the environment."""
    folder, suffix = ("Scripts", ".exe") if os.name == "nt" else ("bin", "")
    return VENV / folder / f"{name}{suffix}"


def fingerprint() -> str:
    """Return what the environment depends on: lock, what is installed, interpreter, this script, this folder."""
    import tomllib  # not in the old Pythons that are told below what is wrong

    digest = hashlib.sha256(LOCK.read_bytes() + Path(__file__).read_bytes())
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    installed = {name: settings.get(name) for name in ("build-system", "project", "dependency-groups")}
    installed["hatch"] = settings["tool"]["hatch"]
    digest.update(json.dumps(installed, sort_keys=True).encode())
    digest.update(f"{sys.version_info[:3]} {sys.base_prefix} {ROOT}".encode())
    return digest.hexdigest()


def run(*command: str | Path, **environment: str) -> int:
    """Run a command in the repository and return its exit status."""
    argv = [str(part) for part in command]
    return subprocess.run(argv, check=False, cwd=ROOT, env={**os.environ, **environment}).returncode


def must(*command: str | Path, **environment: str) -> None:
    """Run a command in the repository; stop with its exit status when it fails."""
    status = run(*command, **environment)
    if status:
        shown = " ".join(str(part) for part in command)
        sys.exit(f"set-up failed (exit {status}): {shown}\nMend what is printed above, then run this script again.")


def install() -> None:
    """Install the lock, then this project, with uv where it is present and with pip otherwise."""
    python = venv_program("python")
    uv = shutil.which("uv")
    installer: list[str | Path] = (
        [uv, "pip", "install", "--quiet", "--python", python] if uv else [python, "-m", "pip", "install", "-qq"]
    )
    compiled = ["--compile-bytecode"] if uv else []
    must(*installer, *compiled, "--require-hashes", "--requirement", LOCK)
    must(*installer, "--no-deps", "--no-build-isolation", "--editable", ROOT)


def set_up() -> Path:
    """Create or refresh `.venv` and return its Python.

    The stamp is written last, so an interrupted set-up is done again rather than trusted.
    """
    if sys.version_info < OLDEST_PYTHON:
        sys.exit(f"overt needs Python {'.'.join(map(str, OLDEST_PYTHON))} or newer; this is {sys.version.split()[0]}.")
    python, stamp, wanted = venv_program("python"), VENV / "overt-set-up", fingerprint()
    if not (python.exists() and stamp.exists() and stamp.read_text() == wanted):
        print("Setting up .venv (once; a later run starts at once) ...", flush=True)
        venv.create(VENV, clear=True, with_pip=True)
        install()
        stamp.write_text(wanted)
    compileall.compile_dir(ROOT / "src", quiet=2)
    return python


EVIDENCE = (
    ("rehearse", "--all"),
    ("train", "dev", "check"),
    ("audit", "--record"),
    ("validate", "--flags", "matrix"),
    ("review", "--ci", "--fail-on", "never"),
)
"""What leaves evidence; what fails here is told again, and judged, by the build."""


def main() -> int:
    """Rehearse, check the exercises, validate in every state of the flags, review, build the site, say where it is."""
    python = set_up()
    for step in (*EVIDENCE, ("build", *sys.argv[1:])):
        print(f"\n$ overt {' '.join(step)}", flush=True)
        status = run(python, "-m", "overt", *step)
    return status


if __name__ == "__main__":
    sys.exit(main())
