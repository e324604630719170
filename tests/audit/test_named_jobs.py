"""Named jobs and variables of the environment: those that a project declares, and those that it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from overt.audit.project import Project
from overt.audit.references.find import References
from overt.campaign.loading import load
from overt.markdown import scan
from overt.system.files import project_files

FILES = {
    "pyproject.toml": '[project]\nname = "kiln"\n[tool.poe.tasks]\nfire = "true"\n[tool.pdm.scripts]\nheat = "true"\n'
    '[tool.hatch.envs.docs.scripts]\nbuild = "true"\n',
    "package.json": '{"scripts": {"build": "x", "test": "y"}}',
    "justfile": "default: fire\n@fire temp='9':\n    true\nalias f := fire\nname := 'x'\n",
    "tox.ini": "[tox]\nenv_list = py311, lint\n[testenv:docs]\ncommands = true\n",
    "noxfile.py": "import nox\n@nox.session(name='type-check')\ndef types(session):\n    pass\n",
    "tasks.py": "from invoke import task\n@task\ndef clean_up(c):\n    pass\n",
    "compose.yaml": "services:\n  web:\n    image: x\n  # db\n  db:\n    image: y\nvolumes:\n  data: {}\n",
    "src/kiln/__init__.py": "",
    "src/kiln/env.py": "import os\nA = os.environ['KILN_HEAT']\nB = os.getenv('KILN_FUEL')\n",
    "src/kiln/settings.py": "class Conf(BaseSettings):\n"
    "    model_config = dict(env_prefix='KILN_')\n    max_heat: int = 1\n",
    "run.sh": 'export KILN_TOKEN="$1"\n',
    "Dockerfile": "FROM x\nENV KILN_ZONE=eu\n",
    ".env.example": "KILN_URL=\n",
    ".github/workflows/ci.yml": "env:\n  KILN_SHARDS: 2\n",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project that declares jobs in every way."""
    root: Path = tmp_path_factory.mktemp("kiln")
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return Project(root, project_files(root))


def told(project: Project, text: str) -> list[tuple[str, str]]:
    """Return sort and state of each reference of a text."""
    document = scan(text)
    found = References(project, {"docs/a.md": document}).of(document, "docs/a.md")
    return [(ref.sort, ref.verdict.state.value) for ref in found]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("npm run build", "npm run biuld"),
        ("npm run --prefix assets build", "npm run --prefix assets biuld"),
        ("npm test", "pnpm run deploy"),
        ("yarn run build", "yarn run deploy"),
        ("just fire 3", "just cool"),
        ("just f", "just name"),
        ("tox -e py311,docs", "tox -e bench"),
        ("tox --env=lint", "tox --env=bench"),
        ("nox -s type-check", "nox -s bench"),
        ("nox -s types", "nox --session bench"),
        ("hatch run docs:build", "hatch run site:build"),
        ("poe fire", "poe cool"),
        ("inv clean-up", "invoke cool"),
        ("docker compose up -d web", "docker compose up -d cache"),
        ("docker compose -f compose.yaml logs db", "docker-compose logs data"),
    ],
)
def test_jobs_that_are_declared(project: Project, right: str, wrong: str) -> None:
    """Each runner has its file; a job that is not in it is refuted."""
    assert told(project, f"```sh\n{right}\n```") == [("target", "proved")]
    assert told(project, f"```sh\n{wrong}\n```") == [("target", "refuted")]


@pytest.mark.parametrize(
    "command",
    """
    npm install, npm run, npm run $NAME, yarn add x, just, just --list, tox, nox, poe, pdm run pytest, hatch build
    hatch run pytest, docker ps, docker compose up, docker compose down
    """.replace("\n", ",")
    .strip(" ,")
    .split(","),
)
def test_commands_that_name_no_job(project: Project, command: str) -> None:
    """They are left alone."""
    assert told(project, f"```sh\n{command}\n```") == []


@pytest.mark.parametrize("name", ["HEAT", "FUEL", "TOKEN", "ZONE", "URL", "SHARDS", "MAX_HEAT"])
def test_variables_that_something_reads_or_sets(project: Project, name: str) -> None:
    """Python, a shell script, a Dockerfile, a file of variables, a workflow, a class of settings."""
    assert told(project, f"The environment variable `KILN_{name}`.") == [("variable", "proved")]


@pytest.mark.parametrize(
    "text",
    [
        "The environment variable `KILN_HAET`.",
        "| Variable | Use |\n|---|---|\n| `KILN_COLOUR` | x |",
        "`$KILN_COLOUR`",
        "`KILN_COLOUR=red`",
        "```sh\nexport KILN_COLOUR=red\n```",
        "```sh\nKILN_COLOUR=red ls\n```",
    ],
)
def test_variables_that_nothing_reads(project: Project, text: str) -> None:
    """They begin as the project's own do, and no source has them."""
    assert told(project, text) == [("variable", "refuted")]


@pytest.mark.parametrize(
    "text", ["`PYTHON_PATH` is an environment variable", "`KILN_COLOUR` is a constant", "```sh\nDATABASE_URL=x ls\n```"]
)
def test_names_that_may_be_of_others(project: Project, text: str) -> None:
    """What another program may read, and what is not said to be a variable."""
    assert told(project, text) == []


def test_flags_lines_and_lists_of_variables(tmp_path: Path) -> None:
    """What the text calls a flag is held against those declared; a line against its file; Elixir may list variables."""
    (tmp_path / "overt.toml").write_text(
        '[flags.fast-cart]\nowner = "a"\npurpose = "b"\ncreated = 2026-01-01\nuntil = 2099-01-01\n'
    )
    (tmp_path / "mix.exs").write_text("defmodule Aft.MixProject do\n  def project, do: [app: :aft]\nend\n")
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/aft.ex").write_text('defmodule Aft do\n  def a, do: [env: ["AFT_OFFLINE"]]\nend\n')
    files = ["lib/aft.ex", "mix.exs", "overt.toml"]
    project = Project(tmp_path, files, campaign=load(tmp_path, files=files).campaign)
    text = (
        "The flag `fast-cart`, not the flag `fast-crat`.\n\nThe option `fast-crat`. The flag `wholly-other`.\n\n"
        "`lib/aft.ex:3` but `lib/aft.ex:4`.\n\nThe variable `AFT_OFFLINE`, the variable `AFT_NOISY_MODE`.\n"
    )
    document = scan(text)
    found = References(project, {"a.md": document}).of(document, "a.md")
    assert [(ref.sort, ref.text, ref.verdict.state.value) for ref in found] == [
        ("flag", "fast-cart", "proved"),
        ("flag", "fast-crat", "refuted"),
        ("path", "lib/aft.ex:3", "proved"),
        ("path", "lib/aft.ex:4", "refuted"),
        ("variable", "AFT_OFFLINE", "proved"),
        ("variable", "AFT_NOISY_MODE", "refuted"),
    ]


@pytest.mark.parametrize(
    ("line", "state"),
    [
        ("source .venv/bin/activate", ["unchecked"]),
        (". venv/bin/activate", ["unchecked"]),
        ("sh scripts/fire.sh", ["refuted"]),
    ],
)
def test_what_tools_make_in_every_checkout_is_not_missed(project: Project, line: str, state: list[str]) -> None:
    """A virtual environment is in no repository; a script is."""
    assert [how for _, how in told(project, f"```bash\n{line}\n```\n")] == state
