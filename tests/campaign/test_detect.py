"""What a project is made of is found by looking, whatever its build tool."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.campaign.detect import Detected, detect
from overt.campaign.detect_tools import Docs
from overt.campaign.mkdocs_config import read_mkdocs
from overt.system.files import project_files


def project(root: Path, **files: str) -> Detected:
    """Write a project and look at it; `__` in a keyword stands for nothing, names are given as written."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return detect(root, project_files(root))


SRC = {"src/shop/__init__.py": "", "src/shop/cart.py": ""}
FLAT = {"shop/__init__.py": "", "shop/cart.py": "", "docs/conf.py": "", "tests/__init__.py": "", "setup.py": ""}

LAYOUTS = {
    "src layout": (SRC, ("src/shop",)),
    "flat layout": (FLAT, ("shop",)),
    "several": ({**SRC, "src/till/__init__.py": ""}, ("src/shop", "src/till")),
    "flat, several": ({"a/__init__.py": "", "b/__init__.py": "", "tests/__init__.py": ""}, ("a", "b")),
    "namespace in src": ({"src/acme/shop/__init__.py": "", "pyproject.toml": ""}, ("src/acme",)),
    "flat namespace": (
        {"acme/shop/__init__.py": "", "other/x.py": "", "pyproject.toml": '[project]\nname = "acme"'},
        ("acme",),
    ),
    "module": (
        {"shop.py": "", "setup.py": "", "test_shop.py": "", "pyproject.toml": '[project]\nname = "Shop"'},
        ("shop.py",),
    ),
    "module in src": ({"src/shop.py": ""}, ("src/shop.py",)),
    "hatchling": (
        {
            **SRC,
            "src/extra/__init__.py": "",
            "pyproject.toml": '[tool.hatch.build.targets.wheel]\npackages = ["src/shop"]',
        },
        ("src/shop",),
    ),
    "setuptools": (
        {"lib/shop/__init__.py": "", "other/__init__.py": ""}
        | {"pyproject.toml": '[tool.setuptools]\npackages = ["shop"]\npackage-dir = { "" = "lib" }'},
        ("lib/shop",),
    ),
    "setuptools modules": (
        {"shop.py": "", "other.py": "", "pyproject.toml": '[tool.setuptools]\npy-modules = ["shop"]'},
        ("shop.py",),
    ),
    "setup.cfg": (
        {
            **SRC,
            "setup.cfg": "[options]\npackages = find:\npackage_dir =\n    = src\n[options.packages.find]\nwhere = src",
        },
        ("src/shop",),
    ),
    "setup.cfg modules": ({"shop.py": "", "other.py": "", "setup.cfg": "[options]\npy_modules = shop"}, ("shop.py",)),
    "poetry": (
        {"python/shop/__init__.py": "", "other/__init__.py": ""}
        | {"pyproject.toml": '[tool.poetry]\npackages = [{ include = "shop", from = "python" }]'},
        ("python/shop",),
    ),
    "flit": (
        {**SRC, "src/tools_of_ours/__init__.py": "", "pyproject.toml": '[tool.flit.module]\nname = "shop"'},
        ("src/shop",),
    ),
    "uv": (
        {"python/shop/__init__.py": "", "bench/__init__.py": ""}
        | {"pyproject.toml": '[tool.uv.build-backend]\nmodule-name = "shop"\nmodule-root = "python"'},
        ("python/shop",),
    ),
    "pdm": (
        {**FLAT, "extra/__init__.py": "", "pyproject.toml": '[tool.pdm.build]\nincludes = ["shop/**/*.py"]'},
        ("shop",),
    ),
    "declared but not there": ({**SRC, "pyproject.toml": '[tool.flit.module]\nname = "gone"'}, ("src/shop",)),
    "leaving": ({**SRC, "pyproject.toml": '[tool.hatch.build]\npackages = ["../shop"]'}, ("src/shop",)),
    "monorepo": (
        {
            "pyproject.toml": "[tool.uv.workspace]\nmembers = ['packages/*']",
            "packages/a/pyproject.toml": "",
            "packages/a/src/acme_a/__init__.py": "",
            "packages/b/pyproject.toml": '[project]\nname = "acme-b"',
            "packages/b/acme_b/__init__.py": "",
            "packages/b/tests/fixtures/demo/pyproject.toml": "",
            "packages/b/tests/fixtures/demo/demo/__init__.py": "",
        },
        ("packages/a/src/acme_a", "packages/b/acme_b"),
    ),
    "no Python": ({"package.json": "{}", "src/index.ts": ""}, ()),
}


