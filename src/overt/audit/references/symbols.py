"""Names of Python things, looked up in the source without importing it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from overt.audit.project import Project
from overt.audit.references.record import Mention, Ref, near, proved, refuted, unchecked
from overt.audit.references.symbol_tree import SymbolTree

_DOTTED = re.compile(r"@?(?P<name>[A-Za-z_]\w*(?:[.:][A-Za-z_]\w*)+)(?:\(.*\))?", re.DOTALL)
_CAMEL = re.compile(r"@?(?P<name>[A-Z][a-z0-9]+(?:[A-Z]\w*)?(?:\.[A-Za-z_]\w*)?)(?:\(.*\))?", re.DOTALL)
_FUNCTION = re.compile(r"(?P<name>[a-z_][a-z0-9_]*)\(\)")
_IMPORT = re.compile(r"(?:from\s+(?P<module>[\w.]+)\s+import\s+(?P<names>[\w ,*]+)|import\s+(?P<plain>[\w.]+))")
_ENDINGS = frozenset(
    {"toml", "md", "py", "json", "yml", "yaml", "txt", "cfg", "ini", "lock", "sarif", "html", "css", "js", "svg", "png"}
    | {"xml", "rst", "sh", "csv", "log", "db", "sqlite", "ratchet", "pyi", "so", "egg", "whl", "gz", "zip"}
    | {"io", "org", "com", "dev", "net", "readthedocs", "app", "ai", "co"}
)
"""Last parts of file names and of host names, which look like those of Python things."""

_STAND_INS = re.compile(
    r"(?:your|my|some|any)_?[A-Za-z]\w*|foo\w*|ba[rz]\w*|func(?:tion)?|class|method|attr(?:ibute)?|module|name|x|y|z|thing",
    re.IGNORECASE,
)
"""Names that stand for any name, as `pkg.Class.method`."""


class SymbolResolver:
    """Looks up Python names; reads the packages of the project once, when the first name is asked for.

    Args:
        project: The repository.
    """

    def __init__(self, project: Project) -> None:
        self._project = project

    @cached_property
    def _tree(self) -> SymbolTree:
        return SymbolTree(self._project)

    def resolve(self, mention: Mention) -> Ref | None:
        """Return what becomes of a mention between backticks; None when it names nothing of this project."""
        text = mention.text
        if len(text) > 300 or not self._project.packages:
            return None
        if match := _DOTTED.fullmatch(text):
            name = match["name"].replace(":", ".")
            if name.split(".")[0] in self._project.packages:
                return self._dotted(name, mention)
        if match := _CAMEL.fullmatch(text):
            return self._class(match["name"], mention)
        if match := _FUNCTION.fullmatch(text):
            where = self._tree.anywhere(match["name"])
            return proved("symbol", mention, f"{where} is there") if where else None
        return None

    def imports(self, mention: Mention) -> list[Ref]:
        """Return what becomes of the names that an import statement in a Python fence asks of this project."""
        match = _IMPORT.match(mention.text)
        if match is None:
            return []
        module = match["module"] or match["plain"]
        if module.split(".")[0] not in self._project.packages:
            return []
        names = [name.split(" as ")[0].strip() for name in (match["names"] or "").split(",")]
        wanted = [f"{module}.{name}" for name in names if name.isidentifier()] or [module]
        found = [self._dotted(name, Mention(name, mention.location, "python", mention.told)) for name in wanted]
        return [ref for ref in found if ref is not None]

    def within(self, mention: Mention, scopes: Sequence[str]) -> Ref | None:
        """Return what becomes of a cross-reference in a docstring; None when it names nothing of this project.

        Args:
            mention: The name; it may be meant from one of the scopes.
            scopes: Dotted names of the class and the module around it, the nearest first.
        """
        name = mention.text.removesuffix("()").strip(".")
        if not re.fullmatch(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*", name) or not self._project.packages:
            return None
        if any(self._tree.find(f"{scope}.{name}").found for scope in scopes):
            return proved("symbol", mention, f"{name} is there")
        if name.split(".")[0] in self._project.packages:
            return self._dotted(name, mention)
        head, _, rest = name.partition(".")
        home = next((scope for scope in scopes if self._tree.find(f"{scope}.{head}").found), "")
        return self._dotted(f"{home}.{name}", mention) if home and rest else self._class(name, mention)

    def _dotted(self, name: str, mention: Mention) -> Ref | None:
        parts = name.split(".")
        if parts[-1] in _ENDINGS and len(parts) <= 3 and not self._tree.find(name).found:
            return None
        answer = self._tree.find(name)
        if answer.found:
            return proved("symbol", mention, f"{name} is there")
        if answer.doubt:
            return unchecked("symbol", mention, answer.doubt)
        # A docstring is part of the sources itself; there only the text of a program counts.
        told = f'"{name}"' if mention.location.path.endswith(".py") else name
        if mention.origin != "python" and (told in self._project.source or f"'{name}'" in self._project.source):
            return unchecked("symbol", mention, f"{name} is no Python name, but the source has it as text")
        if parts[answer.depth] in self._project.described:
            return unchecked("symbol", mention, f"{name} is not in the code, but a document for Sphinx describes it")
        if answer.in_class and f'"{parts[answer.depth]}"' in self._project.source:
            return unchecked("symbol", mention, f"{parts[answer.depth]} may be set while the program runs")
        if _STAND_INS.fullmatch(parts[answer.depth]):
            return None
        hint = near(parts[answer.depth], answer.siblings)
        return refuted("symbol", mention, f"{'.'.join(parts[: answer.depth])} has no {parts[answer.depth]}", hint)

    def _class(self, name: str, mention: Mention) -> Ref | None:
        head, _, rest = name.partition(".")
        homes = self._tree.classes.get(head, ())
        if not homes:
            return None
        if not rest:
            return proved("symbol", mention, f"{homes[0]} is there")
        answers = [self._tree.find(f"{home}.{rest}") for home in homes]
        if any(answer.found for answer in answers):
            return proved("symbol", mention, f"{homes[0]}.{rest} is there")
        if len(homes) > 1 or answers[0].doubt or f".{rest}" in self._project.source:
            return unchecked("symbol", mention, answers[0].doubt or f"{rest} may be set while the program runs")
        return refuted("symbol", mention, f"{homes[0]} has no {rest}", near(rest, answers[0].siblings))
