"""How well the check for leaks finds leaks and tells their size, and how often it alarms where there is none.

Run it with `python validation/benchmarks/leaks.py --repeats 20`, and with `--hogs 2` beside two processes that keep the
processors busy. Each repeat is a process of its own; every second one begins with a heap full of holes. Planted are

- `bytes`: 1,024 bytes of Python an iteration; `small`: lists of five, 104 bytes with their place in another list;
- `list`: a list that grows by 1,024 bytes; `native`: 1,024 bytes of the C library; `mapped`: a page from the kernel;
- `thread`, `descriptor`: one that stays.

And what is none: `work` that leaves nothing, `churn` of many sizes, a `cache` of 1,000 and one of 6,000 entries, and
`imports` of modules in the middle of it.

Ends with 1 when a leak is missed or its size is told wrong by more than a tenth, or when something is flagged that is
none.
"""

from __future__ import annotations

import argparse
import ctypes
import importlib
import json
import mmap
import os
import random
import subprocess
import sys
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from overt.testing.leaking import measure_leaks

Work = Callable[[], object]

SIZES: dict[str, int] = {"bytes": 1024, "small": 104, "list": 1024, "native": 1024, "mapped": 4096}
"""Bytes an iteration that each planted leak leaves."""

COUNTED = ("thread", "descriptor")
FLAT = ("work", "churn", "cache-1000", "cache-6000", "imports")
IMPORTED = ("xml.dom.minidom", "asyncio", "email.mime.text", "sqlite3", "unittest.mock", "http.server", "ftplib")
WRONG = 0.1


def _python(case: str) -> Work:
    kept: list[Any] = []
    if case == "bytes":
        return lambda: kept.append(bytes(1024 - 33))
    if case == "small":
        return lambda: kept.append([None] * 5)
    return lambda: kept.extend([None] * 128)


def _native() -> Work:
    library = ctypes.CDLL(None)
    library.malloc.restype, library.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    library.memset.restype = ctypes.c_void_p
    library.memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
    return lambda: library.memset(library.malloc(1024), 1, 1024)


def _mapped() -> Work:
    library = ctypes.CDLL(None)
    library.mmap.restype = ctypes.c_void_p
    library.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
    library.memset.restype = ctypes.c_void_p
    library.memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
    rights, private = mmap.PROT_READ | mmap.PROT_WRITE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
    return lambda: library.memset(library.mmap(None, 4096, rights, private, -1, 0), 1, 4096)


def _once(case: str) -> Work:
    """Return what leaves one thread or descriptor behind, in the middle."""
    count = iter(range(10**9))
    leave = {
        "thread": lambda: threading.Thread(target=threading.Event().wait, daemon=True).start(),
        "descriptor": lambda: os.open(os.devnull, os.O_RDONLY),
    }[case]
    return lambda: leave() if next(count) == 1000 else None


def _cache(entries: int) -> Work:
    kept: OrderedDict[int, bytes] = OrderedDict()
    numbers = iter(range(10**9))

    def work() -> None:
        kept[next(numbers)] = bytes(1000)
        if len(kept) > entries:
            kept.popitem(last=False)

    return work


def _imports() -> Work:
    count, names = iter(range(10**9)), iter(IMPORTED)

    def work() -> None:
        if next(count) % 500 == 300 and (name := next(names, "")):
            importlib.import_module(name)

    return work


def _churn() -> Work:
    size = random.Random(os.getpid())
    return lambda: sorted(bytes(size.randrange(3000)) for _ in range(20))


def work_of(case: str) -> Work:
    """Return what a case does again and again."""
    if case in {"bytes", "small", "list"}:
        return _python(case)
    if case in COUNTED:
        return _once(case)
    if case.startswith("cache-"):
        return _cache(int(case.removeprefix("cache-")))
    made: dict[str, Callable[[], Work]] = {"native": _native, "mapped": _mapped, "imports": _imports, "churn": _churn}
    return made[case]() if case in made else lambda: {"a": 1}


def holes() -> list[Any]:
    """Return what holds a heap with holes of many sizes open."""
    size = random.Random(os.getpid())
    things: list[Any] = [bytes(size.randrange(1, 4000)) for _ in range(20_000)]
    things += [[None] * size.randrange(9) for _ in range(50_000)]
    size.shuffle(things)
    del things[::2]
    return things


def once(case: str, *, torn: bool) -> None:
    """Measure one case in this process and write what it came to."""
    kept = holes() if torn else []
    found = measure_leaks("case", work_of(case), grace=0.2)
    held = found.growth.held
    told = {"verdict": found.verdict, "bytes": held.value if held else 0.0, "holes": len(kept)}
    sys.stdout.write(json.dumps(told))
    sys.stdout.flush()
    os._exit(0)  # a thread that was leaked on purpose is not waited for


@dataclass(frozen=True, slots=True)
class Figure:
    """What the repeats of one case came to.

    Args:
        case: The case.
        verdicts: How often each verdict came.
        size: Bytes an iteration that were planted; 0 where the size is not asked for.
        least: Smallest size that was told, bytes an iteration.
        most: Largest one.
        right: Whether every repeat was.
    """

    case: str
    verdicts: dict[str, int]
    size: int
    least: float
    most: float
    right: bool


def figure(case: str, repeats: int) -> Figure:
    """Return what the repeats of a case come to."""
    seen = []
    for number in range(repeats):
        argv = [sys.executable, __file__, "--once", case, *(["--holes"] if number % 2 else [])]
        done = subprocess.run(argv, check=True, capture_output=True)
        seen.append(json.loads(done.stdout))
    verdicts = Counter(one["verdict"] for one in seen)
    sizes = [one["bytes"] for one in seen]
    size = SIZES.get(case, 0)
    near = not size or all(abs(one - size) <= WRONG * size for one in sizes)
    wanted = "flat" if case in FLAT else "leaks"
    return Figure(case, dict(verdicts), size, min(sizes), max(sizes), near and set(verdicts) == {wanted})


@contextmanager
def busy(hogs: int) -> Iterator[None]:
    """Keep so many processors busy in the block."""
    started = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(hogs)]
    try:
        yield
    finally:
        for one in started:
            one.kill()
            one.wait()


def main() -> int:
    """Measure every case and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--hogs", type=int, default=0, help="processes that keep the processors busy meanwhile")
    parser.add_argument("--case", action="append", choices=[*SIZES, *COUNTED, *FLAT])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--once", help=argparse.SUPPRESS)
    parser.add_argument("--holes", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.once:
        once(options.once, torn=options.holes)
    with busy(options.hogs):
        figures = [figure(case, options.repeats) for case in options.case or [*SIZES, *COUNTED, *FLAT]]
    if options.json:
        print(json.dumps({"repeats": options.repeats, "hogs": options.hogs, "cases": [asdict(one) for one in figures]}))
    else:
        for one in figures:
            said = ", ".join(f"{number} {verdict}" for verdict, number in one.verdicts.items())
            told = f"  {one.least:,.0f} to {one.most:,.0f} bytes of {one.size:,}" if one.size else ""
            print(f"{'ok   ' if one.right else 'WRONG'} {one.case:12} {said}{told}")
    return 0 if all(one.right for one in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
