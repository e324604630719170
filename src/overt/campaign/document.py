"""The reference page of `overt.toml`, made from the records; `python -m overt.campaign.document` writes it anew."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from msgspec import NODEFAULT, inspect

from overt.campaign import record_base, record_review, records
from overt.campaign.described import words
from overt.campaign.schema import schema_text, tables
from overt.system.atomic import write_if_changed

PAGE = "docs/reference/configuration.md"
SCHEMA = "src/overt/campaign/overt.schema.json"

_HEADINGS: dict[type[record_base.Table], str] = {
    records.Project: "[project]",
    records.Site: "[site]",
    records.Suite: "[suites.NAME]",
    records.SuiteControl: "[suites.NAME.control]",
    records.ClaimTable: "[claims.NAME]",
    records.HiddenState: "[hidden-state]",
    records.Allow: "[[hidden-state.allow]]",
    records.Banned: "[[hidden-state.banned]]",
    records.PathSettings: "[[hidden-state.paths]]",
    records.QuarantineTable: "[[quarantine]]",
    records.FlagTable: "[flags.NAME]",
    records.StageTable: "[[stages]]",
    records.Migration: "[migration]",
    records.Runbooks: "[runbooks]",
    records.EnvironmentTable: "[environments.NAME]",
    records.Training: "[training]",
    records.Audit: "[audit]",
    records.AuditAllow: "[[audit.allow]]",
    record_review.Review: "[review]",
    record_review.HotPath: "[[review.hot-paths]]",
    record_review.ReviewRuleTable: "[[review.rules]]",
}

_HEAD = """\
# Configuration: overt.toml

<!-- Made from the records in src/overt/campaign/records.py by `python -m overt.campaign.document`; edit those. -->

`overt.toml` stands in the project's root. Every key is optional unless it is marked required, and so is the file:
without it, overt works with what it detects. `overt init` writes one that fits the project.

Mistakes are reported together, each with its line and, for a misspelt name, the nearest one that exists; the exit
status is then 2. Paths and globs are relative to the root, written with `/`, and stay inside it. In a glob `*` stands
for anything but `/`, `**` for anything, and a leading `!` takes away. A name is lower-case letters, digits, `-`, `_`
and `.`. Dates are written `2027-03-01`, with or without quotes.

A JSON Schema of this file comes with the package, for editors that complete and explain keys:
`overt init --schema > overt.schema.json`, and as the first line of `overt.toml`: `#:schema ./overt.schema.json`.

```toml
[suites.unit]
kind = "pytest"

[claims.suite-green]
expect = "suites.unit.failed == 0 and suites.unit.passed > 0"
text = "Every test that ran passed"
```
"""


def _kind(kind: inspect.Type) -> str:
    if isinstance(kind, inspect.Metadata):
        return _kind(kind.type)
    if isinstance(kind, inspect.LiteralType):
        return "one of " + ", ".join(f"`{value}`" for value in kind.values if value)
    if isinstance(kind, inspect.VarTupleType):
        return "tables" if isinstance(kind.item_type, inspect.StructType) else "list of text"
    if isinstance(kind, inspect.DictType):
        return "table of text"
    names = {inspect.StrType: "text", inspect.BoolType: "true or false", inspect.IntType: "whole number"}
    return names.get(type(kind), "number") if not isinstance(kind, inspect.StructType) else "table"


def _default(field: inspect.Field) -> str:
    if field.required:
        return "required"
    if field.default is NODEFAULT or field.default in ("", ()) or isinstance(field.default, record_base.Table):
        return ""
    value = list(field.default) if isinstance(field.default, tuple) else field.default
    return f"`{json.dumps(value)}`"


def _section(record: type[record_base.Table], heading: str) -> str:
    said, info = words(record), inspect.type_info(record)
    assert isinstance(info, inspect.StructType)
    rows = [
        f"| `{field.encode_name}` | {_kind(field.type)} | {_default(field)} | {said.arguments[field.encode_name]} |"
        for field in info.fields
    ]
    head = "| key | value | default | meaning |\n| --- | --- | --- | --- |\n"
    return f"## `{heading}`\n\n{said.summary}\n\n{head}" + "\n".join(rows) + "\n"


def configuration_page() -> str:
    """Return the reference page of `overt.toml` in Markdown."""
    shown = [_section(record, _HEADINGS[record]) for record in tables() if record in _HEADINGS]
    return "\n".join((_HEAD, *shown))


def write(root: Path) -> list[str]:
    """Write the page and the schema.

    Args:
        root: The repository of overt.

    Returns:
        The files that changed, relative to the root.
    """
    made = {PAGE: configuration_page(), SCHEMA: schema_text()}
    return [name for name, text in made.items() if write_if_changed(root / name, text.encode())]


if __name__ == "__main__":
    sys.stdout.writelines(f"wrote {name}\n" for name in write(Path(__file__).parents[3]))
