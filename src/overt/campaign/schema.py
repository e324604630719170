"""The JSON Schema of `overt.toml`, made from the records, so that editors complete and explain its keys."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from overt.campaign import record_base, record_review, records
from overt.campaign.described import words

_FILLED = {"minItems": 1}
_CONDITIONS = (("command", "command"), ("lint", "command"), ("import", "files"))


def tables() -> tuple[type[record_base.Table], ...]:
    """Return every record of the campaign, the whole first."""
    return (
        *(records.Campaign, records.Project, records.Site, records.Suite, records.SuiteControl),
        *(records.ClaimTable, records.HiddenState),
        *(records.Allow, records.Banned, records.PathSettings, records.QuarantineTable),
        *(records.FlagTable, records.StageTable),
        *(records.Migration, records.Runbooks, records.EnvironmentTable, records.Training, records.Audit),
        *(records.AuditAllow, record_review.Review, record_review.HotPath, record_review.ReviewRuleTable),
    )


def _explain(definition: dict[str, Any], record: type[record_base.Table]) -> None:
    said = words(record)
    definition["description"] = said.summary
    for key, rules in definition.get("properties", {}).items():
        if key in said.arguments:
            if "$ref" in rules:
                rules = {"allOf": [rules]} | {"description": said.arguments[key]}
                definition["properties"][key] = rules
            rules["description"] = said.arguments[key]


def _conditions(definitions: dict[str, Any]) -> None:
    """Add what the kinds of the records cannot say."""
    definitions["Suite"]["allOf"] = [
        {
            "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
            "then": {"properties": {key: _FILLED}, "required": [key]},
        }
        for kind, key in _CONDITIONS
    ]
    definitions["Allow"]["oneOf"] = [{"required": ["path"]}, {"required": ["module"]}]
    for key in ("path", "module"):
        definitions["Allow"]["properties"][key].pop("default", None)
    rule = definitions["ReviewRuleTable"]
    rule["oneOf"] = [{"required": [key], "properties": {key: _FILLED}} for key in ("command", "question")]


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of `overt.toml`.

    Example:
        >>> sorted(schema()["$defs"]["Training"]["properties"])
        ['beside', 'path']
    """
    made = msgspec.json.schema(records.Campaign)
    definitions = made["$defs"]
    for record in tables():
        _explain(definitions[record.__name__], record)
    _conditions(definitions)
    whole = definitions.pop("Campaign")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "overt.toml"}
    return {**head, **{key: item for key, item in whole.items() if key != "title"}, "$defs": definitions}


def schema_text() -> str:
    """Return the schema as it is shipped in `overt.schema.json`."""
    return json.dumps(schema(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
