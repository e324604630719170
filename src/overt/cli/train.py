"""`overt train`: work through the exercises."""

from __future__ import annotations

import argparse
from pathlib import Path

from overt.cli.options import Parser, parser

EXAMPLES = """\
overt train                    the next exercise: its task, and the file to work in
overt train check              check the answer to it
overt train hint               a nudge; again for a stronger one
overt train list               what there is and how far you are
overt train quiz --answer 2    answer the next quiz
overt train dev new tea-room   for authors: begin an exercise of your own
overt train dev check          for authors: hold every exercise against its own answers
"""

_LEAST, _MOST = 0.1, 3600
_VERBS = {
    "list": "what there is and how far you are",
    "next": "an exercise: its task, and the file to work in",
    "check": "check an answer",
    "watch": "check an answer again whenever it is saved, until it passes",
    "hint": "show the next hint",
    "solution": "show the solution and how it differs from your answer",
    "explain": "show what an exercise was about",
    "quiz": "ask a quiz, or answer it",
    "reset": "begin an exercise anew; your answer is kept beside it",
    "report": "what you did, as a table for somebody else",
    "update": "bring your folder up to date with a track that has changed",
    "doctor": "see whether this machine can run the exercises",
}


def _common() -> Parser:
    """The options that may also stand behind the sub-verb; left out, they change nothing."""
    shared = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    shared.add_argument("-C", "--root", type=Path, metavar="DIR", help="folder to work in (default: here)")
    shared.add_argument("--json", action="store_true", help="print one JSON document instead of text")
    return shared


def _seconds(text: str) -> float:
    """Return a time limit that makes sense."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not _LEAST <= seconds <= _MOST:
        raise argparse.ArgumentTypeError(f"{text!r} is no time limit; {_LEAST} to {_MOST} seconds")
    return seconds


def _parser() -> Parser:
    made = parser("train", "Work through the exercises.", EXAMPLES)
    made.add_argument("--folder", type=Path, metavar="DIR", help="where your answers are (default: overt-training)")
    made.add_argument(
        "--track", type=Path, metavar="DIR", help="folder of other exercises; `overt` for those that come with it"
    )
    common = _common()
    verbs = made.add_subparsers(dest="verb", metavar="VERB", title="verbs")
    for verb, summary in _VERBS.items():
        sub = verbs.add_parser(verb, help=summary, description=summary, parents=[common], allow_abbrev=False)
        if verb not in {"list", "doctor", "report", "update"}:
            sub.add_argument("name", nargs="?", metavar="EXERCISE", help="name or number (default: the next one)")
        if verb in {"check", "watch"}:
            told = "time that your code may take for one check (default: 12)"
            sub.add_argument("--seconds", type=_seconds, metavar="N", help=told)
        if verb == "quiz":
            sub.add_argument("--answer", type=int, metavar="N", help="number of the option you choose")
        if verb == "reset":
            sub.add_argument("--all", action="store_true", help="every exercise, and the progress")
    dev = verbs.add_parser("dev", help="for authors of exercises", description="for authors of exercises")
    authors = dev.add_subparsers(dest="dev_verb", metavar="VERB", required=True)
    hold = authors.add_parser("check", help="hold exercises against their own answers", parents=[common])
    hold.add_argument("names", nargs="*", metavar="EXERCISE", help="names or numbers (default: all)")
    hold.add_argument("--seed", type=int, default=0, help="decides the random order of the checks")
    hold.add_argument("--no-record", action="store_true", help="leave no evidence")
    new = authors.add_parser("new", help="begin an exercise of your own", parents=[common])
    new.add_argument("name", metavar="NAME", help="small letters, digits and hyphens")
    new.add_argument("--quiz", action="store_true", help="a question about a snippet instead of an exercise")
    return made


def main(arguments: list[str]) -> int:
    """Run the verb.

    Args:
        arguments: The command line after `train`.
    """
    options = _parser().parse_args(arguments)
    if options.verb == "dev":
        from overt.cli.train_dev import dev_check, dev_new

        return dev_new(options) if options.dev_verb == "new" else dev_check(options)
    from overt.cli import train_folder, train_quiz, train_verbs, train_watch
    from overt.cli.train_session import open_session

    session = open_session(options)
    run = {
        "list": train_verbs.show_list,
        "check": train_verbs.check_answer,
        "watch": train_watch.watch_answer,
        "report": train_watch.report,
        "hint": train_verbs.show_hint,
        "solution": train_verbs.show_solution,
        "explain": train_verbs.explain,
        "quiz": train_quiz.ask_quiz,
        "reset": train_folder.reset,
        "update": train_folder.bring_up_to_date,
        "doctor": train_folder.doctor,
    }.get(options.verb, train_verbs.show_next)
    return run(session, options)
