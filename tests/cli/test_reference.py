"""Generated reference pages are current, complete, and true of the program."""

import argparse
import ast
import shlex
from pathlib import Path

import pytest

from overt.cli.error_codes import Explained, code_of, read_errors
from overt.cli.explain import main as explain
from overt.cli.main import main
from overt.cli.reference.api import public_names
from overt.cli.reference.commands import Shown, all_commands, command_of, examples_of, parser_of
from overt.cli.reference.errors import errors_pages, renewed
from overt.cli.reference.events import WHEN
from overt.cli.reference.examples import ENDS, EXAMPLES
from overt.cli.reference.heard import heard
from overt.cli.reference.pages import pages, write
from overt.cli.reference.templates import Template, collected, read_templates
from overt.cli.verbs import VERBS
from overt.model import OvertError
from overt.site.modules import read_modules

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = list(all_commands())
PASSED_ON = {
    "overt.audit.evaluate: str(mismatch)",
    "overt.campaign.loading: item.message",
    "overt.cli.evidence_files: first.message",
    "overt.cli.evidence_rerun: why",
    "overt.cli.flags_open: str(error)",
    "overt.cli.main: line",
    "overt.evidence.history_file: error.message",
    "overt.evidence.importers.files: one.message",
    "overt.evidence.sides: error.message",
    "overt.flags.admin.tokens: str(error)",
    "overt.model.errors: self.message",
    "overt.runbook.parse: wrong",
    "overt.site.build: str(error)",
    "overt.site.configuration: ' '.join(str(error).split())",
    "overt.site.configuration: line",
    "overt.site.configuration: str(error)",
}
"""Places that show what another part, or a library, has said."""


def test_the_committed_pages_are_the_generated_ones() -> None:
    """Nothing stands on them that the program does not say; `python -m overt.cli.reference` writes them anew."""
    made = pages(ROOT)
    stale = [name for name, text in made.items() if (ROOT / name).read_text("utf-8") != text]
    assert stale == [], "run: python -m overt.cli.reference"
    kept = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs/reference/errors").glob("*.md")}
    assert kept <= made.keys()
    navigation = (ROOT / "mkdocs.yml").read_text("utf-8")
    named = [name.removeprefix("docs/") for name in made if name.endswith(".md")]
    assert [name for name in named if f"- {name}\n" not in navigation] == []


def test_writing_them_again_changes_nothing(tmp_path: Path) -> None:
    """The second run finds everything as it is."""
    (tmp_path / "src").symlink_to(ROOT / "src")
    first = write(tmp_path)
    assert "docs/reference/cli.md" in first
    assert write(tmp_path) == []


@pytest.mark.parametrize("shown", COMMANDS, ids=lambda shown: shown.name)
def test_a_command_has_an_example_that_its_parser_takes(shown: Shown) -> None:
    """No example is a command line that does not exist."""
    examples = examples_of(shown)
    assert examples or isinstance(shown.parser._actions[-1], argparse._SubParsersAction)
    for example in examples:
        words = shlex.split(command_of(example).split(" > ")[0])
        assert words[: 1 + len(shown.words)] == shown.name.split()
        parser, skip = (parser_of("rehearse run"), 3) if words[1:3] == ["rehearse", "run"] else (parser_of(words[1]), 2)
        assert isinstance(parser.parse_args(words[skip:]), argparse.Namespace)


def test_every_command_and_option_is_on_the_page() -> None:
    """The page leaves nothing out that a parser takes."""
    page = (ROOT / "docs/reference/cli.md").read_text("utf-8")
    for shown in COMMANDS:
        _, found, rest = page.partition(f"# `{shown.name}`\n")
        assert found, shown.name
        section = rest.partition("\n#")[0]
        for action in shown.parser._actions:
            for name in action.option_strings:
                assert f"`{name}`" in section or name in {"-h", "--help", "-C", "--root", "--json", "--color"}
    assert {shown.words[0] for shown in COMMANDS} == set(VERBS) == set(ENDS)
    assert set(EXAMPLES) <= {shown.name for shown in COMMANDS}


def test_every_event_is_told_when_and_was_heard() -> None:
    """An event that is announced without a row, or has a row and is never announced, is found."""
    assert set(heard()) == set(WHEN)


def test_every_name_that_the_source_announces_was_heard() -> None:
    """What the two rooms hand to a telemetry by name is on the page."""
    said = set()
    for room in ("runtime", "flags"):
        for path in (ROOT / "src/overt" / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_bytes())):
                if isinstance(node, ast.Tuple) and len(node.elts) == 3 and ast.unparse(node).startswith("('overt', "):
                    said.add(ast.unparse(node.elts[1]).strip("'"))
    assert said == {name[1] for name in WHEN if name[0] == "overt"}


