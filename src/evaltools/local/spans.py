"""Records as spells: how long a wait or a placement lasted, as the file's last month knows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import pandas as pd

from evaltools.estimate.durations import About, Spells, spells
from evaltools.local.counting import whole
from evaltools.local.model import LocalRecord
from evaltools.local.moments import month_number, month_text
from evaltools.local.setting import Local

NETWORK: Final = ("1", "2")
"""Places of care in the child's own network."""
BREAKDOWNS: Final = ("4", "5", "6", "7")
"""Endings that are a breakdown, whoever broke."""
BREAKDOWN: Final = "breakdown"
_QUARTER: Final = 3
WAITS: Final[tuple[Mapping[str, str], ...]] = (
    {"1": "network", "2": "other", "3": "other", "4": "given_up"},
    {"1": "network", "2": "not_network", "3": "not_network", "4": "not_network"},
    {"1": "found", "2": "found", "3": "found", "4": "given_up"},
    dict.fromkeys("1234", "ended"),
)
"""Ways in which a wait ends, by the code of its outcome: in three kinds; in two or one, where requests are few."""
_PLANNED: Final = ("1", "2")
"""Home, or to another place, according to plan."""


def ending_of(code: str) -> str:
    """How a placement ended, in three ways that compete."""
    return BREAKDOWN if code in BREAKDOWNS else "planned" if code in _PLANNED else "other"


def breakdown_or_not(code: str) -> str:
    """The same in two ways, for few placements."""
    return BREAKDOWN if code in BREAKDOWNS else "all_others"


def ended(code: str) -> str:
    """The same in one."""
    return "ended" if code else code


def last_month(local: Local) -> str:
    """The last month that the records know: the end of the latest quarter, or the latest month, in them.

    The first month of all where they know none, in which case there are no spells to follow either.
    """
    ends = [_end(record) for record in local.records]
    months = [month_number(value) for record in local.records for value in record.values.values()]
    return month_text(max(filter(None, ends), default=None) or max(filter(None, months), default=0))


def waits(local: Local, kinds: Mapping[str, str]) -> Spells | None:
    """From the request to what came first: a place in the network, another place, or the end of the request.

    Those still waiting are followed to the end of the register. None where no request has a month.
    kinds : one of `WAITS`.
    """
    ends = {"1": "match_month", "2": "match_month", "3": "match_month", "4": "broken_month"}
    kinds = {code: local.say(f"wait.{name}") for code, name in kinds.items()}
    rows = {}
    for record in local.records:
        values, outcome = record.values, str(record.values.get("outcome"))
        if month_number(values.get("request_month")) is None or outcome not in (*ends, "5"):
            continue
        end = values.get(ends.get(outcome, ""))
        known = month_number(end) is not None
        if outcome == "5" or known:
            rows[record.line] = (values["request_month"], end if known else None, kinds.get(outcome, "waiting"))
    if not rows:
        return None
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["request", "end", "kind"])
    return spells(
        frame,
        start="request",
        end="end",
        ending="kind",
        going_on="waiting",
        until=last_month(local),
        missing="leave_out",
        about=about(local, "child"),
    )


def placements(local: Local, kinds: Callable[[str], str] = ending_of) -> Spells | None:
    """Placements from their beginning to their ending, each observed from the month the register follows it.

    kinds : gives the kind of an ending, by its code: `breakdown`, or the key of its words.
    """
    rows = {}
    for record in local.records:
        values = record.values
        start, followed = month_number(values.get("start_month")), month_number(values.get("followed_from"))
        end, status = month_number(values.get("end_month")), values.get("status")
        ending = values.get("end_type")
        if start is None or followed is None or (status == "2" and (end is None or not isinstance(ending, str))):
            continue
        kind = _in_words(local, kinds(str(ending))) if status == "2" else "in_progress"
        network = "network" if values.get("placement_type") in NETWORK else "other"
        months = [None if month is None else month_text(month) for month in (start, followed, end)]
        rows[record.line] = (*months, kind, network)
    if not rows:
        return None
    columns = ["start", "followed", "end", "kind", "network"]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    return spells(
        frame,
        start="start",
        end="end",
        ending="kind",
        going_on="in_progress",
        entry="followed",
        until=last_month(local),
        missing="leave_out",
        about=about(local, "placement"),
    )


def _in_words(local: Local, kind: str) -> str:
    return kind if kind == BREAKDOWN else local.say(f"ending.{kind}")


def about(local: Local, unit: str) -> About:
    """What the rows are, for the results."""
    return About(
        unit=unit,
        confidentiality=local.kept_by("children"),
        origin=local.file.origin,
        title=local.file.questionnaire.titled(local.language),
        language=local.language,
    )


def _end(record: LocalRecord) -> int | None:
    year, quarter = whole(record.values, "record_year"), record.values.get("quarter")
    if year is None:
        return None
    return year * 12 + (_QUARTER * int(quarter) if isinstance(quarter, str) and quarter.isdigit() else 12) - 1
