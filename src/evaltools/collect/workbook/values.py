"""A cell's value made into what `read_answers` takes; a cell that holds no answer at all says why."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Final

from evaltools.collect.trouble import Trouble, shown
from evaltools.collect.workbook.layout import Line
from evaltools.collect.workbook.opening import RawCell
from evaltools.language import Language, texts
from evaltools.language.text import LANGUAGES
from evaltools.schema.model import Field

NUMERIC: Final = ("integer", "decimal", "count", "year")
_WITHOUT_VALUE: Final = {"formula": "WORKBOOK_NO_RESULT", "error": "WORKBOOK_ERROR_VALUE"}


def raw_value(cell: RawCell | None, field: Field | None, language: Language) -> object | Trouble:
    """What stands in the answer cell of a field, or of a reason where there is no field.

    Codes of trouble: WORKBOOK_NO_RESULT for a formula that nobody has worked out, WORKBOOK_ERROR_VALUE for `#N/A` and
    the like, WORKBOOK_BECAME_A_DATE where a program has made a date of a number.
    """
    if cell is None:
        return None
    if cell.kind in _WITHOUT_VALUE:
        return Trouble(_WITHOUT_VALUE[cell.kind], {"given": shown(cell.value)})
    if cell.kind == "truth":
        return texts(language).say("language.yes" if cell.value else "language.no")
    if cell.kind == "date":
        return _date(str(cell.value), field)
    if cell.kind == "percent":
        return _percent(float(cell.value), language)
    return cell.value


def _date(iso: str, field: Field | None) -> object | Trouble:
    kind = field.kind if field is not None else "text"
    if kind == "month":
        return iso[:7]
    if kind in NUMERIC or kind == "single":
        return Trouble("WORKBOOK_BECAME_A_DATE", {"given": iso})
    return iso if kind == "date" else _written_out(iso)


def _written_out(iso: str) -> str:
    """A date in a text as it was shown, day first."""
    try:
        day = dt.date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{day.day}.{day.month}.{day.year}"


def _percent(share: float, language: Language) -> str:
    """A share that is shown as per cent, as it was shown."""
    said = f"{round(share * 100, 10):.10f}".rstrip("0").rstrip(".")
    return f"{said.replace('.', ',') if language == 'da' else said} %"


def is_marked(cell: RawCell | None, line: Line) -> bool | Trouble:
    """Whether the cell of a choice says that it is chosen. Taken are a mark, yes and no, its own code or label."""
    if cell is None:
        return False
    text = " ".join(str(cell.value).casefold().split())
    if cell.kind in _WITHOUT_VALUE:
        return Trouble(_WITHOUT_VALUE[cell.kind], {"given": shown(cell.value)})
    if text in _words("unmarked"):
        return False
    if text in (*_words("marked"), *_own_words(line)):
        return True
    return Trouble("WORKBOOK_NO_MARK", {"given": shown(cell.value)})


def _own_words(line: Line) -> tuple[str, ...]:
    category = line.category
    if category is None:
        return ()
    return (category.code.casefold(), *(category.label.to(language).casefold() for language in LANGUAGES))


@cache
def _words(kind: str) -> tuple[str, ...]:
    """Words that mean a mark, or none, in both languages."""
    found = (word for language in LANGUAGES for word in texts(language).say(f"workbook.words.{kind}").split("|"))
    return tuple(word.strip() for word in found)
