"""Every command that AGENTS.md shows really runs."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"```bash\n(.*?)```", re.DOTALL)
COMMANDS = [line for block in FENCE.findall((ROOT / "AGENTS.md").read_text()) for line in block.splitlines() if line]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("command", COMMANDS)
def test_the_command_exits_with_zero(command: str) -> None:
    """What AGENTS.md tells to type works as it stands."""
    program, *arguments = shlex.split(command)
    where = Path(sys.executable).parent
    argv = [str(where / Path(program).name) if program.startswith(".venv") else sys.executable, *arguments]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_there_are_commands() -> None:
    """The fences of AGENTS.md were found at all."""
    assert len(COMMANDS) >= 8
