"""`evaltools local SYSTEM --data FILE -o DIR`: a municipality's own report of two pages from its register."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
from dataclasses import asdict
from pathlib import Path

from evaltools.errors import Fault, SettingsError
from evaltools.language.text import LANGUAGES
from evaltools.local import SYSTEMS, Report, Wish, report_from, write_report
from evaltools.settings import read_settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("system", help=f"which report: {', '.join(SYSTEMS)}")
    parser.add_argument("--data", required=True, type=Path, metavar="FILE", help="the register, .csv or .xlsx")
    parser.add_argument("-o", "--out", default="out", type=Path, metavar="DIR", help="folder for the files")
    parser.add_argument("--municipality", default="", help="whose records, where the file holds those of several")
    parser.add_argument(
        "--internal", action="store_true", help="show own small counts; without it the report is fit for publication"
    )
    parser.add_argument(
        "--assumptions", type=Path, metavar="FILE", help="what the report calculates with beyond the register (YAML)"
    )
    parser.add_argument("--lang", choices=LANGUAGES, default="da", help="language of the report (default da)")
    parser.add_argument("--json", action="store_true", help="report as JSON")


def run(options: argparse.Namespace) -> int:
    """Read the file, make the report, say what could not be used; exit code 0 once the report is there."""
    report = _made(options)
    files = write_report(report, options.out)
    if options.json:
        told = [asdict(one) for one in report.file.told]
        print(json.dumps({"files": [str(file) for file in files], "told": told}, ensure_ascii=False))
        return 0
    print("\n".join(str(file) for file in files))
    serious = [one for one in report.file.told if one.kind != "doubt"][:_MOST_TOLD]
    for one in serious:
        place = f"line {one.line}" + (f", {one.column}" if one.column else "")
        print(f"  {place}: {one.problem} {one.remedy}")
    if len(report.file.told) > len(serious):
        where = f"stand in {files[-1]}" if report.internal else "are listed beside the report that --internal makes"
        print(f"  {len(report.file.told) - len(serious)} more remarks {where}")
    return 0


_MOST_TOLD = 12
"""Lines about the file that are printed; doubts and the rest stand in the list beside the internal report."""


def _made(options: argparse.Namespace) -> Report:
    dictionary = read_settings(os.environ, Path.cwd()).dictionary
    if dictionary is None:
        remedy = "Run the command in the folder that holds data_dictionary and surveys, or below it."
        raise SettingsError(Fault("NO_DICTIONARY", "local", "there is no data_dictionary here", remedy))
    wish = Wish(options.municipality, options.internal, options.lang, options.assumptions)
    return report_from(options.system, options.data, dictionary, wish, dt.date.today())
