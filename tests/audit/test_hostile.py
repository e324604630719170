"""Repositories that were made to harm whoever reads them: bounded time and memory, and no crash."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from overt.audit.audit import Inputs, audit
from overt.audit.report import Report
from overt.campaign.documents import documents_of
from overt.campaign.loading import load
from overt.evidence.facts import Facts
from overt.system.files import project_files

SECONDS = 60.0
"""How much time of the processor one hostile repository may cost; honest ones cost a hundredth."""

MEMORY = 1_500_000_000
"""How many bytes a process may map that audits the worst of them; an honest one maps a third."""

LIMITED = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
from overt.cli.main import main
sys.exit(main(sys.argv[1:]))
"""

REFERENCES = "\n\n".join(
    (
        "`Trap.Deep.fun/1` `Trap.fun(1, 2)` `:trap_table` is an ETS table",
        "`trap.deep.name` `trap/deep.py` `TRAP_MODE` is an environment variable",
        "```bash\nmix trap.go --x 1\nnpm run x\njust x\ntox -e x\nnox -s x\ndocker compose up x\nmake x\npoe x\n```",
        "```elixir\nTrap.go(1) |> Trap.Deep.stay()\n```",
    )
)
"""A document that has every resolver look into the repository."""


def audited(root: Path, *, docstrings: bool = True) -> Report:
    """Audit a folder as the command does, and see that it was not too costly."""
    begin = time.process_time()
    files = project_files(root)
    loaded = load(root, files=files)
    inputs = Inputs(
        root=root,
        files=files,
        documents=documents_of(files, loaded.campaign),
        campaign=loaded.campaign,
        claims={},
        facts=Facts((), {}),
        today=date(2026, 6, 1),
        declared=False,
        docstrings=docstrings,
    )
    report = audit(inputs)
    assert time.process_time() - begin < SECONDS
    return report


