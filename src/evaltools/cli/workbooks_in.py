"""What `evaltools receive` does with a workbook: shows the difference, and keeps it unless it is a dry run."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Iterator
from typing import Any

from evaltools.collect import value_to_json
from evaltools.collect.model import Problem
from evaltools.collect.workbook import Change, Preview
from evaltools.store import Conflict, Refused, Saved, Store, keep_workbook, open_store, preview_workbook


def receive_workbook(options: argparse.Namespace) -> tuple[dict[str, Any], int]:
    """The report and the exit code: 0 when everything was kept or, in a dry run, could be."""
    with open_store(options.store) as store:
        content = options.file.read_bytes()
        preview = preview_workbook(store, content, language=options.language, unit=options.unit or "")
        if isinstance(preview, Problem):
            return {"outcome": "refused", "problem": _problem(preview)}, 2
        report = _report(preview)
        if options.dry_run:
            return report | {"outcome": "nothing was stored"}, 2 if _is_in_doubt(preview) else 0
        return _kept(store, preview, report, options)


def _kept(
    store: Store, preview: Preview, report: dict[str, Any], options: argparse.Namespace
) -> tuple[dict[str, Any], int]:
    outcomes = keep_workbook(store, preview, at=dt.datetime.now(dt.UTC), actor=options.actor, submit=not options.draft)
    report["outcomes"] = [_outcome(outcome) for outcome in outcomes]
    report["outcome"] = "nothing to keep" if not outcomes else "kept" if _all_saved(outcomes) else "not kept"
    return report, 0 if _all_saved(outcomes) else 2


def _all_saved(outcomes: tuple[Saved | Refused | Conflict, ...]) -> bool:
    return all(isinstance(outcome, Saved) for outcome in outcomes)


def _is_in_doubt(preview: Preview) -> bool:
    changes = (change for response in preview.responses for change in response.changes)
    return any(change.kind in ("conflict", "not_understood") for change in changes)


def _outcome(outcome: Saved | Refused | Conflict) -> dict[str, Any]:
    if isinstance(outcome, Saved):
        return {"outcome": "kept", "version": outcome.version}
    if isinstance(outcome, Refused):
        blocking = [problem for problem in outcome.problems if problem.level != "note"]
        return {"outcome": "refused", "problems": [_problem(problem) for problem in blocking]}
    fields = [difference.field for difference in outcome.differences]
    return {"outcome": "conflict", "by": outcome.by, "version": outcome.version, "fields": fields}


def _report(preview: Preview) -> dict[str, Any]:
    return {
        "unit": preview.identity.unit,
        "sha256": preview.sha256,
        "changes": [
            {"record": response.record, **_change(change)}
            for response in preview.responses
            for change in response.changes
        ],
        "unread": [{"cell": f"{each.cell.sheet}!{each.cell.ref}", **_problem(each.problem)} for each in preview.unread],
    }


def _change(change: Change) -> dict[str, Any]:
    cell = change.cell
    said: dict[str, Any] = {
        "kind": change.kind,
        "field": change.field,
        "number": change.number,
        "label": change.label,
        "cell": f"{cell.sheet}!{cell.ref}" if cell else "",
        "read": cell.text if cell else "",
        "now": None if change.theirs is None else value_to_json(change.theirs),
        "new": None if change.ours is None else value_to_json(change.ours),
    }
    if change.by:
        said |= {"by": change.by, "at": str(change.at)}
    return said | ({"problem": _problem(change.problem)} if change.problem else {})


def _problem(problem: Problem) -> dict[str, str]:
    return {name: str(getattr(problem, name)) for name in ("level", "code", "field", "message", "remedy")}


def told(report: dict[str, Any]) -> Iterator[str]:
    """The report in lines for people."""
    if "problem" in report:
        yield f"{report['problem']['message']} {report['problem']['remedy']} [{report['problem']['code']}]"
        return
    for change in report["changes"]:
        yield f"{change['kind']:<15} {change['number']:<6} {change['label']} ({change['cell']}): {_said(change)}"
    for each in report["unread"]:
        yield f"{'not read':<15} {each['cell']}: {each['message']}"
    for outcome in report.get("outcomes", ()):
        yield from _outcome_lines(outcome)
    yield report["outcome"]


def _said(change: dict[str, Any]) -> str:
    if "problem" in change:
        return f"{change['problem']['message']} {change['problem']['remedy']}"
    by = f" ({change['by']}, {change['at'][:16]})" if "by" in change else ""
    return f"{change['now']}{by} -> {change['new']}"


def _outcome_lines(outcome: dict[str, Any]) -> Iterator[str]:
    for problem in outcome.get("problems", ()):
        yield f"{problem['level']:<15} {problem['field']}: {problem['message']} {problem['remedy']}"
    if "fields" in outcome:
        yield f"{outcome['by']} has changed {outcome['fields']} since the workbook was fetched"
