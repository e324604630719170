"""Records every test as it finishes. PYTEST_DONT_REWRITE: a plain module, loaded with `-p overt_recorder`.

It runs inside the interpreter of the project under test, which need not have overt: it uses the standard library
and pytest (7 or newer, on Python 3.8 or newer) only, and changes nothing about the run. It writes JSON lines to the
file that the variable OVERT_RECORD names:

    {"k":"session",...}                     what runs
    {"k":"whole","names":[...]}             all tests, before those of other shards are left out
    {"k":"collected","names":[...]}         what is going to run, before the first test
    {"k":"start","n":NAME}                  a test begins
    {"k":"case","n":NAME,"o":OUTCOME,...}   a test, or one attempt at it, has ended
    {"k":"end","counts":{...},...}          the session has ended by itself

A line reaches the operating system before the next test begins, so a kill costs at most the test that runs.
OVERT_RECORD_SHARD (`2/3`) leaves out the tests of other shards, which OVERT_RECORD_WEIGHTS, a file, tells how to deal
out; OVERT_RECORD_SKIP names a marker whose tests are skipped.
"""

from __future__ import annotations

import json
import os
import platform
from json.encoder import encode_basestring_ascii as quote
from typing import Any

import pytest

TEXT_LIMIT = 65_536
"""Characters kept of a failure text, and of what a test printed: the first and the last half."""

WORD_LIMIT = 4_096
"""Longest word, in characters, that a cut takes away as a whole: half of a secret must not stay behind."""

MESSAGE_LIMIT = 500
"""Characters kept of a message."""

QUICK_NS = 20_000_000
"""A test quicker than this has its line written together with the next one's start."""


def capped(text: str) -> str:
    """Return the text, or its two ends with the cut said between them; a word at the edge goes as a whole."""
    if len(text) <= TEXT_LIMIT:
        return text
    half = TEXT_LIMIT // 2
    head, tail = text[:half], text[-half:]
    head = head[: max(head.rfind("\n"), head.rfind(" "), half - WORD_LIMIT)]
    breaks = [at for at in (tail.find("\n"), tail.find(" ")) if at >= 0]
    tail = tail[min([*breaks, WORD_LIMIT]) :]
    gone = len(text[len(head) : len(text) - len(tail)].encode("utf-8", "surrogatepass"))
    return f"{head}\n[... {gone} bytes left out ...]\n{tail}"


def category(report: Any) -> str:
    """Return what pytest counts a report as; empty when it counts it as nothing."""
    outcome: str = report.outcome
    if hasattr(report, "wasxfail") and outcome in ("skipped", "passed"):
        return "xfailed" if outcome == "skipped" else "xpassed"
    if report.when in ("setup", "teardown"):
        return {"failed": "error", "skipped": "skipped"}.get(outcome, "")
    return outcome if outcome in ("passed", "failed", "skipped") else ""


def without(text: str, prefix: str) -> str:
    """Return text without what it begins with; Python 3.8 has no method for it."""
    return text[len(prefix) * text.startswith(prefix) :]


def message_of(report: Any) -> str:
    """Return why a test did not pass, in one line."""
    longrepr = report.longrepr
    if hasattr(report, "wasxfail"):
        text = without(str(report.wasxfail), "reason: ")
    elif isinstance(longrepr, tuple):
        text = without(str(longrepr[2]), "Skipped: ")
    else:
        crash = getattr(longrepr, "reprcrash", None)
        text = str(crash.message) if crash is not None else str(longrepr or "")
    lines = text.strip().splitlines()
    return lines[0][:MESSAGE_LIMIT] if lines else ""


def explain(report: Any) -> dict[str, Any]:
    """Return the message, the failure text and the captured output of a report, as far as it has them."""
    told: dict[str, Any] = {"m": message_of(report)}
    if report.longrepr is not None and not isinstance(report.longrepr, tuple):
        told["t"] = capped(str(report.longrepr))
    sections = [f"--- {title} ---\n{capped(text)}" for title, text in report.sections]
    if sections:
        told["out"] = "\n".join(sections)
    return {key: value for key, value in told.items() if value}


def place(location: Any) -> tuple[str, int]:
    """Return the file and the line, counted from 1, of a location as pytest gives it."""
    path, line = location[0], location[1]
    return (path or "", line + 1 if line is not None else 0)


class Journal:
    """The file that lines are appended to; silent once it cannot be written, since the run must not change."""

    def __init__(self, path: str) -> None:
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._process = os.getpid()
        self._broken = False

    def write(self, text: str) -> None:
        """Append text, unless this is a forked child of the process that opened the file."""
        if self._broken or os.getpid() != self._process:
            return
        data = text.encode("ascii")
        try:
            while data:
                data = data[os.write(self._handle, data) :]
        except OSError:
            self._broken = True

    def line(self, **fields: Any) -> None:
        """Append one record."""
        self.write(json.dumps(fields, separators=(",", ":")) + "\n")

    def close(self) -> None:
        """Close the file."""
        self._broken = True
        os.close(self._handle)