def write(root: Path, files: dict[str, str | bytes]) -> None:
    """Write files."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def test_loops_of_links_end(tmp_path: Path) -> None:
    """Folders and files that link to themselves, to each other and out of the repository."""
    write(tmp_path, {"docs/a.md": REFERENCES, "lib/trap.ex": "defmodule Trap do\nend\n"})
    (tmp_path / "lib/loop").symlink_to(tmp_path / "lib")
    (tmp_path / "docs/up").symlink_to(tmp_path)
    (tmp_path / "lib/self.ex").symlink_to("self.ex")
    (tmp_path / "lib/one.ex").symlink_to("two.ex")
    (tmp_path / "lib/two.ex").symlink_to("one.ex")
    (tmp_path / "mix.exs").symlink_to("/etc/passwd")
    (tmp_path / "docs/out.md").symlink_to("/etc/hostname")
    assert [page.path for page in audited(tmp_path).pages] == ["docs/a.md"]


def test_files_without_end_are_not_read(tmp_path: Path) -> None:
    """A gigabyte of document, of source, of every file that declares something; and pipes that never answer."""
    write(tmp_path, {"a.md": REFERENCES, "trap/__init__.py": "", "lib/trap.ex": "defmodule Trap do\nend\n"})
    for name in (
        "huge.md",
        "trap/deep.py",
        "lib/deep.ex",
        "mix.exs",
        "package.json",
        "justfile",
        "compose.yaml",
        "tox.ini",
    ):
        with (tmp_path / name).open("wb") as stream:
            stream.truncate(1 << 30)
    os.mkfifo(tmp_path / "noxfile.py")
    os.mkfifo(tmp_path / "lib/pipe.ex")
    report = audited(tmp_path)
    assert [problem.where.path for problem in report.skipped if problem.where] == ["huge.md"]


def test_deep_nesting_is_followed_only_so_far(tmp_path: Path) -> None:
    """Folders, quotes, brackets, modules, braces and tables nested deeper than any stack."""
    deep = 30_000
    write(
        tmp_path,
        {
            "a.md": REFERENCES + "\n\n" + ">" * deep + " x\n\n" + "[" * deep + "\n\n" + "- " * 3_000 + "x",
            "b.md": "```elixir\n" + "[" * deep + "]" * deep + "\n```\n",
            "c.md": "```elixir\n" + "a(" * deep + ")" * deep + "\n```\n```elixir\n" + "x.y" * 9_000 + "()\n```\n",
            "trap/__init__.py": "x = " + "(" * deep + ")" * deep,
            "trap/deep.py": "x = " + "-" * deep + "1\n",
            "trap/lists.py": "x = " + "[" * deep,
            "lib/trap.ex": "defmodule Trap do\n" * 3_000 + "def fun(a), do: a\n" + "end\n" * 3_000,
            "lib/lists.ex": "defmodule Trap.Lists do\n@x " + "[" * deep + "]" * deep + "\nend\n",
            "package.json": "[" * deep,
            "pyproject.toml": "a = " + "[" * deep,
            "compose.yaml": "services:\n" + "".join(" " * n + "a:\n" for n in range(2_000)),
        },
    )
    folder = tmp_path
    for _ in range(300):
        folder = folder / "d"
    folder.mkdir(parents=True)
    (folder / "z.md").write_text("`d/d/d/x.py`")
    assert len(audited(tmp_path).pages) == 4


def test_what_is_malformed_is_passed_over(tmp_path: Path) -> None:
    """Every file that is read holds something else than it should."""
    noise = bytes(range(256)) * 40
    names = ("Makefile", "justfile", "tox.ini", "noxfile.py", "tasks.py", "compose.yaml", "package.json", "mix.exs")
    more = ("pyproject.toml", "setup.cfg", "setup.py", "trap/__init__.py", "trap/a.py", "lib/trap.ex", "docs/conf.py")
    write(tmp_path, dict.fromkeys((*names, *more, "noise.md", "config/config.exs", "Dockerfile", ".env"), noise))
    write(
        tmp_path,
        {
            "a.md": REFERENCES,
            "web/package.json": '{"scripts": ["x"]}',
            "api/package.json": "[1]",
            "lib/half.ex": "defmodule Trap do\n def fun(a, b \\\\",
            "lib/odd.ex": "defmodule do end\ndefmodule :x do\nend\nuse\ndef\n@callback\n@type x\ndefdelegate []\n",
            "trap/half.py": 'def f(:\n  """`a',
        },
    )
    assert [page.path for page in audited(tmp_path).pages] == ["a.md"]


@pytest.mark.parametrize(
    "text",
    [
        "1 of " * 40_000,
        "12 tests " * 20_000,
        "a total of " * 30_000,
        "All 3 Big Things and 4 Big Things, " * 10_000,
        "| a | 1 |\n|---|---|\n" + "| 1 | 1 |\n" * 8_000 + "| Total | 3 |\n",
        "`Trap.A" + "a" * 200 + ".b/1` " * 2_000,
        "`:a` table " * 10_000,
        "`A_" + "B_" * 100_000 + "`",
        "`mix " + "a." * 50_000 + "`",
        "```bash\n" + "mix do a, " * 20_000 + "\n```",
        "```elixir\n" + "iex> A.b()\n" * 8_000 + "```",
        "**Total tests" + " a" * 100_000 + ": 3",
        "\n".join(f"- [x] done number {number} is verified" for number in range(8_000)),
    ],
    ids=lambda text: text[:12],
)
def test_long_documents_cost_little(tmp_path: Path, text: str) -> None:
    """Repetitions that have a careless pattern look again and again at the same place."""
    write(
        tmp_path,
        {"a.md": text, "mix.exs": "[app: :trap]", "lib/trap.ex": "defmodule Trap do\nend\n", "trap/__init__.py": ""},
    )
    assert len(audited(tmp_path).pages) == 1


def test_many_files_fit_into_memory(tmp_path: Path) -> None:
    """A process that audits a repository of thousands of files and long lists stays small."""
    write(tmp_path, {"a.md": REFERENCES, "mix.exs": "[app: :trap]"})
    (tmp_path / "lib").mkdir()
    body = "".join(f"  def fun{number}(a, b \\\\ nil), do: {{:atom_{number}, a, b}}\n" for number in range(200))
    for number in range(150):
        (tmp_path / f"lib/m{number}.ex").write_text(f"defmodule Trap.M{number} do\n{body}end\n")
    for name in ("huge.md", "lib/huge.ex", "package.json"):
        with (tmp_path / name).open("wb") as stream:
            stream.truncate(1 << 31)
    (tmp_path / "names.md").write_text("".join(f"`Trap.M{number}.fun{number}/3` " for number in range(400)))
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, "audit", "-C", str(tmp_path), "--json", "--docstrings"],
        capture_output=True,
        check=False,
    )
    assert (done.returncode in {1, 3}, done.stderr) == (True, b"")
