"""From the command line to one verb and its exit status.

Only what the chosen verb needs is imported, so that `overt --help` and `overt check` start at once.
"""

from __future__ import annotations

import os
import sys

from overt import __version__
from overt.cli.verbs import VERBS
from overt.model.exits import Exit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from overt.model.errors import OvertError

EPILOG = """\
Exit status: 0 all proved, 1 something refuted, 2 usage or configuration,
             3 something could not be checked, 4 internal error.
Start here:  overt init && overt validate && overt build
Details:     overt VERB --help
"""


def overview() -> str:
    """Return the help of the whole program."""
    width = max(map(len, VERBS))
    rows = "\n".join(f"  {verb:<{width}}  {summary}" for verb, summary in VERBS.items())
    return (
        "usage: overt [--version] [--help] VERB ...\n\n"
        "Documentation sites on which every claim is a link to its evidence.\n\n"
        f"Verbs:\n{rows}\n\n{EPILOG}"
    )


def _complain(text: str) -> None:
    sys.stderr.write(f"overt: {text}\n")


def _unknown(verb: str) -> int:
    from overt.system.text import did_you_mean

    if verb.startswith("-"):
        _complain(f"{verb!r} stands before the verb (options come after it: overt VERB {verb} ...)")
    else:
        _complain(f"there is no verb {verb!r} ({did_you_mean(verb, VERBS)})")
    return Exit.USAGE


def run_verb(name: str, arguments: list[str]) -> int:
    """Run one verb and return its exit status.

    Args:
        name: A verb of the table.
        arguments: What follows it on the command line.
    """
    from importlib import import_module

    module = import_module(f"overt.cli.{name}")
    status: int = module.main(arguments)
    return status


def _guarded(name: str, arguments: list[str]) -> int:
    try:
        return run_verb(name, arguments)
    except KeyboardInterrupt:
        _complain("interrupted")
        return Exit.UNCHECKED
    except BrokenPipeError:
        # The reader went away (`overt ... | head`); keep the interpreter from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.UNCHECKED
    except Exception as error:  # noqa: BLE001  # told below, with its own exit status
        return _failed(error)


def _told(error: OvertError) -> list[str]:
    """Return each problem on a line, with what explains it."""
    from overt.cli.error_codes import codes_of

    codes = codes_of([problem.message for problem in error.problems])
    pairs = zip(error.problems, codes, strict=True)
    return [f"{problem} [overt explain {code}]" if code else str(problem) for problem, code in pairs]


def _failed(error: Exception) -> int:
    """Tell what ended a verb; imported here is only what a failure needs."""
    import errno

    from overt.model.errors import OvertError

    if isinstance(error, OvertError):
        for line in _told(error):
            _complain(line)
        return error.exit
    if os.environ.get("OVERT_DEBUG"):
        raise error
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        hint = " (make room on the disk, then run it again)" if error.errno in {errno.ENOSPC, errno.EDQUOT} else ""
        _complain(f"{place}{error.strerror or error}{hint}")
        return Exit.UNCHECKED
    _complain(f"internal error: {type(error).__name__}: {error} (OVERT_DEBUG=1 shows where; please report it)")
    return Exit.INTERNAL


def main(arguments: list[str]) -> int:
    """Run the program and return its exit status.

    Args:
        arguments: The command line without the program's name.
    """
    verb = arguments[0] if arguments else "--help"
    if verb in {"-h", "--help", "help"}:
        sys.stdout.write(overview())
        return Exit.PROVED if arguments else Exit.USAGE
    if verb == "--version":
        sys.stdout.write(f"overt {__version__}\n")
        return Exit.PROVED
    return _guarded(verb, arguments[1:]) if verb in VERBS else _unknown(verb)


def _end_in_good_order() -> None:
    """Let a service manager or a closed terminal end the program as Ctrl-C does: what it made for a while goes away."""
    import signal

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)


def entry() -> None:
    """Run the program as the `overt` command."""
    import gc

    _end_in_good_order()
    status = int(main(sys.argv[1:]))
    # The process ends: what it made need not be searched for cycles once more, which costs more than freeing it.
    gc.freeze()
    sys.exit(status)
