"""`evaltools receive FILE.json --store FILE`: take in a file of answers, or a workbook (`FILE.xlsx`)."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from evaltools.cli.workbooks_in import receive_workbook, told
from evaltools.language.text import LANGUAGES
from evaltools.schema.model import REASON_SUFFIX
from evaltools.store import (
    Conflict,
    NotReceived,
    Outcome,
    Refused,
    Saved,
    Submission,
    open_store,
    read_submissions,
    receive_all,
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("file", type=Path, help="one response, or a wave with its responses, as JSON; or a workbook")
    parser.add_argument("--store", type=Path, required=True, help="the store to take it in")
    parser.add_argument("--language", choices=LANGUAGES, default="da", help="of what is said about the answers")
    parser.add_argument("--json", action="store_true", help="report as JSON")
    book = parser.add_argument_group("of a workbook")
    book.add_argument("--dry-run", action="store_true", help="show what would change, and store nothing")
    book.add_argument("--draft", action="store_true", help="keep what can be read as a draft, and do not submit")
    book.add_argument("--unit", help="whose answers they are, where the workbook is the copy for reading")
    book.add_argument("--actor", default="operator", help="who hands it in")


def run(options: argparse.Namespace) -> int:
    """Exit code 0 when every response was kept, 2 when one was not."""
    if options.file.suffix.lower() != ".json":
        report, code = receive_workbook(options)
        print(json.dumps(report, ensure_ascii=False, indent=1) if options.json else "\n".join(told(report)))
        return code
    submissions = read_submissions(options.file)
    now = dt.datetime.now(dt.UTC)
    with open_store(options.store) as store:
        outcomes = receive_all(store, [(one, now) for one in submissions], language=options.language)
    reports = [_report(one, outcome) for one, outcome in zip(submissions, outcomes, strict=True)]
    kept = sum(isinstance(outcome, Saved) for outcome in outcomes)
    if options.json:
        print(json.dumps({"kept": kept, "responses": reports}, ensure_ascii=False, indent=1))
    else:
        for report in reports:
            _tell(report)
        print(f"{kept} of {len(outcomes)} responses kept")
    return 0 if kept == len(outcomes) else 2


def _report(submission: Submission, outcome: Outcome) -> dict[str, Any]:
    report: dict[str, Any] = {"unit": submission.unit, "record": submission.record}
    if isinstance(outcome, Saved):
        what = "kept" if submission.submit else "kept as a draft"
        return report | {"outcome": what, "version": outcome.version, "problems": _problems(outcome)}
    if isinstance(outcome, Refused):
        return report | {"outcome": "refused", "problems": _problems(outcome)}
    if isinstance(outcome, Conflict):
        fields = [difference.field for difference in outcome.differences]
        return report | {"outcome": "conflict", "by": outcome.by, "version": outcome.version, "fields": fields}
    assert isinstance(outcome, NotReceived)
    return report | {"outcome": "not received", "faults": [str(fault) for fault in outcome.faults]}


def _problems(outcome: Saved | Refused) -> list[dict[str, str]]:
    return [{name: str(value) for name, value in asdict(problem).items()} for problem in outcome.problems]


def _where(problem: Mapping[str, str]) -> str:
    """The field, what it is called, and for a doubt the name under which its reason is written."""
    called = f"{problem['field']} ({problem['label']})" if problem["label"] else problem["field"]
    return f"{called}, {problem['code']}{REASON_SUFFIX}" if problem["level"] == "explain" else called


def _tell(report: Mapping[str, Any]) -> None:
    who = f"{report['unit']} {report['record']}".strip()
    print(f"{who}: {report['outcome']}")
    for problem in report.get("problems", []):
        print(f"  {problem['level']} {_where(problem)}: {problem['message']} {problem['remedy']}".rstrip())
    for fault in report.get("faults", []):
        print(f"  {fault}")
    if "fields" in report:
        print(f"  {report['by']} has changed {report['fields']} since; fetch version {report['version']} first")
