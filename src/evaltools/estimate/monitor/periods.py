"""Days, ISO weeks, months, quarters and years: read from text or dates, numbered without gaps, named in words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd

from evaltools.errors import DesignError, Fault, near
from evaltools.language import Language, date, texts

PeriodKind = Literal["day", "week", "month", "quarter", "year"]

KINDS: Final[tuple[PeriodKind, ...]] = ("day", "week", "month", "quarter", "year")
_DAY: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_SHAPES: Final[tuple[tuple[PeriodKind, re.Pattern[str]], ...]] = (
    ("day", _DAY),
    ("week", re.compile(r"(\d{4})-?[WU](\d{1,2})")),
    ("month", re.compile(r"(\d{4})-(\d{2})")),
    ("quarter", re.compile(r"(\d{4})[- ]?[QK]([1-4])")),
    ("year", re.compile(r"(\d{4})")),
)
_DAYS_IN_WEEK: Final = 7


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One period of the calendar. `number` counts without gaps, so that neighbours differ by one."""

    kind: PeriodKind
    number: int

    def words(self, language: Language) -> str:
        """The period as a reader says it.

        >>> Period("quarter", 2018 * 4).words("da"), read_period("2019-W03").words("en")
        ('1. kvartal 2018', 'week 3, 2019')
        """
        say = texts(language).say
        if self.kind == "day":
            return date(dt.date.fromordinal(self.number), language)
        if self.kind == "week":
            year, week, _ = dt.date.fromordinal(self.number * _DAYS_IN_WEEK + 1).isocalendar()
            return say("monitor.period.week", week=week, year=year)
        if self.kind == "year":
            return str(self.number)
        parts = {"month": 12, "quarter": 4}[self.kind]
        year, part = divmod(self.number, parts)
        name = say(f"language.month.m{part + 1}") if self.kind == "month" else part + 1
        return say(f"monitor.period.{self.kind}", part=name, year=year)

    def parts(self, language: Language) -> tuple[str, str]:
        """What an axis says of the period in two lines: its own part, and the year where it is the first of one.

        >>> Period("quarter", 2018 * 4).parts("da"), Period("month", 2018 * 12 + 4).parts("en")
        (('K1', '2018'), ('May', ''))
        """
        day = first_day(self)
        year, week, _ = day.isocalendar()
        if self.kind == "week":
            return str(week), str(year) if week == 1 else ""
        if self.kind == "year":
            return str(self.number), ""
        month = texts(language).say(f"language.month.m{day.month}")[:3]
        own = {
            "day": f"{day.day}. {month}" if language == "da" else f"{day.day} {month}",
            "month": month,
            "quarter": texts(language).say("monitor.short.quarter", part=(day.month + 2) // 3),
        }
        begins = day.month == 1 and (self.kind != "day" or day.day == 1)
        return own[self.kind], str(day.year) if begins else ""


def read_period(text: str) -> Period | None:
    """The period that a text such as 2019-W03, 2019-03, 2019-Q1, 2019 or 2019-03-31 names; None where it names none.

    >>> read_period("2019-Q1") == read_period("2019K1"), read_period("Randers")
    (True, None)
    """
    for kind, shape in _SHAPES:
        found = shape.fullmatch(text.strip())
        if found:
            try:
                return Period(kind, _numbered(kind, [int(part) for part in found.groups()]))
            except ValueError:
                return None
    return None


def _numbered(kind: PeriodKind, parts: Sequence[int]) -> int:
    """The number of a period; `ValueError` where there is no such month or week."""
    year, *rest = parts
    if kind == "day":
        return dt.date(year, *rest).toordinal()
    if kind == "week":
        return (dt.date.fromisocalendar(year, rest[0], 1).toordinal() - 1) // _DAYS_IN_WEEK
    if kind == "month":
        return year * 12 + dt.date(year, rest[0], 1).month - 1
    return year if kind == "year" else year * 4 + rest[0] - 1


def period_of_day(day: dt.date, kind: PeriodKind) -> Period:
    """The period that a day lies in.

    >>> period_of_day(dt.date(2018, 12, 31), "week").words("en")
    'week 1, 2019'
    """
    if kind == "day":
        return Period(kind, day.toordinal())
    if kind == "week":
        return Period(kind, (day.toordinal() - 1) // _DAYS_IN_WEEK)
    if kind == "year":
        return Period(kind, day.year)
    return Period(kind, day.year * 12 + day.month - 1 if kind == "month" else day.year * 4 + (day.month - 1) // 3)


def first_day(period: Period) -> dt.date:
    """The day a period begins.

    >>> first_day(read_period("2019-W01")).isoformat()
    '2018-12-31'
    """
    if period.kind == "day":
        return dt.date.fromordinal(period.number)
    if period.kind == "week":
        return dt.date.fromordinal(period.number * _DAYS_IN_WEEK + 1)
    if period.kind == "year":
        return dt.date(period.number, 1, 1)
    year, part = divmod(period.number, 12 if period.kind == "month" else 4)
    return dt.date(year, part + 1 if period.kind == "month" else 3 * part + 1, 1)


def days_of(values: pd.Series, name: str) -> list[dt.date]:
    """A column of dates as days; `DesignError` NOT_A_DATE names the first value that is none."""
    days = []
    for place, value in enumerate(values.tolist()):
        day = _day(value)
        if day is None:
            problem = f'"{value}" in row {place + 1} is no date'
            raise DesignError(Fault("NOT_A_DATE", name, problem, "Write dates as 2019-03-31, or leave the row out."))
        days.append(day)
    return days


def _day(value: object) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return None if pd.isna(value) else value.date()
    if isinstance(value, dt.date):
        return value
    found = _DAY.fullmatch(str(value).strip()[:10])
    try:
        return dt.date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def kind_named(name: str) -> PeriodKind:
    """The kind of that name; `DesignError` NO_SUCH_PERIOD otherwise."""
    for kind in KINDS:
        if kind == name:
            return kind
    raise DesignError(Fault("NO_SUCH_PERIOD", "period", f'there is no period "{name}"', near(name, KINDS)))


def periods_of(names: Iterable[object]) -> list[Period] | None:
    """The periods that all of these name; None where one of them names none. Mixed kinds: PERIODS_OF_UNLIKE_KINDS."""
    found = [read_period(str(name)) for name in names]
    if not found or None in found:
        return None
    periods = [period for period in found if period is not None]
    kinds = list(dict.fromkeys(period.kind for period in periods))
    if len(kinds) > 1:
        problem = f"a {kinds[0]} and a {kinds[1]} stand in one column"
        raise DesignError(Fault("PERIODS_OF_UNLIKE_KINDS", "at", problem, "Use periods of one length."))
    return periods
