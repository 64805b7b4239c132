"""`evaltools new PATH --modules a,b`: begin a questionnaire from modules."""

from __future__ import annotations

import argparse
import datetime as dt

from evaltools.schema import check_survey, new_survey


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("path", help="the folder of the wave, surveys/<survey>/<wave>")
    parser.add_argument("--modules", default="", help="names of modules, separated by commas")
    parser.add_argument("--year", type=int, default=None, help="the year in which the answers are given")


def run(options: argparse.Namespace) -> int:
    """Write the skeleton, say where it is, and check it."""
    modules = [name.strip() for name in options.modules.split(",") if name.strip()]
    file = new_survey(options.path, modules, year=options.year or dt.date.today().year)
    places = file.read_text("utf-8").count('"...')
    print(f'Wrote {file.as_posix()}; {places} texts "..." to fill in. Then: evaltools check {options.path}')
    report = check_survey(file)
    for fault in report.faults:
        print(fault)
    return 2 if report.faults else 0