@pytest.mark.parametrize(("files", "packages"), LAYOUTS.values(), ids=LAYOUTS.keys())
def test_packages_are_found(tmp_path: Path, files: dict[str, str], packages: tuple[str, ...]) -> None:
    """Each layout and each build tool."""
    assert project(tmp_path, **files).packages == packages


RUNNERS = {
    "pyproject": (
        {"pyproject.toml": "[tool.pytest.ini_options]\ntestpaths = ['checks']", "checks/a.py": ""},
        ("checks",),
        0,
    ),
    "pytest.ini": ({"pytest.ini": "[pytest]\ntestpaths = checks more", "checks/a.py": ""}, ("checks",), 0),
    "tox.ini": ({"tox.ini": "[pytest]\n", "tests/test_a.py": ""}, ("tests",), 0),
    "setup.cfg": ({"setup.cfg": "[tool:pytest]\n", "tests/test_a.py": ""}, ("tests",), 0),
    "folder": ({"tests/test_a.py": "def test_a(): pass"}, ("tests",), ""),
    "other folder": ({"test/test_a.py": "def test_a(): pass"}, ("test",), ""),
    "inside": ({**SRC, "src/shop/tests/test_a.py": "def test_a(): pass"}, ("src/shop",), ""),
    "beside": ({"shop.py": "", "test_shop.py": "def test_a(): pass"}, ("test_shop.py",), ""),
}


@pytest.mark.parametrize(("files", "paths", "config"), RUNNERS.values(), ids=RUNNERS.keys())
def test_the_runner_is_found(tmp_path: Path, files: dict[str, str], paths: tuple[str, ...], config: object) -> None:
    """pytest is known by its configuration, or by tests that it would run."""
    found = project(tmp_path, **files)
    wanted = next(iter(files)) if config == 0 else config
    assert (found.runner, found.tests, found.runner_config) == ("pytest", paths, wanted)


def test_a_project_that_uses_unittest_alone_is_known(tmp_path: Path) -> None:
    """No pytest anywhere, and classes of unittest."""
    text = "import unittest\nclass A(unittest.TestCase):\n    def test_a(self): pass\n"
    assert project(tmp_path, **{"tests/test_a.py": text}).runner == "unittest"
    assert project(tmp_path, **{"tests/test_b.py": "import pytest\n"}).runner == "pytest"


def test_no_tests_is_no_runner(tmp_path: Path) -> None:
    """A package alone has nothing to run."""
    assert project(tmp_path, **SRC).runner == ""


def test_linters_are_found_by_their_configuration(tmp_path: Path) -> None:
    """In their own files, in tables and in sections; the first place wins."""
    found = project(
        tmp_path,
        **{"ruff.toml": "", "pyproject.toml": "[tool.ruff]\n[tool.mypy]", "setup.cfg": "[flake8]\n", ".pylintrc": ""},
    )
    assert found.linters == {
        "flake8": "setup.cfg",
        "mypy": "pyproject.toml",
        "pylint": ".pylintrc",
        "ruff": "ruff.toml",
    }


@pytest.mark.parametrize(
    ("files", "docs"),
    [
        ({"mkdocs.yml": "site_name: a\ndocs_dir: ./pages/\n"}, Docs("mkdocs", "pages", "mkdocs.yml")),
        ({"docs/conf.py": "", "docs/index.md": ""}, Docs("sphinx", "docs", "docs/conf.py")),
        ({"doc/source/conf.py": ""}, Docs("sphinx", "doc", "doc/source/conf.py")),
        ({"docs/index.rst": ""}, Docs("sphinx", "docs")),
        ({"docs/index.md": ""}, Docs("markdown", "docs")),
        ({"README.md": ""}, Docs("none")),
    ],
)
def test_documentation_is_found(tmp_path: Path, files: dict[str, str], docs: Docs) -> None:
    """mkdocs, Sphinx, plain Markdown, none."""
    assert project(tmp_path, **files).docs == docs