class Recorder:
    """Turns what pytest reports into lines: in the only process, or in the controller of pytest-xdist."""

    def __init__(self, journal: Journal, config: pytest.Config) -> None:
        self._journal = journal
        self._config = config
        self._spread = bool(getattr(config.option, "numprocesses", None) or getattr(config.option, "tx", None))
        self._each = getattr(config.option, "dist", "no") == "each"
        self._collected = False
        self._open: dict[Any, list[Any]] = {}
        self._attempts: dict[str, int] = {}
        self._pending = ""

    def pytest_sessionstart(self) -> None:
        """Say what runs."""
        self._journal.line(
            k="session",
            v=1,
            pytest=pytest.__version__,
            python=platform.python_version(),
            root=str(self._config.rootpath),
        )

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Say what is going to run, before anything does."""
        self._journal.line(k="collected", names=[item.nodeid for item in session.items])

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: Any) -> None:  # noqa: ARG002
        """Say what is going to run, as the first worker found it; every worker must find the same."""
        if self._each or not self._collected:
            self._collected = True
            self._journal.line(k="collected", names=list(ids))

    def pytest_collectreport(self, report: Any) -> None:
        """Record a file that could not be collected, or skipped itself."""
        if not report.passed:
            outcome = "error" if report.failed else "skipped"
            path = report.nodeid.split("::")[0]
            name = report.nodeid or "collection"
            self._journal.line(k="case", n=name, o=outcome, d=0, p=path, l=0, c=1, **explain(report))

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Say that a test begins."""
        text = self._pending + '{"k":"start","n":' + quote(nodeid) + "}\n"
        self._pending = ""
        self._journal.write(text)

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Gather the phases of a test; its last one ends the case."""
        if hasattr(report, "context"):
            self._subtest(report)
            return
        # With `--dist each` several workers run the same test at the same moment.
        key = report.nodeid if not self._each else (report.nodeid, id(report.node))
        phases = self._open.get(key)
        if phases is None:
            phases = self._open[key] = []
        phases.append(report)
        if report.when not in ("setup", "call"):
            del self._open[key]
            self._finish(report.nodeid, phases)
        elif report.outcome == "rerun":
            del self._open[key]
            self._rerun(report.nodeid, phases)

    def _finish(self, nodeid: str, phases: list[Any]) -> None:
        duration, plain = 0.0, len(phases) == 3
        for report in phases:
            duration += report.duration
            plain = plain and report.outcome == "passed" and not hasattr(report, "wasxfail")
        spent = round(duration * 1e9)
        if not plain or phases[-1].user_properties or nodeid in self._attempts:
            self._told(nodeid, phases, spent)
            return
        path, line = place(report.location)
        text = f'{{"k":"case","n":{quote(nodeid)},"o":"passed","d":{spent},"p":{quote(path)},"l":{line}}}\n'
        self._put(text, quick=spent < QUICK_NS)

    def _told(self, nodeid: str, phases: list[Any], spent: int) -> None:
        """Record a case that needs words; what pytest counts a second time, a failed tear-down, is a second case."""
        suffix = ""
        for report in phases:
            outcome = category(report)
            if outcome:
                self._case(nodeid + suffix, report, outcome, spent)
                suffix, spent = f" ({report.when})" if report.when == "teardown" else " (teardown)", 0

    def _rerun(self, nodeid: str, phases: list[Any]) -> None:
        spent = round(sum(report.duration for report in phases) * 1e9)
        self._case(nodeid, phases[-1], "error" if phases[-1].when == "setup" else "failed", spent)
        self._attempts[nodeid] = self._attempts.get(nodeid, 1) + 1

    def _subtest(self, report: Any) -> None:
        """Record a subtest that failed; the others count with their test, as pytest counts them."""
        if report.outcome != "failed":
            return
        context = report.context
        words = [f"[{context.msg}]"] if context.msg is not None else []
        if context.kwargs:
            words.append("(" + ", ".join(f"{key}={value}" for key, value in context.kwargs.items()) + ")")
        name = " ".join([report.nodeid, *(words or ["(<subtest>)"])])
        self._case(name, report, "failed", round(report.duration * 1e9))

    def _case(self, name: str, report: Any, outcome: str, spent: int) -> None:
        path, line = place(report.location)
        fields: dict[str, Any] = {"k": "case", "n": name, "o": outcome, "d": spent, "p": path, "l": line}
        if name in self._attempts:
            fields["a"] = self._attempts[name]
        if outcome != "passed":
            fields.update(explain(report))
        proves = [str(value) for key, value in report.user_properties if key == "proves"]
        if proves:
            fields["proves"] = proves
        told = [[str(key), str(value)] for key, value in report.user_properties if str(key).startswith("overt.")]
        if told:
            fields["props"] = told
        self._put(json.dumps(fields, separators=(",", ":")) + "\n", quick=False)

    def _put(self, text: str, *, quick: bool) -> None:
        """Append a case: at once, or for a quick one with the start of the next test, which follows immediately."""
        text = self._pending + text
        self._pending = text if quick and not self._spread else ""
        if not self._pending:
            self._journal.write(text)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Say that the session has ended, why it stopped early if it did, and what pytest itself has counted."""
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        stats = {key: len(found) for key, found in reporter.stats.items() if key} if reporter else {}
        self._put("", quick=False)
        stopped = str(session.shouldfail or session.shouldstop or "")
        self._journal.line(k="end", counts=stats, stopped=stopped)

    def pytest_unconfigure(self) -> None:
        """Close the file."""
        self._journal.close()


