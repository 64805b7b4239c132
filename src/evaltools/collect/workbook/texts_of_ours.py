"""Every text that the program itself writes into a workbook, so that what somebody else wrote there is noticed."""

from __future__ import annotations

from collections.abc import Iterator

from evaltools.collect.workbook.layout import Line, Page, pages, table_columns
from evaltools.collect.workbook.model import Contents
from evaltools.document.characters import printable
from evaltools.language import Language, texts
from evaltools.schema.model import Questionnaire

FRONT = ("fill", "sections", "records", "zero", "missing", "grey", "reasons", "personal", "signed", "unsigned", "send")
"""The parts of the front sheet in their order; of a pair, one fits a workbook."""
_HEADS = ("number", "question", "answer", "reason", "unit", "missing", "last", "register", "record")


def texts_of_ours(q: Questionnaire, contents: Contents, language: Language) -> frozenset[str]:
    """The texts of titles, questions, guidance and column names, folded by `normal`."""
    say = texts(language).say
    found = [q.titled(language), contents.unit_name, contents.stamp]
    found += [say(f"workbook.front.{part}.{what}") for part in FRONT for what in ("name", "text")]
    found += [say(f"workbook.column.{head}") for head in _HEADS]
    found += [say(f"workbook.{key}") for key in ("front.public", "front.sheets", "computed_later")]
    found += [say("workbook.table.title"), say("workbook.table.intro")]
    for page in pages(q, language):
        found += [heading(page), page.intro, *(text for line in page.lines for text in _texts(line, language))]
    if q.many_records:
        found += [text for line in table_columns(q, language) for text in (line.number, column_title(line, language))]
    return frozenset(normal(printable(text)) for text in found)


def heading(page: Page) -> str:
    """The number and title of a sheet."""
    return f"{page.number}  {page.title}".strip()


def column_title(line: Line, language: Language) -> str:
    """The question at the head of a column of a table, with its unit."""
    if line.kind == "options":
        return texts(language).say("workbook.missing_for", question=line.text)
    unit = line.field.item.unit if line.field is not None and line.kind == "field" else None
    return f"{line.text} ({unit.to(language)})" if unit else line.text


def normal(value: object) -> str:
    """A value of a cell as it is compared: spaces folded, a whole number without decimals.

    >>> normal(3.0), normal(" a  b ")
    ('3', 'a b')
    """
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())


def _texts(line: Line, language: Language) -> Iterator[str]:
    yield from (line.text, line.number)
    if line.field is not None and line.field.item.unit is not None:
        yield line.field.item.unit.to(language)
