"""What adopting a project writes fits the project, takes nothing away, and is taken up again when cut off."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from mkdocs.config import load_config

from overt.campaign import load, parse_campaign
from overt.campaign.adopt import Adoption, plan
from overt.campaign.adopt_hosting import CHECKOUT, DEPLOY_PAGES, DOWNLOAD, SETUP_PYTHON, UPLOAD, UPLOAD_PAGES
from overt.campaign.adopt_pages import escaped
from overt.campaign.adopt_toml import toml_text
from overt.campaign.adopt_write import write
from overt.campaign.detect import detect
from overt.campaign.known import Known
from overt.model import OvertError
from overt.system.files import project_files

NOTHING_KNOWN = Known(version="1.2.3")
PACKAGE = {
    "pyproject.toml": (
        '[project]\nname = "shop"\ndescription = "Sells <things>."\n[tool.pytest.ini_options]\n[tool.ruff]\n'
    ),
    "src/shop/__init__.py": '"""A shop.\n\nArgs:\n    x: y\n"""\n',
    "tests/test_shop.py": "def test_shop(): pass\n",
}
SPHINX = {**PACKAGE, "docs/conf.py": "", "docs/index.rst": "Shop\n====\n"}
THEIRS = """\
site_name: Shop
docs_dir: pages
theme:
  name: readthedocs
extra:
  token: !ENV [SHOP_TOKEN, "none"]
markdown_extensions:
  - pymdownx.emoji:
      emoji_index: !!python/name:material.extensions.emoji.twemoji
plugins:
  - search:
      lang: en
  - mkdocstrings:
      enabled: !ENV [SHOP_API, true]
nav:
  - index.md
"""
MKDOCS = {**PACKAGE, "mkdocs.yml": THEIRS, "pages/index.md": "# Shop\n"}


def make(root: Path, files: dict[str, str]) -> Path:
    """Write files."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def adopt(root: Path, known: Known = NOTHING_KNOWN) -> Adoption:
    """Return what adopting a project takes, as the verb asks for it."""
    files = project_files(root)
    loaded = load(root, files=files)
    return plan(root, files, detect(root, files), known, None if loaded.detected else loaded.campaign)


def contents(root: Path) -> dict[str, bytes]:
    """Return every file of a folder."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def text_of(adoption: Adoption, path: str) -> str:
    """Return the text of one file of an adoption."""
    return next(change.text for change in adoption.changes if change.path == path)


PROJECTS = {
    "package": PACKAGE,
    "sphinx": SPHINX,
    "mkdocs": MKDOCS,
    "empty": {},
    "docs": {**PACKAGE, "docs/a.md": "# A\n"},
}


@pytest.mark.parametrize("files", PROJECTS.values(), ids=PROJECTS.keys())
def test_nothing_that_is_there_changes_and_the_second_time_nothing_is_left_to_do(
    tmp_path: Path, files: dict[str, str]
) -> None:
    """Adoption only adds, and it is finished after one time."""
    before = contents(make(tmp_path, files))
    write(tmp_path, adopt(tmp_path))
    after = contents(tmp_path)
    assert {name: after[name] for name in before} == before
    assert adopt(tmp_path).to_write == ()
    assert contents(tmp_path) == after


@pytest.mark.parametrize("files", PROJECTS.values(), ids=PROJECTS.keys())
def test_the_campaign_written_is_the_one_proposed(tmp_path: Path, files: dict[str, str]) -> None:
    """The text of the file and the detected defaults never drift apart."""
    adoption = adopt(make(tmp_path, files))
    written, _ = parse_campaign(text_of(adoption, "overt.toml"))
    proposed = adoption.campaign
    assert (written.suites, written.claims, written.site) == (proposed.suites, proposed.claims, proposed.site)
    assert (written.project.name, written.project.packages) == (proposed.project.name, proposed.project.packages)


def test_a_project_gets_one_page_of_each_kind_with_claims(tmp_path: Path) -> None:
    """Short pages whose statements are links to claims that exist."""
    adoption = adopt(make(tmp_path, PACKAGE), Known(version="1", ruff=0))
    pages = {change.path: change.text for change in adoption.changes if change.path.startswith("docs/")}
    assert {path.split("/")[1] for path in pages} == {"tutorial", "how-to", "reference", "explanation"}
    linked = set(re.findall(r"\]\(claim:([\w.-]+)\)", "".join(pages.values())))
    assert linked == set(adoption.campaign.claims) == {"suite-green", "ruff-clean", "no-new-hidden-state"}
    assert r"Sells \<things>." in pages["docs/tutorial/first-steps.md"]


def test_pages_of_sphinx_stay_with_sphinx(tmp_path: Path) -> None:
    """The site gets a folder of its own."""
    adoption = adopt(make(tmp_path, SPHINX))
    assert not [change.path for change in adoption.to_write if change.path.startswith("docs/")]
    assert [change.path for change in adoption.to_write if change.path.startswith("overt-docs/")] != []
    assert "docs_dir: overt-docs\n" in text_of(adoption, "mkdocs.yml")


@pytest.mark.parametrize("files", [PACKAGE, SPHINX], ids=["package", "sphinx"])
def test_mkdocs_takes_the_configuration(tmp_path: Path, files: dict[str, str]) -> None:
    """It loads without a warning and asks no other host for fonts."""
    write(make(tmp_path, files), adopt(tmp_path))
    config = load_config(str(tmp_path / "mkdocs.yml"))
    assert config.site_description == "Sells <things>."
    assert config.theme["font"] is False
    assert [name for name in ("material/search", "mkdocstrings", "overt") if name not in config.plugins] == []
    assert config.plugins["mkdocstrings"].config.handlers["python"]["paths"] == ["src"]
    assert config.nav is None


def test_a_configuration_of_mkdocs_is_inherited_with_its_tags(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Theme, pages, navigation and plugin settings stay; the plugin is added."""
    adoption = adopt(make(tmp_path, MKDOCS))
    assert adoption.campaign.site.config == "mkdocs.overt.yml"
    assert not [change.path for change in adoption.to_write if change.path.endswith(".md") and "pages" in change.path]
    write(tmp_path, adoption)
    monkeypatch.setenv("SHOP_API", "false")
    config = load_config(str(tmp_path / "mkdocs.overt.yml"))
    assert config.theme.name == "readthedocs"
    assert config.docs_dir == str(tmp_path / "pages")
    assert config.nav == ["index.md"]
    assert list(config.plugins) == ["search", "mkdocstrings", "overt"]
    assert config.plugins["search"].config.lang == ["en"]
    assert config.plugins["mkdocstrings"].config.enabled is False


