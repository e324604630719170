"""From a result file of any kind to its records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import msgspec

from overt.evidence.importers.asv import read_asv
from overt.evidence.importers.comparison import read_comparison
from overt.evidence.importers.coverage import read_coverage
from overt.evidence.importers.ctrf import read_ctrf
from overt.evidence.importers.hyperfine import read_hyperfine
from overt.evidence.importers.imported import Imported, shown_path
from overt.evidence.importers.json_file import parse_json
from overt.evidence.importers.junit import read_junit
from overt.evidence.importers.pyperf import read_pyperf
from overt.evidence.importers.pytest_benchmark import read_pytest_benchmark
from overt.evidence.importers.sarif import read_sarif
from overt.evidence.importers.xml import Handlers, parse_xml
from overt.model import Exit, Location, OvertError, Problem
from overt.system.text import did_you_mean

READERS: Final[Mapping[str, Callable[..., Imported]]] = MappingProxyType(
    {
        "junit": read_junit,
        "ctrf": read_ctrf,
        "sarif": read_sarif,
        "coverage-xml": read_coverage,
        "comparison": read_comparison,
        "pytest-benchmark": read_pytest_benchmark,
        "pyperf": read_pyperf,
        "hyperfine": read_hyperfine,
        "asv": read_asv,
    }
)
"""Reader of each format."""

_ROOTS: Final[Mapping[str, str]] = MappingProxyType(
    {"testsuites": "junit", "testsuite": "junit", "coverage": "coverage-xml"}
)


class _Top(msgspec.Struct):
    runs: msgspec.Raw = msgspec.Raw()
    results: msgspec.Raw = msgspec.Raw()
    comparisons: msgspec.Raw = msgspec.Raw()
    benchmarks: msgspec.Raw = msgspec.Raw()
    machine_info: msgspec.Raw = msgspec.Raw()
    result_columns: msgspec.Raw = msgspec.Raw()


class _RootFound(Exception):
    """Ends the reading of a document at its first element."""


def guess_format(path: Path, name: str = "") -> str:
    """Return the format of a result file by what is in it: the name of one of `READERS`.

    Args:
        path: The file.
        name: How it is named in messages; its path when empty.

    Raises:
        OvertError: It is empty, cannot be read, or is none of these.
    """
    shown = name or path.as_posix()
    try:
        with path.open("rb") as stream:
            head = stream.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip()
        found = _json_format(path, shown) if head[:1] in {b"{", b"["} else _xml_format(path, shown, head)
    except OSError as error:
        raise OvertError(f"cannot be read: {error.strerror}", where=Location(shown), exit=Exit.UNCHECKED) from error
    if not found:
        hint = f"expected JSON or XML in one of these formats: {', '.join(READERS)}"
        raise OvertError("is no result file of a known format", where=Location(shown), hint=hint, exit=Exit.UNCHECKED)
    return found


def _json_format(path: Path, name: str) -> str:
    top = parse_json(path, name, _Top)
    listed = bytes(top.results).lstrip().startswith(b"[")
    keys = {
        "sarif": top.runs,
        "asv": top.result_columns,
        "hyperfine" if listed else "ctrf": top.results,
        "comparison": top.comparisons,
        "pytest-benchmark" if bytes(top.machine_info) else "pyperf": top.benchmarks,
    }
    return next((name for name, value in keys.items() if bytes(value)), "")


def _xml_format(path: Path, name: str, head: bytes) -> str:
    if head and b"<" not in head[:4]:
        return ""  # neither JSON nor XML in any encoding: what a parser says about it helps nobody
    root = ""

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal root
        root = tag.rpartition(":")[2]
        raise _RootFound

    try:
        parse_xml(path, name, Handlers(start, lambda _: None, lambda _: None))
    except _RootFound:
        return _ROOTS.get(root, "")
    return ""


def read_results(path: Path, *, suite: str, root: Path, result_format: str = "") -> Imported:
    """Read a result file.

    Args:
        path: The file.
        suite: Suite that it belongs to.
        root: Folder of the project; paths are made relative to it.
        result_format: The name of one of `READERS`; guessed when empty.

    Raises:
        OvertError: There is no such format.
    """
    name = shown_path(path, root)
    if result_format and result_format not in READERS:
        raise OvertError(f"there is no format {result_format!r}", hint=did_you_mean(result_format, READERS))
    try:
        chosen = result_format or guess_format(path, name)
    except OvertError as error:
        return Imported((), tuple(Problem(one.message, one.where, one.hint) for one in error.problems))
    return READERS[chosen](path, suite=suite, root=root)
