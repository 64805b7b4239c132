"""The workbook: a cover, one sheet for each figure and table with its data, and the register of numbers."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from evaltools.document.front import front_facts
from evaltools.document.layout import note_lines
from evaltools.document.model import Cell, Document, Figure, RegisterRow, Table
from evaltools.document.neutral import WORKBOOK_OPTIONS, runs
from evaltools.document.numbers import number_format
from evaltools.document.outline import Place, outline, uses
from evaltools.document.soundness import sound
from evaltools.document.walk import plain_text
from evaltools.document.writing import moment, write_file, zipped_anew
from evaltools.language import Texts, texts

Value = float | int | str | None

WIDEST = 60
NARROWEST = 9


@dataclass(frozen=True, slots=True)
class Entry:
    """One cell of a sheet: the value, and how many-figured it is shown."""

    value: Value
    format: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of data: its name, the lines above the data, the column names and the rows."""

    name: str
    title: str
    lines: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[Entry, ...], ...]
    group_rows: frozenset[int] = frozenset()


def write_xlsx(document: Document, path: Path | str) -> None:
    """Write the data behind the document as an Excel workbook.

    Parameters: `document`; `path`, replaced in one step.
    Raises: MemoError with the codes of `sound`, `DOCUMENT_DATE`, `DOCUMENT_NOT_WRITTEN`.
    """
    write_file(path, xlsx_bytes(document))


def xlsx_bytes(document: Document) -> bytes:
    """The workbook itself; the same document gives the same bytes. Texts are never formulas or links."""
    document = sound(document)
    when = moment(document.iso_date)
    file = io.BytesIO()
    workbook = xlsxwriter.Workbook(file, dict(WORKBOOK_OPTIONS))
    workbook.set_properties(
        {
            "title": document.title,
            "subject": document.subtitle,
            "author": document.author,
            "comments": document.description,
            "keywords": document.stamp,
            "created": when.replace(tzinfo=None),
        }
    )
    book = _Book(workbook, document)
    sheets = tuple(_sheets(document))
    book.cover(sheets)
    for sheet in sheets:
        book.add(sheet)
    workbook.close()
    return zipped_anew(file.getvalue(), when)


def _sheets(document: Document) -> Iterator[Sheet]:
    words = texts(document.language)
    places = outline(document)
    for index, block in enumerate(document.blocks):
        if isinstance(block, Figure):
            rows = tuple(tuple(Entry(value) for value in row) for row in block.rows)
            yield _sheet(places.at(index), block, rows, words)
        elif isinstance(block, Table):
            rows = tuple(tuple(_entry(cell, document) for cell in row) for row in block.rows)
            yield _sheet(places.at(index), block, rows, words)
    if document.register:
        yield _register(document, words)


def _sheet(place: Place, block: Figure | Table, rows: tuple[tuple[Entry, ...], ...], words: Texts) -> Sheet:
    groups = block.group_rows if isinstance(block, Table) else frozenset[int]()
    title = f"{place.name}. {block.title}"
    return Sheet(place.name, title, note_lines(block.note, words), block.header, rows, groups)


def _entry(cell: Cell, document: Document) -> Entry:
    text = plain_text(cell.inline)
    if isinstance(cell.value, (int, float)):
        return Entry(cell.value, number_format(cell.value, text, document.language))
    return Entry(cell.value if cell.value is not None else text)


def _register(document: Document, words: Texts) -> Sheet:
    say = words.say
    kinds = (*(row.own for row in document.register), *(row.source for row in document.register))
    labels = tuple(dict.fromkeys(label for kind in kinds for label in kind))
    used = uses(document, outline(document))
    rows = tuple(_register_row(row, labels, used.get(row.id, ()), document) for row in document.register)
    header = tuple(say(f"document.register.{column}") for column in ("id", "shown", "value"))
    title = say("document.register.title")
    lines = (say("document.register.description"),)
    return Sheet(
        title, title, lines, (*header, *labels, say("document.register.lookup"), say("document.register.used")), rows
    )


def _register_row(
    row: RegisterRow, labels: Sequence[str], places: Sequence[Place], document: Document
) -> tuple[Entry, ...]:
    usual = row.shown.get("", next(iter(row.shown.values()), ""))
    where = ", ".join(place.name for place in places)
    facts = {**row.source, **row.own}
    sources = (Entry(facts.get(label, "")) for label in labels)
    return (Entry(row.id), Entry(usual), Entry(row.value), *sources, Entry(row.lookup), Entry(where))