class Selector:
    """Leaves out the tests of other shards and skips those of a marker; works in every pytest-xdist worker.

    What it deals out by is handed to a worker as text: by then the variables are gone, and the file may be, too.
    """

    def __init__(self, shard: str, skip: str, weights: str, path: str) -> None:
        self.shard, self.skip, self.weights, self.path = shard, skip, weights, path
        self._nothing_here = False

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Hand the choice to a worker."""
        node.workerinput["overt_selection"] = [self.shard, self.skip, self.weights, self.path]

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Take away what other shards run, and mark what is to be skipped."""
        if self.shard:
            names = [item.nodeid for item in items]
            self._tell_whole(config, names)
            mine = self._mine(names)
            self._nothing_here = bool(names) and not mine
            others = [item for item in items if item.nodeid not in mine]
            if others:
                config.hook.pytest_deselected(items=others)
                items[:] = [item for item in items if item.nodeid in mine]
        for item in items:
            if self.skip and item.get_closest_marker(self.skip):
                item.add_marker(pytest.mark.skip(reason=f"left out: marked {self.skip}"), append=False)

    def _mine(self, names: list[str]) -> set[str]:
        from overt_split import deal  # type: ignore[import-not-found]  # it lies beside this file

        number, shards = map(int, self.shard.split("/"))
        told = json.loads(self.weights or "{}")
        return set(deal(names, shards, told.get("known", {}), told.get("loads", ()))[number - 1])

    def _tell_whole(self, config: pytest.Config, names: list[str]) -> None:
        """Say what all the tests are; of several workers, which must agree, only the first does."""
        worker = getattr(config, "workerinput", {"workerid": "gw0"})
        if self.path and worker["workerid"] == "gw0":
            journal = Journal(self.path)
            journal.line(k="whole", names=names)
            journal.close()

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A shard to which no test falls, while others have some, has done what it was to do."""
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output["overt_nothing_here"] = self._nothing_here
        elif self._nothing_here and session.exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
            session.exitstatus = pytest.ExitCode.OK

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: Any) -> None:  # noqa: ARG002
        """Learn from a worker that no test fell to this shard."""
        told = getattr(node, "workeroutput", None) or {}
        self._nothing_here = self._nothing_here or bool(told.get("overt_nothing_here"))


def _take_environment() -> list[str]:
    """Take our variables out of the environment, so that what the tests start does not see them.

    Returns:
        The file to write, the shard, the marker to skip, and the file of weights.
    """
    names = ("OVERT_RECORD", "OVERT_RECORD_SHARD", "OVERT_RECORD_SKIP", "OVERT_RECORD_WEIGHTS")
    taken = [os.environ.pop(name, "") for name in names]
    here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 (this file imports as little as it can)
    search = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if search[0] == here:
        rest = os.pathsep.join(search[1:])
        if rest:
            os.environ["PYTHONPATH"] = rest
        else:
            del os.environ["PYTHONPATH"]
    return taken


def pytest_configure(config: pytest.Config) -> None:
    """Set up what this process needs: nothing at all when nobody asked for a recording."""
    worker = getattr(config, "workerinput", None)
    journal = ""
    if worker is not None:
        shard, skip, weights, path = worker.get("overt_selection", ("", "", "", ""))
    else:
        journal, shard, skip, table = _take_environment()
        path, weights = journal, _read(table) if table else ""
    if shard or skip:
        config.pluginmanager.register(Selector(shard, skip, weights, path), "overt-selector")
    if journal:
        config.pluginmanager.register(Recorder(Journal(journal), config), "overt-recorder")


def _read(path: str) -> str:
    with open(path, encoding="utf-8") as stream:  # noqa: PTH123 (this file imports as little as it can)
        return stream.read()
