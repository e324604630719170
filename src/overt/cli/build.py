"""`overt build`: make the site from files and evidence."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from overt.cli.options import parser, wants_colour
from overt.model import Exit, OvertError, Problem, Problems

EXAMPLES = """\
overt build                        the site, from what is recorded; nothing of the project runs
overt build --validate             run the suites first
overt build --no-strict            build even if something stated does not hold; it is marked on the page
overt build --to-disk pages/       plain Markdown for any builder
overt build --version 1.2          beside the versions built before; readers begin at the newest
overt build --single-file report.html   the report as one file, for mail
overt build --against pages.json   and what differs from the site with that overt/pages.json
"""


def _parser() -> argparse.ArgumentParser:
    made = parser("build", "Build the site from files and evidence.", EXAMPLES)
    made.add_argument("--validate", action="store_true", help="run the suites first")
    made.add_argument("--no-strict", action="store_true", help="build even if something stated does not hold")
    made.add_argument("--output", type=Path, metavar="DIR", help="folder of the site (default: site.output)")
    made.add_argument(
        "--version", default="", metavar="NAME", help="build into a folder of that name, beside other versions"
    )
    made.add_argument("--to-disk", type=Path, metavar="DIR", help="write the pages as Markdown instead of a site")
    made.add_argument(
        "--single-file", type=Path, metavar="FILE", help="write the report as one HTML file instead of a site"
    )
    made.add_argument(
        "--against", type=Path, metavar="FILE", help="tell what differs from the site whose overt/pages.json this is"
    )
    made.add_argument("--changes", type=Path, metavar="FILE", help="write what --against tells as Markdown, too")
    return made


def main(arguments: list[str]) -> int:
    """Run the verb.

    Args:
        arguments: The command line after `build`.
    """
    options = _parser().parse_args(arguments)
    places = {"--output": options.output, "--to-disk": options.to_disk, "--single-file": options.single_file}
    given = [name for name, place in places.items() if place]
    if len(given) > 1:
        raise OvertError(f"{' and '.join(given)} exclude each other", hint="give one of them")
    if options.changes and not options.against:
        raise OvertError("--changes needs --against", hint="give the overt/pages.json of the other site")
    if options.against and (options.to_disk or options.single_file):
        raise OvertError("--against is for a site", hint="leave out --to-disk and --single-file")
    if not options.root.is_dir():
        raise OvertError(f"{options.root} is not a folder", hint="give the project's folder with -C")
    need_site()
    validated = _validate(options) if options.validate else Exit.PROVED
    if validated in {Exit.USAGE, Exit.INTERNAL}:
        return validated
    if options.to_disk:
        return _to_disk(options) or validated
    if options.single_file:
        return _single_file(options) or validated
    return _site(options) or validated


def need_site() -> None:
    """Say what to install when what the site is made with is missing."""
    from importlib.util import find_spec

    missing = [name for name in ("mkdocs", "material", "mkdocstrings", "diagrams") if find_spec(name) is None]
    if missing:
        raise OvertError(f"the site needs {', '.join(missing)}", hint="pip install 'overt[site]'", exit=Exit.UNCHECKED)


def _validate(options: argparse.Namespace) -> int:
    from overt.cli.validate import main as validate

    # With --json the one document on standard output is that of the build.
    arguments = ["-C", str(options.root), "--color", options.color]
    if not options.json:
        return validate(arguments)
    import contextlib

    with contextlib.redirect_stdout(sys.stderr):
        return validate(arguments)


def _to_disk(options: argparse.Namespace) -> int:
    from overt.site.disk import write

    pages = write(options.root, options.to_disk, strict=not options.no_strict)
    if options.json:
        import json

        sys.stdout.write(json.dumps({"output": str(options.to_disk.resolve()), "pages": pages}) + "\n")
    else:
        sys.stdout.write(f"Wrote {pages} pages to {options.to_disk.resolve()}\n")
    return Exit.PROVED


def _single_file(options: argparse.Namespace) -> int:
    """Write the file whatever it says: one that tells bad news is sent, too."""
    from overt.site.disk import write_single
    from overt.system.units import bytes_text, count

    size, problems = write_single(options.root, options.single_file)
    target = options.single_file.resolve()
    if options.json:
        import json

        document = {"output": str(target), "bytes": size, "problems": [str(problem) for problem in problems]}
        sys.stdout.write(json.dumps(document, indent=2) + "\n")
    else:
        sys.stdout.write(f"Wrote {target} ({bytes_text(size)})\n")
        if problems:
            sys.stdout.write(f"{count(len(problems), 'statement')} in it that did not hold, marked there\n")
    return Exit.REFUTED if problems and not options.no_strict else Exit.PROVED


def _last_words(*, strict: bool) -> str:
    """Return what becomes of the site when a build fails."""
    shown = "; overt build --no-strict builds it with the problems shown on its pages" if strict else ""
    return f"no site was built, and one that was there is as it was{shown}"


def _site(options: argparse.Namespace) -> int:
    from overt.cli.build_changes import compared
    from overt.cli.build_show import as_json, as_text
    from overt.site.against import read_listing
    from overt.site.build import build

    before = read_listing(options.against) if options.against else None
    try:
        built = build(options.root, output=options.output, strict=not options.no_strict, version=options.version)
    except Problems as error:
        raise Problems(
            [*error.problems, Problem(_last_words(strict=not options.no_strict))], exit=error.exit
        ) from error
    found = compared(built.output, before, options.changes) if options.against else None
    shown = as_json(built, found) if options.json else as_text(built, found, colour=wants_colour(options.color))
    sys.stdout.write(shown)
    return Exit.PROVED
