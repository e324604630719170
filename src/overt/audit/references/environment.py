"""Environment variables: read or set by the sources of the project, or by nobody."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property

from overt.audit.project import Project
from overt.audit.references.record import Mention, Ref, near, proved, refuted, unchecked

_NAME = r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+"
_MENTION = re.compile(rf"(?:export )?\$?\{{?(?P<name>{_NAME})\}}?(?P<set>=.*)?", re.DOTALL)
_SETTING = re.compile(rf"(?:export\s+|env\s+)?((?:{_NAME}=\S*\s+)*{_NAME}=)")
_READ = re.compile(
    r"(?:environ(?:\.get|\.pop|\.setdefault)?\s*[\[(]|getenv\s*\(|envvar\s*=\s*|\benv(?:\.\w+)?\s*\(|(?<!\w)config\s*\(|\benv:\s*|"
    r"(?:get_env|fetch_env!?|put_env|delete_env)\s*\(|process\.env(?:\.|\[)|Getenv\s*\(|LookupEnv\s*\(|env::var\s*\()"
    rf"\s*[\[\"'(]*\s*({_NAME})\b"
)
_SET = re.compile(rf"^\s*(?:-\s*)?(?:export\s+|ENV\s+|ARG\s+|set\s+)?({_NAME})\s*[:=?]", re.MULTILINE)
_CONTEXT = re.compile(r"\b(?:environment|env(?:ironment)?[ -]?var\w*|env|exported?|variables?)\b", re.IGNORECASE)
_FILES = re.compile(
    r"(?:^|/)(?:Dockerfile[\w.-]*|Makefile|justfile|Procfile|\.envrc|\.env[\w.-]*|[\w.-]+\.env|[\w.-]+\.(?:ya?ml|sh|bash|zsh|toml|"
    r"cfg|ini|json|py|pyi|ex|exs|eex|js|ts|mjs|rb|go|rs|service|tf|nix|conf|c|h|java|kt|cs|php|bat|ps1))$"
)
_PROGRAMS = (
    ".py",
    ".pyi",
    ".ex",
    ".exs",
    ".eex",
    ".js",
    ".ts",
    ".mjs",
    ".rb",
    ".go",
    ".rs",
    ".c",
    ".h",
    ".java",
    ".kt",
)
"""Endings of files in which a name with a value is a constant, not a variable of the environment."""

_SPOKEN = re.compile("env|ENV|Env|config")
_DYNAMIC = re.compile(
    r"auto_envvar_prefix|envvar_prefix|env_prefix|environ\.(?:items|copy)\(|\(prefix \+|f[\"'][A-Z_]*\{"
)


class EnvironmentResolver:
    """Looks up environment variables.

    Args:
        project: The repository.
    """

    def __init__(self, project: Project) -> None:
        self._project = project

    @cached_property
    def _texts(self) -> dict[str, str]:
        found, total = dict[str, str](), 0
        for path in sorted(self._project.files):
            if _FILES.search(path) and total < _MOST:
                text = self._project.read(path) or ""
                total += len(text)
                found[path] = text
        return found

    @cached_property
    def _known(self) -> frozenset[str]:
        """The variables that the sources surely read or set."""
        found = set(self._of_settings())
        for path, text in self._texts.items():
            if _SPOKEN.search(text):
                found.update(_READ.findall(text))
            if not path.endswith(_PROGRAMS):
                found.update(_SET.findall(text))
        return frozenset(found)

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(word for text in self._texts.values() for word in re.findall(_NAME, text)) | self._known

    def _of_settings(self) -> Iterator[str]:
        """Yield the variables that classes of settings read by the names of their fields."""
        for text in self._texts.values():
            if "BaseSettings" not in text:
                continue
            try:
                tree = ast.parse(text)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
            for node in ast.walk(tree):
                if isinstance(node, ast.ClassDef):
                    prefix = re.search(r"env_prefix\s*=\s*[\"'](\w*)", ast.get_source_segment(text, node) or "")
                    for field in node.body:
                        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                            yield f"{prefix[1] if prefix else ''}{field.target.id}".upper()

    @cached_property
    def _prefixes(self) -> frozenset[str]:
        """Beginnings of names that only this project's variables have."""
        names = {str(self._project.metadata.get("project", {}).get("name", "")), *self._project.packages}
        names |= set(re.findall(r"\bapp:\s*:(\w+)", self._project.read("mix.exs") or ""))
        own = {re.sub(r"\W", "_", name).upper() for name in names if len(name) > 2}
        counted = Counter(name.split("_")[0] for name in self._known)
        return frozenset(prefix for prefix in own if any(name.startswith(f"{prefix}_") for name in self._known)) | {
            prefix for prefix, many in counted.items() if many >= 3 and prefix in {name.split("_")[0] for name in own}
        }

    @cached_property
    def _dynamic(self) -> bool:
        return any(_DYNAMIC.search(text) for text in self._texts.values())

    def resolve(self, mention: Mention) -> Ref | None:
        """Return what becomes of a mention between backticks; None when it is no variable of the environment."""
        match = _MENTION.fullmatch(mention.text)
        if match is None or len(mention.text) > 300:
            return None
        dollar = mention.text.startswith(("$", "export ")) or bool(match["set"])
        return self._judge(match["name"], mention, said=dollar or bool(_CONTEXT.search(mention.around)))

    def settings(self, mention: Mention) -> Iterator[Ref]:
        """Yield what becomes of the variables that a command sets in front of a program, or exports."""
        match = _SETTING.match(mention.text)
        for name in re.findall(rf"({_NAME})=", match[1]) if match else ():
            told = self._judge(name, mention, said=True)
            if told is not None:
                yield told

    def _judge(self, name: str, mention: Mention, *, said: bool) -> Ref | None:
        if name in self._known and said:
            return proved("variable", mention, f"the sources have {name}")
        if name in self._words or not said:
            return None
        own = any(name.startswith(f"{prefix}_") for prefix in self._prefixes)
        hint = near(name, self._known)
        if not own and not (hint and mention.origin == "code"):
            return None
        if self._dynamic and self._may_be_made(name):
            return unchecked("variable", mention, f"no source has {name}, but some read variables by their beginning")
        return refuted("variable", mention, f"no source reads or sets {name}", hint)

    def _may_be_made(self, name: str) -> bool:
        rest = {name[len(prefix) + 1 :].lower() for prefix in self._prefixes if name.startswith(f"{prefix}_")}
        settings = any("BaseSettings" in text for text in self._texts.values())
        return not settings or any(part in self._project.words for part in rest)


_MOST = 40_000_000
"""How many characters of sources are looked through."""
