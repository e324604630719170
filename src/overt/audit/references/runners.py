"""Named jobs: npm scripts, recipes of just, environments of tox and hatch, sessions of nox, services of compose."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import zip_longest
from typing import Any

from overt.audit.project import Project
from overt.audit.references.record import Mention, Ref, near, proved, refuted

_NAME = re.compile(r"[A-Za-z_][\w:.-]*")
_OF_NPM = frozenset({"start", "test", "stop", "restart", "install", "ci"})
_RECIPE = re.compile(r"^@?([A-Za-z_][\w-]*)(?:[ \t]+[^:\n]*)?:(?!=)", re.MULTILINE)
_JUST_ALIAS = re.compile(r"^alias[ \t]+([\w-]+)[ \t]*:=", re.MULTILINE)
_SESSION = re.compile(r"@(?:nox\.)?session\b([^\n]*(?:\n(?!def )[^\n]*){0,20}?)\n(?:async )?def (\w+)")
_TASK = re.compile(r"@(?:invoke\.)?task\b[^\n]*\n(?:async )?def (\w+)")
_SERVICE = re.compile(r"^([ \t]+)([\w.-]+):[ \t]*(?:#.*)?$", re.MULTILINE)
_COMPOSE_VERBS = frozenset({"up", "run", "exec", "logs", "build", "restart", "start", "stop", "pull", "rm", "kill"})
_TAKES_VALUE = frozenset(
    {"-f", "--file", "-p", "--profile", "--tail", "-e", "--env", "-u", "--user", "-w", "--workdir", "--prefix"}
)


class Runners:
    """Follows commands that name a job which a file of the project declares.

    Args:
        project: The repository.
    """

    def __init__(self, project: Project) -> None:
        self._project = project

    @cached_property
    def _judges(self) -> Mapping[str, Callable[[Sequence[str], Mention], Ref | None]]:
        return {
            "npm": self._npm,
            "pnpm": self._npm,
            "yarn": self._yarn,
            "just": self._just,
            "tox": self._tox,
            "nox": self._nox,
            "hatch": self._hatch,
            "pdm": self._pdm,
            "poe": self._poe,
            "inv": self._invoke,
            "invoke": self._invoke,
            "docker": self._docker,
            "docker-compose": self._compose,
        }

    def resolve(self, arguments: Sequence[str], mention: Mention) -> Ref | None:
        """Return what becomes of a command; None when it names no job that the project would declare.

        Args:
            arguments: The words of the command.
            mention: Where it is written.
        """
        judge = self._judges.get(arguments[0]) if arguments else None
        return judge(arguments[1:], mention) if judge is not None else None

    def _told(self, what: str, name: str, known: frozenset[str], mention: Mention) -> Ref | None:
        if not _NAME.fullmatch(name):
            return None
        if name in known:
            return proved("target", mention, f"{what} {name} is there")
        return refuted("target", mention, f"there is no {what} {name!r}", near(name, known))

    # JavaScript.

    @cached_property
    def _scripts(self) -> frozenset[str] | None:
        paths = [path for path in self._project.by_name.get("package.json", ()) if path in self._project.files]
        found = None
        for path in paths[:200]:
            with contextlib.suppress(ValueError, RecursionError, AttributeError):
                scripts = json.loads(self._project.read(path) or "null").get("scripts", {})
                found = (found or frozenset()) | frozenset(map(str, scripts))
        return found

    def _npm(self, rest: Sequence[str], mention: Mention) -> Ref | None:
        if self._scripts is None or not rest:
            return None
        if rest[0] in {"run", "run-script"}:
            name = next(iter(_without_options(rest[1:])), "")
            return self._told("npm script", name, self._scripts, mention) if name else None
        if rest[0] in _OF_NPM and rest[0] in self._scripts:
            return proved("target", mention, f"npm script {rest[0]} is there")
        if rest[0] == "test":
            return refuted("target", mention, "there is no npm script 'test'", near("test", self._scripts))
        return None

    def _yarn(self, rest: Sequence[str], mention: Mention) -> Ref | None:
        if rest[:1] == ["run"]:
            return self._npm(rest, mention)
        if self._scripts is not None and rest and rest[0] in self._scripts:
            return proved("target", mention, f"npm script {rest[0]} is there")
        return None

    # just, tox, nox, hatch, pdm, poe and invoke.

    def _just(self, rest: Sequence[str], mention: Mention) -> Ref | None:
        text = self._first("justfile", "Justfile", ".justfile")
        name = next((word for word in rest if not word.startswith("-") and "=" not in word), "")
        if text is None or not name or re.search(r"^\s*(?:import|mod)\b", text, re.MULTILINE):
            return None
        if mention.origin == "code" and len(rest) > 2:
            return None
        known = frozenset(_RECIPE.findall(text)) | frozenset(_JUST_ALIAS.findall(text))
        if mention.origin == "code" and name not in known and not near(name, known):
            return None
        return self._told("recipe", name, known, mention)

    def _tox(self, rest: Sequence[str], mention: Mention) -> Ref | None:
        names = _after(rest, ("-e", "--env"))
        sections = [
            text for text in (self._project.read(path) for path in ("tox.ini", "setup.cfg", "tox.toml")) if text
        ]
        tool = self._tool("tox")
        if not names or (not sections and not tool):
            return None
        written = "\n".join([*sections, json.dumps(tool, default=str)])
        words = frozenset(re.findall(r"[A-Za-z0-9_.]+", written))
        for name in names.split(","):
            missing = [
                part for part in name.split("-") if part not in words and not re.fullmatch(r"py(?:py)?\d*", part)
            ]
            if missing and name not in written and _NAME.fullmatch(name):
                return refuted("target", mention, f"there is no environment {name!r} of tox", near(name, words))
        return proved("target", mention, f"tox has {names}")

    def _nox(self, rest: Sequence[str], mention: Mention) -> Ref | None:
        names, text = _after(rest, ("-s", "--session", "--sessions", "-e")), self._project.read("noxfile.py")
        if not names or text is None:
            return None
        known = frozenset(
            name
            for options, function in _SESSION.findall(text)
            for name in (function, function.replace("_", "-"), *re.findall(r"name\s*=\s*[\"']([\w.-]+)", options))
        )
        return self._told("session of nox", re.split(r"[-(]\d|\(", names)[0], known, mention)

    def _hatch(self, rest: Sequence[str], mention: Mention) -> Ref | None:
        environments = self._tool("hatch").get("envs", {})
        name = next((word for word in rest[1:] if not word.startswith("-")), "")
        if rest[:1] != ["run"] or not isinstance(environments, dict) or not environments or ":" not in name:
            return None
        environment, _, script = name.partition(":")
        known = frozenset(map(str, environments)) | {"default", "hatch-test", "hatch-static-analysis", "hatch-build"}
        bare = environment.lstrip("+-").partition(".")[0]
        if bare not in known:
            return self._told("environment of hatch", bare, known, mention)
        scripts = environments.get(bare, {}).get("scripts", {}) if isinstance(environments.get(bare), dict) else {}
        if not script or script not in scripts:
            return None
        return proved("target", mention, f"hatch has {name}")

    def _pdm(self, rest: Sequence[str], mention: Mention) -> Ref | None:
        scripts = self._tool("pdm").get("scripts", {})
        name = next((word for word in rest[1:] if not word.startswith("-")), "")
        if rest[:1] != ["run"] or name not in scripts:
            return None
        return proved("target", mention, f"pdm has the script {name}")

    def _poe(self, rest: Sequence[str], mention: Mention) -> Ref | None:
        tasks = self._tool("poe").get("tasks", {})
        if not isinstance(tasks, dict) or not tasks or not rest:
            return None
        return self._told("task of poe", rest[0], frozenset(map(str, tasks)), mention)

    def _invoke(self, rest: Sequence[str], mention: Mention) -> Ref | None:
        text = self._project.read("tasks.py")
        if text is None or not rest or "Collection(" in text:
            return None
        known = frozenset(name for function in _TASK.findall(text) for name in (function, function.replace("_", "-")))
        return self._told("task of invoke", rest[0], known, mention)

    # compose.

    @cached_property
    def _services(self) -> frozenset[str] | None:
        names = ("docker-compose.yml", "docker-compose.yaml", "compose.yml", "compose.yaml")
        paths = [
            path
            for name, found in self._project.by_name.items()
            if name in names or re.fullmatch(r"(?:docker-)?compose[\w.-]*\.ya?ml", name)
            for path in found
        ]
        found = [frozenset(_services(self._project.read(path) or "")) for path in paths[:50]]
        return frozenset().union(*found) if found else None

    def _docker(self, rest: Sequence[str], mention: Mention) -> Ref | None:
        return self._compose(rest[1:], mention) if rest[:1] == ["compose"] else None

    def _compose(self, rest: Sequence[str], mention: Mention) -> Ref | None:
        plain = _without_options(rest)
        if self._services is None or len(plain) < 2 or plain[0] not in _COMPOSE_VERBS:
            return None
        return self._told("service", plain[1], self._services, mention)

    # Files.

    def _first(self, *names: str) -> str | None:
        return next((text for name in names if (text := self._project.read(name)) is not None), None)

    def _tool(self, name: str) -> Mapping[str, Any]:
        tools = self._project.metadata.get("tool", {})
        found = tools.get(name, {}) if isinstance(tools, dict) else {}
        return found if isinstance(found, dict) else {}


def _services(text: str) -> Iterator[str]:
    inside, width = False, ""
    for line in text.splitlines()[:20_000]:
        if re.match(r"\S", line):
            inside, width = line.startswith("services:"), ""
        elif inside and (match := _SERVICE.match(line)):
            width = width or match[1]
            if match[1] == width:
                yield match[2]


def _after(words: Sequence[str], options: Sequence[str]) -> str:
    for word, following in zip_longest(words, words[1:], fillvalue=""):
        option, equals, value = word.partition("=")
        if option in options:
            return value if equals else following
    return ""


def _without_options(words: Sequence[str]) -> list[str]:
    found, skip = [], False
    for word in words:
        if skip or word.startswith("-"):
            skip = not skip and word in _TAKES_VALUE
            continue
        found.append(word)
    return found
