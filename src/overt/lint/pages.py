"""The page of a rule, the same on the site and on the terminal."""

from __future__ import annotations

from overt.lint.records import Rule


def rule_page(rule: Rule) -> str:
    """Return the page of a rule as Markdown.

    Args:
        rule: The rule.

    Example:
        >>> from overt.lint.rules import rule_for
        >>> rule_page(rule_for("OV202")).splitlines()[0]
        '# OV202: A container of the module is changed from a function'
    """
    language = "elixir" if rule.kind == "elixir" else "python"
    parts = [
        f"# {rule.code}: {rule.title}",
        "## Why it hurts",
        _flat(rule.why),
        "## How much it matters",
        f"{_flat(rule.matters)} Errors and warnings fail a run, notes do not.",
        *(("## Settings of the example", f"```toml\n{rule.settings.rstrip()}\n```") if rule.settings else ()),
        "## What it finds",
        f"```{language}\n{rule.bad.rstrip()}\n```",
        "## What to use instead",
        _flat(rule.instead),
        f"```{language}\n{rule.good.rstrip()}\n```",
    ]
    if rule.kind != "allow":
        parts += [
            "## When it has to stay",
            "Say so where it stands, with a reason and a date:",
            f"```{language}\n# overt: allow {rule.code} until=2027-03-01 -- why it is needed until then\n```",
        ]
    if not rule.default:
        parts.append("This rule is off unless it is selected by its whole code.")
    if rule.see:
        parts.append(f"See also: {', '.join(rule.see)}.")
    return "\n\n".join(parts) + "\n"


def _flat(text: str) -> str:
    return " ".join(text.split())
