"""What was answered in a workbook: raw answers by field with the cell of each, and everything else that stood there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from xlsxwriter.utility import xl_rowcol_to_cell

from evaltools.collect.missing_input import MISSING_SUFFIX, kind_called
from evaltools.collect.model import Problem
from evaltools.collect.personal import has_cpr_number
from evaltools.collect.trouble import Trouble, problem, shown
from evaltools.collect.values import MISSING_KEY
from evaltools.collect.workbook.finding import Found, Place, Slot, find_columns, find_lines
from evaltools.collect.workbook.gate import said
from evaltools.collect.workbook.identity import own_texts
from evaltools.collect.workbook.layout import Line, answer_lines, table_columns
from evaltools.collect.workbook.model import Cell, Contents, Identity, ReadResponse, ReadWorkbook, Unread
from evaltools.collect.workbook.opening import RawCell, RawWorkbook
from evaltools.collect.workbook.stray import strays
from evaltools.collect.workbook.values import NUMERIC, is_marked, raw_value
from evaltools.language import Language
from evaltools.schema.missing import Missing
from evaltools.schema.model import Questionnaire

MOST_NAMED: Final = 5
"""Cells that the refusal of a file with personal numbers points at."""
_PLACES: Final = 10
"""Digits of a personal number; a spreadsheet takes the leading zero of one."""


def read_cells(raw: RawWorkbook, q: Questionnaire, identity: Identity, contents: Contents) -> ReadWorkbook | Problem:
    """The raw answers in a workbook, each with its cell. Nothing that stands in the file is left unmentioned.

    contents : what a workbook for the same unit would hold now, so that texts and figures of ours are known as ours.
    Codes: WORKBOOK_CPR where any cell seems to hold a personal number, WORKBOOK_NO_FIELDS where no answer can be found.
    """
    language = identity.language
    lines = answer_lines(q, language)
    found = find_columns(raw, table_columns(q, language)) if q.many_records else find_lines(raw, lines)
    if not found.places:
        return said("WORKBOOK_NO_FIELDS", language)
    cells = {(cell.sheet, cell.row, cell.column): cell for group in raw.sheets.values() for cell in group}
    lost = frozenset(line.id for line in lines.values() if line.is_answered) - {
        slot.line for slot in found.places if slot.role == "answer"
    }
    reader = _Reader(lines, found, cells, language, lost, takes_kinds=q.many_records)
    personal = list(_personal(cells, reader.numeric_places(), own_texts(identity, contents.key)))
    if personal:
        named = ", ".join(personal[:MOST_NAMED]) + (", …" if len(personal) > MOST_NAMED else "")
        return said("WORKBOOK_CPR", language, cells=named)
    responses = tuple(reader.response(record, identity.versions.get(record, 0)) for record in reader.records())
    unread = (*reader.remarks, *reader.copies(), *strays(raw, q, contents, found, language), *reader.over(raw))
    known = identity.versions if q.many_records else {}
    kept = tuple(one for one in responses if one.record in known or not q.many_records or _says_something(one))
    return ReadWorkbook(identity, raw.sha256, kept, (*unread, *reader.gone()))


def _says_something(response: ReadResponse) -> bool:
    return bool(response.problems) or any(value not in (None, [], "") for value in response.raw.values())


def _personal(cells: Mapping[Place, RawCell], numeric: frozenset[Place], ours: frozenset[str]) -> Iterator[str]:
    """The cells that seem to hold a personal number: in any text, and as a number where no number is asked for.

    ours : what we wrote to say whose workbook it is; of its many digits, ten may look like anything.
    """
    for place, cell in cells.items():
        text = str(cell.value)
        if text in ours or (place in numeric and isinstance(cell.value, int | float)):
            continue
        whole = text.zfill(_PLACES) if isinstance(cell.value, int) and len(text) >= _PLACES - 1 else text
        if has_cpr_number(whole):
            yield f"{cell.sheet}!{_ref(place)}"


def _ref(place: Place) -> str:
    return str(xl_rowcol_to_cell(place[1] - 1, place[2] - 1))


@dataclass
class _Reader:
    """The lines and places of one workbook, and what was remarked about its cells on the way."""

    lines: Mapping[str, Line]
    found: Found
    cells: Mapping[Place, RawCell]
    language: Language
    lost: frozenset[str]
    takes_kinds: bool
    remarks: list[Unread] = field(default_factory=list)

    def records(self) -> list[str]:
        """The records in the order of their rows."""
        return list(dict.fromkeys(slot.record for slot in self.found.places))

    def numeric_places(self) -> frozenset[Place]:
        """Where a number is the answer that is asked for."""
        of_numbers = (
            place for slot, place in self.found.places.items() if self._kind(slot) in NUMERIC and slot.role == "answer"
        )
        return frozenset(of_numbers)

    def _kind(self, slot: Slot) -> str:
        own = self.lines[slot.line].field
        return own.kind if own is not None and self.lines[slot.line].kind == "field" else "text"

    def response(self, record: str, base_version: int) -> ReadResponse:
        """The raw answers of one record. A field in trouble has a problem in place of an answer."""
        raw: dict[str, object] = {}
        where: dict[str, Cell] = {}
        troubles: dict[str, Trouble] = {}
        for slot, place in self.found.places.items():
            if slot.record == record:
                self._take(slot, place, raw, where, troubles)
        for name in (*troubles, *self._incomplete(raw)):
            raw.pop(name, None)
            raw.pop(name + MISSING_SUFFIX, None)
        problems = tuple(problem(trouble, name, self.language) for name, trouble in troubles.items())
        return ReadResponse(record, base_version, raw, where, problems)

    def _incomplete(self, raw: Mapping[str, object]) -> list[str]:
        """Fields that have lost a cell and say nothing else: what was answered before must not be taken as cleared."""
        lost = {line.field.name for line in map(self.lines.__getitem__, self.lost) if line.field is not None}
        return [name for name in lost if not raw.get(name + MISSING_SUFFIX)]

    def _take(
        self, slot: Slot, place: Place, raw: dict[str, object], where: dict[str, Cell], troubles: dict[str, Trouble]
    ) -> None:
        line, cell = self.lines[slot.line], self.cells.get(place)
        name = line.field.name if line.field is not None else line.id
        value = is_marked(cell, line) if line.kind == "choice" else raw_value(cell, line.field, self.language)
        if slot.role == "missing":
            value = raw_value(cell, None, self.language)
        if isinstance(value, Trouble):
            troubles.setdefault(name, value)
            where[name] = self._cell(place)
            return
        if cell is not None and (name not in where or slot.role == "answer") and name not in troubles:
            where[name] = self._cell(place)
        where.setdefault(name, self._cell(place))
        self._put(raw, name, slot, value)
        if cell is not None and cell.has_formula:
            self.remarks.append(self._remark(place, "WORKBOOK_FORMULA"))

    def _put(self, raw: dict[str, object], name: str, slot: Slot, value: object) -> None:
        line = self.lines[slot.line]
        if slot.role == "missing":
            raw[name + MISSING_SUFFIX] = value
        elif line.kind == "choice":
            chosen = raw.setdefault(name, [])
            assert isinstance(chosen, list)
            assert line.category is not None
            chosen.extend([line.category.code] if value else [])
        else:
            raw[name] = self._kind_or_value(line, value)

    def _kind_or_value(self, line: Line, value: object) -> object:
        """In a table, one cell takes the answer and the kind of missing."""
        if not self.takes_kinds or line.field is None or not isinstance(value, str):
            return value
        kind = kind_called(value)
        is_kind = isinstance(kind, Missing) and kind in line.field.item.missing
        return {MISSING_KEY: kind.kind} if is_kind and kind is not None else value

    def _cell(self, place: Place) -> Cell:
        cell = self.cells.get(place)
        return Cell(place[0], _ref(place), shown(cell.value) if cell is not None else "")

    def _remark(self, place: Place, code: str, **words: object) -> Unread:
        cell = self._cell(place)
        return Unread(cell, problem(Trouble(code, {"given": cell.text, **words}), "", self.language, "note"))

    def copies(self) -> Iterator[Unread]:
        """Second places of an answer that say something else than the one that counts."""
        for slot, place in self.found.copies:
            cell, counting = self.cells.get(place), self.cells.get(self.found.places[slot])
            if cell is not None and (counting is None or cell.value != counting.value):
                where = self._cell(self.found.places[slot])
                yield self._remark(place, "WORKBOOK_COPY", counting=f"{where.sheet}!{where.ref}")

    def gone(self) -> Iterator[Unread]:
        """One remark for all lines whose cells are no longer there; what was answered before stays."""
        if self.lost:
            yield self._about_file("WORKBOOK_GONE", count=len(self.lost))

    def over(self, raw: RawWorkbook) -> Iterator[Unread]:
        """One remark for comments, pictures and text boxes, which are not read."""
        if raw.beside:
            yield self._about_file("WORKBOOK_COMMENTS")

    def _about_file(self, code: str, **words: object) -> Unread:
        return Unread(Cell("", "", ""), problem(Trouble(code, words), "", self.language, "note"))
