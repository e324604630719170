"""`overt explain`: a rule, an exit status, or the list of all rules."""

from __future__ import annotations

import sys

from overt.cli.options import parser
from overt.model.errors import OvertError
from overt.model.exits import Exit

_EXAMPLES = """\
overt explain OV202
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


def main(arguments: list[str]) -> int:
    """Run `overt explain`.

    Args:
        arguments: What follows the verb on the command line.
    """
    made = parser("explain", "Explain a rule or an exit status.", _EXAMPLES)
    made.add_argument("subject", nargs="?", metavar="CODE", help="a rule such as OV202, or an exit status such as 3")
    made.add_argument("--list", action="store_true", help="list all rules")
    options = made.parse_args(arguments)
    if options.list == bool(options.subject):
        raise OvertError("name a rule or an exit status, or give --list", hint="overt explain --list")
    if options.list:
        sys.stdout.write(_listed(as_json=options.json))
    elif options.subject.isdecimal():
        sys.stdout.write(_exit(int(options.subject), as_json=options.json))
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
