"""Answers as a reader sees them: on a page, on a receipt, in a comparison. The same words everywhere."""

from __future__ import annotations

import datetime as dt

from evaltools.collect.limits import shown_number
from evaltools.language import NBSP, Language, date, texts
from evaltools.schema.missing import Missing, missing_label
from evaltools.schema.model import CodeList, Field, Value


def said(value: Value | None, field: Field, language: Language) -> str:
    """The answer in words: labels for codes, a number with its unit, a kind of missing by its name.

    value : None where the field was never answered.

    >>> from evaltools.language import Text
    >>> from evaltools.schema.model import Item
    >>> item = Item("f1", "integer", "s", Text("", ""), Text("", ""), unit=Text("børn", "children"))
    >>> said(1250, Field("f1", item, "integer", Text("", "")), "da").replace("\u00a0", " ")
    '1.250 børn'
    """
    if value is None:
        value = Missing.NOT_ANSWERED
    if isinstance(value, Missing):
        return missing_label(value, language)
    if isinstance(value, tuple):
        return "; ".join(_label(code, field.item.codelist, language) for code in value)
    if isinstance(value, bool):
        return texts(language).say("language.yes" if value else "language.no")
    if isinstance(value, str):
        return _said_text(value, field, language)
    if field.kind == "year":
        return str(int(value))
    return with_its_unit(shown_number(value, language), field, language)


def with_its_unit(shown: str, field: Field, language: Language) -> str:
    """A shown number and the unit of its field on one line."""
    return f"{shown}{NBSP}{field.item.unit.to(language)}" if field.item.unit else shown


def moment_words(at: dt.datetime, language: Language) -> str:
    """A moment as people say it, in the time zone it comes with.

    >>> moment_words(dt.datetime(2018, 11, 5, 14, 5), "da").replace("\u00a0", " ")
    '5. november 2018 kl. 14.05'
    """
    say = texts(language).say
    return say("collect.moment", date=date(at.date(), language), hour=f"{at.hour}", minute=f"{at.minute:02}")


def _said_text(value: str, field: Field, language: Language) -> str:
    if field.kind in ("date", "month"):
        return _said_day(value, language)
    return _label(value, field.item.codelist, language) if field.kind == "single" else value


def _said_day(value: str, language: Language) -> str:
    """A date or a month in words; what is neither stays as it is."""
    try:
        day = dt.date.fromisoformat(value if len(value) > 7 else f"{value}-01")
    except ValueError:
        return value
    if len(value) > 7:
        return date(day, language)
    return f"{texts(language).say(f'language.month.m{day.month}')} {day.year}"


def _label(code: str, codelist: CodeList | None, language: Language) -> str:
    if codelist is None or code not in codelist.codes:
        return code
    return codelist.category(code).label.to(language)