class _Book:
    """The workbook being written, with its few formats."""

    def __init__(self, workbook: xlsxwriter.Workbook, document: Document) -> None:
        self.workbook = workbook
        self.document = document
        self.words = texts(document.language)
        self.formats: dict[tuple[tuple[str, object], ...], Format] = {}

    def style(self, **properties: object) -> Format:
        """A format with these properties, made once."""
        base = {"font_name": "Calibri", "font_size": 10, "valign": "top", "font_color": "#1F2328"}
        key = tuple(sorted({**base, **properties}.items()))
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format(dict(key))
        return self.formats[key]

    def cover(self, sheets: Sequence[Sheet]) -> None:
        """The first sheet: what this is, the facts, and a list of the sheets."""
        say = self.words.say
        page = self._page(say("document.sheets.cover"))
        page.set_column(0, 0, 26)
        page.set_column(1, 1, 100)
        page.write_string(0, 0, self.document.title, self.style(bold=True, font_size=18, font_color="#113A63"))
        page.set_row(0, 28)
        page.write_string(1, 0, self.document.subtitle, self.style(font_size=12, font_color="#59636E"))
        row = self._stamp(page, 2) + 1
        for name, text in front_facts(self.document):
            page.write_string(row, 0, name, self.style(font_color="#59636E"))
            page.write_string(row, 1, text, self.style(text_wrap=True))
            row += 1
        row += 1
        page.write_string(row, 0, say("document.sheets.sheet"), self._head())
        page.write_string(row, 1, say("document.sheets.content"), self._head())
        link = self.style(font_color="#113A63", underline=1)
        for sheet in sheets:
            row += 1
            page.write_url(row, 0, f"internal:'{sheet.name}'!A1", link, sheet.name)
            page.write_string(row, 1, sheet.title, self.style(text_wrap=True))

    def add(self, sheet: Sheet) -> None:
        """One sheet of data."""
        page = self._page(sheet.name)
        page.write_string(0, 0, sheet.title, self.style(bold=True, font_size=13, font_color="#113A63"))
        row = 1
        for line in sheet.lines:
            page.write_string(row, 0, line, self.style(font_color="#59636E"))
            row += 1
        row = self._stamp(page, row)
        cover = self.words.say("document.sheets.cover")
        back = self.style(font_color="#113A63", underline=1)
        page.write_url(row, 0, f"internal:'{cover}'!A1", back, self.words.say("document.sheets.back"))
        self._data(page, sheet, row + 2)

    def _page(self, name: str) -> Worksheet:
        page = self.workbook.add_worksheet(name)
        page.hide_gridlines(2)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        footer = f"&L{self.document.stamp.replace('&', '&&')}&R&P / &N"
        page.set_footer(footer)
        return page

    def _stamp(self, page: Worksheet, row: int) -> int:
        if not self.document.stamp:
            return row
        page.write_string(row, 0, self.document.stamp, self.style(bold=True, font_color="#8C2F1B"))
        return row + 1

    def _head(self, **more: object) -> Format:
        return self.style(bold=True, font_color="#113A63", bottom=1, top=2, text_wrap=True, valign="bottom", **more)

    def _data(self, page: Worksheet, sheet: Sheet, top: int) -> None:
        numeric = [_is_numeric(sheet, column) for column in range(len(sheet.header))]
        for column, name in enumerate(sheet.header):
            page.write_string(top, column, name, self._head(align="right" if numeric[column] else "left"))
            page.set_column(column, column, _width(sheet, column))
        for index, row in enumerate(sheet.rows):
            for column, entry in enumerate(row):
                self._cell(page, top + 1 + index, column, entry, index in sheet.group_rows)
        page.freeze_panes(top + 1, 1)
        page.repeat_rows(top)
        if sheet.rows and not sheet.group_rows:
            page.autofilter(top, 0, top + len(sheet.rows), len(sheet.header) - 1)

    def _cell(self, page: Worksheet, row: int, column: int, entry: Entry, group: bool) -> None:
        rule: dict[str, object] = {"bottom": 4, "bottom_color": "#CFD6DC"}
        if group:
            rule |= {"bold": True, "bg_color": "#EEF3F8"}
        value = entry.value
        if isinstance(value, str):
            look = self.style(text_wrap=len(value) > WIDEST, quote_prefix=runs(value), **rule)
            page.write_string(row, column, value, look)
        elif value is None or not math.isfinite(value):
            page.write_blank(row, column, None, self.style(**rule))
        else:
            more = {"num_format": entry.format} if entry.format else {}
            page.write_number(row, column, value, self.style(align="right", **rule, **more))


def _is_numeric(sheet: Sheet, column: int) -> bool:
    values = [row[column].value for row in sheet.rows if column < len(row)]
    return any(isinstance(value, (int, float)) for value in values)


def _width(sheet: Sheet, column: int) -> float:
    cells = (row[column] for index, row in enumerate(sheet.rows) if column < len(row) and index not in sheet.group_rows)
    longest = max((len(str(cell.value)) for cell in cells if isinstance(cell.value, str)), default=0)
    head = max((len(word) for word in sheet.header[column].split()), default=0)
    return min(WIDEST, max(NARROWEST, longest, head + 3) + 1)
