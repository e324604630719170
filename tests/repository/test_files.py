"""The repository keeps the promises its own documents make about its files."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(path for path in (ROOT / "src").rglob("*.py") if "track" not in path.parts)
LONGEST_MODULE, LONGEST_FUNCTION = 400, 60


def tracked() -> list[Path]:
    """Return the files that git tracks."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_no_module_is_too_long() -> None:
    """A module stays short enough to be known at a glance."""
    long = [path.name for path in SOURCES if len(path.read_text().splitlines()) > LONGEST_MODULE]
    assert long == []


def test_no_function_is_too_long() -> None:
    """A function fits on a screen."""
    long = [
        f"{path.name}:{node.name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def test_the_lock_holds_hashes_and_no_address() -> None:
    """The lock installs the same files from any index."""
    lock = (ROOT / "requirements.lock").read_text()
    assert "--hash=sha256:" in lock
    assert re.findall(r"https?://|file:|--(?:extra-)?index-url|--find-links", lock) == []


def test_every_action_is_pinned_and_no_permission_is_given_at_the_top() -> None:
    """A moved tag of somebody else's action cannot change what runs here."""
    workflows = sorted((ROOT / ".github/workflows").glob("*.yml"))
    assert workflows
    for workflow in workflows:
        text = workflow.read_text()
        used = re.findall(r"uses: *(\S+)", text)
        assert [use for use in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", use)] == [], workflow.name
        assert "\npermissions: {}\n" in text


def test_short_documents_stay_short() -> None:
    """What must be read first can be read at once."""
    assert len((ROOT / "AGENTS.md").read_text().splitlines()) <= 80
    assert len((ROOT / "README.md").read_text().splitlines()) < 140


def test_the_package_says_that_it_is_typed() -> None:
    """Type checkers of users read our annotations."""
    assert (ROOT / "src/overt/py.typed").is_file()


@pytest.mark.parametrize("pattern", [r"(^|[ \"'=(])/(work|root|opt|farm)/", r"[\w-]+index-url", r"/simple\b"])
def test_no_file_holds_a_path_of_one_machine_or_an_index(pattern: str) -> None:
    """What is committed works anywhere."""
    found = []
    for path in tracked():
        if path == Path(__file__) or path.suffix in {".png", ".svg", ".woff2", ".gz"}:
            continue
        lines = path.read_text(errors="replace").splitlines()
        found += [
            f"{path.relative_to(ROOT)}:{number}" for number, line in enumerate(lines, 1) if re.search(pattern, line)
        ]
    assert found == []


def test_uv_lock_is_not_committed() -> None:
    """The one lock is requirements.lock."""
    assert ROOT / "uv.lock" not in tracked()
