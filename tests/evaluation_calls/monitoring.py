"""Run charts, control charts and funnel plots, with every argument read from the case."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

import evaltools as ev
from evaltools.estimate import Curve
from evaltools.estimate.monitor import Counts
from evaluation_calls import Calls, Case, data_of


def counted(case: Case) -> Counts:
    """The counts of the case's table: named by its parameters, or what is left beside the first column."""
    table = data_of(case)
    at, *others = table.columns
    events = [name for name in re.split(r"\W+", case["parameters"].get("events", "")) if name in others]
    base = case["parameters"].get("n") or others[-1]
    count = events[0] if events else next(name for name in others if name != base)
    return ev.monitor.counts(table, at=at, count=count, base=base, confidentiality="practice", language="en")


def first_rows(case: Case, curve: Curve) -> list[float]:
    """Centre and limits of as many rows as the method names."""
    found = re.search(r"first (\d+) rows", case["method"])
    assert found
    rows = curve.points[: int(found[1])]
    return [value or 0.0 for point in rows for value in (point.centre, point.low, point.high)]


def p_chart(case: Case) -> Sequence[float]:
    return first_rows(case, ev.monitor.p_chart(counted(case)))


def p_prime_chart(case: Case) -> Sequence[float]:
    return first_rows(case, ev.monitor.p_prime_chart(counted(case)))


def run_chart(case: Case) -> Sequence[float]:
    extra = ev.monitor.run_chart(counted(case)).extra
    names = ("centre", "longest_run", "longest_run_limit", "crossings", "crossings_limit")
    return [extra[name] for name in names]


def funnel(case: Case) -> Sequence[float]:
    name, target = case["dataset"].split("=")
    assert name == "theta"
    n = int(case["parameters"]["n"])
    units = pd.DataFrame({"unit": ["a", "b"], "count": [0, n], "base": [n, n]})
    counts = ev.monitor.counts(units, at="unit", count="count", base="base")
    return ev.monitor.funnel_limits(ev.monitor.funnel(counts, target=float(target)), [n])[0]


CALLS: Calls = {
    "p-chart": p_chart,
    "Laney p'-chart": p_prime_chart,
    "run chart": run_chart,
    "Spiegelhalter": funnel,
}
