"""Years, months and dates as people write them, stored as a number, `2018-03` and `2018-03-31`."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import Final

from evaltools.collect.trouble import Trouble, shown
from evaltools.language import texts
from evaltools.language.text import LANGUAGES

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2100

_MONTH: Final = (
    re.compile(r"(?P<year>\d{4})[-/. ](?P<month>\d{1,2})", re.ASCII),
    re.compile(r"(?P<month>\d{1,2})[-/. ]+(?P<year>\d{4})", re.ASCII),
    re.compile(r"(?P<name>[^\W\d]+)\.? +(?P<year>\d{4})"),
)
_DATE: Final = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:[T ]00:00(?::00)?)?", re.ASCII),
    re.compile(r"(?P<day>\d{1,2})[-/. ]+(?P<month>\d{1,2})[-/. ]+(?P<year>\d{4})", re.ASCII),
    re.compile(r"(?P<day>\d{1,2})\.? +(?P<name>[^\W\d]+)\.? +(?P<year>\d{4})"),
)


def read_year(given: object) -> int | Trouble:
    """A year of four digits.

    >>> read_year("2018"), read_year(18).code
    (2018, 'NOT_A_YEAR')
    """
    text = _text(given)
    if re.fullmatch(r"\d{4}", text, re.ASCII) and FIRST_YEAR <= int(text) <= LAST_YEAR:
        return int(text)
    return Trouble("NOT_A_YEAR", {"given": shown(given)})


def read_month(given: object) -> str | Trouble:
    """A month as `2018-03`.

    >>> read_month("3/2018"), read_month("marts 2018"), read_month("2018-03")
    ('2018-03', '2018-03', '2018-03')
    """
    day = _day(_text(given), _MONTH)
    return Trouble("NOT_A_MONTH", {"given": shown(given)}) if day is None else day.isoformat()[:7]


def read_date(given: object) -> str | Trouble:
    """A date as `2018-03-31`; day before month, as Danes write.

    >>> read_date("31.3.2018"), read_date("31. marts 2018"), read_date("31/2 2018").code
    ('2018-03-31', '2018-03-31', 'NOT_A_DATE')
    """
    day = _day(_text(given), _DATE)
    return Trouble("NOT_A_DATE", {"given": shown(given)}) if day is None else day.isoformat()


def _text(given: object) -> str:
    if isinstance(given, float) and given.is_integer():
        return str(int(given))
    return " ".join(given.split()) if isinstance(given, str) else str(given)


def _day(text: str, patterns: tuple[re.Pattern[str], ...]) -> dt.date | None:
    for pattern in patterns:
        match = pattern.fullmatch(text)
        if match is not None:
            return _dated(match.groupdict())
    return None


def _dated(parts: dict[str, str | None]) -> dt.date | None:
    name = parts.get("name")
    month = _month_numbers().get(name.casefold(), 0) if name else int(parts["month"] or 0)
    try:
        return dt.date(int(parts["year"] or 0), month, int(parts.get("day") or 1))
    except ValueError:
        return None


@cache
def _month_numbers() -> dict[str, int]:
    """Month names of both languages, whole and by their first three letters."""
    names = (
        (texts(language).say(f"language.month.m{n}").casefold(), n) for language in LANGUAGES for n in range(1, 13)
    )
    return {spelling: number for name, number in names for spelling in (name, name[:3])}
