"""Counts over the calendar: every period between the first and the last, also those in which nothing happened."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

import pandas as pd

from evaltools.local.moments import month_text


def by_week(weeks: Iterable[tuple[int, int]], span: Iterable[tuple[int, int]] = ()) -> pd.DataFrame:
    """How often each ISO week occurs, from the first to the last; columns `at` and `count`.

    span : weeks that lie within it too, although they may not occur.

    >>> by_week([(2018, 52), (2019, 1), (2019, 1)])["count"].tolist()
    [1, 2]
    """
    found = Counter(_monday(*week) for week in weeks)
    within = {*found, *(_monday(*week) for week in span)}
    days = range(min(within).toordinal(), max(within).toordinal() + 1, 7) if within else range(0)
    rows = [(_named(dt.date.fromordinal(day)), found[dt.date.fromordinal(day)]) for day in days]
    return pd.DataFrame(rows, columns=["at", "count"])


def by_month(months: Iterable[int]) -> pd.DataFrame:
    """How often each month (years times twelve) occurs, from the first to the last; columns `at` and `count`."""
    found = Counter(months)
    span = range(min(found), max(found) + 1) if found else range(0)
    return pd.DataFrame([(month_text(month), found[month]) for month in span], columns=["at", "count"])


def quarter_of(month: str) -> str:
    """The quarter of a month.

    >>> quarter_of("2018-05")
    '2018-Q2'
    """
    return f"{month[:4]}-Q{(int(month[5:7]) + 2) // 3}"


def year_of(month: str) -> str:
    """The year of a month."""
    return month[:4]


def _monday(year: int, week: int) -> dt.date:
    return dt.date.fromisocalendar(year, week, 1)


def _named(monday: dt.date) -> str:
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02d}"
