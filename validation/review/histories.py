"""Histories of every sort that git knows, and what a reviewer ought to be told of the last commit of each."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from .repository import Content, Repository

CART: Final = '''"""The cart."""


def total(prices):
    """Return the sum."""
    return sum(prices)
'''
LONG: Final = '"""A till."""\n\n' + "".join(f"A{number} = {number}\n" for number in range(40))
TEST: Final = "from shop.cart import total\n\n\ndef test_total():\n    assert total([1, 2]) == 3\n"
PROJECT: Final = "[project]\nname = 'shop'\nversion = '1'\ndependencies = [{}]\n"
SHOP: Final[Mapping[str, Content]] = {
    "pyproject.toml": PROJECT.format(""),
    "README.md": "# Shop\n\nSee [the changes](CHANGELOG.md).\n",
    "CHANGELOG.md": "# Changes\n\n## 1\n\n- first\n",
    "src/shop/__init__.py": '"""A shop."""\n',
    "src/shop/cart.py": CART,
    "src/shop/till.py": LONG,
    "tests/test_cart.py": TEST,
    "uv.lock": "version = 1\n",
    "logo.png": b"\x89PNG\r\n\0\0\0",
    "run.sh": "#!/bin/sh\necho\n",
}
WITH_TAX: Final = CART.replace("sum(prices)", "sum(prices) * 2")
TEST_TAX: Final = TEST.replace("== 3", "== 6")


@dataclass(frozen=True, slots=True)
class History:
    """A history, and what its last change amounts to; what is named nowhere does not apply.

    Args:
        name: What it shows.
        make: Makes it, on top of the shop, and returns the range when it is not the last commit.
        refuted: Ids of the items that do not hold.
        open: Ids of the questions that are asked.
        proved: Ids of the items that hold, beside those that hold nearly always.
        unchecked: Ids of the items that could not run, beside `evidence-is-fresh`: nothing is recorded here.
    """

    name: str
    make: Callable[[Repository], str | None]
    refuted: str = ""
    open: str = ""
    proved: str = "no-secrets small-enough"
    unchecked: str = ""


def _commit(files: Mapping[str, Content], message: str = "change") -> Callable[[Repository], None]:
    def make(repository: Repository) -> None:
        repository.commit(files, message)

    return make


def _move(repository: Repository, old: str, new: str) -> None:
    (repository.root / new).parent.mkdir(parents=True, exist_ok=True)
    (repository.root / old).rename(repository.root / new)


def _renamed(repository: Repository) -> None:
    _move(repository, "src/shop/till.py", "src/shop/desk.py")
    repository.commit()


def _renamed_and_edited(repository: Repository) -> None:
    _move(repository, "src/shop/till.py", "src/shop/desk.py")
    repository.commit({"src/shop/desk.py": LONG + "rows = []\n"})


def _merge(repository: Repository, *, evil: bool) -> str:
    base = repository.git("rev-parse", "HEAD")
    repository.git("checkout", "-q", "-b", "work")
    repository.commit({"src/shop/cart.py": WITH_TAX, "tests/test_cart.py": TEST_TAX})
    repository.git("checkout", "-q", "main")
    repository.commit({"README.md": "# The shop\n"})
    repository.git("merge", "-q", "--no-ff", "--no-commit", "work")
    repository.write(
        {"src/shop/cart.py": WITH_TAX + "\n\nseen = []\n\n\ndef _see(x):\n    seen.append(x)\n"} if evil else {}
    )
    repository.git("add", "-A")
    repository.commit_index("merge")
    return f"{base}...HEAD"


def _behind(repository: Repository) -> str:
    repository.git("checkout", "-q", "-b", "work")
    repository.commit({"README.md": "# Work\n"})
    repository.git("checkout", "-q", "main")
    repository.commit({"src/shop/cart.py": WITH_TAX})
    return "main...work"


def _submodule(repository: Repository) -> None:
    other = Repository(repository.root.parent / "other")
    other.commit({"a.py": "import threading\n\nhere = threading.local()\n"})
    repository.git("submodule", "add", "-q", str(other.root), "vendor/other")
    repository.commit()


def _submodule_moves(repository: Repository) -> None:
    _submodule(repository)
    repository.write({})
    inside = Repository(repository.root / "vendor/other")
    inside.commit({"a.py": "x = 1\n"})
    repository.commit()


def _mode(repository: Repository) -> None:
    (repository.root / "run.sh").chmod(0o755)
    repository.commit()


def _folder(repository: Repository) -> None:
    repository.write({"run.sh": None})
    repository.commit({"run.sh/inner.txt": "x\n"})


def _detached(repository: Repository) -> None:
    repository.commit({"README.md": "# Here\n"})
    repository.git("checkout", "-q", "--detach")


def _work_tree(repository: Repository) -> None:
    repository.git("worktree", "add", "-q", "-b", "beside", str(repository.root.parent / "beside"))
    repository.root = repository.root.parent / "beside"
    repository.commit({"README.md": "# Beside\n"})


def _crlf(repository: Repository) -> None:
    """Line ends alone: every line is another, and nothing means anything else."""
    repository.commit({"src/shop/cart.py": CART.replace("\n", "\r\n")})


def _names(repository: Repository) -> None:
    names = ("a\nb.md", "tab\there.md", 'quo"te.md', "-rf.md", "grüße/日本.md", ":(top)x.md", os.fsdecode(b"\xff.md"))
    repository.commit(dict.fromkeys(names, "# A\n"))


def _copies(repository: Repository) -> None:
    repository.commit({"docs/one.md": "# One\n", "docs/two.md": "# One\n"})


def _everything(repository: Repository) -> None:
    for name in SHOP:
        if name != "README.md":
            repository.write({name: None})
    repository.commit({"README.md": SHOP["README.md"]})


TESTED: Final = "source-has-tests no-new-hidden-state no-secrets small-enough"
PYTHON: Final = "no-new-hidden-state no-secrets small-enough"

HISTORIES: Final = (
    History(
        "source and test",
        _commit({"src/shop/cart.py": WITH_TAX, "tests/test_cart.py": TEST_TAX}),
        proved=TESTED,
        unchecked="tests-see-the-change",
    ),
    History("source alone", _commit({"src/shop/cart.py": WITH_TAX}), "source-has-tests", proved=PYTHON),
    History("test alone", _commit({"tests/test_cart.py": TEST_TAX}), proved=PYTHON),
    History("page alone", _commit({"README.md": "# Shop\n\nMore.\n"}), proved="docs-hold no-secrets small-enough"),
    History("a link that leads nowhere", _commit({"README.md": "See [a](gone.md).\n"}), "docs-hold"),
    History("docstring alone", _commit({"src/shop/cart.py": CART.replace("the sum", "their sum")}), proved=PYTHON),
    History(
        "annotations alone",
        _commit({"src/shop/cart.py": CART.replace("total(prices)", "total(prices: list[int]) -> int")}),
        proved=PYTHON,
    ),
    History(
        "version alone",
        _commit({"src/shop/__init__.py": '"""A shop."""\n\n__version__ = "2"\n'}),
        "api-is-told",
        proved=PYTHON,
    ),
    History("layout alone", _commit({"src/shop/cart.py": CART.replace("sum(prices)", "sum( prices )")}), proved=PYTHON),
    History("renamed", _renamed, "api-is-told", "interface-is-meant", PYTHON),
    History(
        "renamed and edited",
        _renamed_and_edited,
        "source-has-tests api-is-told",
        "interface-is-meant state-has-owner",
        PYTHON,
    ),
    History(
        "source deleted",
        _commit({"src/shop/till.py": None}),
        "source-has-tests api-is-told",
        "interface-is-meant",
        "small-enough",
    ),
    History(
        "everything deleted but a page",
        _everything,
        "source-has-tests api-is-told docs-hold",
        "interface-is-meant tests-may-go",
        "",
        "small-enough",
    ),
    History("test deleted", _commit({"tests/test_cart.py": "\n"}), open="tests-may-go", proved=PYTHON),
    History(
        "merge",
        lambda repository: _merge(repository, evil=False),
        proved=f"{TESTED} docs-hold",
        unchecked="tests-see-the-change",
    ),
    History(
        "merge that brings what neither side had",
        lambda repository: _merge(repository, evil=True),
        "no-new-hidden-state api-is-told",
        "state-has-owner",
        "source-has-tests no-secrets small-enough docs-hold",
        "tests-see-the-change",
    ),
    History("main has gone on", _behind, proved="docs-hold no-secrets small-enough"),
    History("picture", _commit({"logo.png": b"\x89PNG\r\n\0\1\2"}), proved="no-secrets", unchecked="small-enough"),
    History("submodule added", _submodule),
    History("submodule moved", _submodule_moves, proved="small-enough"),
    History("names of every shape", _names, proved="docs-hold no-secrets small-enough"),
    History(
        "names that are no ASCII in Python",
        _commit({"src/shop/größe.py": '"""Größe."""\n\nMASS = "ß"\n'}),
        "source-has-tests api-is-told",
        "",
        PYTHON,
    ),
    History("line ends", _crlf, proved=PYTHON),
    History(
        "line ends with an edit",
        _commit({"src/shop/cart.py": WITH_TAX.replace("\n", "\r\n")}),
        "source-has-tests",
        proved=PYTHON,
    ),
    History("mode", _mode),
    History("symbolic link", _commit({"run.sh": Path("README.md")}), proved="small-enough"),
    History(
        "symbolic link that leads out",
        _commit({"src/shop/out.py": Path("/etc/passwd")}),
        "source-has-tests",
        proved="small-enough",
    ),
    History("file becomes folder", _folder),
    History("detached", _detached, proved="docs-hold no-secrets small-enough"),
    History("second work tree", _work_tree, proved="docs-hold no-secrets small-enough"),
    History("the same content twice", _copies, unchecked="docs-hold"),
    History(
        "dependency with reason and lock",
        _commit(
            {"pyproject.toml": PROJECT.format("'msgspec'"), "uv.lock": "[[package]]\nname = 'msgspec'\n"},
            "Records are decoded with msgspec, which is quick",
        ),
        proved="dependency-has-reason lock-follows-dependencies no-secrets small-enough",
    ),
    History(
        "dependency without either",
        _commit({"pyproject.toml": PROJECT.format("'msgspec'")}),
        "dependency-has-reason lock-follows-dependencies",
    ),
    History("lock alone", _commit({"uv.lock": "version = 2\n"})),
    History(
        "new function, told and tested",
        _commit(
            {
                "src/shop/cart.py": CART + '\n\ndef mean(prices):\n    """Return the mean."""\n    return 1\n',
                "tests/test_cart.py": TEST_TAX,
                "CHANGELOG.md": "# Changes\n\n## 2\n\n- mean\n",
            }
        ),
        proved=f"{TESTED} api-is-told docs-hold",
        unchecked="tests-see-the-change",
    ),
    History(
        "thread in source",
        _commit(
            {"src/shop/cart.py": f"{CART}\n\ndef _go():\n    import threading\n\n    threading.Thread().start()\n"}
        ),
        "source-has-tests no-new-hidden-state",
        "concurrency-is-tested",
        "no-secrets small-enough",
    ),
    History(
        "error swallowed",
        _commit(
            {"src/shop/cart.py": f"{CART}\n\ndef _go():\n    try:\n        pass\n    except OSError:\n        pass\n"}
        ),
        "source-has-tests",
        "errors-are-handled",
        PYTHON,
    ),
    History(
        "suppression",
        _commit({"src/shop/till.py": LONG + "A1 = 2  # type: ignore[misc]\n"}),
        "source-has-tests suppression-has-reason",
        proved=PYTHON,
    ),
    History(
        "a file that is no Python",
        _commit({"src/shop/cart.py": "def total(:\n"}),
        "source-has-tests",
        proved="no-secrets small-enough",
        unchecked="no-new-hidden-state api-is-told interface-is-meant",
    ),
    History(
        "token",
        _commit({"README.md": "# A\n\n" + "gh" + "p_" + "A1b2C3d4E5" * 4 + "\n"}),
        "no-secrets",
        proved="docs-hold small-enough",
    ),
    History(
        "unpinned action",
        _commit({".github/workflows/ci.yml": "on: push\njobs:\n  a:\n    steps:\n      - uses: a/b@v1\n"}),
        "workflow-is-safe",
    ),
    History("migration", _commit({"db/migrations/1.sql": "drop table a;\n"}), open="data-can-go-back"),
    History(
        "seven hundred lines",
        _commit({"src/shop/big.py": '"""Big."""\n' + "x = 1\n" * 700, "CHANGELOG.md": "# B\n"}),
        "source-has-tests small-enough",
        "state-has-owner",
        "no-new-hidden-state api-is-told no-secrets docs-hold",
    ),
    History(
        "message that looks like markup",
        _commit({"run.sh": "#!/bin/sh\n"}, "<img src=x onerror=alert(1)>\n\n- [x] all"),
    ),
)
