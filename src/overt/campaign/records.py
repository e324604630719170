"""The typed records that `overt.toml` is read into; defaults here are the defaults of the file."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from overt.campaign.record_base import Dotted, IsoDate, Name, Seconds, Table, Text
from overt.campaign.record_review import Review

SuiteKind = Literal["pytest", "command", "lint", "hidden-state", "import", "samples", "controls"]
Planted = Literal["test", "benchmark", "leak", "recovery"]


class Project(Table, frozen=True, kw_only=True):
    """What the project is.

    Args:
        name: Name shown on the site.
        packages: Importable package folders, relative to the root, POSIX; detected when empty.
        sources: Globs of what suites are measured on by default; packages, tests and build files when empty.
        python: Interpreter that runs the project's tests, relative to the root; the project's own `.venv`, else ours.
    """

    name: str = ""
    packages: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    python: str = ""


class Site(Table, frozen=True, kw_only=True):
    """How the site is built.

    Args:
        config: mkdocs configuration, relative to the root.
        strict: Whether a claim that does not hold fails the build.
        output: Folder the site is put in.
        reference: Whether API reference pages are made.
        hidden-state-details: Whether findings are listed one by one.
    """

    config: str = "mkdocs.yml"
    strict: bool = True
    output: str = "site"
    reference: bool = True
    hidden_state_details: bool = True


class SuiteControl(Table, frozen=True, kw_only=True):
    """A defect that a suite must find, planted in a copy of the project by a suite of kind `controls`.

    Args:
        plant: Defects that come with overt, for `pytest`: `test`, `benchmark`, `leak`, `recovery`; `test` when empty.
        file: File that the defect is put in, relative to the root: behind what it holds, or as all it holds.
        text: The defect.
        twin: The same without a defect, at which the suite must stay silent; when empty, nothing is planted for that.
    """

    plant: tuple[Planted, ...] = ()
    file: str = ""
    text: str = ""
    twin: str = ""


class Suite(Table, frozen=True, kw_only=True):
    """Something that runs and leaves evidence.

    Args:
        kind: `pytest`, `command`, `lint`, `hidden-state`, `import`, `samples` or `controls`.
        title: Name in words; the suite's name when empty.
        args: Arguments for pytest.
        command: Program and arguments, for `command` and `lint`; no shell.
        format: What the output of `lint` or the file of `import` is: `sarif`, `junit`, `ctrf`, `coverage-xml`,
            `comparison`, `pytest-benchmark`, `pyperf`, `hyperfine` or `asv`; guessed when empty.
        files: Result files to import, globs; written by `command` when both are given.
        paths: What to look at, for `lint` and `hidden-state`; the packages when empty. For `samples`, the documents and
            modules that hold them; the audited documents and the packages when empty.
        env: Environment variables to set.
        timeout: Seconds until the whole process group is killed.
        required: Whether the project stands only if this suite does.
        at-least: Fewest tests it must run.
        at-most: Most new findings it may have, for linters: those of today, until they are mended.
        inputs: Globs whose files it is measured on; the project's sources when empty.
        max-age-days: Age at which its evidence goes stale; 0 for never.
        flags: States of the feature flags that it depends on: `on`, `off`, `mixed`; for `overt validate --flags`.
        control: A defect that it must find.
        gates: For `controls`, the suites that are tried; all when empty.
    """

    kind: SuiteKind
    title: str = ""
    args: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    format: Literal[
        "", "sarif", "junit", "ctrf", "coverage-xml", "comparison", "pytest-benchmark", "pyperf", "hyperfine", "asv"
    ] = ""
    files: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    env: dict[str, str] = field(default_factory=dict)
    timeout: Seconds = 900.0
    required: bool = True
    at_least: Annotated[int, Meta(ge=0)] = 1
    at_most: Annotated[int, Meta(ge=0)] = 0
    inputs: tuple[str, ...] = ()
    max_age_days: Annotated[int, Meta(ge=0)] = 0
    flags: tuple[Literal["on", "off", "mixed"], ...] = ()
    control: SuiteControl = SuiteControl()
    gates: tuple[Name, ...] = ()


class ClaimTable(Table, frozen=True, kw_only=True):
    """A named statement.

    Args:
        expect: Expression over evidence that must be true.
        text: The statement in words.
    """

    expect: Text
    text: str = ""


class Allow(Table, frozen=True, kw_only=True):
    """Hidden state that is there on purpose.

    Args:
        path: File, or folder ending in `/`, relative to the root, POSIX; exact, never a part of a name.
        module: Dotted module; exact. One of `path` and `module` is given.
        rules: Rule codes; all rules when empty.
        reason: Why.
        owner: Who answers for it.
        until: Date past which it is a finding itself.
    """

    reason: Text
    owner: Text
    until: IsoDate
    path: Text = ""
    module: Text = ""
    rules: tuple[str, ...] = ()


class Banned(Table, frozen=True, kw_only=True):
    """A call or an import that the project forbids itself.

    Args:
        pattern: Dotted name, for example `time.sleep`, `builtins.eval` or, in Elixir, `Process.put` or `:ets.new`; it
            forbids what lies below it too, and with `.*` at its end only that.
        message: Why.
        instead: What to use instead.
        language: The language that it is in.
        severity: How much it matters; a `note` fails nothing.
        allow: Files, and folders ending in `/`, where it may be used.
    """

    pattern: Dotted
    message: Text
    instead: str = ""
    language: Literal["python", "elixir"] = "python"
    severity: Literal["error", "warning", "note"] = "warning"
    allow: tuple[str, ...] = ()


class PathSettings(Table, frozen=True, kw_only=True):
    """Settings of the linter for some files; of several that fit a file, the later ones count more.

    Args:
        files: Globs of the files.
        select: Rule codes or prefixes to apply there, instead of those of the project.
        ignore: Rule codes or prefixes to leave out there.
    """

    files: Annotated[tuple[str, ...], Meta(min_length=1)]
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


class HiddenState(Table, frozen=True, kw_only=True):
    """Settings of the linter.

    Args:
        select: Rule codes or prefixes to apply; all when empty.
        ignore: Rule codes or prefixes to leave out.
        exclude: Globs of files to leave out.
        target-version: Oldest Python the project runs on, for example `3.11`.
        ratchet: File that holds today's findings; counts may only fall.
        allow: Exceptions.
        banned: Calls and imports that the project forbids itself.
        paths: Settings for some files.
        rule-url: Address of the page of a rule, `{rule}` standing for its code; findings and SARIF name it.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    target_version: str = ""
    ratchet: str = "validation/hidden-state.ratchet"
    allow: tuple[Allow, ...] = ()
    banned: tuple[Banned, ...] = ()
    paths: tuple[PathSettings, ...] = ()
    rule_url: str = ""