WAYS = {
    "one line": "plugins: [search, {tags: {}}]\n",
    "mapping": "plugins:\n  search:\n    lang: en\n  tags: {}\n",
    "not indented": "plugins:\n- search\n- tags\n",
    "indented by four": "plugins:\n    - search\n    # the tags\n    - tags:\n        enabled: true\n",
    "one line, over lines": "plugins: [\n  search,\n  tags  # tags\n]\n",
}


@pytest.mark.parametrize("text", WAYS.values(), ids=WAYS.keys())
def test_plugins_are_kept_in_every_way_of_writing(tmp_path: Path, text: str) -> None:
    """Lists and mappings, indented or not."""
    files = {**PACKAGE, "mkdocs.yml": f"site_name: Shop\ntheme: material\n{text}", "docs/index.md": "# Shop\n"}
    write(make(tmp_path, files), adopt(tmp_path))
    config = load_config(str(tmp_path / "mkdocs.overt.yml"))
    assert [name.removeprefix("material/") for name in config.plugins] == ["search", "tags", "mkdocstrings", "overt"]


def test_no_plugins_means_search_and_ours(tmp_path: Path) -> None:
    """mkdocs adds search by itself only while nobody names a plugin."""
    files = {"mkdocs.yml": "site_name: Shop\n", "docs/index.md": "# Shop\n"}
    write(make(tmp_path, files), adopt(tmp_path))
    assert list(load_config(str(tmp_path / "mkdocs.overt.yml")).plugins) == ["search", "overt"]


def test_what_their_mkdocs_needs_is_said(tmp_path: Path) -> None:
    """Plugins that are not installed, and inventories that a build would have to fetch."""
    text = "site_name: Shop\nplugins:\n  - not-there\n  - mkdocstrings:\n      inventories:\n        - url: https://a.example/o.inv\n"
    notes = adopt(make(tmp_path, {"mkdocs.yml": text, "docs/index.md": ""})).notes
    assert any("not installed here: not-there;" in note for note in notes)
    assert any("loads inventories of other hosts" in note for note in notes)
    (tmp_path / "mkdocs.yml").write_text("site_name: Shop\nplugins: [search]\n")
    assert [note for note in adopt(tmp_path).notes if "mkdocs.yml" in note] == []


