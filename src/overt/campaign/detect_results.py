"""Result files of tests that lie in a project, whatever language wrote them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path, PurePosixPath

_PLACES = (
    *("*.xml", "build/*.xml", "reports/*.xml", "test-reports/*.xml", "test-results/*.xml", "junit/*.xml"),
    *("target/surefire-reports/TEST-*.xml", "build/test-results/*/TEST-*.xml", "target/nextest/*/*.xml"),
    "_build/test/lib/*/*.xml",
)
"""Where runners put their results; folders that git ignores are looked into as well."""

_LOOKED_AT = 500
_HEAD_BYTES = 4_096
_NAMED = 3


def find_results(root: Path, files: Sequence[str]) -> tuple[str, ...]:
    """Return the JUnit XML files of a project, relative to its root; for many in one folder a glob.

    Args:
        root: Its folder.
        files: Its files, relative to the root, POSIX.
    """
    by_folder: dict[str, list[str]] = {}
    for name in islice(_candidates(root, files), _LOOKED_AT):
        if _is_junit(root / name):
            by_folder.setdefault(str(PurePosixPath(name).parent), []).append(name)
    found: list[str] = []
    for folder, names in sorted(by_folder.items()):
        found += names if len(names) <= _NAMED else [f"{folder}/*.xml" if folder != "." else "*.xml"]
    return tuple(found)


def _candidates(root: Path, files: Sequence[str]) -> Iterator[str]:
    listed = {name for name in files if name.endswith(".xml") and name.count("/") < 3}
    lying = {path.relative_to(root).as_posix() for place in _PLACES for path in root.glob(place) if path.is_file()}
    yield from sorted(listed | lying)


def _is_junit(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return b"<testsuite" in stream.read(_HEAD_BYTES)
    except OSError:
        return False