class QuarantineTable(Table, frozen=True, kw_only=True):
    """A test whose failure is known and refutes nothing until a date; it runs all the same.

    Args:
        test: Its name as its runner prints it; exact, never a part of a name.
        suite: The only suite it is meant in; every suite when empty.
        reason: Why.
        owner: Who mends it.
        until: Last day on which its failure is excused; after that the entry refutes the suite that has the test.
        issue: Where it is talked about.
    """

    test: Text
    reason: Text
    owner: Text
    until: IsoDate
    suite: str = ""
    issue: str = ""


class FlagTable(Table, frozen=True, kw_only=True):
    """A feature flag.

    Args:
        owner: Who answers for it.
        purpose: What it switches.
        created: Date it was declared.
        until: Date by which it is to be gone.
        default: State before anybody sets it.
    """

    owner: Text
    purpose: Text
    created: IsoDate
    until: IsoDate
    default: bool = False


class StageTable(Table, frozen=True, kw_only=True):
    """A stage of a migration; stages add up.

    Args:
        number: From 1, ascending.
        name: Its name.
        flags: Flags that it switches on.
        risk: `low`, `medium` or `high`.
        description: What changes.
        requires: Names of claims that must be proved before the stage is entered; those of the stages before it count
            too.
    """

    number: Annotated[int, Meta(ge=1)]
    name: str
    flags: tuple[str, ...]
    risk: Literal["low", "medium", "high"] = "low"
    description: str = ""
    requires: tuple[str, ...] = ()