def test_ci_services_and_other_languages_are_found(tmp_path: Path) -> None:
    """By their files, at the root or one folder below."""
    found = project(
        tmp_path,
        **{
            ".github/workflows/ci.yml": "",
            ".gitlab-ci.yml": "",
            "ui/package.json": "{}",
            "mix.exs": "",
            "a/b/go.mod": "",
        },
    )
    assert found.ci == {"github": ".github/workflows", "gitlab": ".gitlab-ci.yml"}
    assert found.languages == {"Elixir": "mix.exs", "JavaScript": "ui/package.json"}


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"pyproject.toml": "[project]\nname='a'\ndescription='A b.'"}, ("a", "A b.")),
        ({"pyproject.toml": "[tool.poetry]\nname='a'\ndescription=\"A\\n b\""}, ("a", "A b")),
        ({"setup.cfg": "[metadata]\nname = a\ndescription = A b\n"}, ("a", "A b")),
        ({"PKG-INFO": "Metadata-Version: 2.1\nName: a\nSummary: A b\n\nSummary: not this\n"}, ("a", "A b")),
        ({}, ("here", "")),
    ],
)
def test_name_and_description_come_from_the_metadata(tmp_path: Path, files: dict[str, str], said: object) -> None:
    """Without any, the folder's name has to do."""
    (tmp_path / "here").mkdir()
    found = project(tmp_path / "here", **files)
    assert (found.name, found.description) == said


def test_the_interpreter_of_the_project_is_found(tmp_path: Path) -> None:
    """Its own environment, though its files are no files of the project."""
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").touch()
    assert project(tmp_path).python == ".venv/bin/python"


def test_sources_are_packages_tests_and_build_files(tmp_path: Path) -> None:
    """What suites are measured on, when nothing else is said."""
    found = project(tmp_path, **SRC, **{"tests/test_a.py": "", "pyproject.toml": "", "README.md": "", "uv.lock": ""})
    assert found.sources == ("src/shop", "tests", "pyproject.toml", "uv.lock")


JUNK = ("pyproject.toml", "setup.cfg", "tox.ini", "pytest.ini", "mkdocs.yml", "PKG-INFO")


@given(
    st.binary(max_size=60)
    | st.sampled_from([b"tool = 1", b"[tool]\npytest = 3\nhatch = []", b"project = 'x'", b"[x\n"])
)
def test_junk_in_configuration_files_is_passed_over(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    """Detection never fails on another tool's file."""
    root = tmp_path_factory.mktemp("junk")
    for name in JUNK:
        (root / name).write_bytes(raw)
    assert detect(root, list(JUNK)).packages == ()


@pytest.mark.parametrize(
    ("text", "plugins"),
    [
        ("plugins:\n- search\n- social:\n    cards: true\n    - x\n# end\n\nnav: []\n", ("search", "social")),
        (
            "plugins:\n  # first\n  - search\n  - 'tags'\n  - mkdocstrings:\n      a: !ENV [B, c]\n",
            ("search", "tags", "mkdocstrings"),
        ),
        ("plugins: [search, {social: {cards: [a, b]}}, tags]  # all\n", ("search", "social", "tags")),
        ("plugins:\n  search: {}\n  social:\n    cards: true\n", ("search", "social")),
        ("plugins: []\n", ()),
        ("site_name: x\n", None),
    ],
)
def test_plugins_of_mkdocs_are_read_in_every_way_of_writing(tmp_path: Path, text: str, plugins: object) -> None:
    """Lists and mappings, over lines or on one, with tags that nobody here knows."""
    (tmp_path / "mkdocs.yml").write_text(text)
    assert read_mkdocs(tmp_path / "mkdocs.yml").plugins == plugins
