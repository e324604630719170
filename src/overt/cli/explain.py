"""`overt explain`: a rule, an error, an exit status, or the list of all rules."""

from __future__ import annotations

import argparse
import sys

from overt.cli.error_codes import CODE, Explained, code_of, read_errors
from overt.cli.options import parser
from overt.model.errors import OvertError
from overt.model.exits import Exit

_EXAMPLES = """\
overt explain OV202
overt explain E001                       an error, by the code that the terminal names
overt explain "no suite named 'unti'"    or by its message
overt explain 3
overt explain --list"""

EXITS = {
    Exit.PROVED: ("proved", "Everything that was asked for was measured and holds."),
    Exit.REFUTED: ("refuted", "Something was measured and does not hold: a test failed, a rule found something new."),
    Exit.USAGE: ("usage", "The command line or overt.toml is wrong; nothing was checked."),
    Exit.UNCHECKED: ("unchecked", "Something could not be checked: a file that cannot be parsed, a missing program."),
    Exit.INTERNAL: ("internal", "overt itself failed. OVERT_DEBUG=1 shows where; please report it."),
}
"""What each exit status means."""


def build_parser() -> argparse.ArgumentParser:
    """Return the command line of the verb."""
    made = parser("explain", "Explain a rule, an error or an exit status.", _EXAMPLES)
    about = "a rule such as OV202, an error such as E001 or its message, or an exit status such as 3"
    made.add_argument("subject", nargs="?", metavar="CODE", help=about)
    made.add_argument("--list", action="store_true", help="list all rules")
    return made


def main(arguments: list[str]) -> int:
    """Run `overt explain`.

    Args:
        arguments: What follows the verb on the command line.
    """
    options = build_parser().parse_args(arguments)
    if options.list == bool(options.subject):
        raise OvertError("name a rule, an error or an exit status, or give --list", hint="overt explain --list")
    if options.list:
        sys.stdout.write(_listed(as_json=options.json))
    elif options.subject.isdecimal():
        sys.stdout.write(_exit(int(options.subject), as_json=options.json))
    elif CODE.fullmatch(options.subject.upper()) or " " in options.subject:
        sys.stdout.write(_error(options.subject, as_json=options.json))
    else:
        sys.stdout.write(_rule(options.subject.upper(), as_json=options.json))
    return Exit.PROVED


def _json(value: object) -> str:
    import json

    return json.dumps(value, indent=2) + "\n"


def _listed(*, as_json: bool) -> str:
    from overt.lint.rules import all_rules

    rules = all_rules()
    if as_json:
        return _json([{"code": r.code, "title": r.title, "kind": r.kind, "default": r.default} for r in rules])
    rows = (f"{rule.code:<8}{rule.title}{'' if rule.default else ' (off by default)'}\n" for rule in rules)
    return "".join(rows)


def _exit(number: int, *, as_json: bool) -> str:
    known = {int(each): text for each, text in EXITS.items()}
    if number not in known:
        raise OvertError(f"there is no exit status {number}", hint="0 to 4")
    name, text = known[number]
    return _json({"exit": number, "name": name, "text": text}) if as_json else f"{number} {name}: {text}\n"


def _error(subject: str, *, as_json: bool) -> str:
    """Return what is known of an error, which is named by its code or by its message."""
    errors = read_errors()
    by_code = {one.code: one for one in errors}
    found = by_code.get(subject.upper()) or by_code.get(code_of(subject.removeprefix("overt: "), errors))
    if found is None:
        what = "code" if CODE.fullmatch(subject.upper()) else "error with this message"
        raise OvertError(f"there is no {what}: {subject}", hint="docs/reference/errors.md lists them all")
    if as_json:
        from dataclasses import asdict

        return _json(asdict(found))
    return _told(found)


def _told(found: Explained) -> str:
    lines = [f"{found.code}  {found.message.replace('{{', '{').replace('}}', '}')}", ""]
    if found.retired:
        lines.append("Retired        this version of overt does not say it any longer")
    lines.append(f"What to do     {found.hint or 'what the message says; names in braces stand for values'}")
    if found.exit:
        lines.append(f"Exit status    {int(Exit[found.exit])}: {EXITS[Exit[found.exit]][1]}")
    lines.append(f"Said by        {', '.join(found.modules)}")
    lines.append(f"Page           reference/errors/{found.room}.md#{found.code.lower()}")
    return "\n".join(lines) + "\n"


def _rule(code: str, *, as_json: bool) -> str:
    from overt.lint.pages import rule_page
    from overt.lint.rules import all_codes, rule_for
    from overt.system.text import did_you_mean

    if code not in all_codes():
        raise OvertError(f"there is no rule {code!r}", hint=did_you_mean(code, all_codes()))
    rule = rule_for(code)
    if not as_json:
        return rule_page(rule)
    names = ("code", "title", "why", "bad", "good", "instead", "kind", "see", "default")
    return _json({name: getattr(rule, name) for name in names})