class Migration(Table, frozen=True, kw_only=True):
    """When a flag is to be taken out, and how old a measurement of health may be.

    Args:
        retire-after-days: Days at 100 % after which a flag is to be taken out; 0 for never.
        health-seconds: Age at which what a running program has told about its health counts no longer.
    """

    retire_after_days: Annotated[int, Meta(ge=0)] = 30
    health_seconds: Seconds = 60.0


class Training(Table, frozen=True, kw_only=True):
    """Where the project's own exercises are.

    Args:
        path: Folder of the track, relative to the root; empty for the track that comes with overt.
        beside: Whether learners take the track that comes with overt first, and the project's own behind it.
    """

    path: str = ""
    beside: bool = False


class Runbooks(Table, frozen=True, kw_only=True):
    """Where runbooks are found.

    Args:
        paths: Globs relative to the root, POSIX.
    """

    paths: tuple[str, ...] = ("docs/how-to/runbooks/*.md", "docs/runbooks/*.md", "runbooks/*.md")


class EnvironmentTable(Table, frozen=True, kw_only=True):
    """A place in which runbooks are carried out for real.

    Args:
        folder: Folder that blocks run in, relative to the root or absolute; the root itself when empty.
        env: Variables that blocks get: `NAME` is taken from the caller and must be there, `NAME=value` is set.
        runbooks: Ids of the runbooks that may be carried out there; every one when empty.
        rehearse: Whether rehearsals, too, may be carried out and taken back there.
    """

    folder: str = ""
    env: tuple[Text, ...] = ()
    runbooks: tuple[Text, ...] = ()
    rehearse: bool = False


class AuditAllow(Table, frozen=True, kw_only=True):
    """Something that documents name, assert or count, and that the audit keeps quiet about until a date.

    Args:
        text: What is named, exactly as the document writes it; or words of what is asserted.
        path: Glob of the documents that it holds for, relative to the root; every document when empty.
        reason: Why.
        until: Last day on which it holds; after that the entry is refuted itself.
    """

    text: Text
    reason: Text
    until: IsoDate
    path: str = ""


class Audit(Table, frozen=True, kw_only=True):
    """Which documents are held against the code.

    Args:
        documents: Globs relative to the root; all Markdown when empty.
        ignore: Globs of documents to leave out.
        allow: What the audit keeps quiet about.
    """

    documents: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    allow: tuple[AuditAllow, ...] = ()


class Campaign(Table, frozen=True, kw_only=True):
    """The whole of `overt.toml`.

    Args:
        project: What the project is; what is left out is detected.
        site: How the site is built.
        suites: What runs and leaves evidence, by name.
        claims: Named statements that documents link to as `claim:NAME`.
        hidden-state: Settings of the linter.
        quarantine: Tests whose failure is known and refutes nothing until a date.
        flags: Feature flags, by name.
        stages: Stages of a migration, in order.
        migration: When a flag is to be taken out, and how old a measurement of health may be.
        runbooks: Where runbooks are found.
        environments: Places in which runbooks are carried out for real, by name.
        training: Where the project's own exercises are.
        audit: Which documents are held against the code.
        review: What a change is held to.
    """

    project: Project = Project()
    site: Site = Site()
    suites: dict[Name, Suite] = field(default_factory=dict)
    claims: dict[Name, ClaimTable] = field(default_factory=dict)
    hidden_state: HiddenState = HiddenState()
    quarantine: tuple[QuarantineTable, ...] = ()
    flags: dict[Name, FlagTable] = field(default_factory=dict)
    stages: tuple[StageTable, ...] = ()
    migration: Migration = Migration()
    runbooks: Runbooks = Runbooks()
    environments: dict[Name, EnvironmentTable] = field(default_factory=dict)
    training: Training = Training()
    audit: Audit = Audit()
    review: Review = Review()