def test_every_public_name_is_documented_on_a_page_of_the_site() -> None:
    """What a package exports has a docstring, and its module a page."""
    source = ROOT / "src"
    files = {path.relative_to(source).as_posix(): path.read_bytes() for path in (source / "overt").rglob("*.py")}
    public = {module.name for module in read_modules(files, ["overt"]) if module.public}
    names = [(package, one) for package, some in public_names(source).items() for one in some]
    assert len(names) > 60
    assert [f"{package}.{one.name}" for package, one in names if not one.summary] == []
    assert [f"{package}.{one.name}" for package, one in names if one.home not in public] == []


def test_only_known_places_pass_on_what_others_said() -> None:
    """A new message that the catalogue cannot see is found: write it where the error is made."""
    assert set(collected(ROOT / "src/overt").passed_on) <= PASSED_ON


SOURCE = b"""
def check(name, *, strict=False):
    why = f"{name!r} is not known" if strict else "nothing is known"
    raise OvertError(why, hint="look again", exit=Exit.UNCHECKED)

class Reader:
    def _fail(self, what):
        raise OvertError(what, where=self.place)

    def read(self):
        self._fail("a line of {" + self.line)
        self._fail(self._why())
        raise OvertError(str(self.error))

    def _why(self):
        return "two of a kind"
"""


def test_messages_are_found_through_variables_and_helpers() -> None:
    """Whichever way a text reaches the error, it is in the catalogue; what cannot be followed is named."""
    found = read_templates(SOURCE, "shop.reader")
    messages = {one.message: one for one in found.found}
    assert set(messages) == {"{name} is not known", "nothing is known", "a line of {{{line}", "two of a kind"}
    assert messages["nothing is known"] == Template("nothing is known", "look again", "UNCHECKED", "shop.reader")
    assert found.passed_on == ("shop.reader: str(self.error)",)


def test_a_code_stays_when_its_message_is_reworded_and_is_not_given_again() -> None:
    """What somebody wrote down of an error holds for the next version."""
    old = [Template("the file {name} cannot be read", "", "", "overt.a.b"), Template("one goes", "", "", "overt.a.b")]
    first = renewed((), old)
    assert [one.code for one in first][:2] == ["E001", "E002"]
    new = [Template("that file {name} cannot be read", "", "", "overt.a.b"), Template("other words", "", "", "overt.c")]
    second = {one.code: one for one in renewed(first, new)}
    assert (second["E001"].message, second["E001"].retired) == ("that file {name} cannot be read", False)
    assert second["E002"].retired
    added = next(one for one in second.values() if one.message == "other words")
    assert int(added.code[1:]) == len(first) + 1
    again = renewed(tuple(second.values()), [*new, old[1]])
    assert not next(one for one in again if one.code == "E002").retired
    assert "E002" in errors_pages(tuple(second.values()))["docs/reference/errors.md"]


def test_the_more_exact_message_wins() -> None:
    """A message that fits two texts is the one that says more."""
    errors = [
        Explained("E001", "{what} cannot be read"),
        Explained("E002", "the file {name} cannot be read"),
        Explained("E003", "{a}: {b}"),
        Explained("E004", "the file x cannot be read", retired=True),
    ]
    assert code_of("the file x cannot be read", errors) == "E002"
    assert code_of("a run cannot be read", errors) == "E001"
    assert code_of("a run cannot be read at all", errors) == ""
    assert code_of("x: y", errors) == ""


def test_every_known_message_has_its_own_code() -> None:
    """A message, with any values put in, leads back to its code."""
    errors = [one for one in read_errors() if not one.retired]
    assert len(errors) > 200
    assert len({one.code for one in errors}) == len(errors)
    lost = []
    for one in errors:
        message = "".join(
            part if place is None else f"{part}17" for part, place in zip(one.parts, _places(one), strict=False)
        )
        if sum(map(len, map(str.strip, one.parts))) >= 12 and code_of(message, errors) != one.code:
            lost.append((one.code, message, code_of(message, errors)))
    assert lost == []


def _places(one: Explained) -> list[str | None]:
    import string

    return [name for _, name, *_ in string.Formatter().parse(one.message)]


def test_an_error_on_the_terminal_names_what_explains_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Whoever sees an error can ask for more."""
    assert main(["validate", "-C", str(tmp_path), "--suite", "unti"]) == 2
    shown = capsys.readouterr().err
    code = shown.rpartition("[overt explain ")[2].partition("]")[0]
    assert explain([code]) == 0
    told = capsys.readouterr().out
    assert told.startswith(code)
    assert "Exit status    2" in told
    assert explain([shown.removeprefix("overt: ").partition(" (")[0].strip()]) == 0
    assert capsys.readouterr().out == told
    page = told.rpartition("Page")[2].strip()
    path, _, anchor = page.partition("#")
    assert f"### {anchor.upper()}\n" in (ROOT / "docs" / path).read_text("utf-8")


def test_what_nobody_knows_is_not_explained() -> None:
    """A code or a message that does not exist is a wrong command line."""
    for subject in ("E9999", "no such words at all"):
        with pytest.raises(OvertError, match="there is no"):
            explain([subject])
