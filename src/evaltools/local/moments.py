"""Months and weeks as local files write them: dates of all kinds, ISO weeks, the cells of a spreadsheet."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from evaltools.collect.moments import read_date, read_month

_WEEK: Final = (
    re.compile(r"(?P<year>\d{4})[- ]?[WUwu](?:ge)?[- ]?(?P<week>\d{1,2})"),
    re.compile(r"(?:[Uu]ge|[Ww]eek|[UuWw])\.? ?(?P<week>\d{1,2})[,/ -]+(?P<year>\d{4})"),
)
_WITH_CLOCK: Final = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?")
_UNBROKEN: Final = re.compile(r"(\d{4})(\d{2})")


def as_month(given: object) -> object:
    """A cell that tells a day, a week or a month, as `2018-03`; anything else as it is.

    The month of a week is that of its Thursday, as ISO 8601 gives a week its year.

    >>> as_month("15/03/2018"), as_month("2018-W07"), as_month("03-2018"), as_month("1.3.18")
    ('2018-03', '2018-02', '2018-03', '1.3.18')
    """
    text = _text(given)
    day = _day(text)
    if day is not None:
        return day.isoformat()[:7]
    unbroken = _UNBROKEN.fullmatch(text)
    month = read_month(f"{unbroken[1]}-{unbroken[2]}" if unbroken else text)
    return month if isinstance(month, str) else given


def as_week(given: object) -> tuple[int, int] | None:
    """The ISO year and week of a cell that tells a week or a day; None where it tells neither.

    >>> as_week("2018-W07"), as_week("uge 7, 2018"), as_week("31.12.2018"), as_week("7")
    ((2018, 7), (2018, 7), (2019, 1), None)
    """
    day = _day(_text(given))
    return None if day is None else day.isocalendar()[:2]


def month_of_week(year: int, week: int) -> int | None:
    """The number of the month (years times twelve) in which the Thursday of a week lies; None for no such week."""
    try:
        thursday = dt.date.fromisocalendar(year, week, 4)
    except ValueError:
        return None
    return thursday.year * 12 + thursday.month - 1


def month_number(text: object) -> int | None:
    """The number of a month such as `2018-03` (years times twelve); None for anything else.

    >>> month_number("2018-03") - month_number("2017-12")
    3
    """
    if isinstance(text, str) and re.fullmatch(r"\d{4}-\d{2}", text):
        return int(text[:4]) * 12 + int(text[5:]) - 1
    return None


def month_text(number: int) -> str:
    """The month of a number.

    >>> month_text(month_number("2018-03") + 10)
    '2019-01'
    """
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def _day(text: str) -> dt.date | None:
    """The day that a text tells, of a week its Thursday."""
    for pattern in _WEEK:
        found = pattern.fullmatch(text)
        if found is not None:
            return _thursday(int(found["year"]), int(found["week"]))
    clock = _WITH_CLOCK.fullmatch(text)
    day = read_date(clock[1] if clock else text)
    return dt.date.fromisoformat(day) if isinstance(day, str) else None


def _thursday(year: int, week: int) -> dt.date | None:
    try:
        return dt.date.fromisocalendar(year, week, 4)
    except ValueError:
        return None


def _text(given: object) -> str:
    if isinstance(given, float) and given.is_integer():
        return str(int(given))
    return " ".join(str(given).split())