def test_a_project_whose_mkdocs_has_the_plugin_needs_no_second_configuration(tmp_path: Path) -> None:
    """What is there is used."""
    files = {"mkdocs.yml": "site_name: Shop\nplugins: [search, overt]\n", "docs/index.md": "# Shop\n"}
    adoption = adopt(make(tmp_path, files))
    assert adoption.campaign.site.config == "mkdocs.yml"
    assert [change.action for change in adoption.changes if change.path == "mkdocs.yml"] == ["keep"]


@pytest.mark.parametrize(
    ("page", "level"), [("[a](gone.md)", "info"), ("[a](b.md) `[c](d.md)` [e](https://e.example/f)", "warn")]
)
def test_dead_links_of_today_do_not_stop_the_first_site(tmp_path: Path, page: str, level: str) -> None:
    """Pages that were there keep the standard that they meet."""
    make(tmp_path, {**PACKAGE, "docs/a.md": f"# A\n\n{page}\n", "docs/b.md": "# B\n"})
    config = yaml.safe_load(text_of(adopt(tmp_path), "mkdocs.yml"))
    assert config["validation"]["links"]["not_found"] == level
    assert config["validation"]["nav"]["omitted_files"] == "warn"


def test_ruff_may_find_what_it_finds_on_the_day_of_adoption(tmp_path: Path) -> None:
    """A suite that fails from the first day on would keep the first site from being built."""
    make(tmp_path, PACKAGE)
    clean, dirty, gone = (adopt(tmp_path, Known(version="1", ruff=number)).campaign for number in (0, 1234, None))
    assert (clean.suites["ruff"].at_most, dirty.suites["ruff"].at_most) == (0, 1234)
    assert clean.claims["ruff-clean"].expect == "suites.ruff.findings == 0"
    assert dirty.claims["ruff-no-more"].expect == "suites.ruff.findings <= 1234"
    assert "ruff-clean" not in dirty.claims
    assert "ruff" not in gone.suites
    assert not [name for name in gone.claims if name.startswith("ruff")]


def test_findings_of_ruff_are_written_with_their_number(tmp_path: Path) -> None:
    """The file says what the number is, and reads back as it was meant; a clean project's holds none."""
    make(tmp_path, PACKAGE)
    dirty = adopt(tmp_path, Known(version="1", ruff=1234))
    text = text_of(dirty, "overt.toml")
    assert "# at-most: what it found on the day of adoption; lower it" in text
    assert "\nat-most = 1234\n" in text
    read, _ = parse_campaign(text)
    assert (read.suites, read.claims) == (dirty.campaign.suites, dirty.campaign.claims)
    assert "at-most" not in text_of(adopt(tmp_path, Known(version="1", ruff=0)), "overt.toml")


def test_findings_of_today_go_into_the_ratchet(tmp_path: Path) -> None:
    """Without findings there is no file."""
    make(tmp_path, PACKAGE)
    adoption = adopt(tmp_path, Known(version="1", hidden_state=2, ratchet="OV202|a|b|c 2\n"))
    assert text_of(adoption, "validation/hidden-state.ratchet") == "OV202|a|b|c 2\n"
    assert "Holds the findings of the day" in text_of(adoption, "overt.toml")
    assert not [change for change in adopt(tmp_path).changes if change.path.endswith(".ratchet")]


def test_a_project_that_has_a_campaign_keeps_it_and_gets_only_what_it_needs(tmp_path: Path) -> None:
    """No pages, no workflow, no ratchet that would quietly accept what is new."""
    make(tmp_path, {**PACKAGE, "overt.toml": "[project]\nname = 'Shop'\n", ".gitignore": "site\n.overt\n"})
    adoption = adopt(tmp_path, Known(version="1", hidden_state=2, ratchet="x"))
    assert [(change.path, change.action) for change in adoption.changes] == [
        ("mkdocs.yml", "create"),
        (".gitignore", "keep"),
        ("overt.toml", "keep"),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, "# The evidence of this machine, and the built site.\n.overt/\n/site/\n"),
        ("*.pyc", "*.pyc\n# The evidence of this machine, and the built site.\n.overt/\n/site/\n"),
        ("site\n", "site\n# The evidence of this machine, and the built site.\n.overt/\n"),
        ("/site/\n.overt\n", "/site/\n.overt\n"),
    ],
)
def test_git_leaves_out_ledger_and_site_once(tmp_path: Path, before: str | None, after: str) -> None:
    """Lines are added at the end, and only those that are missing."""
    if before is not None:
        (tmp_path / ".gitignore").write_text(before)
    write(tmp_path, adopt(tmp_path))
    assert (tmp_path / ".gitignore").read_text() == after
    assert adopt(tmp_path).to_write == ()


