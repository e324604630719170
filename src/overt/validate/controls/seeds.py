"""The defects that come with overt, each with its twin: the same without the defect."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent

SLOWDOWN = 1.2
"""How much longer the slower side of the planted benchmark takes."""

LEAKED_BYTES = 1024
"""What the planted leak keeps of each cycle."""


@dataclass(frozen=True, slots=True)
class Seed:
    """A defect.

    Args:
        words: What it is, in words.
        text: The defect.
        twin: The same without it.
        says: What the gate's message holds when it alarms because of this defect; anything when empty.
    """

    words: str
    text: str
    twin: str
    says: str = ""


def _pair(text: str, defect: tuple[str, ...], twin: tuple[str, ...]) -> tuple[str, str]:
    plain = dedent(text).lstrip("\n")
    return plain.format(*defect), plain.format(*twin)


_FAILURE = _pair(
    """
    def test_overt_planted_defect():
        assert sum([1, 1]) == {}, "planted by overt"
    """,
    ("3",),
    ("2",),
)

_SLOWDOWN = _pair(
    """
    from itertools import repeat


    def _overt_side(times):
        # Not `range`, whose numbers above 256 take longer.
        def side(operations):
            for _ in repeat(None, operations):
                for _ in repeat(None, times):
                    pass

        return side


    def test_overt_planted_benchmark(compare_speed):
        done = compare_speed("overt-planted", before=_overt_side(500), after=_overt_side({}))
        assert done.verdict != "not measured"
    """,
    (str(round(500 * SLOWDOWN)),),
    ("500",),
)

_LEAK = _pair(
    """
    def test_overt_planted_leak(record_measure):
        from overt.testing.slope import assert_flat, measure, traced_bytes

        kept = []

        def cycle():
            kept{} = [bytes({})]

        with traced_bytes() as read:
            found = measure(cycle, read, cycles=100, points=12)
        for name in ("value", "low", "high"):
            record_measure("overt-planted." + name, round(getattr(found, name)), "bytes")
        assert_flat(cycle, cycles=50)
    """,
    # An empty bytes object has 33 bytes on 64 bits, so that each cycle keeps a kilobyte.
    ("[len(kept):]", str(LEAKED_BYTES - 33)),
    ("[:]", str(LEAKED_BYTES - 33)),
)

_RECOVERY = _pair(
    """
    def test_overt_planted_recovery():
        import subprocess
        import sys
        import threading

        from overt.testing import wait_for

        def begin():
            return subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)

        children = [begin()]

        def supervise():
            children[0].wait()
            {}

        supervisor = threading.Thread(target=supervise)
        supervisor.start()
        children[0].kill()
        supervisor.join()
        try:
            wait_for(lambda: children[-1].poll() is None, {}, "the killed child came back")
        finally:
            for child in children:
                child.kill()
                child.wait()
                child.stdin.close()
    """,
    ("pass", "0.5"),
    ("children.append(begin())", "60"),
)

TESTS = {
    "test": Seed("a test that fails", *_FAILURE, "planted by overt"),
    "benchmark": Seed("one side of a benchmark takes 20 % longer", *_SLOWDOWN),
    "leak": Seed("1,024 bytes that each cycle keeps", *_LEAK, "leak"),
    "recovery": Seed("a killed child that does not come back", *_RECOVERY, "the killed child came back"),
}
"""What can be planted among tests, by the name that `[suites.NAME.control]` gives it."""

_STYLE = """

import os, sys
def overtPlanted(a, list=[], b = None):
    l = undefined_overt_name
    try:
        assert a == None
    except:
        pass
    exec("1")
    print("%s" % (a))
    if type(a) == type(l): return True
"""

STYLE = Seed("code with an unused import, an undefined name and a bare except", _STYLE, "")
"""Code that breaks rules of most sets, so that any selection of them finds something."""

_HIDDEN_STATE = '''

import threading as _overt_threading

_overt_local = _overt_threading.local()
_overt_last = None
_overt_known = {}


def overt_planted(name, value):
    """Keep a value where nobody sees it."""
    global _overt_last
    _overt_last = value
    _overt_known[name] = value
    _overt_local.value = value
    overt_planted.calls = value
'''

_DICTIONARY = """

defmodule OvertPlanted do
  def put(value), do: Process.put(:overt_planted, value)
end
"""

HIDDEN_STATE = {
    ".py": Seed("a module global, a thread-local and an attribute on a function", _HIDDEN_STATE, ""),
    ".ex": Seed("a value in the process dictionary", _DICTIONARY, ""),
}
"""Hidden state, by the ending of the file that it is put behind."""
