"""Where modules are: from dotted names to files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path


class Modules:
    """Finds the file that a dotted name lives in, as the import system would from the file that imports it.

    Args:
        root: The project's folder.
    """

    def __init__(self, root: Path) -> None:
        self._root = os.path.join(root, "")  # noqa: PTH118
        self._known: dict[tuple[str, str], str] = {}
        self._is_package: dict[str, bool] = {}

    def home(self, path: str, dotted: str) -> str:
        """Return the file that a dotted name is defined in; empty when it is none of the project's.

        Args:
            path: The file that imports it.
            dotted: Module and name; with leading dots when the import is relative.
        """
        module = dotted.rpartition(".")[0] if dotted.strip(".").count(".") else dotted[: -len(dotted.lstrip("."))]
        folder = path.rpartition("/")[0]
        key = (folder, module)
        if key not in self._known:
            self._known[key] = self._find(folder, module)
        return self._known[key]

    def _find(self, folder: str, module: str) -> str:
        bare = module.lstrip(".")
        level = len(module) - len(bare)
        if level:
            around = folder.split("/") if folder else []
            if level - 1 > len(around):
                return ""
            return self._file("/".join(around[: len(around) - level + 1]), bare)
        return next((found for base in self._bases(folder) if (found := self._file(base, bare))), "") if bare else ""

    def _bases(self, folder: str) -> Iterator[str]:
        """Yield the folders that absolute imports begin in: those around a file that are no packages, and `src`."""
        while folder:
            if not self._packaged(folder):
                yield folder
            folder = folder.rpartition("/")[0]
        yield from ("", "src", "lib")

    def _packaged(self, folder: str) -> bool:
        if folder not in self._is_package:
            self._is_package[folder] = os.path.isfile(f"{self._root}{folder}/__init__.py")  # noqa: PTH113  # asked by the thousand
        return self._is_package[folder]

    def _file(self, base: str, module: str) -> str:
        stem = "/".join(part for part in (base, *module.split(".")) if part)
        names = [f"{stem}.py", f"{stem}/__init__.py"] if module else [f"{stem}/__init__.py".lstrip("/")]
        return next((name for name in names if os.path.isfile(self._root + name)), "")  # noqa: PTH113