def test_a_folder_of_the_project_named_site_is_left_alone(tmp_path: Path) -> None:
    """A build replaces its output folder: that may not be one of theirs."""
    adoption = adopt(make(tmp_path, {**PACKAGE, "site/index.html": "<p>ours"}))
    assert adoption.campaign.site.output == "overt-site"
    assert "site_dir: overt-site\n" in text_of(adoption, "mkdocs.yml")
    assert "/overt-site/" in text_of(adoption, ".gitignore")


REVIEW = "overt review --ci --fail-on never || test $? -eq 3"


def test_the_workflow_of_github_is_pinned_and_asks_for_no_right(tmp_path: Path) -> None:
    """Every action stands with its full hash and its version; the rights at the top are none."""
    make(tmp_path, {**PACKAGE, ".github/workflows/ci.yml": ""})
    text = text_of(adopt(tmp_path), ".github/workflows/overt.yml")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {}
    uses = re.findall(r"uses: (.*)", text)
    assert uses == [CHECKOUT, SETUP_PYTHON, UPLOAD, UPLOAD, UPLOAD_PAGES, DOWNLOAD, DEPLOY_PAGES]
    assert [use for use in uses if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", use)] == []
    commands = [step["run"] for step in workflow["jobs"]["overt"]["steps"] if "run" in step]
    assert [commands[1], commands[3]] == ["overt validate", REVIEW]
    assert 'pip install "overt[site,validate]==1.2.3"' in commands[0]
    assert 'pip install -e "."' in commands[0]


def test_the_job_installs_overt_from_where_it_came(tmp_path: Path) -> None:
    """Another place than a package index is named in full."""
    make(tmp_path, PACKAGE)
    requirement = "overt[site,validate] @ git+https://git.example.org/overt@c0ffee"
    adoption = adopt(tmp_path, Known(version="1.2.3", requirement=requirement))
    steps = yaml.safe_load(text_of(adoption, ".github/workflows/overt.yml"))["jobs"]["overt"]["steps"]
    assert any(f'pip install "{requirement}"\n' in step.get("run", "") for step in steps)


def test_the_same_actions_run_here() -> None:
    """The hashes handed to users are those that this repository's own jobs use."""
    ours = "".join(path.read_text() for path in (Path(__file__).parents[2] / ".github/workflows").glob("*.yml"))
    assert [use for use in (CHECKOUT, SETUP_PYTHON, UPLOAD) if use not in ours] == []


@pytest.mark.parametrize(
    ("more", "command"),
    [
        ('[project.optional-dependencies]\ntests = ["x"]\n', 'python -m pip install -e ".[tests]"'),
        ('[dependency-groups]\ndev = ["x"]\n', "python -m pip install --group dev"),
    ],
)
def test_what_tests_need_is_installed_from_what_the_project_says(tmp_path: Path, more: str, command: str) -> None:
    """Extras and dependency groups with the usual names."""
    make(tmp_path, {**PACKAGE, "pyproject.toml": PACKAGE["pyproject.toml"] + more})
    assert command in text_of(adopt(tmp_path), ".github/workflows/overt.yml")


def test_gitlab_gets_a_file_to_include_and_others_a_word(tmp_path: Path) -> None:
    """What is there is not changed; what is left to do is said."""
    make(tmp_path, {**PACKAGE, ".gitlab-ci.yml": "stages: [test]\n"})
    adoption = adopt(tmp_path)
    job = yaml.safe_load(text_of(adoption, ".gitlab/overt.yml"))["overt"]
    assert [line for line in job["script"] if line.startswith("overt ")] == [
        "overt validate || status=$?",
        f"{REVIEW} || status=$?",
    ]
    assert any(".gitlab-ci.yml: include: [{local: .gitlab/overt.yml}]" in note for note in adoption.notes)
    (tmp_path / ".gitlab-ci.yml").rename(tmp_path / "Jenkinsfile")
    adoption = adopt(tmp_path)
    assert any("let jenkins run" in note for note in adoption.notes)
    assert not [change.path for change in adoption.changes if "workflows" in change.path]


def test_other_languages_are_suggested_in_comments(tmp_path: Path) -> None:
    """Uncommented, the suggestion is a suite that is right."""
    make(tmp_path, {"mix.exs": "", "package.json": "{}"})
    text = text_of(adopt(tmp_path), "overt.toml")
    assert tomllib.loads(text).get("suites") is None
    table = re.findall(r"^# (\[suites\..*\]|(?:kind|title|files) = .*)$", text, re.MULTILINE)
    campaign, _ = parse_campaign("\n".join(table))
    assert {name: suite.kind for name, suite in campaign.suites.items()} == {"elixir": "import", "javascript": "import"}


def test_each_project_of_a_monorepo_has_its_own_suite(tmp_path: Path) -> None:
    """Test modules of the same name would get into each other's way."""
    files = {
        f"packages/{name}/{path}": ""
        for name in ("a", "b")
        for path in ("pyproject.toml", f"src/acme_{name}/__init__.py", "tests/test_it.py")
    }
    campaign = adopt(make(tmp_path, files)).campaign
    tests = {name: suite.args for name, suite in campaign.suites.items() if suite.kind == "pytest"}
    assert tests == {"unit-packages-a": ("packages/a/tests",), "unit-packages-b": ("packages/b/tests",)}
    assert "suite-green" in campaign.claims
    assert campaign.project.packages == ("packages/a/src/acme_a", "packages/b/src/acme_b")


def test_tests_of_unittest_are_all_found_by_pytest(tmp_path: Path) -> None:
    """unittest also looks into files that pytest passes over by default."""
    make(tmp_path, {"tests/testshop.py": "import unittest\nclass A(unittest.TestCase): ...\n"})
    assert adopt(tmp_path).campaign.suites["unit"].args == ("-o", "python_files=test*.py", "tests")


def test_an_adoption_that_was_cut_off_is_taken_up_again(tmp_path: Path) -> None:
    """The campaign comes last: until it is there, everything that is missing is still written."""
    make(tmp_path, PACKAGE)
    adoption = adopt(tmp_path)
    assert adoption.changes[-1].path == "overt.toml"
    whole = {change.path for change in adoption.to_write}
    for change in adoption.to_write[:3]:
        make(tmp_path, {change.path: change.text})
    write(tmp_path, adopt(tmp_path))
    assert whole <= set(contents(tmp_path))


def test_a_file_in_the_place_of_a_folder_is_named_and_left(tmp_path: Path) -> None:
    """Nothing can be written below a file."""
    make(tmp_path, {**PACKAGE, "validation": "notes"})
    adoption = adopt(tmp_path)
    assert [change.reason for change in adoption.changes if change.path.startswith("validation/")] == [
        "validation is a file"
    ]
    write(tmp_path, adoption)
    assert (tmp_path / "validation").read_text() == "notes"


def test_a_file_that_came_into_being_meanwhile_is_left(tmp_path: Path) -> None:
    """Between the proposal and the writing there may be a question, and a user with an editor."""
    adoption = adopt(make(tmp_path, PACKAGE))
    (tmp_path / "overt.toml").write_text("# mine\n")
    write(tmp_path, adoption)
    assert (tmp_path / "overt.toml").read_text() == "# mine\n"


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    """The reason of the system, the file, and what to do."""
    adoption = adopt(make(tmp_path, PACKAGE))
    (tmp_path / "docs").write_text("in the way")
    with pytest.raises(OvertError, match=r"docs/.* cannot be written: .*overt init again"):
        write(tmp_path, adoption)


@given(st.text())
def test_any_text_is_written_as_toml(text: str) -> None:
    """Quotes, control signs and letters of every script come back as they were."""
    if not any("\ud800" <= char <= "\udfff" for char in text):
        assert tomllib.loads(f"a = {toml_text(text)}") == {"a": text}


def test_a_description_cannot_write_html_or_links() -> None:
    """A page is made of the project's words, not of its markup."""
    assert escaped("<script>[a](b)|`c`\n# d") == r"\<script>\[a\](b)\|\`c\` \# d"


@pytest.mark.parametrize("name", ['a "b": c', "é # x", "{}", "- x", "a\\b", "yes"])
def test_a_name_survives_yaml(tmp_path: Path, name: str) -> None:
    """Whatever a project is called."""
    make(tmp_path, {"pyproject.toml": f"[project]\nname = {toml_text(name)}\n"})
    assert yaml.safe_load(text_of(adopt(tmp_path), "mkdocs.yml"))["site_name"] == name
