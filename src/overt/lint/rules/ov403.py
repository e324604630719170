"""OV403: the locale or time zone of the process is changed."""

from __future__ import annotations

from overt.lint.records import Fact, Judgement, Rule, Settings
from overt.lint.weigh import PROCESS, doing, spelled, weigh_process


def judge(fact: Fact, _settings: Settings) -> Judgement:
    """An entry point owns its process: there, and where it is put back in a `finally`, it is a note."""
    return Judgement(f"{doing(fact, 'calls')} `{spelled(fact.symbol)}`", weigh_process(fact))


RULE = Rule(
    code="OV403",
    title="The locale or time zone of the process is changed",
    why=(
        "Locale and time zone are one for the whole process: they decide how every other thread reads numbers, sorts "
        "text and tells the time. Setting them is not thread-safe, and a library cannot know what it breaks."
    ),
    bad="""\
import locale


def german(number):
    locale.setlocale(locale.LC_ALL, "de_DE.UTF-8")
    return f"{number:n}"
""",
    good="""\
def german(number: int) -> str:
    return f"{number:,}".replace(",", ".")
""",
    instead=("Format with explicit arguments (babel, `zoneinfo.ZoneInfo`) instead of a setting of the process."),
    judge=judge,
    matters=PROCESS,
    kind="process",
    see=("OV401",),
)
