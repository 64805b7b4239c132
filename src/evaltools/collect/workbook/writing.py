"""The workbook of a questionnaire, to be filled in: front sheet, one sheet per section, lists, and whose it is."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from evaltools.collect.workbook.cells import Pen, put
from evaltools.collect.workbook.codes import CodeSheet
from evaltools.collect.workbook.identity import ABOUT, PREFIX, SIGNATURE, VERSION, identity_of, sign, to_text
from evaltools.collect.workbook.layout import answer_lines, pages, table_columns
from evaltools.collect.workbook.model import Contents, Identity
from evaltools.collect.workbook.section_sheet import SectionSheet
from evaltools.collect.workbook.styles import Styles, height
from evaltools.collect.workbook.table_sheet import TableSheet
from evaltools.collect.workbook.texts_of_ours import FRONT, heading
from evaltools.document.neutral import WORKBOOK_OPTIONS
from evaltools.document.writing import zipped_anew
from evaltools.language import Language
from evaltools.schema.model import Questionnaire

LONGEST_SHEET_NAME: Final = 31
FRONT_WIDTH: Final = 84
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\']")


def write_workbook(q: Questionnaire, contents: Contents, language: Language) -> bytes:
    """The workbook as a file; the same questionnaire and contents give the same bytes.

    Parameters: contents - whose it is and what is filled in already. language - of texts, lists and messages.
    """
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, dict(WORKBOOK_OPTIONS))
    pen = Pen(Styles(book), CodeSheet(language), language)
    _Book(book, q, contents, pen).write()
    book.close()
    return zipped_anew(file.getvalue(), _made(q))


def _made(q: Questionnaire) -> dt.datetime:
    """A fixed time, so that the same contents give the same bytes."""
    return dt.datetime(q.answer_year, 1, 1)


@dataclass(frozen=True, slots=True)
class _Book:
    """The workbook being written."""

    book: xlsxwriter.Workbook
    q: Questionnaire
    contents: Contents
    pen: Pen

    def write(self) -> None:
        identity = identity_of(self.q, self.contents, self.pen.language)
        self.book.set_properties({"title": self.q.titled(self.pen.language), "created": _made(self.q)})
        names = _SheetNames()
        front = self._sheet(names, self.pen.say("front.name"), "#113A63")
        answers = [self._table(names)] if self.q.many_records else list(self._sections(names))
        self._front(front, answers)
        self.pen.codes.write(self.book, names.unique(self.pen.say("codes_name")))
        self._about(names.unique("evaltools"), identity)
        front.activate()

    def _sheet(self, names: _SheetNames, name: str, colour: str = "") -> Worksheet:
        sheet = self.book.add_worksheet(names.unique(name))
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{self.contents.stamp.replace('&', '&&')}&R&P / &N")
        if colour:
            sheet.set_tab_color(colour)
        return sheet

    def _sections(self, names: _SheetNames) -> Iterator[tuple[str, str]]:
        lines = answer_lines(self.q, self.pen.language)
        for page in pages(self.q, self.pen.language):
            sheet = self._sheet(names, f"{page.number} {page.title}".strip())
            places = SectionSheet(sheet, page, self.pen, self.contents, lines).write()
            self._define(sheet, {name: (*place, *place) for name, place in places.items()})
            yield sheet.get_name(), heading(page)

    def _table(self, names: _SheetNames) -> tuple[str, str]:
        title = self.pen.say("table.title")
        sheet = self._sheet(names, title)
        sheet.set_print_scale(60)  # a table is wider than a page, and unreadable on one
        language = self.pen.language
        columns = table_columns(self.q, language)
        known = {line.id for line in columns}
        starts = {
            next(line.id for line in page.lines if line.id in known): heading(page) for page in pages(self.q, language)
        }
        table = TableSheet(sheet, title, self.pen.say("table.intro"), columns, starts, self.pen, self.contents)
        self._define(sheet, table.write())
        return sheet.get_name(), title

    def _define(self, sheet: Worksheet, places: Mapping[str, tuple[int, int, int, int]]) -> None:
        for name, (row, column, last_row, last_column) in places.items():
            first = xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)
            last = xl_rowcol_to_cell(last_row, last_column, row_abs=True, col_abs=True)
            area = first if first == last else f"{first}:{last}"
            self.book.define_name(name, f"='{sheet.get_name()}'!{area}")

    def _front(self, sheet: Worksheet, answers: Iterable[tuple[str, str]]) -> None:
        style, say = self.pen.styles, self.pen.say
        sheet.write_string(0, 0, f"{PREFIX}front")
        sheet.set_row(0, None, None, {"hidden": True})
        sheet.set_column(0, 0, 3)
        sheet.set_column(1, 1, 30, style.style())
        sheet.set_column(2, 2, FRONT_WIDTH, style.style())
        sheet.set_row(1, 26)
        sheet.set_row(2, 20)
        put(sheet, (1, 1), self.q.titled(self.pen.language), style.title())
        put(sheet, (2, 1), self.contents.unit_name or say("front.public"), style.style(text_wrap=False, font_size=13))
        if self.contents.stamp:
            put(sheet, (3, 1), self.contents.stamp, style.stamp())
        row = 5
        for name, text in self._guidance():
            put(sheet, (row, 1), name, style.style(bold=True, font_color="#113A63"))
            put(sheet, (row, 2), text, style.style())
            sheet.set_row(row, height(text, FRONT_WIDTH) + 5)
            row += 1
        row += 1
        put(sheet, (row, 1), say("front.sheets"), style.head())
        put(sheet, (row, 2), "", style.head())
        for name, title in answers:
            row += 1
            sheet.write_url(row, 1, f"internal:'{name}'!A1", style.style(font_color="#113A63", underline=1), title)
        sheet.protect()

    def _guidance(self) -> Iterator[tuple[str, str]]:
        left_out = {"unsigned" if self.contents.unit else "signed", "sections" if self.q.many_records else "records"}
        for part in FRONT:
            if part not in left_out:
                yield self.pen.say(f"front.{part}.name"), self.pen.say(f"front.{part}.text")

    def _about(self, name: str, identity: Identity) -> None:
        """Whose workbook it is, in a hidden sheet and again in the properties of the file."""
        sheet = self.book.add_worksheet(name)
        key = self.contents.key
        signature = sign(identity, key) if key else ""
        for row, (mark, text) in enumerate(((ABOUT, to_text(identity)), (SIGNATURE, signature))):
            sheet.write_string(row, 0, mark)
            sheet.write_string(row, 1, text)
        for row, (record, version) in enumerate(identity.versions.items(), start=2):
            sheet.write_string(row, 0, VERSION)
            sheet.write_string(row, 1, record)
            sheet.write_number(row, 2, version)
        sheet.protect()
        sheet.very_hidden()
        for mark, text in ((ABOUT, to_text(identity)), (SIGNATURE, signature)):
            if text:
                self.book.set_custom_property(mark, text, "text")
        if not self.q.many_records:
            self.book.set_custom_property(VERSION, str(next(iter(identity.versions.values()), 0)), "text")


class _SheetNames:
    """Names of sheets as the file format wants them: short, without some signs, each once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def unique(self, wanted: str) -> str:
        """The wanted name, cut to size, with a number where it is taken."""
        name = " ".join(_FORBIDDEN.sub(" ", wanted).split())[:LONGEST_SHEET_NAME].strip()
        number = 1
        while name.casefold() in self._taken:
            number += 1
            name = f"{name[: LONGEST_SHEET_NAME - 4].strip()} ({number})"
        self._taken.add(name.casefold())
        return name
