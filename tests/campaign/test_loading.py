"""A campaign is read whole, or everything that is wrong with it is told at once."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.campaign import load, parse_campaign
from overt.campaign.loading import LIMIT
from overt.model import Exit, Location, OvertError

WHOLE = """\
[project]
name = "shop"
packages = ["src/shop"]

[suites.unit]
kind = "pytest"
timeout = 60
at-least = 3

[claims.suite-green]
expect = "tests.failed == 0"
text = "Every test passed"

[[hidden-state.allow]]
path = "src/shop/legacy/"
reason = "the old way, for comparison"
owner = "shop team"
until = 2027-03-01

[flags.new-cart]
owner = "shop team"
purpose = "the new cart"
created = "2026-01-01"
until = 2027-01-01

[[stages]]
number = 1
name = "cart"
flags = ["new-cart"]
"""


def wrong(text: str) -> list[str]:
    """Return what is told about a document, one text for each problem."""
    with pytest.raises(OvertError) as caught:
        parse_campaign(text)
    assert caught.value.exit == Exit.USAGE
    return [str(problem) for problem in caught.value.problems]


def test_a_document_becomes_typed_records() -> None:
    """Keys with hyphens, dates with and without quotes and whole numbers of seconds are all taken."""
    campaign, _ = parse_campaign(WHOLE)
    assert campaign.project.packages == ("src/shop",)
    assert (campaign.suites["unit"].timeout, campaign.suites["unit"].at_least) == (60.0, 3)
    assert campaign.hidden_state.allow[0].until == "2027-03-01"
    assert campaign.flags["new-cart"].created == "2026-01-01"
    assert campaign.stages[0].flags == ("new-cart",)


def test_each_key_knows_its_place(tmp_path: Path) -> None:
    """A claim is told with its line; what is not written is told with the table around it."""
    (tmp_path / "overt.toml").write_text(WHOLE)
    loaded = load(tmp_path)
    assert loaded.where("claims", "suite-green", "expect") == Location("overt.toml", 11)
    assert loaded.where("claims", "suite-green", "missing") == Location("overt.toml", 10)
    assert loaded.where("audit", "documents") == Location("overt.toml")
    assert (loaded.detected, loaded.path) == (False, tmp_path / "overt.toml")


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    """Nobody has to run it again to learn of the next mistake."""
    text = """\
