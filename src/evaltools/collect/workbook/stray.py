"""What stands in a workbook outside the cells to answer in: ours is known and left alone, the rest is reported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from xlsxwriter.utility import xl_rowcol_to_cell

from evaltools.collect.model import Problem
from evaltools.collect.trouble import Trouble, problem, shown
from evaltools.collect.workbook.beside import figures_beside
from evaltools.collect.workbook.codes import CODES
from evaltools.collect.workbook.finding import Found
from evaltools.collect.workbook.identity import ABOUT, PREFIX
from evaltools.collect.workbook.layout import Line
from evaltools.collect.workbook.model import Cell, Contents, Unread
from evaltools.collect.workbook.opening import RawCell, RawWorkbook
from evaltools.collect.workbook.texts_of_ours import normal, texts_of_ours
from evaltools.language import Language
from evaltools.schema.model import Questionnaire

MOST_ON_A_SHEET: Final = 50
"""Stray cells of one sheet that are reported one by one; the others are counted."""


def strays(
    raw: RawWorkbook, q: Questionnaire, contents: Contents, found: Found, language: Language
) -> Iterator[Unread]:
    """A remark for each cell that holds something that is neither an answer nor ours.

    Codes: WORKBOOK_STRAY for a cell, WORKBOOK_MORE_STRAY for the rest of a sheet with many, WORKBOOK_OTHER_SHEET for
    a sheet that is none of ours.
    """
    ours = _Ours(found, texts_of_ours(q, contents, language), contents, language)
    for sheet, cells in raw.sheets.items():
        marks = {cell.value for cell in cells if isinstance(cell.value, str) and cell.value.startswith(PREFIX)}
        if marks & {ABOUT, CODES}:
            continue
        stray = [cell for cell in cells if not ours.holds(cell)]
        if stray and not marks and sheet not in found.sheets:
            yield Unread(Cell(sheet, "", ""), _note(language, "WORKBOOK_OTHER_SHEET", sheet=sheet, count=len(stray)))
            continue
        for cell in stray[:MOST_ON_A_SHEET]:
            text = shown(cell.value)
            place = Cell(sheet, xl_rowcol_to_cell(cell.row - 1, cell.column - 1), text)
            yield Unread(place, _note(language, "WORKBOOK_STRAY", given=text))
        if len(stray) > MOST_ON_A_SHEET:
            rest = len(stray) - MOST_ON_A_SHEET
            yield Unread(Cell(sheet, "", ""), _note(language, "WORKBOOK_MORE_STRAY", sheet=sheet, count=rest))


def _note(language: Language, code: str, **words: object) -> Problem:
    return problem(Trouble(code, words), "", language, "note")


@dataclass(frozen=True, slots=True)
class _Ours:
    """What the program wrote into the workbook, and where it put answers."""

    found: Found
    texts: frozenset[str]
    contents: Contents
    language: Language

    def holds(self, cell: RawCell) -> bool:
        """Whether the cell is one to answer in, or holds what the program wrote there."""
        if (cell.sheet, cell.row, cell.column) in self.found.known:
            return True
        text = normal(cell.value)
        if cell.kind != "formula" and (text == "" or text.startswith(PREFIX) or text in self.texts):
            return True
        line = self.found.lines.get((cell.sheet, cell.row))
        role = self.found.roles.get((cell.sheet, cell.column), "")
        return self._is_computed(cell, line, role) or (line is not None and text in self._beside(line, role))

    def _is_computed(self, cell: RawCell, line: Line | None, role: str) -> bool:
        return cell.has_formula and (role == "computed" or (line is not None and line.kind in ("computed", "total")))

    def _beside(self, line: Line, role: str) -> Mapping[str, None]:
        figures = figures_beside(line, self.contents, self.language)
        return {normal(figures[role]): None} if role in figures else {}
