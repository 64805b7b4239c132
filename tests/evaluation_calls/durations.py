"""Survival curves, competing endings, tests and Cox, with every argument read from the case and its table."""

from __future__ import annotations

import re
from collections.abc import Sequence

import evaltools as ev
from evaltools.estimate.durations import Spells
from evaltools.estimate.durations.limits import Scale
from evaluation_calls import Calls, Case, data_of

STATUS = ("event", "status")
TIME = ("etime", "time")


def followed(case: Case) -> Spells:
    """The rows of the case's table. Of the codes of its status, the lowest one is that of rows still going on."""
    table = data_of(case)
    time, status = (next(name for name in names if name in table.columns) for names in (TIME, STATUS))
    return ev.durations.spells(table, end=time, ending=status, going_on=int(table[status].min()))


def named(case: Case, pattern: str) -> str:
    """What the method says after a word."""
    found = re.search(pattern, case["method"])
    assert found, case["method"]
    return found[1]


def median(case: Case) -> Sequence[float]:
    scale: Scale = "log" if "log-transformed" in case["method"] else "log-log"
    row = ev.durations.median(followed(case), interval=scale, level=float(named(case, r"(\d+)%")) / 100).rows[0]
    return [row.estimate, row.low or 0.0, row.high or 0.0]


def log_rank(case: Case) -> Sequence[float]:
    return [ev.durations.log_rank(followed(case), named(case, r"log-rank (\w+)")).statistic]


def cox(case: Case) -> Sequence[float]:
    model = ev.durations.cox(followed(case), named(case, r"Cox ([\w+.]+)").split("+"))
    return [*(row.estimate for row in model.rows), *(row.se or 0.0 for row in model.rows)]


def incidence(case: Case) -> Sequence[float]:
    times = named(case, r"at ([\d,]+)").split(",")
    curve = ev.durations.cumulative_incidence(followed(case), at=[float(time) for time in times])
    points = [curve.point(time, ending=named(case, r"event (\w+)")) for time in times]
    return [*(point.y or 0.0 for point in points), *(point.se or 0.0 for point in points)]


def gray(case: Case) -> Sequence[float]:
    test = ev.durations.gray_test(followed(case), named(case, r"by (\w+)"), named(case, r"event (\w+)"))
    return [test.statistic, test.p_value]


CALLS: Calls = {
    "KM median": median,
    "log-rank": log_rank,
    "Cox": cox,
    "Aalen-Johansen": incidence,
    "Gray test": gray,
}
