"""Draws years, months and dates, none before the one it follows upon and none after the year of answering."""

from __future__ import annotations

import datetime as dt
import math
from typing import Final

from evaltools.rehearsal.chance import poisson
from evaltools.rehearsal.model import Draw, ItemSettings
from evaltools.schema.model import Field, Value

_YEARS_BACK: Final = 8
_DEFAULT_MONTHS: Final = 12


def draw_year(field: Field, settings: ItemSettings, here: Draw) -> Value | None:
    """A year within the limits of the item; None where there is none between `after` and the year of answering."""
    if settings.mean:
        return round(here.predict(settings.mean))
    newest = here.questionnaire.answer_year
    high = min(settings.high or newest, field.item.maximum or newest)
    low = max(settings.low or newest - _YEARS_BACK, field.item.minimum or 0)
    after = _answer_before(field, settings, here)
    low = max(low, after) if isinstance(after, int) else low
    return int(low + here.even(field.name) * (high - low + 1)) if high >= low else None


def draw_month(field: Field, settings: ItemSettings, here: Draw) -> Value | None:
    """A month as text, such as `2017-03`."""
    january = here.questionnaire.reference_year * 12
    last = here.questionnaire.answer_year * 12 + 11
    after = _answer_before(field, settings, here)
    if isinstance(after, str):
        return _month_text(_later(field, settings, here, _month_number(after), last))
    low = january + (settings.low or 0)
    high = min(last, january + (settings.high if settings.high is not None else _DEFAULT_MONTHS - 1))
    return _month_text(int(low + here.even(field.name) * (high - low + 1)))


def draw_date(field: Field, settings: ItemSettings, here: Draw) -> Value | None:
    """A date as text, such as `2017-03-28`."""
    return f"{draw_month(field, settings, here)}-{1 + int(here.even(field.name, 'day') * 28):02d}"


def _later(field: Field, settings: ItemSettings, here: Draw, first: int, last: int) -> int:
    """A month after another; one that would lie in the future falls anywhere between the two."""
    deviation = settings.spread * here.chance.normal(field.name, "spread")
    expected = math.exp(here.predict(settings.mean) + deviation)
    months = round(expected) if settings.exact else poisson(here.even(field.name), expected)
    if first + months <= last:
        return first + months
    return first + int(here.chance.even(field.name, "between") * (max(first, last) - first + 1))


def _answer_before(field: Field, settings: ItemSettings, here: Draw) -> Value | None:
    name = settings.after.replace("{row}", field.row.name) if field.row is not None else settings.after
    year, colon, week = name.partition(":")
    if colon:
        return _month_of_week(here.answers.get(year), here.answers.get(week))
    return here.answers.get(name) if name else None


def _month_of_week(year: Value | None, week: Value | None) -> str | None:
    if isinstance(year, int) and isinstance(week, int):
        return dt.date.fromisocalendar(year, min(week, 52), 4).isoformat()[:7]
    return None


def _month_number(text: str) -> int:
    return int(text[:4]) * 12 + int(text[5:7]) - 1


def _month_text(number: int) -> str:
    return f"{number // 12:04d}-{number % 12 + 1:02d}"
