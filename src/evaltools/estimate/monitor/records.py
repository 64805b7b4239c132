"""Counts made from records: how many in each period, and how many cases from one event to the next."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from evaltools.errors import DesignError, Fault
from evaltools.estimate.calls import call
from evaltools.estimate.monitor.counts import Count, Counts, Known, column_of, ordered, source_of
from evaltools.estimate.monitor.periods import KINDS, Period, days_of, first_day, kind_named, period_of_day
from evaltools.language import Language, texts
from evaltools.provenance import Origin
from evaltools.schema.model import Confidentiality


def counts_per(  # noqa: PLR0913 what is counted and what is known of it
    records: pd.DataFrame,
    period: str,
    *,
    date: str,
    where: str = "",
    about: str = "",
    unit: str = "",
    confidentiality: Confidentiality = "children",
    origin: Origin = "collected",
    language: Language = "da",
) -> Counts:
    """Records counted in each period: of those dated in it, how many have a mark; or how many there are.

    records : one row per case. period : `day`, `week` (ISO), `month`, `quarter` or `year`. date : column of the day.
    where : column of true and false (or 1 and 0): the share of records with true; without it all records count, and
    a period between the first and the last without records counts 0.
    about, unit, confidentiality, origin, language : as in `counts`.

    Returns `Counts`. Raises `DesignError`: NO_SUCH_PERIOD, NO_SUCH_VARIABLE, NO_ROWS, NOT_A_DATE, NOT_TRUE_OR_FALSE,
    TOO_MANY_PERIODS.

    >>> import pandas as pd
    >>> held = pd.DataFrame({"day": ["2019-01-07", "2019-01-09", "2019-01-21"]})
    >>> counts_per(held, "week", date="day", language="en").frame["count"].tolist()
    [2.0, 0.0, 1.0]
    """
    kind = kind_named(period)
    days = days_of(column_of(records, date), date)
    marked = _marks(records, where) if where else [True] * len(days)
    found: dict[Period, list[bool]] = defaultdict(list)
    for day, mark in zip(days, marked, strict=True):
        found[period_of_day(day, kind)].append(mark)
    code = call("counts_per", "records", {"date": date, "where": where or None}, period)
    source = source_of(code, Known(about, unit, confidentiality, origin, language))
    rows = [
        Count(_name(each), 0.0, float(sum(marks)), float(len(marks)) if where else None, len(marks))
        for each, marks in found.items()
    ]
    made = ordered(Counts("share" if where else "count", tuple(rows), source))
    return made if where else _with_zeros(made)


def counts_between(  # noqa: PLR0913 what is counted and what is known of it
    records: pd.DataFrame,
    *,
    date: str,
    event: str,
    every: int = 1,
    about: str = "",
    unit: str = "",
    confidentiality: Confidentiality = "children",
    origin: Origin = "collected",
    language: Language = "da",
) -> Counts:
    """How many cases there were from one event to the next, for what is too rare for a share in each period.

    records : one row per case, such as a placement that began. date : column of the day, which orders the cases.
    event : column of true and false. every : count to every such event; with 5 each point rests on five events, so
    that it may be shown where single ones may not. about, unit, confidentiality, origin, language : as in `counts`.

    Returns `Counts`, one row per event, named by its day; cases after the last event are not in it (`g_chart` tells
    of them). Raises `DesignError`: NO_SUCH_VARIABLE, NO_ROWS, NOT_A_DATE, NOT_TRUE_OR_FALSE, NO_EVENTS,
    EVERY_NOT_POSITIVE.

    >>> import pandas as pd
    >>> cases = pd.DataFrame({"day": ["2019-01-01", "2019-02-01", "2019-03-01", "2019-04-01"], "broke": [0, 1, 0, 1]})
    >>> counts_between(cases, date="day", event="broke", language="en").frame["count"].tolist()
    [1.0, 1.0]
    """
    if every < 1:
        problem, remedy = f"every {every} events cannot be counted to", "Write 1, or 5 for every fifth event."
        raise DesignError(Fault("EVERY_NOT_POSITIVE", "every", problem, remedy))
    days = days_of(column_of(records, date), date)
    order = sorted(zip(days, _marks(records, event), strict=True), key=lambda pair: pair[0])
    rows = _gaps(order, every, language)
    if not rows:
        happened = sum(mark for _, mark in order)
        problem = f'"{event}" is true in {happened} of {len(order)} cases, and {every} are needed for one point'
        raise DesignError(
            Fault("NO_EVENTS", event, problem, "Wait for more, or tell the number with its exact interval.")
        )
    code = call("counts_between", "records", {"date": date, "event": event, "every": every if every > 1 else None})
    source = source_of(code, Known(about, unit, confidentiality, origin, language))
    since = len(order) - sum(row.n for row in rows)
    return Counts("between", tuple(rows), source, unit=texts(language).say("monitor.unit.between"), since=since)


def merged(counts: Counts, period: str) -> Counts:
    """The same counts in longer periods, such as quarters for months: what to do where points rest on too few.

    counts : of periods. period : `week`, `month`, `quarter` or `year`; a week belongs to the period of its Thursday.
    Returns `Counts`. Raises `DesignError`: NO_SUCH_PERIOD, NOT_LONGER, NOT_ADDED_UP.

    >>> import pandas as pd
    >>> from evaltools.estimate.monitor import counts
    >>> table = pd.DataFrame({"month": ["2018-01", "2018-02", "2018-04"], "found": [2, 1, 4], "new": [9, 7, 11]})
    >>> monthly = counts(table, at="month", count="found", base="new", language="en")
    >>> merged(monthly, "quarter").frame["count"].tolist()
    [3.0, 4.0]
    """
    kind, where = kind_named(period), counts.source.question or "merged"
    if counts.counted in ("mean", "between"):
        problem = "values of periods and cases between events do not add up"
        raise DesignError(Fault("NOT_ADDED_UP", where, problem, "Make them anew from the records in longer periods."))
    if counts.kind is None or KINDS.index(kind) <= KINDS.index(counts.kind):
        problem = f"a {kind} is not longer than a {counts.kind or 'unit'}"
        raise DesignError(Fault("NOT_LONGER", where, problem, f"Use one of: {', '.join(KINDS[1:])}."))
    found: dict[Period, list[Count]] = defaultdict(list)
    for row in counts.rows:
        day = first_day(Period(counts.kind, int(row.x))) + dt.timedelta(days=3 if counts.kind == "week" else 0)
        found[period_of_day(day, kind)].append(row)
    rows = tuple(
        Count(
            at=_name(each),
            x=0.0,
            count=sum(row.count for row in rows),
            base=sum(row.base or 0.0 for row in rows) if rows[0].base is not None else None,
            n=sum(row.n for row in rows),
        )
        for each, rows in found.items()
    )
    source = replace(counts.source, code=call("merged", counts.source.code, {}, period))
    return ordered(replace(counts, rows=rows, source=source, absent=()))


def _gaps(order: Sequence[tuple[dt.date, bool]], every: int, language: Language) -> list[Count]:
    """One row for each `every` events: the cases without an event since the row before."""
    rows: list[Count] = []
    cases = events = 0
    for day, mark in order:
        events += mark
        cases += not mark
        if events == every:
            place = len(rows) + 1
            named = period_of_day(day, "day").words(language)
            same = sum(row.at.split(" (")[0] == named for row in rows)
            rows.append(
                Count(
                    f"{named} ({same + 1})" if same else named, float(place), float(cases), float(every), every + cases
                )
            )
            cases = events = 0
    return rows


def _with_zeros(made: Counts) -> Counts:
    """Periods without records count none."""
    rows = sorted((*made.rows, *made.absent), key=lambda row: row.x)
    return replace(made, rows=tuple(rows), absent=())


def _name(period: Period) -> str:
    """The period as `read_period` reads it."""
    day = first_day(period)
    if period.kind == "week":
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02d}"
    shape = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}
    return f"{day.year}-Q{(day.month + 2) // 3}" if period.kind == "quarter" else day.strftime(shape[period.kind])


def _marks(records: pd.DataFrame, name: str) -> list[bool]:
    values = column_of(records, name).tolist()
    for place, value in enumerate(values):
        if value not in (True, False):
            empty = bool(pd.isna(value))
            problem = f'"{name}" is {"empty" if empty else repr(value)} in row {place + 1}'
            remedy = "Make a column of true and false first; leave out cases where it is not known."
            raise DesignError(Fault("NOT_TRUE_OR_FALSE", name, problem, remedy))
    return [bool(value) for value in values]
