"""The sheet of registrations: a record in each row, an answer in each column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from evaltools.collect.workbook.cells import Pen, format_of, loose_list, put, shown_kind, shown_value, validation
from evaltools.collect.workbook.greying import ruled_out
from evaltools.collect.workbook.identity import PREFIX
from evaltools.collect.workbook.layout import Line
from evaltools.collect.workbook.model import Contents, FilledIn
from evaltools.collect.workbook.texts_of_ours import column_title
from evaltools.collect.workbook.totals import computed_formula

TITLE_ROW, INTRO_ROW, SECTION_ROW, NUMBER_ROW, QUESTION_ROW = 1, 2, 4, 5, 6
FIRST_ROW: Final = QUESTION_ROW + 1
ID_COLUMN, COUNT_COLUMN, FIRST_COLUMN = 0, 1, 2
MISSING_MARK: Final = "!"
"""After the id of a multiple field, for the column with its kind of missing."""
HIDDEN: Final = {"hidden": True}


@dataclass(frozen=True, slots=True)
class TableSheet:
    """What the sheet is written with. `sections`: the title above the first column of each."""

    sheet: Worksheet
    title: str
    intro: str
    columns: tuple[Line, ...]
    sections: Mapping[str, str]
    pen: Pen
    contents: Contents

    def write(self) -> dict[str, tuple[int, int, int, int]]:
        """Write the sheet; the first and last cell of each named range, which is a column here."""
        records = self._records()
        self._head()
        for number, record in enumerate(records):
            row = FIRST_ROW + number
            self.sheet.write_string(row, ID_COLUMN, record.record)
            self.sheet.write_number(row, COUNT_COLUMN, number + 1, self.pen.styles.style())
            self.sheet.set_row(row, 18)
        last_row = FIRST_ROW + max(len(records), 1) - 1
        places: dict[str, tuple[int, int, int, int]] = {}
        for column, line in enumerate(self.columns, start=FIRST_COLUMN):
            self._column(column, line, records, last_row)
            if line.kind != "computed":
                name = line.range_name("missing" if line.kind == "options" else "answer")
                places[name] = (FIRST_ROW, column, last_row, column)
        self._finish()
        return places

    def _records(self) -> tuple[FilledIn, ...]:
        known = tuple(one for one in self.contents.responses if one.record)
        return known + tuple(FilledIn(record=record) for record in self.contents.free_records)

    def _head(self) -> None:
        sheet, style = self.sheet, self.pen.styles
        sheet.write_string(0, ID_COLUMN, f"{PREFIX}record")
        sheet.write_string(0, COUNT_COLUMN, f"{PREFIX}number")
        sheet.set_row(0, None, None, HIDDEN)
        sheet.set_column(ID_COLUMN, ID_COLUMN, 12, None, HIDDEN)
        sheet.set_column(COUNT_COLUMN, COUNT_COLUMN, 6)
        put(sheet, (TITLE_ROW, COUNT_COLUMN), self.title, style.title())
        put(sheet, (INTRO_ROW, COUNT_COLUMN), self.intro, style.style(text_wrap=False))
        if self.contents.stamp:
            put(sheet, (INTRO_ROW + 1, COUNT_COLUMN), self.contents.stamp, style.stamp())
        put(sheet, (QUESTION_ROW, COUNT_COLUMN), self.pen.say("column.record"), style.head())
        sheet.set_row(QUESTION_ROW, 110)

    def _column(self, column: int, line: Line, records: tuple[FilledIn, ...], last_row: int) -> None:
        self._column_head(column, line)
        for number, record in enumerate(records):
            self._cell(FIRST_ROW + number, column, line, record)
        rule = self._validation(line)
        if rule is not None:
            self.sheet.data_validation(FIRST_ROW, column, last_row, column, dict(rule))
        formula = ruled_out(line, self._lines(), self._cell_of, self.pen.language)
        if formula and line.kind != "computed":
            greyed = {"type": "formula", "criteria": formula, "format": self.pen.styles.greyed()}
            self.sheet.conditional_format(FIRST_ROW, column, last_row, column, greyed)

    def _column_head(self, column: int, line: Line) -> None:
        sheet, style = self.sheet, self.pen.styles
        mark = MISSING_MARK if line.kind == "options" else ""
        sheet.write_string(0, column, f"{PREFIX}{line.id}{mark}")
        if line.id in self.sections:
            put(sheet, (SECTION_ROW, column), self.sections[line.id], style.style(bold=True, text_wrap=False))
        put(sheet, (NUMBER_ROW, column), line.number, style.head())
        put(sheet, (QUESTION_ROW, column), column_title(line, self.pen.language), style.head())
        sheet.set_column(column, column, 14 if line.kind == "choice" else 26)

    def _cell(self, row: int, column: int, line: Line, record: FilledIn) -> None:
        place = (row, column)
        if line.kind == "computed":
            self._computed(place, line)
            return
        name = line.field.name if line.field is not None else line.id
        value = record.answers.get(name)
        shown = "" if line.kind == "options" else shown_value(line, value, self.pen.language)
        kind = shown_kind(line.field, value, self.pen.language) if line.kind in ("field", "options") else ""
        put(
            self.sheet, place, kind or shown, self.pen.styles.answer("@" if line.kind == "options" else format_of(line))
        )

    def _computed(self, place: tuple[int, int], line: Line) -> None:
        assert line.field is not None
        formula = computed_formula(line.field.item.value, lambda name: self._cell_of(name, place[0]))
        if formula:
            self.sheet.write_formula(*place, formula, self.pen.styles.computed(), "")

    def _validation(self, line: Line) -> Mapping[str, object] | None:
        if line.kind == "computed":
            return None
        loose = loose_list(line.field, self.pen) if line.field is not None and line.kind != "choice" else None
        return loose or (validation(line, self.pen) if line.kind != "options" else None)

    def _lines(self) -> Mapping[str, Line]:
        return {line.id: line for line in self.columns if line.kind != "options"}

    def _cell_of(self, line_id: str, row: int = FIRST_ROW) -> str:
        """The cell of that field in a row; formulas that are laid down a whole column name those of the first."""
        places = {line.id: n for n, line in enumerate(self.columns, start=FIRST_COLUMN) if line.is_answered}
        return f"${xl_col_to_name(places[line_id])}{row + 1}" if line_id in places else ""

    def _finish(self) -> None:
        sheet = self.sheet
        sheet.freeze_panes(FIRST_ROW, FIRST_COLUMN)
        sheet.repeat_rows(NUMBER_ROW, QUESTION_ROW)
        sheet.protect("", {"format_columns": True, "format_rows": True})
