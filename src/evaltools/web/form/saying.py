"""Answers as text: what stands in a box so that it can be changed, and what is read on a page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from evaltools.collect.limits import shown_number
from evaltools.language import Language, date, number, texts
from evaltools.schema.missing import Missing, missing_label
from evaltools.schema.model import CodeList, Field, Value


def typed_text(value: Value | None, field: Field, language: Language) -> str:
    """The answer as somebody would type it; nothing for a kind of missing and for codes.

    >>> from evaltools.language import Text
    >>> from evaltools.schema.model import Item
    >>> posts = Field("posts", Item("posts", "decimal", "s", Text("", ""), Text("", "")), "decimal", Text("", ""))
    >>> typed_text(1234.5, posts, "da"), typed_text(Missing.DONT_KNOW, posts, "da")
    ('1234,5', '')
    """
    if value is None or isinstance(value, Missing | tuple | bool):
        return ""
    if isinstance(value, str):
        return _typed_moment(value) if field.kind in ("date", "month") else value
    plain = str(int(value)) if float(value).is_integer() else repr(float(value))
    return plain.replace(".", ",") if language == "da" else plain


def said(value: Value | None, field: Field, language: Language) -> str:
    """The answer as a reader sees it, with its unit; a kind of missing in words.

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
    return f"{shown}\u00a0{field.item.unit.to(language)}" if field.item.unit else shown


def many(count: int, key: str, language: Language) -> str:
    """A count with its noun, from `web.count.<key>.one` and `.many`."""
    form = "one" if count == 1 else "many"
    return texts(language).say(f"web.count.{key}.{form}", count=number(count, 0, language))


def _typed_moment(value: str) -> str:
    """`2018-03-31` as `31.3.2018`, `2018-03` as `3-2018`, as Danes write; what is neither stays as it is."""
    parts = value.split("-")
    if not all(part.isdigit() for part in parts) or len(parts) not in (2, 3):
        return value
    reversed_parts: Sequence[str] = [str(int(part)) for part in reversed(parts)]
    return ("." if len(parts) == 3 else "-").join(reversed_parts)


def _said_text(value: str, field: Field, language: Language) -> str:
    if field.kind == "date":
        return date(dt.date.fromisoformat(value), language)
    if field.kind == "month":
        first = dt.date.fromisoformat(f"{value}-01")
        return f"{texts(language).say(f'language.month.m{first.month}')} {first.year}"
    return _label(value, field.item.codelist, language) if field.kind == "single" else value


def _label(code: str, codelist: CodeList | None, language: Language) -> str:
    if codelist is None or code not in codelist.codes:
        return code
    return codelist.category(code).label.to(language)