[project]
nmae = "shop"
packages = "src/shop"
[suites.unit]
kind = "pytset"
timeout = 0
at-least = true
required = "yes"
[suites."Bad name"]
kind = "command"
[suites.out]
kind = "import"
[claims.green]
expect = "tests.failed == "
[claims.silent]
text = "no expression"
[[hidden-state.allow]]
reason = "r"
owner = "o"
until = "soon"
[flags.old]
owner = ""
purpose = "p"
created = "2026-02-30"
until = 2026-03-01
[[stages]]
number = 2
name = "one"
flags = ["odl"]
[[stages]]
number = 2
name = "two"
flags = []
requires = ["silnet", "unheard-of"]
[site]
config = "../mkdocs.yml"
output = "."
"""
    assert wrong(text) == [
        "overt.toml:2: there is no key 'nmae' in project (did you mean 'name'?)",
        "overt.toml:3: project.packages must be a list, not text",
        "overt.toml:5: suites.unit.kind cannot be 'pytset' (did you mean 'pytest'?)",
        "overt.toml:6: suites.unit.timeout must be more than 0, not 0",
        "overt.toml:7: suites.unit.at-least must be a whole number, not true or false",
        "overt.toml:8: suites.unit.required must be true or false, not text",
        (
            "overt.toml:9: suites: the name 'Bad name' is not allowed (names are lower-case letters, digits, '-', '_' "
            "and '.', and begin with a letter or digit)"
        ),
        (
            "overt.toml:9: suites.\"Bad name\" is of kind 'command' and lacks 'command' "
            '(for example command = ["make", "check"])'
        ),
        "overt.toml:11: suites.out is of kind 'import' and lacks 'files' (for example files = [\"build/junit*.xml\"])",
        (
            "overt.toml:14: claims.green.expect does not parse: expected a value, the expression ends, at column 17 of "
            "'tests.failed == '"
        ),
        "overt.toml:15: claims.silent lacks the key 'expect' (add expect = ...)",
        "overt.toml:17: hidden-state.allow[0] has neither path nor module (give exactly one of them)",
        "overt.toml:20: hidden-state.allow[0].until: 'soon' does not match ^\\d{4}-\\d{2}-\\d{2}$",
        "overt.toml:22: flags.old.owner must not be empty",
        "overt.toml:24: flags.old.created: there is no day 2026-02-30",
        "overt.toml:29: stages[0]: no flag is named 'odl' (did you mean 'old'?)",
        "overt.toml:31: stages[1]: stage 2 is there twice",
        "overt.toml:34: stages[1]: no claim is named 'silnet' (did you mean 'silent'?)",
        "overt.toml:34: stages[1]: no claim is named 'unheard-of' (known: green, silent)",
        (
            "overt.toml:36: site.config: '../mkdocs.yml' leaves the repository (paths are relative to the folder of "
            "overt.toml and stay inside it)"
        ),
        "overt.toml:37: site.output must name a folder of its own (for example site)",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[suite.unit]\nkind = 'pytest'", "there is no key 'suite' at the top (did you mean 'suites'?)"),
        (
            "[[stages]]\nnumber = 2\nname = 'b'\nflags = []\n[[stages]]\nnumber = 1\nname = 'a'\nflags = []",
            "after stage 2",
        ),
        (
            "[hidden-state]\nallow = [{ reason='r', owner='o', until='2027-01-01', path='a', module='b' }]",
            "both path and",
        ),
        ("suites = 3", "suites must be a table, not a whole number"),
        ("[suites]\nunit = 'pytest'", "suites.unit must be a table, not text"),
        ("stages = [1]", "stages[0] must be a table, not a whole number"),
        ("[suites.a]\nkind = 'command'\ncommand = ['']", "names no program"),
        ("[suites.a]\nkind = 'pytest'\ntimeout = inf", "finite"),
        ("[suites.a]\nkind = 'pytest'\ntimeout = nan", "more than 0"),
        ("[suites.a]\nkind = 'pytest'\nat-least = -1", "at least 0"),
        ("[suites.a]\nkind = 'pytest'\nat-least = 1.5", "whole number, not a number"),
        ("[suites.a]\nkind = 1", "suites.a.kind cannot be 1"),
        ("[suites.a]\nkind = 'pytest'\nenv = { A = 1 }", "suites.a.env.A must be text"),
        ("[suites.a]\nkind = 'pytest'\ninputs = ['src', '!../secret']", "leaves the repository"),
        ("[suites.a]\nkind = 'pytest'\ninputs = ['/etc/passwd']", "leaves the repository"),
        ("[suites.a]\nkind = 'pytest'\npaths = ['C:\\\\x']", "leaves the repository"),
        ("[[hidden-state.allow]]\nreason='r'\nowner='o'\nuntil='2027-01-01'\npath='~/x'", "leaves the repository"),
        ('[suites."unit\\n"]\nkind = "pytest"', "is not allowed"),
        ("[[quarantine]]\ntest = 'a'\nowner = 'o'\nuntil = 2027-01-01", "quarantine[0] lacks the key 'reason'"),
        ("[[quarantine]]\ntest = 'a'\nreason = 'r'\nowner = 'o'\nuntil = '2027-02-30'", "there is no day 2027-02-30"),
        (
            "suites.unit.kind='pytest'\n[[quarantine]]\ntest='a'\nreason='r'\nowner='o'\nuntil=2027-01-01\nsuite='unti'",
            "quarantine[0]: no suite is named 'unti' (did you mean 'unit'?)",
        ),
        (
            "[[quarantine]]\ntest = 'a'\nreason = 'r'\nowner = 'o'\nuntil = 2027-01-01\n" * 2,
            "quarantine[1] names the same test as quarantine[0]",
        ),
    ],
)
def test_a_mistake_is_named(text: str, said: str) -> None:
    """Each kind of mistake has a message of its own."""
    assert said in "\n".join(wrong(text))


def test_an_absolute_interpreter_and_rule_codes_are_no_leaving_paths() -> None:
    """An interpreter may live elsewhere; codes to ignore are no paths."""
    campaign, _ = parse_campaign('[project]\npython = "/usr/local/bin/python3"\n[hidden-state]\nignore = ["OV2"]')
    assert campaign.project.python == "/usr/local/bin/python3"


DAMAGED = {
    "broken": (b"[project\nname = 1", "overt.toml:1:9: is not TOML: "),
    "no value": (b"[project]\nname = \n", "overt.toml:2:8: is not TOML: Invalid value"),
    "junk": (bytes(range(256)) * 40, "is not UTF-8"),
    "zero bytes": (b"\0" * 4000, "overt.toml:1:1: is not TOML"),
    "latin-1": (
        "[project]\nname = 'caf\u00e9'\n".encode("latin-1"),
        "overt.toml:2: is not UTF-8: byte 0xe9 at offset 21",
    ),
    "mark": (b"\xef\xbb\xbf[project]\n", "overt.toml:1: begins with a byte order mark"),
    "utf-16": ("[project]\n".encode("utf-16"), "overt.toml:1: is not UTF-8"),
    "deep": (b"a = " + b"[" * 50_000 + b"]" * 50_000, "is not TOML: "),
    "twice": (b"[project]\nname = 'a'\nname = 'b'\n", "is not TOML: Cannot overwrite a value"),
    "long number": (b"a = " + b"9" * 10_000, "is not TOML: "),
}


@pytest.mark.parametrize(("raw", "said"), DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_file_is_a_message(tmp_path: Path, raw: bytes, said: str) -> None:
    """What is no TOML is named as such, with its place where there is one."""
    (tmp_path / "overt.toml").write_bytes(raw)
    with pytest.raises(OvertError) as caught:
        load(tmp_path)
    assert said in str(caught.value)
    assert caught.value.exit == Exit.USAGE


def test_a_file_of_fifty_megabytes_is_refused_unread(tmp_path: Path) -> None:
    """Size is looked at before content."""
    with (tmp_path / "overt.toml").open("wb") as stream:
        stream.truncate(50_000_000)
    with pytest.raises(OvertError, match=rf"has 50,000,000 bytes; at most {LIMIT:,} are read"):
        load(tmp_path)


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    """A folder named like the file is no project without one."""
    (tmp_path / "overt.toml").mkdir()
    with pytest.raises(OvertError, match="is not a file"):
        load(tmp_path)


def test_a_pipe_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    """Reading a pipe would wait for ever."""
    os.mkfifo(tmp_path / "overt.toml")
    with pytest.raises(OvertError, match="is not a file"):
        load(tmp_path)


@pytest.mark.parametrize("target", ["overt.toml", "gone.toml"])
def test_a_link_that_leads_nowhere_is_refused(tmp_path: Path, target: str) -> None:
    """A file that is meant to be there and cannot be read is never taken for none."""
    (tmp_path / "overt.toml").symlink_to(target)
    with pytest.raises(OvertError, match=r"overt.toml: (is not a file|cannot be read)"):
        load(tmp_path)


@pytest.fixture
def ordinary_user() -> Iterator[None]:
    """Take the rights of the superuser away for the time of a test."""
    was = os.geteuid()
    if was == 0:
        os.seteuid(65534)
    yield
    os.seteuid(was)


def test_a_file_without_permission_is_refused(ordinary_user: None) -> None:
    """The reason of the system is passed on."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "overt.toml")
        path.write_text(WHOLE)
        path.chmod(0)
        with pytest.raises(OvertError, match="cannot be read: Permission denied") as caught:
            load(Path(folder))
    assert caught.value.exit == Exit.USAGE


