"""However a program ends, what waited is announced; what cannot be saved is said.

SIGKILL, SIGTERM without a handler, and `os._exit` leave a program no time: what they lose is what waited in batches
that were not full, and nothing that had been announced.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Sequence

import pytest

PROGRAM = """
import atexit, os, signal, sys, threading
from overt.runtime import Runtime, SampledEvents, Telemetry

telemetry = Telemetry()
telemetry.attach("show", ("item",), lambda name, measured, meta: os.write(1, f"{meta['items']}\\n".encode()))
events = SampledEvents(telemetry, batch_size=4, flush_interval=60)
for number in range(10):
    events.emit_batched(("item",), number)

def stop(number, frame):
    raise SystemExit(5)

signal.signal(signal.SIGTERM, stop)
"""

ENDINGS = {
    "falls off the end": ("", 0, range(10)),
    "sys.exit": ("sys.exit(3)", 3, range(10)),
    "unhandled exception": ("raise ValueError('no')", 1, range(10)),
    "KeyboardInterrupt": ("os.kill(os.getpid(), signal.SIGINT)\nsignal.pause()", -signal.SIGINT, range(10)),
    "SIGTERM with a handler": ("os.kill(os.getpid(), signal.SIGTERM)\nsignal.pause()", 5, range(10)),
    "sys.exit in a thread that is not waited for": (
        "threading.Thread(target=sys.exit, daemon=True).start()\nsys.exit(3)",
        3,
        range(10),
    ),
    "an item by a thread that outlives the main one": (
        "threading.Thread(target=lambda: (threading.main_thread().join(), events.emit_batched(('item',), 10))).start()",
        0,
        range(11),
    ),
    "an item from atexit": ("atexit.register(lambda: events.emit_batched(('item',), 10))", 0, range(11)),
    "nobody holds the events": ("del events", 0, range(10)),
    "the events are in a cycle": ("telemetry.attach('cycle', ('x',), lambda *e: events)\ndel stop", 0, range(10)),
    "closed by a with block": ("with events: pass\nos._exit(0)", 0, range(10)),
    "a Runtime that nobody closes": (
        "events.close()\nruntime = Runtime(telemetry=telemetry)\nruntime.events.emit_batched(('item',), 10)",
        0,
        range(11),
    ),
    "SIGTERM without a handler": (
        "signal.signal(signal.SIGTERM, signal.SIG_DFL)\nos.kill(os.getpid(), signal.SIGTERM)\nsignal.pause()",
        -signal.SIGTERM,
        range(8),
    ),
    "SIGKILL": ("os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL, range(8)),
    "os._exit": ("os._exit(0)", 0, range(8)),
}


def announced(program: str) -> tuple[list[int], int, str]:
    """Run a program; returns the items it announced, how it ended, and what it complained of."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300, check=False)
    items = [int(item) for line in done.stdout.splitlines() for item in line.strip("[]").split(",")]
    return items, done.returncode, done.stderr


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_waited_is_announced_whatever_ends_the_program(ending: str) -> None:
    """Each item once and in order; a kill loses what waited in the batch that was not full, and only that."""
    end, status, expected = ENDINGS[ending]
    items, ended, said = announced(PROGRAM + end)
    assert (items, ended) == (list[int](expected), status), said


def test_an_item_that_comes_after_the_last_flush_is_lost() -> None:
    """Of a handler of atexit that was registered before any events were made, so that it runs after their flush."""
    early = "import atexit\natexit.register(lambda: events.emit_batched(('item',), 10))\n"
    assert announced(early + PROGRAM) == (list(range(10)), 0, "")


def contiguous(items: Sequence[tuple[int, int]], writers: int) -> bool:
    """Tell whether each writer's items are numbered from nought without a gap, in order."""
    own = [[number for who, number in items if who == writer] for writer in range(writers)]
    return all(numbers == list(range(len(numbers))) for numbers in own) and all(own)


def test_an_exit_in_the_middle_of_much_writing_loses_nothing_accepted_before() -> None:
    """Four threads write without end; the program ends all the same, and each writer's items have no gap."""
    program = """
import atexit, json, sys, threading
from overt.runtime import SampledEvents, Telemetry

telemetry, out = Telemetry(), []
telemetry.attach("keep", (), lambda name, measured, meta: out.extend(meta["items"]))
accepted = [0] * 4

def tell():
    # Registered before the events are made, so run after they were flushed.
    print(json.dumps([before, out]), flush=True)

atexit.register(tell)
events = SampledEvents(telemetry, batch_size=64, flush_interval=60)

def write(writer):
    number = 0
    while True:
        events.emit_batched(("item",), (writer, number))
        number += 1
        accepted[writer] = number

for writer in range(4):
    threading.Thread(target=write, args=(writer,), daemon=True).start()
while min(accepted) < 500:
    pass
before = list(accepted)
sys.exit(0)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300, check=False)
    before, out = json.loads(done.stdout)
    assert contiguous([tuple(item) for item in out], 4), done.stderr
    assert all(sum(who == writer for who, _ in out) >= before[writer] for writer in range(4))


def test_interrupts_in_the_middle_of_announcing_lose_nothing() -> None:
    """A signal every millisecond, each raising in whatever stands there: every accepted item arrives, in order."""
    program = """
import signal
from overt.runtime import SampledEvents, Telemetry

class Interrupt(BaseException): pass

def interrupt(number, frame):
    raise Interrupt

heard = []
telemetry = Telemetry()
telemetry.attach("keep", (), lambda name, measured, meta: heard.append(meta["items"]))
events = SampledEvents(telemetry, batch_size=8, flush_interval=60)
signal.signal(signal.SIGALRM, interrupt)
accepted, interrupts, number = [], 0, 0
while interrupts < 100:
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.0005)
        while True:
            number += 1
            events.emit_batched(("item",), number)
            accepted.append(number)
    except Interrupt:
        interrupts += 1
signal.setitimer(signal.ITIMER_REAL, 0)
events.close()
items = [item for batch in heard for item in batch]
missing = set(accepted) - set(items)
first = list(dict.fromkeys(items))
print(len(missing), first == sorted(first), events.stats().pending)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300, check=False)
    assert done.stdout.split() == ["0", "True", "0"], done.stdout + done.stderr
