"""One cell to answer in: what stands in it already, and what may be written there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from xlsxwriter.worksheet import Worksheet

from evaltools.collect.limits import limits, shown_number
from evaltools.collect.moments import FIRST_YEAR, LAST_YEAR
from evaltools.collect.numbers import LARGEST
from evaltools.collect.reading import LONGEST_REASON
from evaltools.collect.workbook.codes import MARK, CodeSheet
from evaltools.collect.workbook.layout import Line
from evaltools.collect.workbook.styles import Styles, number_format
from evaltools.document.characters import printable
from evaltools.language import Language, Text, texts
from evaltools.schema.missing import Missing, missing_label
from evaltools.schema.model import Field, Value

LONGEST_TITLE: Final = 32
LONGEST_MESSAGE: Final = 255
"""Characters that the file format allows in the title and the text of a message at a cell."""
LONGEST_EMAIL: Final = 254

Rule = Mapping[str, object]
"""A data validation as xlsxwriter takes it."""


@dataclass(frozen=True, slots=True)
class Pen:
    """What every cell is written with."""

    styles: Styles
    codes: CodeSheet
    language: Language

    def say(self, key: str, **values: object) -> str:
        """A text of the workbook."""
        return texts(self.language).say(f"workbook.{key}", **values)


def format_of(line: Line) -> str:
    """The number format of the cell to answer in on a line."""
    if line.kind == "choice" or line.field is None:
        return "@"
    return number_format(line.field.kind, line.field.item.decimals)


def shown_value(line: Line, value: Value | None, language: Language) -> str | int | float | dt.date:
    """A value as its cell holds it; nothing for a kind of missing, which has a cell of its own."""
    if value is None or isinstance(value, Missing):
        return ""
    if line.kind == "choice":
        chosen = isinstance(value, tuple) and line.category is not None and line.category.code in value
        return MARK if chosen else ""
    if line.field is not None and isinstance(value, str):
        return _shown_text(line.field, value, language)
    return "" if isinstance(value, tuple) else value


def _shown_text(field: Field, value: str, language: Language) -> str | dt.date:
    if field.kind == "date":
        return dt.date.fromisoformat(value)
    if field.kind == "single" and field.item.codelist is not None:
        known = {category.code: category.label for category in field.item.codelist.categories}
        return known.get(value, Text(value, value)).to(language)
    return value


def shown_kind(field: Field | None, value: Value | None, language: Language) -> str:
    """The kind of missing in its cell; nothing where there is a value, or where the field does not offer the kind."""
    is_offered = isinstance(value, Missing) and field is not None and value in field.item.missing
    return missing_label(value, language) if is_offered and isinstance(value, Missing) else ""


def put(sheet: Worksheet, place: tuple[int, int], value: object, form: object) -> None:
    """Write a value as what it is: text never becomes a formula, a number or a link."""
    row, column = place
    if isinstance(value, dt.date):
        sheet.write_datetime(row, column, dt.datetime.combine(value, dt.time()), form)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(row, column, value, form)
    elif value in ("", None):
        sheet.write_blank(row, column, None, form)
    else:
        sheet.write_string(row, column, printable(str(value)), form)


def validation(line: Line, pen: Pen) -> Rule | None:
    """What may be written in the answer cell of a line, and what is said when something else is."""
    if line.kind == "choice":
        return _told(pen, "mark", {"validate": "list", "source": f"={pen.codes.mark()}"}, prompted=False)
    if line.kind == "reason" or line.field is None:
        return _told(pen, "text", _at_most(LONGEST_REASON), most=LONGEST_REASON, prompted=False)
    if line.field.kind == "single":
        return _told(pen, "choice", {"validate": "list", "source": f"={pen.codes.choices(line.field)}"}, prompted=False)
    return _typed(line.field, pen)


def _typed(field: Field, pen: Pen) -> Rule | None:
    if field.kind in ("integer", "count", "decimal"):
        return _number(field, pen)
    if field.kind == "year":
        low, high = field.item.minimum or FIRST_YEAR, field.item.maximum or LAST_YEAR
        return _told(pen, "year", {**_between("integer", low, high)}, low=int(low), high=int(high))
    if field.kind == "date":
        first, last = dt.date(FIRST_YEAR, 1, 1), dt.date(LAST_YEAR, 12, 31)
        return _told(pen, "date", _between("date", first, last))
    if field.kind == "month":
        return _told(pen, "month", _at_most(30))
    if field.kind == "email":
        return _told(pen, "email", _at_most(LONGEST_EMAIL))
    longest = field.item.max_length
    return _told(pen, "text", _at_most(longest), most=longest, prompted=False)


def _number(field: Field, pen: Pen) -> Rule:
    """A whole number, or one with decimals. Both ends are always given, since a validation must have them."""
    smallest, largest = limits(field)
    low = -LARGEST if smallest is None else smallest
    high = LARGEST if largest is None else largest
    is_whole = field.kind != "decimal"
    key = "whole" if is_whole else "decimal"
    if smallest is None and largest is None:
        return _told(pen, key, _between("integer" if is_whole else "decimal", low, high))
    key += "_from" if largest is None else "_to" if smallest is None else "_between"
    rule = _between("integer" if is_whole else "decimal", low, high)
    return _told(pen, key, rule, low=shown_number(low, pen.language), high=shown_number(high, pen.language))


def _between(kind: str, low: object, high: object) -> Rule:
    return {"validate": kind, "criteria": "between", "minimum": low, "maximum": high}


def _at_most(length: int) -> Rule:
    return {"validate": "length", "criteria": "<=", "value": length}


def _told(pen: Pen, key: str, rule: Rule, *, prompted: bool = True, **words: object) -> Rule:
    """The rule with what is said at the cell: before one writes (where it helps), and when it does not fit."""
    message = pen.say(f"valid.{key}", **words)[:LONGEST_MESSAGE]
    title = pen.say("valid.title")[:LONGEST_TITLE]
    told = {**rule, "ignore_blank": True, "error_title": title, "error_message": message}
    return {**told, "input_message": message} if prompted else told


def loose_list(field: Field, pen: Pen) -> Rule | None:
    """For a table, where one cell takes both: a list to choose from that lets other answers be written too."""
    labels = pen.codes.labels(field)
    kinds = pen.codes.missing_labels(field)
    if not kinds:
        return None
    source = f"={pen.codes.choices_and_kinds(field)}"
    if labels:
        return _told(pen, "choice", {"validate": "list", "source": source}, prompted=False)
    return {"validate": "list", "source": source, "ignore_blank": True, "show_error": False}
