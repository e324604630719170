"""What stands behind the language of a fence: `bash { .step id=dump timeout=30 }`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"\.(?P<role>[\w-]+)|(?P<key>[\w-]+)=(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'{}]+))"
    r"|(?P<other>\S+)"
)


@dataclass(frozen=True, slots=True)
class Info:
    """The line behind the marks of a fence, taken apart.

    Args:
        language: The first word; empty when there is none.
        classes: Names written with a dot.
        values: Attributes written as `key=value`.
        strange: What is neither.
    """

    language: str
    classes: tuple[str, ...] = ()
    values: dict[str, str] = field(default_factory=dict)
    strange: tuple[str, ...] = ()


def read_info(info: str) -> Info:
    """Take the line behind the marks of a fence apart.

    Example:
        >>> read_info('bash { .step id=dump timeout=30 }')
        Info(language='bash', classes=('step',), values={'id': 'dump', 'timeout': '30'}, strange=())
    """
    language, brace, rest = info.partition("{")
    classes, values, strange = [], {}, []
    for token in _TOKEN.finditer(rest.rstrip().removesuffix("}")) if brace else ():
        if token["role"]:
            classes.append(token["role"])
        elif token["key"]:
            values[token["key"]] = next(token[name] for name in ("double", "single", "bare") if token[name] is not None)
        else:
            strange.append(token["other"])
    if brace and not rest.rstrip().endswith("}"):
        strange.append("no closing brace")
    return Info(language.strip(), tuple(classes), values, tuple(strange))
