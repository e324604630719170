"""Draws a DOT description from standard input as SVG on standard output.

It is run as a program of its own: Graphviz is a C library, and a crash or a complaint of its font code must not
reach the build that asked for a picture.
"""

from __future__ import annotations

import re
import sys

_LEAVE_OUT = re.compile(rb"<\?xml.*?\?>\s*|<!DOCTYPE.*?>\s*|<!--.*?-->\s*", re.DOTALL)


def draw(description: str) -> bytes:
    """Return the picture of a description, without comments and version numbers.

    Args:
        description: A graph in the DOT language.
    """
    import pygraphviz

    picture: bytes = pygraphviz.AGraph(string=description).draw(format="svg", prog="dot")
    return _LEAVE_OUT.sub(b"", picture)


if __name__ == "__main__":
    sys.stdout.buffer.write(draw(sys.stdin.buffer.read().decode()))