def test_no_folder_is_a_usage_error(tmp_path: Path) -> None:
    """A misspelt folder is not an empty project."""
    with pytest.raises(OvertError, match="there is no folder"):
        load(tmp_path / "gone")


def test_gaps_of_the_project_are_filled_in(tmp_path: Path) -> None:
    """What the file does not say about the project is detected; what it says stays."""
    (tmp_path / "overt.toml").write_text('[project]\nname = "Shop"\n')
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop-backend"\n')
    (tmp_path / "src/shop").mkdir(parents=True)
    (tmp_path / "src/shop/__init__.py").touch()
    project = load(tmp_path).campaign.project
    assert (project.name, project.packages, project.sources) == ("Shop", ("src/shop",), ("src/shop", "pyproject.toml"))


def test_a_project_without_a_file_has_defaults_that_fit(tmp_path: Path) -> None:
    """Tests, a configured linter and packages give suites, and those give claims."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n[tool.ruff]\n[tool.pytest.ini_options]\n')
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/__init__.py").touch()
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_shop.py").touch()
    loaded = load(tmp_path)
    assert (loaded.detected, loaded.path) == (True, None)
    assert list(loaded.campaign.suites) == ["unit", "ruff", "hidden-state"]
    assert list(loaded.campaign.claims) == ["suite-green", "ruff-clean", "no-new-hidden-state"]
    assert loaded.campaign.suites["unit"].args == ()


@given(st.recursive(st.integers() | st.text(max_size=3) | st.booleans(), lambda inner: st.lists(inner, max_size=2)))
def test_what_the_checker_accepts_the_records_accept(value: object) -> None:
    """The two readings of one document never disagree: no error comes as anything but a problem."""
    encoded = msgspec.json.encode(value).decode()
    for key in ("project.name", "suites.unit.kind", "suites.unit.timeout", "stages", "claims.a.expect", "site.strict"):
        with contextlib.suppress(OvertError):
            parse_campaign(f"{key} = {encoded}\n")
