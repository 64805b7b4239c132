"""A sheet with the questions of one section, a line each, and what stands beside their answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from evaltools.collect.workbook.beside import figures_beside
from evaltools.collect.workbook.cells import Pen, format_of, put, shown_kind, shown_value, validation
from evaltools.collect.workbook.greying import ruled_out
from evaltools.collect.workbook.identity import PREFIX
from evaltools.collect.workbook.layout import Line, Page
from evaltools.collect.workbook.model import Contents, FilledIn
from evaltools.collect.workbook.styles import height
from evaltools.collect.workbook.texts_of_ours import heading
from evaltools.collect.workbook.totals import computed_formula, total_formula

ROLES: Final = ("id", "number", "question", "answer", "unit", "missing", "last", "register")
"""What each column holds; the names stand in a hidden row, so that columns are found wherever they have moved."""
COLUMN: Final = {role: column for column, role in enumerate(ROLES)}
WIDTHS: Final = {
    "id": 12,
    "number": 7,
    "question": 62,
    "answer": 34,
    "unit": 10,
    "missing": 21,
    "last": 18,
    "register": 14,
}
LONG_TEXT: Final = 300
"""Characters from which an answer gets room for some lines."""
TEXT_HEIGHT: Final = 46.5
TITLE_ROW, INTRO_ROW, HEAD_ROW = 1, 2, 4
HIDDEN: Final = {"hidden": True}


@dataclass(frozen=True, slots=True)
class SectionSheet:
    """What one sheet is written with."""

    sheet: Worksheet
    page: Page
    pen: Pen
    contents: Contents
    lines: Mapping[str, Line]

    @property
    def response(self) -> FilledIn:
        """What is filled in already."""
        return self.contents.responses[0] if self.contents.responses else FilledIn()

    def write(self) -> dict[str, tuple[int, int]]:
        """Write the sheet; the places of its named ranges."""
        self._head()
        places: dict[str, tuple[int, int]] = {}
        for row, line in enumerate(self.page.lines, start=HEAD_ROW + 1):
            self._texts(row, line)
            places |= self._cells(row, line)
        self._finish(HEAD_ROW + len(self.page.lines))
        return places

    def _head(self) -> None:
        sheet, style = self.sheet, self.pen.styles
        for role, column in COLUMN.items():
            sheet.write_string(0, column, PREFIX + role)
            options = HIDDEN if role == "id" or not self._is_needed(role) else {}
            sheet.set_column(column, column, WIDTHS[role], style.style(), options)
            if role != "id":
                put(sheet, (HEAD_ROW, column), self._column_name(role), style.head())
        sheet.set_row(0, None, None, HIDDEN)
        sheet.set_row(TITLE_ROW, 26)
        put(sheet, (TITLE_ROW, COLUMN["number"]), heading(self.page), style.title())
        if self.page.intro:
            last = COLUMN["answer"]
            sheet.merge_range(INTRO_ROW, COLUMN["number"], INTRO_ROW, last, self.page.intro, style.style())
            sheet.set_row(
                INTRO_ROW, height(self.page.intro, sum(WIDTHS[role] for role in ("number", "question", "answer")))
            )
        if self.contents.stamp:
            put(sheet, (INTRO_ROW + 1, COLUMN["number"]), self.contents.stamp, style.stamp())

    def _column_name(self, role: str) -> str:
        if role == "answer" and not self.page.number:
            return self.pen.say("column.reason")
        return self.pen.say(f"column.{role}")

    def _is_needed(self, role: str) -> bool:
        """Columns that no line of the sheet fills are hidden."""
        if role == "unit":
            return any(line.field and line.kind == "field" and line.field.item.unit for line in self.page.lines)
        if role == "missing":
            return any(line.takes_missing for line in self.page.lines)
        return role not in ("last", "register") or any(role in self._figures(line) for line in self.page.lines)

    def _texts(self, row: int, line: Line) -> None:
        style, sheet = self.pen.styles, self.sheet
        if line.id:
            sheet.write_string(row, COLUMN["id"], line.id)
        if line.number:
            put(sheet, (row, COLUMN["number"]), line.number, style.style(bold=line.indent == 0))
        is_question = line.indent == 0 and line.kind in ("question", "field", "options", "computed")
        put(sheet, (row, COLUMN["question"]), line.text, self._form(line, is_question=is_question))
        sheet.set_row(row, self._height(line))
        if line.kind in ("field", "total") and line.field is not None and line.field.item.unit is not None:
            put(sheet, (row, COLUMN["unit"]), line.field.item.unit.to(self.pen.language), style.style())

    def _form(self, line: Line, *, is_question: bool) -> Format:
        if line.kind == "heading":
            return self.pen.styles.group()
        if line.kind == "hint":
            return self.pen.styles.hint(line.indent)
        return self.pen.styles.question(line.indent, is_bold=is_question)

    def _height(self, line: Line) -> float:
        """The height of a line: of its text, or of the answer where there is room for a longer one."""
        own = height(line.text, WIDTHS["question"] - 3 * line.indent, is_small=line.kind == "hint")
        is_long = line.kind == "reason" or (line.field is not None and line.field.item.max_length >= LONG_TEXT)
        is_text = line.kind == "reason" or (line.field is not None and line.field.kind == "text")
        return max(own, TEXT_HEIGHT if is_long and is_text and line.is_answered else 0)

    def _cells(self, row: int, line: Line) -> dict[str, tuple[int, int]]:
        if line.kind in ("computed", "total"):
            self._formula(row, line)
            return {line.range_name("computed"): (row, COLUMN["answer"])}
        places: dict[str, tuple[int, int]] = {}
        if line.is_answered:
            places[line.range_name()] = self._answer(row, line)
        if line.takes_missing:
            places[line.range_name("missing")] = self._missing(row, line)
        if line.field is not None:
            self._beside(row, line)
            self._grey(row, line)
        return places

    def _answer(self, row: int, line: Line) -> tuple[int, int]:
        place = (row, COLUMN["answer"])
        value = shown_value(line, self.response.answers.get(_field_name(line)), self.pen.language)
        put(self.sheet, place, value, self.pen.styles.answer(format_of(line)))
        rule = validation(line, self.pen)
        if rule is not None:
            self.sheet.data_validation(*place, *place, dict(rule))
        return place

    def _missing(self, row: int, line: Line) -> tuple[int, int]:
        assert line.field is not None
        place = (row, COLUMN["missing"])
        kind = shown_kind(line.field, self.response.answers.get(line.field.name), self.pen.language)
        put(self.sheet, place, kind, self.pen.styles.answer("@"))
        message = self.pen.say("valid.missing")
        rule = {"validate": "list", "source": f"={self.pen.codes.kinds(line.field)}", "error_message": message}
        self.sheet.data_validation(*place, *place, rule)
        return place

    def _formula(self, row: int, line: Line) -> None:
        assert line.field is not None
        if line.total is not None:
            formula = total_formula(line.total, self._cell_of)
        else:
            formula = computed_formula(line.field.item.value, self._cell_of)
        form = self.pen.styles.computed()
        if formula:
            self.sheet.write_formula(row, COLUMN["answer"], formula, form, "")
        else:
            put(self.sheet, (row, COLUMN["answer"]), self.pen.say("computed_later"), self.pen.styles.hint())

    def _cell_of(self, name: str) -> str:
        line = self.lines.get(name)
        return line.range_name() if line is not None and line.is_answered else ""

    def _beside(self, row: int, line: Line) -> None:
        for role, figure in self._figures(line).items():
            put(self.sheet, (row, COLUMN[role]), figure, self.pen.styles.beside(format_of(line)))

    def _figures(self, line: Line) -> Mapping[str, object]:
        return figures_beside(line, self.contents, self.pen.language)

    def _grey(self, row: int, line: Line) -> None:
        formula = ruled_out(line, self.lines, self._cell_of, self.pen.language)
        if formula and line.kind in ("field", "options", "choice"):
            rule = {"type": "formula", "criteria": formula, "format": self.pen.styles.greyed()}
            self.sheet.conditional_format(row, COLUMN["question"], row, COLUMN["missing"], rule)

    def _finish(self, last_row: int) -> None:
        sheet = self.sheet
        sheet.freeze_panes(HEAD_ROW + 1, 0)
        sheet.repeat_rows(HEAD_ROW)
        sheet.print_area(0, COLUMN["number"], last_row, COLUMN["register"])
        sheet.protect("", {"format_columns": True, "format_rows": True})


def _field_name(line: Line) -> str:
    """Where the answer of a line stands among the answers: under its field, or under its own id for a reason."""
    return line.field.name if line.field is not None else line.id
