"""The README's tour is typed in, command by command, and prints what the README shows."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
CONSOLE = re.compile(r"```console[^\n]*\n(.*?)```", re.DOTALL)
VARYING = re.compile(r"\d[\d.,]* (?:s|ms|µs|MB|kB)\b| +")


def typed() -> list[tuple[str, str]]:
    """Return each command of the tour with the output shown below it."""
    text = "".join(CONSOLE.findall(README))
    blocks = [block for block in re.split(r"^\$ ", text, flags=re.MULTILINE) if block]
    return [(block.partition("\n")[0], block.partition("\n")[2]) for block in blocks]


def plain(text: str) -> str:
    """Return output without what differs from run to run: durations, sizes, padding."""
    return VARYING.sub(" ", text).strip()


def shows(expected: str, actual: str) -> bool:
    """Tell whether output is as shown; a line or a part that is `...` stands for anything."""
    parts = [re.escape(plain(part)) for part in re.split(r"\.\.\.\n?", expected)]
    return re.fullmatch(r"[\s\S]*?".join(rf"\s*{part}\s*" for part in parts), plain(actual)) is not None


def test_the_tour_prints_what_the_readme_shows(tmp_path: Path) -> None:
    """A stranger who types the tour sees the tour."""
    shop = tmp_path / "shop"
    shutil.copytree(ROOT / "examples/shop", shop)
    bin_folder = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}", "NO_COLOR": "1"}
    commands = typed()
    assert len(commands) >= 5
    for command, expected in commands:
        done = subprocess.run(
            command, shell=True, cwd=shop, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        assert shows(expected, done.stdout), f"$ {command}\n{done.stdout}\n--- the README shows\n{expected}"


def test_every_link_of_the_readme_leads_somewhere() -> None:
    """No link of the first page is dead."""
    targets = [target for target in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in target and ":" not in target]
    assert len(targets) > 10
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_the_two_commands_are_there() -> None:
    """The README's two commands name scripts that exist."""
    assert re.findall(r"python3 (scripts/\w+\.py)", README) == ["scripts/build.py", "scripts/test.py"]
    assert all((ROOT / script).is_file() for script in ("scripts/build.py", "scripts/test.py"))


def test_every_verb_the_readme_names_exists() -> None:
    """The table of wishes offers only what there is."""
    from overt.cli.verbs import VERBS

    named = set(re.findall(r"`overt (\w+)", README))
    assert named <= set(VERBS)
    assert len(named) >= 10
