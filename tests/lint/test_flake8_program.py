"""flake8 itself, with the plug-in that it finds by its entry point."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from overt.system.process import run_process

pytest.importorskip("flake8")

STATE = "rows = []\n\n\ndef f(x):\n    rows.append(x)\n"
ODD = {
    "bom.py": b"\xef\xbb\xbfrows = []\r\n\r\n\r\ndef f(y):\r\n    '\xc3\xa4'; rows.append(y)\r\n",
    "cookie.py": b"# -*- coding: latin-1 -*-\nimport os\n\x0c\n\ndef f():\n    '\xe4\xe4'; os.chdir('/')",
    "feed.py": b"import os\n\x0c\n\ndef f():\n    x = 'a\x0cb'; os.chdir('/')\n\x0c\n    os.chdir(x)  # noqa\n",
    "mac.py": b"import os\r\r\rdef f():\r    os.chdir('/')\r",
    "separator.py": b"x = '\xe2\x80\xa8'\nimport os\n\n\ndef f():\n    os.chdir('/')",
    "empty.py": b"",
    "blank.py": b"\n\n",
    "broken.py": b"def f(:\n",
}


def flake8(root: Path, *arguments: str, status: int = 1) -> list[str]:
    """Run flake8 in a folder and return its lines in order."""
    done = run_process([sys.executable, "-m", "flake8", "--isolated", *arguments], cwd=root, timeout=60)
    assert done.exit_code == status, done.output
    return sorted(done.output.decode().splitlines())


def put(root: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files."""
    for name, content in files.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode())


def test_odd_files_are_told_at_their_places_by_several_processes(tmp_path: Path) -> None:
    """A byte order mark, declared encodings, form feeds, old line ends, no line end, nothing at all."""
    put(tmp_path, ODD)
    told = [line.split(" ")[:2] for line in flake8(tmp_path, "--select", "OV,E9", "-j", "2", ".")]
    assert told == [
        ["./bom.py:1:1:", "OV202"],
        ["./broken.py:1:8:", "E999"],
        ["./cookie.py:6:11:", "OV402"],
        ["./feed.py:5:16:", "OV402"],
        ["./mac.py:5:5:", "OV402"],
        ["./separator.py:6:5:", "OV402"],
    ]


def test_flake8_decides_what_is_selected_and_silenced(tmp_path: Path) -> None:
    """`# noqa` with the code, another code, per file; codes that are off without being asked for."""
    silenced = STATE.replace("rows = []", "rows = []  # noqa: OV202")
    elsewhere = STATE.replace("rows = []", "rows = []  # noqa: OV101")
    put(tmp_path, {"a.py": STATE, "b.py": silenced, "c.py": elsewhere, "d.py": STATE})
    told = flake8(tmp_path, "--select", "OV2", "--per-file-ignores", "d.py:OV202", ".")
    text = "the module's container `rows` (list) is changed by `f` (overt explain OV202)"
    assert told == [f"./a.py:1:1: OV202 {text}", f"./c.py:1:1: OV202 {text}"]
    assert flake8(tmp_path, "--select", "E,F", ".", status=0) == []
    assert len(flake8(tmp_path, "--select", "E,F", "--extend-select", "OV", "a.py")) == 1


def test_the_settings_of_the_project_count_wherever_flake8_is_called(tmp_path: Path) -> None:
    """Exclusions, allow-list, rules for some files, what is banned, and the ratchet are those of `overt check`."""
    settings = """
        [hidden-state]
        exclude = ["generated"]
        ratchet = "known"

        [[hidden-state.allow]]
        path = "src/legacy/"
        reason = "kept for comparison"
        owner = "ann"
        until = "2999-01-01"

        [[hidden-state.paths]]
        files = ["tests/**"]
        ignore = ["OV2"]

        [[hidden-state.banned]]
        pattern = "time.sleep"
        message = "it holds up the loop"
        """
    put(
        tmp_path,
        {
            "overt.toml": settings,
            "known": "OV202|src/known.py|known|rows 1\n",
            "generated/a.py": STATE,
            "src/legacy/a.py": STATE,
            "tests/test_a.py": STATE,
            "src/known.py": STATE,
            "src/new.py": STATE,
            "src/slow.py": "from time import sleep\n\n\ndef f():\n    sleep(1)\n",
        },
    )
    assert [line.split(" ")[:2] for line in flake8(tmp_path, ".")] == [
        ["./src/new.py:1:1:", "OV202"],
        ["./src/slow.py:1:1:", "OV801"],
        ["./src/slow.py:5:5:", "OV801"],
    ]
    inside = flake8(tmp_path / "src", "known.py", "new.py", str(tmp_path / "src/legacy/a.py"))
    assert [line.split(" ")[0] for line in inside] == ["new.py:1:1:"]


def test_wrong_settings_are_told_and_never_a_pass(tmp_path: Path) -> None:
    """flake8 ends with a failure that says what is wrong in overt.toml."""
    put(tmp_path, {"a.py": "x = 1\n", "overt.toml": "[hidden-state]\nselct = []\n"})
    assert "selct" in " ".join(flake8(tmp_path, "a.py"))
