"""The text of a first `overt.toml`: commented, and only what is needed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import msgspec

from overt.campaign.detect import Detected
from overt.campaign.known import Known
from overt.campaign.records import Campaign, Suite

_HEAD = """\
# What overt runs on this project, and what the project claims.
# Without a key, its default holds; `overt audit` and `overt build` tell every mistake with its line.
#
#   overt validate    run the suites below and record evidence in .overt/
#   overt build       build the site from files and evidence
"""

_IMPORTED = {
    "JavaScript": ("a test runner with a JUnit reporter", "build/junit*.xml"),
    "Elixir": ("mix test --formatter JUnitFormatter", "_build/test/lib/*/test-junit-report.xml"),
    "Rust": ("cargo nextest run --profile ci", "target/nextest/ci/junit.xml"),
    "Go": ("gotestsum --junitfile build/junit-go.xml", "build/junit-go.xml"),
    "Java": ("mvn test", "target/surefire-reports/TEST-*.xml"),
    "Kotlin": ("gradle test", "build/test-results/test/TEST-*.xml"),
    "Ruby": ("rspec --format RspecJunitFormatter", "build/junit-ruby.xml"),
}


def toml_text(value: str) -> str:
    r"""Return a text as TOML writes it.

    Example:
        >>> print(toml_text('a "b"'), toml_text("C:\\new"))
        "a \"b\"" "C:\\new"
    """
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def toml_list(values: Sequence[str]) -> str:
    """Return a list of texts as TOML writes it."""
    return "[" + ", ".join(toml_text(value) for value in values) + "]"


def _value(value: object) -> str:
    if isinstance(value, str):
        return toml_text(value)
    if isinstance(value, msgspec.Struct):
        given = [(item, getattr(value, item.name)) for item in msgspec.structs.fields(value)]
        return f"{{ {', '.join(f'{item.encode_name} = {_value(one)}' for item, one in given if one != item.default)} }}"
    return toml_list(value) if isinstance(value, tuple) else json.dumps(value)


def _project(campaign: Campaign) -> Iterator[str]:
    yield "[project]"
    yield f"name = {toml_text(campaign.project.name)}"
    if campaign.project.packages:
        yield f"packages = {toml_list(campaign.project.packages)}"
    else:
        yield '# No importable package was found; name them when there are: packages = ["src/shop"]'
    site = campaign.site
    defaults = type(site)()
    changed = [key for key in ("config", "output") if getattr(site, key) != getattr(defaults, key)]
    if changed:
        yield from ("", "[site]")
        yield from (f"{key} = {toml_text(getattr(site, key))}" for key in changed)


_REMARKS = {
    "pytest": "# The project's own tests, as plain pytest runs them.",
    "import": "# Results that another tool wrote; with `command`, what writes them anew is run first.",
    "hidden-state": "# State kept where nobody sees it: module globals, thread-locals, process-wide settings.",
}


def _suite(name: str, suite: Suite) -> Iterator[str]:
    yield ""
    if suite.kind in _REMARKS:
        yield _REMARKS[suite.kind]
    if suite.at_most:
        yield "# at-most: what it found on the day of adoption; lower it as that is mended, down to 0."
    yield f"[suites.{name}]"
    for item in msgspec.structs.fields(Suite):
        value = getattr(suite, item.name)
        if item.required or value not in (item.default, {}):
            yield f"{item.encode_name} = {_value(value)}"


def _suggested(detected: Detected) -> Iterator[str]:
    for language, path in detected.languages.items() if not detected.results else ():
        command, files = _IMPORTED[language]
        name = language.lower()
        yield ""
        yield f"# {path}: results of {language} tests count as evidence when their runner writes JUnit XML, for example"
        yield f"# {command}. Then take the hashes away:"
        yield f"# [suites.{name}]"
        yield '# kind = "import"'
        yield f'# title = "{language} tests"'
        yield f"# files = {toml_list([files])}"


def _claims(campaign: Campaign) -> Iterator[str]:
    yield ""
    yield "# Documents link to a claim as [its words](claim:NAME); the site shows whether it holds, and its evidence."
    if not campaign.claims:
        yield "# [claims.suite-green]"
        yield '# expect = "tests.failed == 0 and tests.errors == 0 and tests.passed > 0"'
        yield '# text = "Every test that ran passed"'
    for position, (name, claim) in enumerate(campaign.claims.items()):
        yield from ([""] if position else [])
        yield f"[claims.{name}]"
        yield f"expect = {toml_text(claim.expect)}"
        yield f"text = {toml_text(claim.text)}"


def _hidden_state(campaign: Campaign, known: Known) -> Iterator[str]:
    if not campaign.project.packages:
        return
    yield ""
    yield "[hidden-state]"
    if known.ratchet:
        yield "# Holds the findings of the day of adoption; their number may only fall."
    else:
        yield "# Findings that are known and wait to be mended; their number may only fall."
    yield f"ratchet = {toml_text(campaign.hidden_state.ratchet)}"


def campaign_text(detected: Detected, campaign: Campaign, known: Known) -> str:
    """Return the text of an `overt.toml`.

    Args:
        detected: What the project is made of.
        campaign: What is to be written.
        known: What was measured today.
    """
    lines = [_HEAD, *_project(campaign)]
    for name, suite in campaign.suites.items():
        lines += _suite(name, suite)
    lines += _suggested(detected)
    lines += _claims(campaign)
    lines += _hidden_state(campaign, known)
    return "\n".join(lines) + "\n"
