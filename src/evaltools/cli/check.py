"""`evaltools check PATH`: everything that is wrong with one questionnaire or a folder of them."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from evaltools.schema import SurveyReport, check_surveys, fields


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("path", help="a questionnaire, its folder, or a folder of surveys")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")


def run(options: argparse.Namespace) -> int:
    """Print the report of each questionnaire; exit code 2 if one has a fault."""
    reports = check_surveys(options.path)
    if options.json:
        print(json.dumps([_data(report) for report in reports], ensure_ascii=False, indent=2))
    else:
        print("\n".join(_lines(report) for report in reports))
    return 2 if any(report.faults for report in reports) else 0


def _lines(report: SurveyReport) -> str:
    name = report.id or report.path.as_posix()
    if report.faults or report.questionnaire is None:
        return "\n".join([f"{name}: {_counted(len(report.faults), 'fault')}", *(f"  {each}" for each in report.faults)])
    answered = [each for each in fields(report.questionnaire) if each.kind != "computed" and each.part != "text"]
    everyone = sum(each.ask_if is None for each in answered)
    items, places = len(report.questionnaire.items), len(answered)
    lines = [
        f"{name}: good; {_counted(items, 'item')}, {_counted(places, 'answer field')}, {everyone} asked of everyone"
    ]
    for count in report.paths:
        most = "" if count.at_most is None else f" (at most {count.at_most})"
        lines.append(f"  {count.fields:>4} answer fields for {count.name}: {count.label}{most}")
    return "\n".join(lines)


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _data(report: SurveyReport) -> dict[str, object]:
    return {
        "path": report.path.as_posix(),
        "id": report.id,
        "faults": [asdict(fault) for fault in report.faults],
        "paths": [asdict(count) for count in report.paths],
    }
