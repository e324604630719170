"""Commands: of overt, of the project, of its scripts and of its Makefile."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from functools import cached_property

from overt.audit.project import Project
from overt.audit.references.elixir_index import ElixirIndex
from overt.audit.references.mix import MixResolver
from overt.audit.references.mix import script as script_of
from overt.audit.references.names import KnownNames
from overt.audit.references.paths import find_path, near_path
from overt.audit.references.record import Mention, Ref, near, proved, refuted, unchecked
from overt.audit.references.runners import Runners
from overt.audit.references.tools import Tool, overt_tool, project_tool

_OPERATORS = frozenset({"&&", "||", "|", ";", "&", "(", ")", ">", ">>", "<"})
_BEFORE = frozenset({"sudo", "time", "env", "exec", "nohup", "command"})
_RUNNERS = {"uv": "run", "poetry": "run", "pdm": "run", "hatch": "run", "pipenv": "run", "rye": "run", "pipx": "run"}
_PYTHONS = re.compile(r"(?:.*/)?(?:python|py)(?:3(?:\.\d+)?)?")
_SHELLS = frozenset({"bash", "sh", "zsh", "source", "."})
_PLACEHOLDER = re.compile(r"[A-Z][A-Z_]*|.*[<>{}$*].*|\[.*|\.\.\.|…")
_WORD = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
_LONG = re.compile(r"--[a-z][\w-]*")
_TARGET = re.compile(r"^([\w./-]+(?:[ \t]+[\w./-]+)*)[ \t]*::?(?!=)", re.MULTILINE)


class CommandResolver:
    """Follows commands to the scripts, verbs and options that they name.

    Args:
        project: The repository.
        names: The suites, flags and rules that commands may name.
        elixir: What the project's Elixir files define.
    """

    def __init__(self, project: Project, names: KnownNames, elixir: ElixirIndex) -> None:
        self._project, self._names = project, names
        self._mix = MixResolver(project, elixir)
        self._runners = Runners(project)

    @cached_property
    def _overt(self) -> Tool:
        return overt_tool(self._project)

    @cached_property
    def _tools(self) -> dict[str, Tool]:
        return {}

    @cached_property
    def _targets(self) -> frozenset[str] | None:
        text = next(
            (text for name in ("Makefile", "makefile", "GNUmakefile") if (text := self._project.read(name))), None
        )
        if text is None or re.search(r"^-?include\b|%|\$\(eval", text, re.MULTILINE):
            return None
        return frozenset(name for match in _TARGET.finditer(text) for name in match[1].split())

    def resolve(self, mention: Mention) -> list[Ref]:
        """Return what becomes of the commands in a line; nothing for commands of others."""
        if len(mention.text) > 2_000 or (mention.origin == "code" and " " not in mention.text):
            return []
        return [ref for arguments in _commands(mention.text) for ref in self._command(arguments, mention)]

    def _command(self, arguments: list[str], mention: Mention) -> list[Ref]:
        told = self._runners.resolve(_bare(arguments), mention)
        if told is not None:
            return [told]
        arguments = _without_prefix(arguments)
        if arguments[:1] == ["mix"]:
            return self._mix.resolve(arguments[1:], mention)
        if arguments[:3] == ["iex", "-S", "mix"]:
            return self._mix.resolve(arguments[3:], mention)
        found = self._program(arguments, mention) if arguments else None
        return [found] if found is not None else []

    def _program(self, arguments: list[str], mention: Mention) -> Ref | None:
        program, rest = arguments[0], arguments[1:]
        if program == "overt" or program.endswith("/bin/overt"):
            return self._verb(self._overt, rest, mention)
        if program in self._project.scripts:
            return self._tool(program, rest, mention)
        if program == "make":
            return self._make(rest, mention)
        if _PYTHONS.fullmatch(program) and rest[:1] == ["-m"] and len(rest) > 1:
            return self._module(rest[1], rest[2:], mention)
        if program in {"elixir", "pytest"}:
            return self._files(rest, mention)
        if _PYTHONS.fullmatch(program) or program in _SHELLS:
            script = next((word for word in rest if not word.startswith("-")), "")
            return self._script(script, mention) if "-c" not in rest else None
        return self._script(program, mention) if program.startswith("./") else None

    # overt and the project's own commands.

    def _verb(self, tool: Tool, rest: Sequence[str], mention: Mention) -> Ref | None:
        verb = rest[0].strip("[]") if rest else ""
        if not verb or _PLACEHOLDER.fullmatch(verb):
            return None
        if verb.startswith("-"):
            return self._options(tool.name, rest, tool.options, mention)
        if not _WORD.fullmatch(verb):
            return None
        if verb not in tool.verbs and verb != "help":
            if mention.origin == "code" and len(rest) > 4:
                return None
            return refuted("command", mention, f"{tool.name} has no verb {verb!r}", near(verb, tool.verbs))
        known = tool.verbs.get(verb, tool.options)
        wrong = self._names.wrong_argument(verb, rest[1:], mention)
        return wrong or self._options(f"{tool.name} {verb}", rest[1:], known, mention)

    def _options(self, command: str, rest: Sequence[str], known: frozenset[str], mention: Mention) -> Ref:
        for word in rest:
            if word == "--":
                break
            option = _LONG.match(word.strip("[]").split("=")[0])
            if option and option[0] not in known and option[0].replace("--no-", "--", 1) not in known:
                return refuted("option", mention, f"{command} has no option {option[0]}", near(option[0], known))
        return proved("command", mention, f"{command} is there")

    def _tool(self, program: str, rest: Sequence[str], mention: Mention) -> Ref | None:
        module, _, _ = self._project.scripts[program].partition(":")
        head = module.split(".")[0]
        if head not in self._project.packages and not self._project.exists(f"{module.replace('.', '/')}.py"):
            return unchecked("command", mention, f"{program} starts {module}, which comes from elsewhere")
        if not self._has_module(module):
            return refuted("command", mention, f"{program} starts {module}, which is not there")
        return self._arguments(program, rest, mention)

    def _arguments(self, program: str, rest: Sequence[str], mention: Mention) -> Ref:
        tool = self._tools.setdefault(program, project_tool(self._project, program))
        for position, word in enumerate(rest):
            bare = word.strip("[]").split("=")[0]
            option = _LONG.fullmatch(bare)
            if option and not _may_be_option(bare, tool):
                if tool.sure:
                    return refuted("option", mention, f"{program} has no option {bare}", near(bare, tool.options))
                return unchecked("option", mention, f"the options of {program} are not known")
            is_verb = position == 0 and tool.takes_verbs and _WORD.fullmatch(bare)
            if is_verb and bare not in tool.loose and not self._project.exists(bare):
                return refuted("command", mention, f"{program} has no command {bare!r}", near(bare, tool.loose))
        return proved("command", mention, f"{program} is there")

    # Modules, scripts and make.

    def _has_module(self, module: str) -> bool:
        head, _, tail = module.partition(".")
        path = self._project.packages.get(head)
        if path is None:
            return self._project.exists(f"{module.replace('.', '/')}.py")
        inside = f"{path}/{tail.replace('.', '/')}".rstrip("/")
        return any(self._project.exists(name) for name in (inside, f"{inside}.py", path if not tail else f"{inside}/"))

    def _module(self, module: str, rest: Sequence[str], mention: Mention) -> Ref | None:
        path = self._project.packages.get(module.split(".")[0])
        if path is None:
            return None
        if path.endswith(".py"):
            return self._arguments(f"python -m {module}", rest, mention)
        inside = "/".join([path, *module.split(".")[1:]])
        if self._project.exists(f"{inside}/__main__.py") or self._project.exists(f"{inside}.py"):
            if module == "overt":
                return self._verb(self._overt, rest, mention) or proved("command", mention, f"{module} is there")
            return self._arguments(f"python -m {module}", rest, mention)
        what = "cannot be run: it has no __main__.py" if self._project.exists(inside) else "is not there"
        return refuted("command", mention, f"{module} {what}")

    def _script(self, script: str, mention: Mention) -> Ref | None:
        if not script or _PLACEHOLDER.fullmatch(script) or script.startswith(("/", "~", "-", "http")):
            return None
        found = find_path(script, mention.location.path, self._project)
        if found is not None:
            return self._script_options(script, found, mention)
        folder = script.removeprefix("./").rpartition("/")[0]
        if not folder:
            return None
        if folder.split("/")[0] not in self._project.folders:
            return script_of(script, mention, self._project) if mention.origin == "shell" else None
        if self._project.is_distribution:
            return unchecked("path", mention, f"there is no {script}, but a source distribution leaves files out")
        return refuted("path", mention, f"there is no {script}", near_path(script.removeprefix("./"), self._project))

    def _script_options(self, script: str, found: str, mention: Mention) -> Ref:
        words = mention.text.split()
        text = self._project.read(found) or ""
        after = words[words.index(script) + 1 :] if script in words else []
        known = set(re.findall(r"--[a-z][\w-]*", text)) | _ALWAYS_TAKEN
        for word in after:
            option = _LONG.fullmatch(word.split("=")[0])
            if word in _OPERATORS:
                break
            if option and "add_argument(" in text and option[0] not in known:
                return refuted("option", mention, f"{found} has no option {option[0]}", near(option[0], known))
        return proved("command", mention, f"{found} is there")

    def _files(self, rest: Sequence[str], mention: Mention) -> Ref | None:
        """Judge the first file that a command is given."""
        for word in rest:
            path = word.partition("::")[0]
            if re.fullmatch(r"[\w./-]+\.(?:exs?|py)", path) and "/" in path:
                return script_of(path, mention, self._project)
        return None

    def _make(self, rest: Sequence[str], mention: Mention) -> Ref | None:
        target = next((word for word in rest if _WORD.fullmatch(word)), "")
        if not target or self._targets is None or "-C" in rest or (mention.origin == "code" and len(rest) > 2):
            return None
        if target in self._targets:
            return proved("target", mention, f"the Makefile has {target}")
        if mention.origin == "code" and not near(target, self._targets):
            return None
        return refuted("target", mention, f"the Makefile has no target {target!r}", near(target, self._targets))


def _bare(arguments: list[str]) -> list[str]:
    """Return a command without the words in front of it that set variables."""
    while arguments and (arguments[0] in _BEFORE or re.fullmatch(r"[A-Za-z_]\w*=.*", arguments[0])):
        arguments = arguments[1:]
    return arguments


_ALWAYS_TAKEN = {"--help", "--version"}


def _may_be_option(option: str, tool: Tool) -> bool:
    positive = option.replace("--no-", "--", 1)
    if option in tool.options or positive in tool.options:
        return True
    # Some libraries make the options from the names of parameters.
    return option[2:].replace("-", "_") in tool.loose or positive[2:].replace("-", "_") in tool.loose


def _commands(line: str) -> list[list[str]]:
    lexer = shlex.shlex(line.rstrip("\\"), posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    found: list[list[str]] = [[]]
    try:
        for word in lexer:
            if word in _OPERATORS:
                found.append([])
            else:
                found[-1].append(word)
    except ValueError:
        return []
    return found


def _without_prefix(arguments: list[str]) -> list[str]:
    while arguments := _bare(arguments):
        first = arguments[0]
        if first in _RUNNERS and arguments[1:2] == [_RUNNERS[first]]:
            arguments = arguments[2:]
            while arguments and arguments[0].startswith("-"):
                arguments = arguments[1:]
        elif first == "uvx":
            arguments = arguments[1:]
        else:
            break
    return arguments
