"""Holds the linter's SARIF against the official JSON Schema of SARIF 2.1.0.

The schema is not part of this repository. It is in the npm package `@microsoft/jest-sarif` (`npm pack` it; the file is
`lib/schemas/sarif-2.1.0-rtm.5.json`) and at the place that `$schema` in every SARIF file names. Run it with
`python validation/linter/sarif.py SCHEMA [FOLDER]`: everything below the folder (this project, when none is given) is
checked, and the report must fit the schema, formats included.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import jsonschema

from overt.lint import check
from overt.lint.formats import render
from overt.lint.settings import PlainSettings

ROOT = Path(__file__).parents[2]


def main() -> int:
    """Check a folder, render its report and validate it; exit 1 when it does not fit, 3 when there was no finding."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("schema", type=Path, help="the official schema")
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "src", help="what is checked")
    options = parser.parse_args()
    schema = json.loads(options.schema.read_text("utf-8"))
    validator = jsonschema.validators.validator_for(schema)
    files = sorted(path.relative_to(options.folder).as_posix() for path in options.folder.rglob("*.py"))
    report = check(options.folder, files, PlainSettings(rule_url="https://example.org/rules/{rule}.html"))
    log = json.loads(render("sarif", report, options.folder))
    errors = list(validator(schema, format_checker=validator.FORMAT_CHECKER).iter_errors(log))
    for error in errors[:20]:
        print(f"{'/'.join(map(str, error.absolute_path))}: {error.message}")
    results = len(log["runs"][0]["results"])
    print(f"{results} results, {len(log['runs'][0]['tool']['driver']['rules'])} rules, {len(errors)} errors")
    return 1 if errors else 0 if results else 3


if __name__ == "__main__":
    sys.exit(main())
