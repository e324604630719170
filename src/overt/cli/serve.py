"""`overt serve`: build the site, show it and follow changes."""

from __future__ import annotations

import argparse
import sys
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from overt.cli.options import parser
from overt.model import Exit, OvertError

if TYPE_CHECKING:
    from overt.site.serve import Rebuilt

EXAMPLES = """\
overt serve                  http://127.0.0.1:8000/, until Ctrl-C
overt serve --port 9000
"""
_SHOWN = 8


def _parser() -> argparse.ArgumentParser:
    made = parser("serve", "Build the site, show it on this machine and follow changes.", EXAMPLES)
    made.add_argument("--port", type=_port, default=8000, metavar="N", help="port to listen on (default: 8000)")
    return made


def _port(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if not 1 <= number <= 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 1 to 65535")
    return number


def main(arguments: list[str]) -> int:
    """Run the verb.

    Args:
        arguments: The command line after `serve`.
    """
    options = _parser().parse_args(arguments)
    if not options.root.is_dir():
        raise OvertError(f"{options.root} is not a folder", hint="give the project's folder with -C")
    from overt.cli.build import need_site

    need_site()
    from overt.site.serve import serve

    say = _as_json if options.json else _as_text
    with suppress(KeyboardInterrupt):  # how it is meant to end
        serve(options.root, port=options.port, tell=say, ready=partial(_ready, as_json=options.json))
    return Exit.PROVED


def _as_json(rebuilt: Rebuilt) -> None:
    import json

    document = {"event": "built", "pages": rebuilt.pages, "failed": rebuilt.failed, "problems": list(rebuilt.problems)}
    sys.stdout.write(json.dumps(document) + "\n")
    sys.stdout.flush()


def _as_text(rebuilt: Rebuilt) -> None:
    head = "The build failed; the site before stays" if rebuilt.failed else f"Built {rebuilt.pages:,} pages"
    lines = [head + (f"; {len(rebuilt.problems)} to look at:" if rebuilt.problems else "")]
    lines += [f"  {problem}" for problem in rebuilt.problems[:_SHOWN]]
    if len(rebuilt.problems) > _SHOWN:
        lines.append(f"  and {len(rebuilt.problems) - _SHOWN} more")
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def _ready(url: str, *, as_json: bool) -> None:
    import json

    text = json.dumps({"event": "ready", "url": url}) if as_json else f"Open {url} (Ctrl-C ends)"
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
